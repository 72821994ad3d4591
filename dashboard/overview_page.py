"""The first page: how far those who came have got, who they were, how long they waited, and what a lead costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from core.course import Stage, Wait
from core.directory import FILTERS, Ask
from core.store_ports import Store
from dashboard.figures import DIMENSIONS, EACH, Figures, Group, Level, figures_of
from dashboard.pages import Page, Shown, Visit
from dashboard.people_pages import FILTER_NAMES, ranked
from dashboard.roles import Role
from dashboard.sheets import sheet
from dashboard.span import Span, span_of

STAGE_NAMES = {
    Stage.VISITOR: "Came",
    Stage.ENGAGED: "Talked",
    Stage.PERSONA: "Persona known",
    Stage.EMAIL: "E-mail given",
    Stage.QUALIFIED: "Qualified",
    Stage.HANDED_OFF: "Handed to sales",
    Stage.CLAIMED: "Claimed",
    Stage.WON: "Won",
}
WAIT_NAMES = {
    Wait.ANSWER: "First answer, after the first words",
    Wait.CLAIM: "Claim, after the hand-off",
    Wait.CONTACT: "First words of a person, after the hand-off",
}
DIMENSION_NAMES = {"persona": "Persona", "channel": "Channel", "campaign": "Campaign"}
PRESETS = (7, 30, 90, 365)
_MOST_GROUPS = 20
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
TREND = (Stage.VISITOR, Stage.ENGAGED, Stage.EMAIL, Stage.HANDED_OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What models have used. `price` is of a million tokens, None where it is not known."""

    tokens: int
    leads: int
    price: float | None

    @property
    def tokens_a_lead(self) -> float | None:
        return self.tokens / self.leads if self.leads else None

    @property
    def price_a_lead(self) -> float | None:
        tokens = self.tokens_a_lead
        return None if tokens is None or self.price is None else tokens * self.price / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a span of days has to tell."""

    span: Span
    figures: Figures
    costs: Costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Reads figures from the store. `price` is of a million tokens."""

    store: Store
    price: float | None = None

    async def seen(self, first: str, last: str, *, now: float) -> Seen:
        """As `of`. Raises `ValueError` for what is no span of days."""
        return await self.of(span_of(first, last, now=now))

    async def of(self, span: Span) -> Seen:
        """What these days tell, in two round trips at once."""
        summed, tokens = await asyncio.gather(
            self.store.directory.summed(span.periods, EACH), self.store.allowances.tokens(span.days)
        )
        figures = figures_of(summed)
        costs = Costs(tokens=sum(tokens.values()), leads=figures.count(Stage.HANDED_OFF), price=self.price)
        return Seen(span=span, figures=figures, costs=costs)

    async def asked(self, visit: Visit) -> Seen:
        """What the parameters of an address ask for. Raises `HTTPBadRequest`."""
        try:
            return await self.seen(visit.query("from"), visit.query("to"), now=visit.now)
        except ValueError as error:
            raise web.HTTPBadRequest(text="These are no days that follow each other.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    store: Store
    spans: Spans

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="", title="Overview", role=Role.VIEWER, handler=self._show, nav="Overview"),
            Page(path="/overview.csv", title="Overview", role=Role.VIEWER, handler=self._download),
        )

    async def _show(self, visit: Visit) -> Shown:
        directory = self.store.directory
        seen, counts, newest = await asyncio.gather(
            self.spans.asked(visit), directory.counts(), directory.find(Ask(count=8))
        )
        groups = [(name, DIMENSION_NAMES[name], seen.figures.groups(name)[:_MOST_GROUPS]) for name in DIMENSIONS]
        tables = [(name, FILTER_NAMES[name], ranked(counts[name])) for name in FILTERS if counts.get(name)]
        values = {
            "seen": seen,
            "days": chosen(seen.span, visit.now),
            "funnel": seen.figures.funnel(),
            "points": seen.figures.points,
            "trend": TREND,
            "groups": [one for one in groups if one[2]],
            "waits": [
                (WAIT_NAMES[one.wait], one.count, lasting(one.half), lasting(one.most)) for one in seen.figures.waits()
            ],
            "stages": STAGE_NAMES,
            "total": sum(counts.get("channel", {}).values()),
            "tables": tables,
            "rows": newest.rows,
        }
        return Shown(template="overview.html", values=values)

    async def _download(self, visit: Visit) -> web.StreamResponse:
        table = visit.query("table", "funnel")
        if table not in _SHEETS:
            raise web.HTTPNotFound(text="There is no such table.")
        head, rows = _SHEETS[table](await self.spans.asked(visit))
        return sheet(f"frontdesk-{table}", head, rows)


def chosen(span: Span, now: float) -> Mapping[str, object]:
    """What the form for the days is filled with."""
    today = span_of("", "", now=now).last
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "today": today.isoformat(),
        "presets": [(n, today.fromordinal(today.toordinal() - n + 1).isoformat()) for n in PRESETS],
    }


def lasting(seconds: int | None) -> str:
    """A class of waiting times in words."""
    if seconds is None:
        return "over a week"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    return f"within {seconds // size} {unit}"


Rows = tuple[Sequence[str], Iterable[Sequence[object]]]


def _funnel_sheet(seen: Seen) -> Rows:
    return ("stage", "conversations", "share"), (
        (one.stage.value, one.count, round(one.share, 4)) for one in seen.figures.funnel()
    )


def _trend_sheet(seen: Seen) -> Rows:
    points = seen.figures.points
    return ("period", *STAGE_NAMES), ((point.period, *(point.counts[one] for one in STAGE_NAMES)) for point in points)


def _waits_sheet(seen: Seen) -> Rows:
    head = ("wait", "conversations", "half within seconds", "nine tenths within seconds")
    return head, ((one.wait.value, one.count, _told(one.half), _told(one.most)) for one in seen.figures.waits())


def _costs_sheet(seen: Seen) -> Rows:
    costs = seen.costs
    head = ("tokens", "leads", "tokens a lead", "price a lead")
    return head, ((costs.tokens, costs.leads, _told(costs.tokens_a_lead), _told(costs.price_a_lead)),)


def _groups_sheet(name: str) -> Callable[[Seen], Rows]:
    def made(seen: Seen) -> Rows:
        return (name, *STAGE_NAMES), (_line(group) for group in seen.figures.groups(name))

    return made


def _line(group: Group) -> Sequence[object]:
    levels: Sequence[Level] = group.levels
    return (group.value, *(level.count for level in levels))


def _told(value: float | None) -> object:
    return "" if value is None else value


_SHEETS: Mapping[str, Callable[[Seen], Rows]] = {
    "funnel": _funnel_sheet,
    "trend": _trend_sheet,
    "waits": _waits_sheet,
    "costs": _costs_sheet,
    **{name: _groups_sheet(name) for name in DIMENSIONS},
}
