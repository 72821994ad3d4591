"""Pages about the people who talk: how many there are of whom, and the list of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from core.directory import FILTERS, Ask, Order
from core.store_ports import Store
from dashboard.pages import Page, Shown, Visit
from dashboard.roles import Role

_PER_PAGE = 50
_LONGEST = 200  # characters of a parameter
FILTER_NAMES = {
    "lead": "Lead",
    "persona": "Persona",
    "channel": "Channel",
    "readiness": "Readiness",
    "size": "Company size",
    "technical": "Technical level",
    "status": "Status",
    "owner": "Owner",
    "language": "Language",
    "corrected": "Persona, detected > really",
}
ORDER_NAMES = {
    Order.ACTIVE: "Last active",
    Order.CREATED: "First seen",
    Order.SCORE: "Score",
    Order.CONFIDENCE: "Confidence",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePages:
    store: Store

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/profiles", title="Profiles", role=Role.VIEWER, handler=self._list, nav="Profiles"),)

    async def _list(self, visit: Visit) -> Shown:
        ask = _asked(visit)
        try:
            found, counts = await asyncio.gather(self.store.directory.find(ask), self.store.directory.counts())
        except ValueError as error:
            raise web.HTTPBadRequest(text="This list has no such place; begin at its start.") from error
        values = {
            "rows": found.rows,
            "following": found.next,
            "ask": ask,
            "orders": ORDER_NAMES,
            "choices": [(name, FILTER_NAMES[name], ranked(counts.get(name, {}))) for name in FILTERS],
            "kept": _kept(ask),
        }
        return Shown(template="profiles.html", values=values)


def _asked(visit: Visit) -> Ask:
    wanted = visit.query("order")
    return Ask(
        order=Order(wanted) if wanted in set(Order) else Order.ACTIVE,
        filters={name: visit.query(name)[:_LONGEST] for name in FILTERS if visit.query(name)},
        prefix=visit.query("q")[:_LONGEST],
        after=visit.query("after"),
        count=_PER_PAGE,
    )


def _kept(ask: Ask) -> Mapping[str, str]:
    """The parameters that lead to the same list again."""
    searched = {"q": ask.prefix} if ask.prefix else {}
    return {"order": ask.order.value, **ask.filters, **searched}


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
