"""When the visitor wants to be live or to decide, as a label relative to the day the message was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from core.fact import Field
from profiles.context import Context
from profiles.facts import Finding
from profiles.named_times import NamedTimes, TimelineFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

SURE = 0.8
"""Above it a time needs no plan beside it: "by March" is a deadline by itself."""

_DAYS = {"day": 1, "week": 7, "month": 30.4, "quarter": 91.3, "year": 365}
_HORIZONS = ((31, "now"), (93, "1-3m"), (184, "3-6m"), (366, "6-12m"))
_SMALL = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}


def horizon(days: float) -> str:
    """The label of a distance in days."""
    return next((label for limit, label in _HORIZONS if days <= limit), "12m+")


class TimelineReader:
    """Reads spans ("in six weeks"), named times ("by March", "Q3") and the plain words ("asap")."""

    def __init__(self, data: TimelineFile) -> None:
        self._named = NamedTimes(data)
        unit = either(word for words in data.units.values() for word in words)
        count = rf"\d{{1,3}}|{either(_SMALL)}"
        span = rf"(?P<n>{count})(?:\s?(?:-|–|to|or|bis)\s?(?P<m>{count}))?[\s-]+(?P<unit>{unit})\b"
        lead = r"(?:about |around |the next |les |den |los próximos |próximos )?"
        self._span = re.compile(rf"\b(?:{either(data.within)})\s+{lead}{span}")
        self._bare_span = re.compile(rf"\b{span}")

    def read(self, reading: Reading, context: Context) -> Iterator[Finding]:
        """At most one timeline: the last that is stated and belongs to a plan."""
        found = [one for one in self._all(reading, asked=False) if self._belongs(reading, context, one)]
        if found:
            yield max(found, key=lambda one: one.start)

    def answer(self, reading: Reading) -> Finding | None:
        """A timeline given as the answer to a question: no plan needs to be spoken of."""
        found = list(self._all(reading, asked=True))
        if not found and (match := self._bare_span.search(reading.low)):
            found = [self._spanned(match)]
        return max(found, key=lambda one: one.start) if found else None

    def _belongs(self, reading: Reading, context: Context, found: Finding) -> bool:
        if context.past(found.start) or context.hypothetical(found.start) or context.foreign(found.start):
            return False
        if found.value == "none":
            return True
        start, stop = reading.sentence(found.start)
        plans = any(start <= hit.start < stop for hit in reading.of("plan"))
        other = any(start <= hit.start < stop for hit in reading.of("not_plan"))
        denied = context.negated(found.start) and found.value != "12m+"
        return (plans or found.confidence > SURE) and not other and not denied

    def _all(self, reading: Reading, *, asked: bool) -> Iterator[Finding]:
        for hit in reading.of("timeline"):
            yield Finding(Field.TIMELINE, hit.name, hit.start, hit.end)
        # The expressions below are dear: they run only where a time is named and could belong to a plan.
        if not reading.of("time") or not (asked or reading.of("plan") or reading.of("by")):
            return
        for match in self._span.finditer(reading.low):
            yield self._spanned(match)
        today = datetime.fromtimestamp(reading.message.at, UTC).date()
        for named in self._named.find(reading.low, today):
            label = horizon((named.day - today).days)
            confidence = 0.85 if named.deadline else 0.75
            yield Finding(Field.TIMELINE, label, named.start, named.end, confidence=confidence)

    def _spanned(self, match: re.Match[str]) -> Finding:
        count = match["m"] or match["n"]
        number = float(count) if count.isdecimal() else _SMALL[count]
        label = horizon(number * _DAYS[self._named.unit(match["unit"])])
        return Finding(Field.TIMELINE, label, match.start(), match.end(), confidence=0.75)
