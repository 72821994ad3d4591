"""Personas: how often each was met, where the team saw another one, whom none fits, and what the site says anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from pydantic import Field

from core.errors import FrontdeskError
from core.listing import NOBODY
from core.store_ports import Store
from dashboard.insight import Insight, Insights
from dashboard.own_account import Nothing
from dashboard.pages import Action, Form, NotDone, Page, Shown, Visit, Written
from dashboard.persona_desk import PersonaDesk
from dashboard.roles import Role

_MOST_LINES = 300
_PAGE = "/personas"


class OfProposal(Form):
    id: str = Field(min_length=1, max_length=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How often a persona was met. `right` of `judged` were confirmed by the team."""

    id: str
    name: str
    chats: int
    judged: int
    right: int
    configured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistaken:
    """One cell of the confusion: detected as one, really another. `value` is the filter that lists them."""

    detected: str
    really: str
    count: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonasPage:
    store: Store
    insight: Insights
    desk: PersonaDesk

    def pages(self) -> tuple[Page, ...]:
        return (Page(path=_PAGE, title="Personas", role=Role.VIEWER, handler=self._show, nav="Personas"),)

    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(path=f"{_PAGE}/{path}", role=Role.ADMIN, form=form, handler=handler)
            for path, form, handler in (
                ("accept", OfProposal, self._accept),
                ("dismiss", OfProposal, self._dismiss),
                ("read", Nothing, self._read),
                ("take-over", Nothing, self._take_over),
                ("leave", Nothing, self._leave),
            )
        )

    async def _show(self, visit: Visit) -> Shown:
        counts, proposals = await asyncio.gather(self.store.directory.counts(), self.desk.proposals())
        reading, insight = self.desk.reading(), self.insight()
        judged = counts.get("corrected", {})
        values = {
            "total": sum(counts.get("channel", {}).values()),
            "met": _met(counts.get("persona", {}), judged, insight),
            "mistaken": _mistaken(judged, insight),
            "proposals": proposals,
            "reading": reading,
            "lines": reading.lines[:_MOST_LINES],
            "more": max(0, len(reading.lines) - _MOST_LINES),
            "works": visit.session.role.covers(Role.ADMIN),
        }
        return Shown(template="personas.html", values=values)

    async def _accept(self, _visit: Visit, form: OfProposal) -> Written:
        await _done(self.desk.accept(form.id))
        return Written(what="persona.accepted", on=form.id, to=_PAGE)

    async def _dismiss(self, _visit: Visit, form: OfProposal) -> Written:
        await _done(self.desk.dismiss(form.id))
        return Written(what="persona.dismissed", on=form.id, to=_PAGE)

    async def _read(self, _visit: Visit, _form: Nothing) -> Written:
        await _done(self.desk.read())
        return Written(what="site.read", on="site", to=_PAGE)

    async def _take_over(self, _visit: Visit, _form: Nothing) -> Written:
        await _done(self.desk.take_over())
        return Written(what="site.taken-over", on="personas.yaml", to=_PAGE)

    async def _leave(self, _visit: Visit, _form: Nothing) -> Written:
        await _done(self.desk.leave())
        return Written(what="site.left", on="personas.yaml", to=_PAGE)


async def _done(work: Awaitable[None]) -> None:
    try:
        await work
    except FrontdeskError as error:
        raise NotDone(str(error), back=_PAGE) from None


def _met(counts: Mapping[str, int], judged: Mapping[str, int], insight: Insight) -> list[Met]:
    """Those of the files and those met, the most frequent first."""
    pairs = [(*_parted(cell), count) for cell, count in judged.items()]
    found = [
        Met(
            id=one,
            name=insight.name_of(one),
            chats=counts.get(one, 0),
            judged=sum(count for detected, _, count in pairs if detected == one),
            right=sum(count for detected, really, count in pairs if detected == really == one),
            configured=one in insight.personas,
        )
        for one in {*counts, *insight.personas}
    ]
    return sorted(found, key=lambda one: (-one.chats, one.name))


def _mistaken(judged: Mapping[str, int], insight: Insight) -> list[Mistaken]:
    cells = []
    for value, count in judged.items():
        detected, really = _parted(value)
        if detected != really:
            name = "Nobody" if detected == NOBODY else insight.name_of(detected)
            cells.append(Mistaken(detected=name, really=insight.name_of(really), count=count, value=value))
    return sorted(cells, key=lambda one: (-one.count, one.detected, one.really))


def _parted(value: str) -> tuple[str, str]:
    detected, _, really = value.partition(">")
    return detected, really
