"""How a statement is meant: as a fact of the visitor's own, or denied, past, planned, imagined, about somebody else."""

from __future__ import annotations

import re

from profiles.cues import Hit
from profiles.others import Other, others
from profiles.reading import Reading

NEGATION_REACH = 42
"""Characters a "not" reaches forward within its clause."""

OVER_REACH = 48
"""Characters in front of "was switched off" in which what is over may stand."""

_NOT_A_DENIAL = re.compile(
    r"\s*(?:only|just|to mention|problem|worries|doubt|matter|later|more than|less than|over"
    r"|(?:go|go much|going|stretch|spend|pay|do|afford|manage|run) (?:any )?"
    r"(?:more|above|over|beyond|higher|past|further|to)"
    r"|exceed|top)\b"
)

_NO_REPAIR = re.compile(
    r"should be\s+(?:(?:very|really|quite|as|so|fully|easily|always|also)\s+)?"
    r"(?:able|possible|easy|simple|fine|okay?|enough|ready|live|fast|quick|under|below|less|more|\w+(?:ed|ing"
    r"|able|ible))\b"
    r"|(?:sorry|apologies)\s+(?:for|about|if|to|that|but|my|i'm|i am|again)\b|entschuldigung\s+(?:für|dass|wegen)\b"
    r"|(?:pardon|désolée?)\s+(?:pour|de|du|si)\b|(?:perdón|perdona|desculpa|desculpe)\s+(?:por|pel[ao]|si|se|que)\b"
    r"|wait(?!\s*(?:[,.!;:–—-]|$)|\s+(?:no|it's|it is|i|we|that|sorry|actually)\b)|hold on\s+(?:to|hold)\b"
    r"|rather\s+(?:than|not|a|an|\w+ly|slow|long|big|small|high|low|urgent|keep|stay)\b|make it\s+(?!\d"
    r"|\w+\s*[.,!]|about|around)\w"
    r"|plutôt\s+(?:que|bien|mal|content\w*|satisfait\w*|cher|lent\w*)\b|i mean(?=\s+(?:it|well|business|seriously)\b)"
    r"|just checked\s+(?:your|the|out)\b|i said\s+(?:yes|no|that)\b|falsch\w|verkeerd\w"
)
"""What only looks like a repair: "sorry for the delay", "wait times", "agents should be able to"."""

DISLIKE_REACH = 36
"""Characters from "I hate" to what is disliked."""

_CHORE = re.compile(
    r"\b(?:that|when|how|if|dass|wenn|wie|que|quand|quando|cuando|cómo|como|dat|als|hoe|having|being|zu|te)\b"
    r"|\b(?!talking|speaking|phoning|calling|ringing|anything|nothing|something|everything)\w{2,}ing\b|\bit\b"
)
"""Between a dislike and its object: what is disliked is doing it oneself, which is a reason to hand it over."""

_DENIES = re.compile(r"\W*(?:no|nope|nah|nein|nee|non|não)\b")
_SETTLED = re.compile(
    r"\b(?:gave (?:me|us)|got|came back with|settled (?:on|for)|made it|cut it to|raised it to|bekam|bewilligt wurden"
    r"|accordé|dieron|deram|kreeg)(?=\s+(?:about\s|around\s|only\s)?\S{0,3}\d)"
)
_CONTINUES = re.compile(
    r"\W*(?:(?:and|but|und|et|y|e|en)\s+)?(?:it|it's|its|that one|there|over there|das|dort|es|dort|là bas|ça"
    r"|allí|ahí|lá|daar)\b"
)
"""A sentence that goes on about whom the last one spoke of."""


class Context:
    """Answers for any offset of one message. Cheap when the message has no such cues, which is the usual case."""

    __slots__ = ("_named", "_others", "_reading")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._others: list[Other] = others(reading) if reading.of("person") else []
        self._named: dict[str, list[Hit]] = {}
        for hit in reading.of("context"):
            if hit.name == "correction" and _NO_REPAIR.match(reading.low, hit.start):
                continue
            self._named.setdefault(hit.name, []).append(hit)

    @property
    def others(self) -> list[Other]:
        """Everybody but the visitor whom the message speaks of."""
        return self._others

    def any(self, name: str) -> bool:
        return name in self._named

    @property
    def settled(self) -> list[int]:
        """Where the message comes to what holds in the end: "they gave me 400, so 400 it is"."""
        return [match.start() for match in _SETTLED.finditer(self._reading.low)]

    def hits(self, name: str) -> list[Hit]:
        return self._named.get(name, [])

    def asserted(self, at: int) -> bool:
        """Whether what stands at `at` is said of the visitor's own organisation as it is today."""
        return not (
            self.negated(at) or self.past(at) or self.planned(at) or self.hypothetical(at) or self.elsewhere(at)
        )

    def negated(self, at: int) -> bool:
        """Whether a "not" in the same clause reaches `at`."""
        hits = self._named.get("negation")
        if not hits:
            return False
        start = self._reading.clause(at)[0]
        said = self._named.get("dislike", ())  # "can't stand" denies nothing
        return any(
            start <= hit.start < hit.end <= at <= hit.end + NEGATION_REACH
            and not any(one.start <= hit.start and hit.end <= one.end for one in said)
            and not _NOT_A_DENIAL.match(self._reading.low, hit.end)
            for hit in hits
        )

    def withdrawn(self, at: int) -> bool:
        """Whether what stands at `at` is what the clause takes back, as in "scrap the discount"."""
        start, end = self._reading.clause(at)
        return any(start <= hit.start and hit.end <= at < end for hit in self._named.get("withdrawal", ()))

    def disliked(self, at: int) -> bool:
        """Whether what stands at `at` is a thing somebody cannot stand, as in "I hate phone bots", or one ruled out."""
        hits = self._named.get("dislike")
        if not hits:
            return False
        start = self._reading.clause(at)[0]
        return any(
            start <= hit.start < hit.end <= at <= hit.end + DISLIKE_REACH
            and not _CHORE.search(self._reading.low, hit.end, at)
            for hit in hits
        )

    def past(self, at: int) -> bool:
        """Whether the sentence has gone back in time before `at` and not come back, or says it is over."""
        return self._governed("past", at, released=("present",)) or self._over(at)

    def planned(self, at: int) -> bool:
        """Whether what stands at `at` is to come about by growth."""
        return self._governed("planned", at, released=("present",))

    def hypothetical(self, at: int) -> bool:
        """Whether the sentence imagines what stands at `at`, and has not come back to how things stand."""
        return self._governed("hypothetical", at, released=("actual",))

    def foreign(self, at: int) -> bool:
        """Whether the nearest person spoken of before `at`, in the same sentence, is not the visitor."""
        return self._spoken_of(at) is not None

    def elsewhere(self, at: int) -> bool:
        """Whether what stands at `at` is told of another organisation: a colleague speaks for the visitor's own."""
        if not self._others:
            return False
        last = self._spoken_of(at) or self._carried(at)
        return last is not None and not last.inside

    def foreign_within(self, at: int, reach: int) -> bool:
        """Whether another person is named at most `reach` characters before `at`."""
        return any(at - reach <= one.end <= at for one in self._others)

    def _spoken_of(self, at: int) -> Other | None:
        if not self._others:
            return None
        start, end = self._reading.sentence(at)
        near = [one for one in self._others if start <= one.start <= at < end]
        return near[-1] if near and not self._own_between(near[-1].end, at) else None

    def _carried(self, at: int) -> Other | None:
        """Whom the sentence before ended with, where this one only goes on about them."""
        start = self._reading.sentence(at)[0]
        if not start or not _CONTINUES.match(self._reading.low, start) or self._own_between(start, at):
            return None
        # "No, that's her guess. It's 40": what is denied is theirs, what follows is not.
        if _DENIES.match(self._reading.low, self._reading.sentence(start - 1)[0]):
            return None
        return self._spoken_of(start - 1)

    def _own_between(self, start: int, at: int) -> bool:
        # "Our client" holds an "our" of its own: only an own subject after the other person counts.
        return any(start < hit.start < at for hit in self._named.get("own", ()))

    def _over(self, at: int) -> bool:
        """As in "Zendesk was switched off": what stands right before is over, unless another tool is nearer to it."""
        hits = self._named.get("over")
        if not hits:
            return False
        start, end = self._reading.clause(at)
        if any(start <= one.start < end for one in self._named.get("dislike", ())):
            return False  # "I can't stand it any longer"
        return any(
            at < hit.start < min(end, at + OVER_REACH)
            and not any(at < tool.start < hit.start for tool in self._reading.of("tool"))
            for hit in hits
        )

    def _governed(self, name: str, at: int, *, released: tuple[str, ...]) -> bool:
        hits = self._named.get(name)
        if not hits:
            return False
        start = self._reading.sentence(at)[0]
        before = [hit for hit in hits if start <= hit.start < at]
        if not before:
            return False
        last = max(hit.end for hit in before)
        return not any(last < hit.end <= at for free in released for hit in self._named.get(free, ()))
