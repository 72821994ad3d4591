"""How a statement is meant: as a fact of the visitor's own, or denied, past, imagined, or about somebody else."""

from __future__ import annotations

import re

from profiles.cues import Hit
from profiles.reading import Reading

NEGATION_REACH = 42
"""Characters a "not" reaches forward within its clause."""

_NOT_A_DENIAL = re.compile(r"\s*(?:only|just|to mention|problem|worries|doubt|matter|later|more than|less than|over)\b")

_COMPOUND = re.compile(r"\s(?:contact|service|support|care|success|experience|kit|program|programme|relations)\b")
"""What makes a person spoken of a thing: "the customer service team", "the partner kit"."""

_A_WISH = re.compile(
    r"should be\s+(?:(?:very|really|quite|as|so|fully|easily|always|also)\s+)?"
    r"(?:able|possible|easy|simple|fine|okay?|enough|ready|live|fast|quick|under|below|less|more|\w+(?:ed|ing|able|ible))\b",
)
"""A "should be" that asks for something, as in "agents should be able to": it repairs nothing said before."""


class Context:
    """Answers for any offset of one message. Cheap when the message has no such cues, which is the usual case."""

    __slots__ = ("_named", "_reading")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._named: dict[str, list[Hit]] = {}
        for hit in reading.of("context"):
            if hit.name == "correction" and _A_WISH.match(reading.low, hit.start):
                continue
            self._named.setdefault(hit.name, []).append(hit)

    def any(self, name: str) -> bool:
        return name in self._named

    def hits(self, name: str) -> list[Hit]:
        return self._named.get(name, [])

    def asserted(self, at: int) -> bool:
        """Whether what stands at `at` is said of the visitor's own present."""
        return not (self.negated(at) or self.past(at) or self.hypothetical(at) or self.foreign(at))

    def negated(self, at: int) -> bool:
        """Whether a "not" in the same clause reaches `at`."""
        hits = self._named.get("negation")
        if not hits:
            return False
        start = self._reading.clause(at)[0]
        return any(
            start <= hit.start < hit.end <= at <= hit.end + NEGATION_REACH
            and not _NOT_A_DENIAL.match(self._reading.low, hit.end)
            for hit in hits
        )

    def past(self, at: int) -> bool:
        """Whether the sentence has gone back in time before `at` and not come to the present again."""
        return self._governed("past", at, released=("present",))

    def hypothetical(self, at: int) -> bool:
        """Whether the sentence imagines what stands at `at`."""
        return self._governed("hypothetical", at, released=())

    def foreign(self, at: int) -> bool:
        """Whether the nearest person spoken of before `at`, in the same sentence, is not the visitor."""
        hits = self._named.get("foreign")
        if not hits:
            return False
        start, end = self._reading.sentence(at)
        low = self._reading.low
        others = [hit for hit in hits if start <= hit.start <= at < end and not _COMPOUND.match(low, hit.end)]
        if not others:
            return False
        last = others[-1]
        # "our client" holds an "our" of its own: only an own subject after the other person counts.
        return not any(last.end <= hit.start < at for hit in self._named.get("own", ()))

    def foreign_within(self, at: int, reach: int) -> bool:
        """Whether another person is named at most `reach` characters before `at`."""
        return any(at - reach <= hit.end <= at for hit in self._named.get("foreign", ()))

    def _governed(self, name: str, at: int, *, released: tuple[str, ...]) -> bool:
        hits = self._named.get(name)
        if not hits:
            return False
        start = self._reading.sentence(at)[0]
        before = [hit for hit in hits if start <= hit.start < at]
        if not before:
            return False
        return not any(before[-1].end <= hit.start < at for free in released for hit in self._named.get(free, ()))
