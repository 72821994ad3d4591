"""Times that have a name ("next quarter", "by March", "Q3", "before Black Friday") as days of the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from profiles.quantity_grammar import either
from profiles.resources import Resource

SAFE_DAY = 28
"""The last day every month has."""

LATE_BY = timedelta(days=20)
"""A month or a season named this long after it began is still the one of this year."""

_YEAR_END = ("year-end", "year end", "jahres")


class TimelineFile(Resource):
    """`timelines.yaml`."""

    plan: tuple[str, ...]
    not_plan: tuple[str, ...]
    immediate: tuple[str, ...]
    soon: tuple[str, ...]
    far: tuple[str, ...]
    none: tuple[str, ...]
    before: tuple[str, ...]
    within: tuple[str, ...]
    next: tuple[str, ...]
    this: tuple[str, ...]
    late: tuple[str, ...]
    early: tuple[str, ...]
    units: dict[str, tuple[str, ...]]
    months: dict[int, tuple[str, ...]]
    moments: dict[str, str]


class Named(NamedTuple):
    start: int
    end: int
    day: date
    deadline: bool  # "by", "before", "until"


class NamedTimes:
    def __init__(self, data: TimelineFile) -> None:
        self._units = [(re.compile(rf"(?:{either(words)})"), unit) for unit, words in data.units.items()]
        self._months = {name: number for number, names in data.months.items() for name in names}
        self._moments = {name: (int(day[:2]), int(day[3:])) for name, day in data.moments.items()}
        self._before = frozenset(data.before)
        self._pattern = self._compiled(data)

    def unit(self, word: str) -> str:
        """The unit a word names: day, week, month, quarter or year."""
        return next(name for pattern, name in self._units if pattern.fullmatch(word))

    def find(self, low: str, today: date) -> Iterator[Named]:
        """Every named time of a text that lies ahead of `today`, in order."""
        for match in self._pattern.finditer(low):
            day = self._day(match, today)
            if day is not None:
                yield Named(match.start(), match.end(), day, match["before"] in self._before)

    def _compiled(self, data: TimelineFile) -> re.Pattern[str]:
        unit = either(word for words in data.units.values() for word in words)
        span = rf"{unit}|spring|summer|fall|autumn|winter"
        named = "|".join(
            (
                rf"(?P<next>{either(data.next)})\s+(?:the\s+)?(?P<nunit>{span})",
                rf"(?P<this>{either(data.this)})\s+(?P<tunit>{span})",
                r"q(?P<q>[1-4])",
                r"(?P<half>h[12]|first half|second half)",
                r"(?P<year_end>year[\s-]end|the year|year|jahresende|año|ano)",
                rf"(?P<month>{either(self._months)})(?:\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?",
                rf"(?P<moment>{either(self._moments)})",
                r"(?P<bare>20\d\d)",
            ),
        )
        return re.compile(
            rf"\b(?:(?P<before>{either(data.before)}|in|for|around|im|en|em|a|this|since|during|from|on)\s+)?(?:the\s+)?"
            rf"(?:(?:(?P<late>{either(data.late)})|(?P<early>{either(data.early)})|mid|middle of|mitte)[\s-]+"
            rf"(?:the\s+|of\s+|des\s+|de\s+)?)?(?:{named})\b(?:\s*(?:of\s+)?,?\s*(?P<y>20\d\d))?",
        )

    def _day(self, match: re.Match[str], today: date) -> date | None:
        if match["next"] or match["this"]:
            return self._relative(match, today)
        if match["q"] or match["half"]:
            return _in_part_of_year(match, today)
        if match["year_end"]:
            ends = match["late"] or match["year_end"].startswith(_YEAR_END)
            return date(today.year, 12, 31) if ends else None
        if match["before"] in {"since", "from"}:
            return None
        if match["moment"]:
            return _upcoming(_year(match), *self._moments[match["moment"]], today)
        return self._in_month(match, today) if match["month"] else self._in_year(match, today)

    def _relative(self, match: re.Match[str], today: date) -> date:
        following = bool(match["next"])
        word = match["nunit"] or match["tunit"]
        if word in self._moments:
            return _upcoming(None, *self._moments[word], today)
        unit = self.unit(word)
        if unit == "year":
            month = 12 if match["late"] or not following else 2 if match["early"] else 6
            return date(today.year + following, month, SAFE_DAY)
        if unit == "quarter":
            first = (today.month - 1) // 3 * 3 + 1 + 3 * following
            return _month_of(today.year, first + (2 if match["late"] else 0 if match["early"] else 1), 15)
        if unit == "month":
            return _month_of(today.year, today.month + following, SAFE_DAY if match["late"] or not following else 15)
        return today + timedelta(days=7 * following + 3 if unit == "week" else following)

    def _in_month(self, match: re.Match[str], today: date) -> date | None:
        # "may" and "mar" are words of other meanings: without anything of time beside them they are none.
        if not (match["before"] or match["late"] or match["early"] or match["y"]):
            return None
        day = int(match["day"] or 0)
        if not 0 < day <= SAFE_DAY:
            day = SAFE_DAY if match["late"] else 1 if match["before"] in self._before else 15
        return _upcoming(_year(match), self._months[match["month"]], day, today)

    def _in_year(self, match: re.Match[str], today: date) -> date | None:
        year = int(match["bare"])
        if year < today.year or not match["before"]:
            return None
        month = 12 if match["late"] else 1 if match["early"] or match["before"] in self._before else 6
        return date(year, month, 15)


def _year(match: re.Match[str]) -> int | None:
    return int(match["y"]) if match["y"] else None


def _month_of(year: int, month: int, day: int) -> date:
    """A date whose month may run past December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)


def _upcoming(year: int | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today - LATE_BY else date(today.year + 1, month, day)


def _in_part_of_year(match: re.Match[str], today: date) -> date:
    if match["q"]:
        middle, reach = int(match["q"]) * 3 - 1, 1
    else:
        middle, reach = (4 if match["half"] in {"h1", "first half"} else 10), 2
    month = middle + (reach if match["late"] else -reach if match["early"] else 0)
    return _upcoming(_year(match), month, SAFE_DAY if match["late"] else 15, today)
