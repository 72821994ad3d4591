"""What a message does: greets, asks, refuses, corrects."""

from __future__ import annotations

import re
from itertools import pairwise

from core.session import Session
from core.understanding import Act
from profiles.context import Context
from profiles.cues import Hit
from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import Resource

SHORT = 40
"""Characters up to which a "yes", "no" or "thanks" is the whole message rather than a word in it."""

SENTENCE = 400
"""Characters of a statement that are looked at for a question inside it."""
NEARBY = 60
"""Characters before the turn to a question that tell whose question it is."""
WORDS_BEFORE_TAG = 3

_ASKED_WITH_THANKS = (" de ", " d'", " d’")
_ASKED_CONTACT = re.compile(r"\b(?:e-?mail|address|contact|details|inbox|correo|adresse|personal (?:data|info\w*))\b")


class QuestionFile(Resource):
    """`questions.yaml`."""

    before: tuple[str, ...]
    starts: tuple[str, ...]
    not_after: tuple[str, ...]
    statements: tuple[str, ...]
    joints: tuple[str, ...]
    inverted: tuple[str, ...]
    being: tuple[str, ...]
    subjects: tuple[str, ...]
    wondering: tuple[str, ...]
    whether: tuple[str, ...]
    unknowing: tuple[str, ...]
    others: tuple[str, ...]
    tags: tuple[str, ...]
    polite: tuple[str, ...]
    requests: tuple[str, ...]
    requested: tuple[str, ...]
    not_requested: tuple[str, ...]


class QuestionReader:
    def __init__(self, data: QuestionFile) -> None:
        asking = rf"(?:(?:{either(data.inverted)})\s+(?:{either(data.subjects)})|{either(data.being)})\b"
        self._inner = re.compile(
            rf"(?:[,;:–—-]\s*(?:(?:{either(data.joints)})\s+)?|\s(?:{either(data.joints)})\s+)(?={asking})"
        )
        self._wonders = re.compile(rf"\b(?:{either(data.wondering)})[\s:,]+(?=(?:{either(data.whether)})\s+\w)")
        self._unknowing = re.compile(rf"\b(?:{either(data.unknowing)})\b[^,;:]{{0,20}}$")
        self._told_of = re.compile(rf"\b(?:{either(data.others)})\s+(?:\w+\s+){{0,2}}$")
        self._tag = re.compile(rf"[\s,](?:{either(data.tags)})[\s.!]{{0,3}}$")
        self._asks = re.compile(
            rf"\s*(?:(?:{either(data.before)})[,!.]?\s+){{0,2}}(?:{either(data.starts)})\s+(?!(?:{either(data.not_after)})\b)\w",
        )
        self._requests = re.compile(
            rf"\s*(?:(?:{either(data.before)}|{either(data.polite)})[,!.]?\s+){{0,3}}(?:{either(data.requests)}),?\s+"
            rf"(?!(?:\w+\s+){{0,2}}(?:{either(data.not_requested)})\b)(?:{either(data.requested)})\b"
        )
        self._states = re.compile(rf"\s*(?:{either(data.statements)})\b")

    def read(self, reading: Reading) -> tuple[str, ...]:
        """The visitor's questions, letter for letter, with or without their question mark."""
        found = []
        for start, end in pairwise(reading.sentences):
            sentence = reading.shown[start:end].strip()
            if sentence and (_marked(sentence) or self._is_question(reading.low, start, end)):
                found.append(sentence)
            elif sentence and (within := self._within(reading.low[start:end])) is not None:
                found.append(reading.shown[start + within : end].strip())
        return tuple(found)

    def _within(self, low: str) -> int | None:
        """Where a statement turns to a question: "we run Xero, do you read it", "they ask whether it films them"."""
        low = low[:SENTENCE]
        own = (turn for turn in self._wonders.finditer(low) if not self._told_of.search(_before(low, turn.start())))
        turns = (*own, *self._inner.finditer(low))
        asked = [turn.end() for turn in turns if not self._unknowing.search(_before(low, turn.end()))]
        if asked:
            return min(asked)
        tagged = self._tag.search(_before(low, len(low))) and low.count(" ") >= WORDS_BEFORE_TAG
        return 0 if tagged else None

    def _is_question(self, low: str, start: int, end: int) -> bool:
        if self._requests.match(low, start, end) is not None:
            return True
        return self._asks.match(low, start, end) is not None and self._states.match(low, start, end) is None


def _before(low: str, place: int) -> str:
    return low[max(0, place - NEARBY) : place]


def _marked(sentence: str) -> bool:
    return "?" in sentence[-3:] or "？" in sentence[-3:]


def acts_in(reading: Reading, context: Context, session: Session, questions: tuple[str, ...]) -> set[Act]:
    """The acts that show in the words; those that follow from facts are added by the interpreter."""
    hits = reading.of("acts")
    if hits:
        hits = _meant(hits, reading)
    acts = {act for hit in hits if (act := _act(hit, reading, context, session)) is not None}
    if Act.DENIES in acts and _asked_last(session) and not session.pending_question:
        acts.add(Act.REFUSES_EMAIL)
    if questions:
        acts.add(Act.ASKS)
    if Act.DENIES in acts:
        acts.discard(Act.AFFIRMS)
    return acts


def _meant(hits: list[Hit], reading: Reading) -> list[Hit]:
    """The cues that mean what they say.

    "No calls, mail only" says how to be reached and refuses nothing; "is there a human behind this" asks for nobody;
    "merci de préciser" asks and thanks for nothing.
    """
    wishes = reading.of("contact_preference")
    doubts = [hit for hit in hits if hit.name == Act.ASKS_IF_ROBOT]
    return [
        hit
        for hit in hits
        if not (hit.name in _REFUSING and any(_meet(hit, wish) for wish in wishes))
        and not (hit.name == Act.THANKS and reading.low.startswith(_ASKED_WITH_THANKS, hit.end))
        and not (hit.name == Act.WANTS_HUMAN and any(_meet(hit, other) for other in (*wishes, *doubts)))
    ]


def _meet(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _act(hit: Hit, reading: Reading, context: Context, session: Session) -> Act | None:
    """The act a cue shows in its place, None where it shows none."""
    low = reading.low
    if hit.name in _WHOLE:
        # "right" and "no" are answers only at the start; "no integration yet" is none.
        answers = _opens(low, hit.start) and (len(low) <= SHORT or _stands_alone(low, hit.end))
        return _WHOLE[hit.name] if answers else None
    if hit.name == "calls_human":
        return Act.WANTS_HUMAN if _is_all(low, hit) else None
    if hit.name == "declines":
        return Act.REFUSES_EMAIL if _about_contact(reading, session) else None
    if hit.name == "praises" and context.negated(hit.start):
        return None
    return Act(hit.name)


_REFUSING = frozenset({"declines", "denies", Act.REFUSES_EMAIL})
_WHOLE = {"affirms": Act.AFFIRMS, "denies": Act.DENIES}


def _opens(low: str, start: int) -> bool:
    return len(low[:start].strip(" ,.!-")) <= 6  # noqa: PLR2004  "oh, " or "ok " may stand before


def _is_all(low: str, hit: Hit) -> bool:
    return not low[: hit.start].strip(" ,.!?") and not low[hit.end :].strip(" ,.!?")


def _stands_alone(low: str, end: int) -> bool:
    return end >= len(low) or low[end] in ",.!;\n-–—"


def _asked_last(session: Session) -> bool:
    asking = session.email
    return asking.asked > 0 and asking.asked_turn >= session.turns and not asking.to_confirm


def _about_contact(reading: Reading, session: Session) -> bool:
    return _asked_last(session) or bool(_ASKED_CONTACT.search(reading.low))
