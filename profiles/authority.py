"""Whether the visitor decides: who is said to decide, to consent or to be asked first."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from core.fact import Field
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import Resource

ANSWER_LIMIT = 80
"""Characters up to which a message is an answer to the question who decides, and not a story."""

ANSWER_WORDS = 6
"""Spaces up to which a word like "myself" is the answer."""

HITS = 8
"""Words of deciding, of one message, that are looked at."""

_MINE = re.compile(r"\b(?:my|meine?|mon|ma|mi|meu|minha|mijn) $")
_NAMED = re.compile(r"[^\W\d_a-z]\w+ $")
_OWNER = re.compile(r"\s[^\W\da-z_]\w+['’]s\b")
_FAR = 48
"""Characters from the visitor to what they are said to do."""
_APART = 6
"""Characters of a joining word between two who decide together."""


class AuthorityFile(Resource):
    """`authority.yaml`."""

    actors: dict[str, tuple[str, ...]]
    joins: tuple[str, ...]
    alongside: tuple[str, ...]
    jointly: tuple[str, ...]
    particles: str
    other_objects: str
    both: str
    only_self: str
    own_answer: str
    alone: str
    spared: str
    limited: str
    denied: str
    none_but: str
    needed: str


class _Actor(NamedTuple):
    kind: str
    start: int
    end: int


REFUSING = re.compile(
    r"\b(?:want|need|call|calls|phone|ring|mail|e-?mail|thanks|thank|anruf|telefon|appel|llamad\w+|ligaç\w+|bellen|danke"
    r"|merci|gracias)\b"
)
"""Words of an answer that declines to be contacted, whatever was asked."""


class AuthorityReader:
    def __init__(self, data: AuthorityFile) -> None:
        kinds = (f"(?P<{kind}>{'|'.join(words)})" for kind, words in data.actors.items())
        self._actor = re.compile(rf"(?<![\w'’])(?:{'|'.join(kinds)})(?![\w])")
        self._joined = re.compile(rf"\s*,?\s*(?:{either(data.joins)})\s*")
        self._alongside = re.compile(rf"\s*,?\s*(?:{either(data.alongside)})\s+")
        self._jointly = re.compile(rf"\b(?:{either(data.jointly)})\b")
        self._particles = re.compile(data.particles)
        self._other = re.compile(data.other_objects)
        self._needed = re.compile(data.needed)
        self._limited = re.compile(data.limited)
        self._both = re.compile(data.both)
        self._only_self = re.compile(data.only_self)
        self._own_answer = re.compile(data.own_answer)
        self._alone_may = re.compile(data.alone)
        self._spared = re.compile(data.spared)
        self._denied = re.compile(data.denied)
        self._none_but = re.compile(data.none_but)

    def read(self, reading: Reading, context: Context, *, deciding: bool, counts: bool = False) -> Finding | None:
        """At most one finding for decision_maker.

        `deciding`: the visitor was just asked who decides; `counts`: the message says how many they are.
        """
        best = self._within_limits(reading, context)
        asked = deciding and len(reading.low) <= ANSWER_LIMIT
        best = best or (self._together(reading) if asked else None)
        best = best or self._not_alone(reading, context) or self._own(reading)
        best = best or self._phrased(reading, context) or self._said(reading, context)
        if best is None and asked:
            best = self._answered(reading) or self._named(reading, counts=counts)
        return Finding(Field.DECISION_MAKER, best.name, best.start, best.end, confidence=0.85) if best else None

    def answers_itself(self, reading: Reading) -> bool:
        """Whether a message asks who decides and answers in one breath: "the boss? that's me"."""
        return self._own(reading) is not None

    def _phrased(self, reading: Reading, context: Context) -> Hit | None:
        """A whole phrase that says it. "My boss and I decide" also holds "I decide": the wider phrase says more."""
        found = [
            hit
            for hit in reading.of("authority")
            if not context.hypothetical(hit.start) and not self._other.match(reading.low, hit.end)
        ]
        widest = max(found, key=lambda hit: (hit.end - hit.start, hit.name == "shared"), default=None)
        return self._with_others(reading, widest) if widest and widest.name == "yes" else widest

    def _with_others(self, reading: Reading, hit: Hit) -> Hit:
        """The visitor's deciding, with whom they do it: "I decide together with my partner"."""
        beside = self._alongside.match(reading.low, hit.end)
        other = self._actor.match(reading.low, beside.end()) if beside else None
        return Hit(hit.start, other.end(), "shared") if other and other.lastgroup not in {"self", "us"} else hit

    def _not_alone(self, reading: Reading, context: Context) -> Hit | None:
        """Deciding that the visitor does, and not on their own: "I don't decide that alone"."""
        for hit in (*reading.of("authority"), *reading.of("deciding"))[:HITS]:
            start, stop = reading.clause(hit.start)
            denied = self._denied.search(reading.low, start, stop)
            alone = self._only_self.search(reading.low, denied.end(), stop) if denied else None
            if denied and alone and not self._asks(reading, hit) and not context.hypothetical(hit.start):
                return Hit(min(hit.start, denied.start()), max(hit.end, alone.end()), "shared")
        return None

    def _own(self, reading: Reading) -> Hit | None:
        """Who decides, asked and answered in one breath."""
        match = self._own_answer.search(reading.low)
        return Hit(match.start("answer"), match.end(), "yes") if match else None

    def _within_limits(self, reading: Reading, context: Context) -> Hit | None:
        """What the visitor may spend without asking, which tells of somebody who is asked beyond it."""
        for limit in self._limited.finditer(reading.low) if reading.digits else ():
            start, stop = reading.sentence(limit.start())
            told = self._alone_may.search(reading.low, start, stop)
            asks = reading.low[:stop].rstrip().endswith("?")
            if told and not asks and not context.hypothetical(told.start()):
                return Hit(min(limit.start(), told.start()), max(limit.end(), told.end()), "shared")
        return None

    def _together(self, reading: Reading) -> Hit | None:
        """An answer that names the visitor and others in one breath: "me plus legal", or says "both"."""
        if both := self._both.match(reading.low):
            return Hit(both.start(), both.end(), "shared")
        for first, second in itertools.pairwise(self._actors(reading, 0, len(reading.low))):
            joined = self._joined.fullmatch(reading.low, first.end, second.start)
            if joined and "self" in {first.kind, second.kind} and first.kind != second.kind:
                return Hit(first.start, second.end, "shared")
        return None

    @staticmethod
    def _answered(reading: Reading) -> Hit | None:
        if reading.low.count(" ") > ANSWER_WORDS:
            return None  # "I'll look at it myself" speaks of something else
        told = {hit.name: hit for hit in reversed(reading.of("authority_answer"))}
        # "Me and the director" holds both "me" and "the director".
        return next((told[name] for name in ("shared", "no", "yes") if name in told), None)

    def _named(self, reading: Reading, *, counts: bool) -> Hit | None:
        """The people an answer names: "our CFO, mostly", "c'est moi". "We are sixty" tells a size and nobody."""
        actors = list(self._actors(reading, 0, len(reading.low)))
        kinds = {one.kind for one in actors}
        if not kinds or (counts and kinds == {"us"}):
            return None
        if kinds == {"self"} and (REFUSING.search(reading.low) or reading.low.count(" ") > ANSWER_WORDS):
            return None  # "no, I don't want a call", "I do them by hand every Sunday" speak of something else
        value = "shared" if len(kinds) > 1 or kinds == {"us"} else "yes" if kinds == {"self"} else "no"
        return Hit(actors[0].start, actors[-1].end, value)

    def _said(self, reading: Reading, context: Context) -> Hit | None:
        """The last thing said of deciding that names its people."""
        found: Hit | None = None
        for hit in reading.of("deciding")[:HITS]:
            if context.hypothetical(hit.start) or self._asks(reading, hit):
                continue
            value = self._value(reading, hit)
            if value:
                found = Hit(hit.start, hit.end, value)
        return found

    @staticmethod
    def _asks(reading: Reading, hit: Hit) -> bool:
        """Whether the clause asks; what a question is put after is told all the same."""
        stop = reading.clause(hit.start)[1]
        return reading.low[:stop].rstrip().endswith("?")

    def _value(self, reading: Reading, hit: Hit) -> str:
        start, stop = reading.clause(hit.start)
        actors = list(self._actors(reading, start, max(stop, hit.end)))
        match hit.name:
            case "self":
                return "" if self._denied.search(reading.low, start, hit.start) else "yes"
            case "together":
                return "shared"
            case "consent" | "asks":
                return self._consulted(reading, hit, actors, start)
        if self._particles.match(reading.low, hit.end):
            return ""
        return self._decided(reading, hit, actors, start, stop)

    def _decided(self, reading: Reading, hit: Hit, actors: list[_Actor], start: int, stop: int) -> str:
        """Who does the deciding: whom the verb follows, or else whom it goes before."""
        low = reading.low
        before = [one for one in actors if one.end <= hit.start + 1]
        if before and self._other.match(low, hit.end):
            return ""
        subject = before[-1] if before else self._after(reading, hit, actors)
        if subject is None:
            return "shared" if self._jointly.search(low, start, stop) else ""
        if self._several(low, actors, subject) or (subject.kind != "above" and self._jointly.search(low, start, stop)):
            return "shared"
        if subject.kind == "self":
            return "" if hit.start - subject.end > _FAR else self._alone(low, start, stop)
        return "" if subject.kind == "us" or self._denied.search(low, start, hit.end) else "no"

    def _alone(self, low: str, start: int, stop: int) -> str:
        """What it means that the visitor is the one who decides, within limits or not at all."""
        if self._limited.search(low, start, stop):
            return "shared"
        denied = not self._none_but.search(low, start, stop) and self._denied.search(low, start, stop)
        return "no" if denied else "yes"

    @staticmethod
    def _after(reading: Reading, hit: Hit, actors: list[_Actor]) -> _Actor | None:
        """Whom a verb with no subject in front names behind it; or else somebody called by their name."""
        called = _NAMED.search(reading.shown, max(0, hit.start - 24), hit.start)
        if called and called.start() > reading.sentence(hit.start)[0]:
            return _Actor("above", called.start(), called.end())
        if owner := _OWNER.match(reading.shown, hit.end):
            return _Actor("above", owner.start(), owner.end())
        return next((one for one in actors if one.start >= hit.end), None)

    def _several(self, low: str, actors: list[_Actor], subject: _Actor) -> bool:
        """Whether the visitor and somebody else are named in one breath: "me and the director", "with my wife"."""
        for first, second in itertools.pairwise(actors):
            if "self" in {first.kind, second.kind} and first.kind != second.kind and subject in {first, second}:
                between = low[first.end : second.start]
                if self._joined.fullmatch(between) or (
                    subject is first and self._joined.search(between[-_APART - 1 :] + " ") and len(between) > _APART
                ):
                    return True
        return False

    def _consulted(self, reading: Reading, hit: Hit, actors: list[_Actor], start: int) -> str:
        """Whom the visitor cannot do without: their own consent is theirs alone."""
        if not self._needed.search(reading.low, start, hit.end):
            return ""
        others = [one for one in actors if one.kind in {"above", "body", "peer"}]
        if hit.name == "consent" and not others and self._spares(reading, hit, start):
            return "yes"
        if hit.name == "consent" and not others:
            called = _NAMED.search(reading.shown, max(start + 1, hit.start - 24), hit.start)
            return "yes" if _MINE.search(reading.low, start, hit.start) else "no" if called else ""
        if hit.name == "asks":
            others = [one for one in others if one.start >= hit.start and reading.low[one.start : one.end] not in _THEM]
        if not others:
            return ""
        return "no" if others[-1].kind == "above" else "shared"

    def _spares(self, reading: Reading, hit: Hit, start: int) -> bool:
        """Whether nobody's consent is needed."""
        low = reading.low
        return bool(self._spared.search(low, start, hit.start) and self._denied.search(low, start, hit.start))

    def _actors(self, reading: Reading, start: int, stop: int) -> Iterator[_Actor]:
        for match in self._actor.finditer(reading.low, start, stop):
            if match.lastgroup is not None:
                yield _Actor(match.lastgroup, match.start(), match.end())


_THEM = frozenset({"he", "she", "they", "er", "il", "elle", "ele", "ela", "hij"})
