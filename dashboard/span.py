"""Which days are looked at, as the parameters `from` and `to` of an address say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

USUAL = 30
MOST_DAYS = 92
"""A longer span is read month by month."""
MOST_MONTHS = 60
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first to the last day, both included, in UTC."""

    first: date
    last: date

    @property
    def by_month(self) -> bool:
        """Whether it is made of whole months."""
        return (self.last - self.first).days >= MOST_DAYS

    @property
    def periods(self) -> tuple[str, ...]:
        """Its days or months, as `core.course.periods_of` names them."""
        return tuple(dict.fromkeys(day.isoformat()[: 7 if self.by_month else 10] for day in self._days()))

    @property
    def days(self) -> tuple[int, ...]:
        """Its days, counted from the epoch."""
        return tuple((day - date(1970, 1, 1)).days for day in self._days())

    def _days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def span_of(first: str, last: str, *, now: float) -> Span:
    """The last 30 days without parameters. Raises `ValueError` for what is no span of days, and above five years."""
    end = date.fromisoformat(last) if last else _today(now)
    begin = date.fromisoformat(first) if first else end - timedelta(days=USUAL - 1)
    if not 0 <= (end - begin).days < MOST_MONTHS * 31 or end.year >= date.max.year:
        raise ValueError("these days do not follow each other, or are too many")
    return _whole(begin, end)


def span_between(first: date | None, last: date | None, *, now: float) -> Span:
    """The same, for programs: in whatever order, and the last five years of a longer span."""
    end = min(max(last or _today(now), first or date.min), date.max - timedelta(days=366))
    begin = min(first or end - timedelta(days=min(USUAL - 1, end.toordinal() - 1)), last or date.max, end)
    earliest = max(1, end.toordinal() - MOST_MONTHS * 30)
    return _whole(date.fromordinal(max(begin.toordinal(), earliest)), end)


def _whole(begin: date, end: date) -> Span:
    span = Span(first=begin, last=end)
    if not span.by_month:
        return span
    following = end.replace(day=1) + timedelta(days=32)
    return Span(first=begin.replace(day=1), last=following.replace(day=1) - timedelta(days=1))


def _today(now: float) -> date:
    return datetime.fromtimestamp(now, UTC).date()
