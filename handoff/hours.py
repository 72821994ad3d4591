"""When a team is there, by the clock on its wall: summer time, nights and holidays included. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from config.models.routing import Day, OpeningHours

DAY_MINUTES = 24 * 60
LONGEST_WAIT = 400
"""Days in which the next opening is looked for."""
DAYS: tuple[Day, ...] = get_args(Day)

Span = tuple[int, int]
"""Minutes after midnight, from and until; the end does not belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours as the clock on the wall shows them. Times are seconds since the epoch.

    An hour that the clock shows twice is open twice, one that it leaves out never was.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]  # from Monday on; none runs past midnight
    is_closed: Callable[[date], bool]

    def is_open(self, now: float) -> bool:
        local = datetime.fromtimestamp(now, self.zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self._spans(local.date()))

    def opens_at(self, now: float) -> float:
        """`now` while it is open, else the next opening; 0 when there is none for a year."""
        if self.is_open(now):
            return now
        today = datetime.fromtimestamp(now, self.zone).date()
        for day in (today + timedelta(days=ahead) for ahead in range(LONGEST_WAIT)):
            found = [at for at in self._openings(day) if at >= now and self.is_open(at)]
            if found:
                return min(found)
        return 0.0

    def after(self, now: float, seconds: float) -> float:
        """When so many seconds of opening hours have gone by; 0 when that is not within a year."""
        at = self.opens_at(now)
        while at:
            end = self._closes_at(at)
            if at + seconds <= end:
                return at + seconds
            seconds -= end - at
            at = self.opens_at(end)
        return 0.0

    def _closes_at(self, opened: float) -> float:
        """The end of the span that is open at this moment."""
        local = datetime.fromtimestamp(opened, self.zone)
        days = (local.date(), local.date() + timedelta(days=1))
        changes = [at for day in days for at in self._changes(day) if at > opened]
        return min((at for at in changes if not self.is_open(at)), default=min(changes))

    def _spans(self, day: date) -> tuple[Span, ...]:
        spans = self.week[day.weekday()]
        return () if not spans or self.is_closed(day) else spans

    def _openings(self, day: date) -> Iterator[float]:
        spans = self._spans(day)
        if spans:
            yield from self._moments(day, (start for start, _ in spans))

    def _changes(self, day: date) -> Iterator[float]:
        """Every moment of the day at which it may open or close."""
        edges = [0, *(edge for span in self._spans(day) for edge in span if edge < DAY_MINUTES)]
        yield from self._moments(day, edges)

    def _moments(self, day: date, minutes: Iterable[int]) -> Iterator[float]:
        """When the clock shows these, each time it does, and when the clock is changed."""
        for minute in minutes:
            local = datetime.combine(day, time(minute // 60, minute % 60), self.zone)
            yield from (local.replace(fold=fold).timestamp() for fold in (0, 1))
        begin = datetime.combine(day, time(), self.zone)
        end = datetime.combine(day + timedelta(days=1), time(), self.zone)
        if begin.utcoffset() != end.utcoffset():
            yield self._changed(begin.timestamp() - 1, end.timestamp() + 1)

    def _changed(self, low: float, high: float) -> float:
        """The second at which the clock is changed."""
        before = self._offset(low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle) == before else (low, middle)
        return high // 1

    def _offset(self, at: float) -> timedelta | None:
        return datetime.fromtimestamp(at, self.zone).utcoffset()


def opening_hours(settings: OpeningHours) -> Hours:
    """The hours of a team as its file has them."""
    own = frozenset(settings.closed)
    calendars = tuple(_calendar(name) for name in settings.holidays)
    return Hours(
        zone=ZoneInfo(settings.time_zone),
        week=_week(settings.week),
        is_closed=lambda day: day in own or any(day in calendar for calendar in calendars),
    )


def _week(spans: Mapping[Day, tuple[str, ...]]) -> tuple[tuple[Span, ...], ...]:
    """The week with each night cut at midnight."""
    week: list[list[Span]] = [[] for _ in DAYS]
    for place, day in enumerate(DAYS):
        for span in spans.get(day, ()):
            start, end = map(_minutes, span.split("-"))
            if end > start:
                week[place].append((start, end))
            else:
                week[place].append((start, DAY_MINUTES))
                week[(place + 1) % len(DAYS)].append((0, end))
    return tuple(tuple(sorted((start, end) for start, end in day if start < end)) for day in week)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _calendar(name: str) -> Mapping[date, str]:
    from holidays import country_holidays

    country, _, part = name.partition("-")
    return country_holidays(country, subdiv=part or None)
