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

LATE_SEASON = timedelta(days=45)
"""From the start of a season to its late part."""

CLEAR_NAME = 4
"""Letters a month's name needs to stand for a time by itself."""

SOON = timedelta(days=75)
"""A season that begins within this is not called the next one."""

_PLANNED = re.compile(
    r"\b(?:live|launch\w*|start\w*|begin\w*|roll\w* ?out|running|ready|aim\w*|target\w*|deadline"
    r"|maybe|probably|ideally)"
    r"[\s:,–-]{1,3}$"
)
"""Right before a month whose name is another word, too: "go live jan", "probably may"."""

_BEFORE_EVENT = re.compile(
    r"(?:^|[.!?,;:]\s)(?:just |well |shortly )?(?:before|by the time|bevor|ehe|avant que|avant qu'"
    r"|antes de que|antes que|voordat)\s?"
    r"(?:[\w'-]+\s+){1,5}$"
)
"""In front of a time: an event that is to be forestalled, "before the inspectors come in"."""

_LATEST = re.compile(
    r"\s+(?:at the latest|latest|max|tops|or so|ish|sometime|hopefully|realistically|probably|maybe)\b"
)

_STANDS_OUT = re.compile(r"\W*(?:$|[.,;!?)]|(?:or|and|probably|maybe|hopefully|ish|latest|i|at|if|oder|ou|o|of)\b)")

_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}

_YEAR_END = ("year-end", "year end", "jahres")


class TimelineFile(Resource):
    """`timelines.yaml`."""

    plan: tuple[str, ...]
    not_plan: tuple[str, ...]
    immediate: tuple[str, ...]
    soon: tuple[str, ...]
    far: tuple[str, ...]
    none: tuple[str, ...]
    pressing: tuple[str, ...]
    before: tuple[str, ...]
    by: frozenset[str]
    after: frozenset[str]
    since: frozenset[str]
    at: tuple[str, ...]
    ambiguous_months: frozenset[str]
    after_season: int
    seasons: frozenset[str]
    within: tuple[str, ...]
    next: tuple[str, ...]
    next_one: tuple[str, ...]
    this: tuple[str, ...]
    late: tuple[str, ...]
    early: tuple[str, ...]
    units: dict[str, tuple[str, ...]]
    months: dict[int, tuple[str, ...]]
    moments: dict[str, str]
    leads: tuple[str, ...]
    lone: tuple[str, ...]
    none_answers: tuple[str, ...]
    now_answers: tuple[str, ...]


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
        self._ambiguous = data.ambiguous_months
        self._by, self._after, self._since = data.by, data.after, data.since
        self._seasons, self._season = data.seasons, timedelta(days=data.after_season)
        self._pattern = self._compiled(data)

    def unit(self, word: str) -> str:
        """The unit a word names: day, week, fortnight, sprint, month, quarter or year."""
        return next(name for pattern, name in self._units if pattern.fullmatch(word))

    def find(self, low: str, today: date, *, asked: bool = False) -> Iterator[Named]:
        """Every named time of a text that lies ahead of `today`, in order; `asked` for a short answer to "when"."""
        for match in self._pattern.finditer(low):
            if match["moment"] == "fall" and not (match["before"] or match["late"] or match["early"] or match["y"]):
                continue  # "it should fall in June"
            day = self._day(
                match,
                today,
                sure=(asked and _stands_out(low, match))
                or _PLANNED.search(low, 0, match.start())
                or _LATEST.match(low, match.end()),
            )
            if day is not None and match["before"] in self._after:
                day = self._past_it(match, day)
            if day is not None and day >= today - LATE_BY:
                deadline = match["before"] in self._by or _BEFORE_EVENT.search(low, 0, match.start()) is not None
                yield Named(match.start(), match.end(), day, deadline)

    def _past_it(self, match: re.Match[str], day: date) -> date:
        """When it is over: a season after months, a month the month after, a feast after a week."""
        if (match["moment"] or match["nunit"] or match["tunit"] or match["cunit"]) in self._seasons:
            return day + self._season
        return day + timedelta(days=20 if match["month"] else 7)

    def _compiled(self, data: TimelineFile) -> re.Pattern[str]:
        unit = either(word for words in data.units.values() for word in words)
        span = rf"{unit}|spring|summer|fall|autumn|winter"
        named = "|".join(
            (
                rf"(?P<next>{either(data.next)})\s+(?:the\s+)?(?P<nunit>{span})",
                rf"(?P<this>{either(data.this)})\s+(?P<tunit>{span})",
                r"q(?P<q>[1-4])|(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+quarter",
                r"(?P<half>h[12]|first half|second half)",
                r"(?P<year_end>year[\s-]end|the year|year|jahresende|año|ano)",
                self._day_of_month(),
                rf"(?P<punit>{unit})\s+(?:prochaine?|suivante?|próxim[oa]|que vem|que viene)",
                rf"(?P<moment>{either(self._moments)})",
                r"(?(before)(?:(?!\d)\w+\s+){0,2}?)(?P<bare>20\d\d)",
                rf"(?(late)(?P<cunit>{unit})|(?!))",
            ),
        )
        leads = either((*data.before, *data.after, *data.since, *data.at))
        return re.compile(
            rf"\b(?:(?P<before>{leads})\s+)?(?:the\s+|la\s+|le\s+|el\s+|de\s+)?"
            rf"(?:(?:(?P<late>{either(data.late)})|(?P<early>{either(data.early)})|mid|middle of|mitte|mi"
            rf"|mediados de|meados de|medio|halverwege|half)[\s-]+"
            rf"(?:the\s+|of\s+|des\s+|de\s+)?)?(?:{named})\b"
            r"(?:\s*(?:of\s+)?,?\s*(?P<y>20\d\d|next\s+year|nächsten\s+jahres|l'année\s+prochaine))?",
        )

    def _day_of_month(self) -> str:
        """As in "May", "31 October", "October 31st"."""
        return (
            r"(?:(?P<first>\d{1,2})(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?)?"
            rf"(?P<month>{either(self._months)})\b(?:\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?"
        )

    def _day(self, match: re.Match[str], today: date, *, sure: object = None) -> date | None:
        if match["next"] or match["this"] or match["punit"] or match["cunit"]:
            return self._relative(match, today)
        if match["q"] or match["nth"] or match["half"]:
            return _in_part_of_year(match, today)
        if match["year_end"]:
            ends = match["late"] or match["before"] == "this" or match["year_end"].startswith(_YEAR_END)
            return date(today.year, 12, 31) if ends else None
        if match["before"] in self._since:
            return None
        if match["moment"]:
            day = _upcoming(_year(match, today), *self._moments[match["moment"]], today)
            return day + LATE_SEASON if match["late"] and match["moment"] in self._seasons else day
        return self._in_month(match, today, sure=sure) if match["month"] else self._in_year(match, today)

    def _relative(self, match: re.Match[str], today: date) -> date:
        following = not (match["this"] or match["cunit"])
        word = match["nunit"] or match["tunit"] or match["punit"] or match["cunit"]
        if word in self._moments:
            day = _upcoming(None, *self._moments[word], today)
            # "Next spring", said shortly before spring, is the one after it.
            return day.replace(year=day.year + 1) if following and day - today < SOON else day
        unit = self.unit(word)
        if unit == "year":
            month = 12 if match["late"] or not following else 2 if match["early"] else 6
            return date(today.year + following, month, SAFE_DAY)
        if unit == "quarter":
            first = (today.month - 1) // 3 * 3 + 1 + 3 * following
            if not following:
                return _month_of(today.year, first + 2, SAFE_DAY)
            return _month_of(today.year, first + (2 if match["late"] else 0 if match["early"] else 1), 15)
        if unit == "month":
            return _month_of(today.year, today.month + following, SAFE_DAY if match["late"] or not following else 15)
        return today + timedelta(days=7 * following + 3 if unit == "week" else following)

    def _in_month(self, match: re.Match[str], today: date, *, sure: object) -> date | None:
        day = int(match["day"] or match["first"] or 0)
        placed = match["before"] or match["late"] or match["early"] or match["y"] or match["first"]
        # "may" and "mar" are words of other meanings: they need something of time beside them, "juillet" does not.
        if not (placed or sure) and (len(match["month"]) < CLEAR_NAME or match["month"] in self._ambiguous):
            return None
        if not 0 < day <= SAFE_DAY:
            day = SAFE_DAY if match["late"] or day else 1 if match["before"] in self._before else 15
        return _upcoming(_year(match, today), self._months[match["month"]], day, today)

    def _in_year(self, match: re.Match[str], today: date) -> date | None:
        year = int(match["bare"])
        if year < today.year or not match["before"]:
            return None
        month = 12 if match["late"] else 1 if match["early"] or match["before"] in self._before else 6
        return date(year, month, 15)


def _stands_out(low: str, match: re.Match[str]) -> bool:
    """Whether a month is all that a clause says or what it begins with: "may probably", "march, i think"."""
    begins = not low[: match.start()].strip(" .,") or low[: match.start()].rstrip()[-1:] in ",;."
    return begins and _STANDS_OUT.match(low, match.end()) is not None


def _year(match: re.Match[str], today: date) -> int | None:
    if not match["y"]:
        return None
    return int(match["y"]) if match["y"].isdecimal() else today.year + 1


def _month_of(year: int, month: int, day: int) -> date:
    """A date whose month may run past December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)


def _upcoming(year: int | None, month: int, day: int, today: date) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today - LATE_BY else date(today.year + 1, month, day)


def _in_part_of_year(match: re.Match[str], today: date) -> date:
    if match["q"] or match["nth"]:
        middle, reach = (int(match["q"]) if match["q"] else _QUARTERS[match["nth"]]) * 3 - 1, 1
    else:
        middle, reach = (4 if match["half"] in {"h1", "first half"} else 10), 2
    month = middle + (reach if match["late"] else -reach if match["early"] else 0)
    return _upcoming(_year(match, today), month, SAFE_DAY if match["late"] else 15, today)
