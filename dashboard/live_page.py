"""Who is talking at this moment: the conversations something happened in last, brought up to date by itself."""

from __future__ import annotations

from dataclasses import dataclass

from core.directory import Ask, Listing
from core.reply import Mode
from core.store_ports import Store
from dashboard.insight import Insights
from dashboard.pages import Page, Shown, Visit
from dashboard.profile_page import profile_path
from dashboard.roles import Role

NOW_SECONDS = 120.0
"""Whose last word is no older is talking."""
LATELY_SECONDS = 3_600.0
_MOST = 50
_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Talking:
    row: Listing
    persona: str
    holder: str  # who answers: the rep's name, "" for the bot
    now: bool
    minutes: int  # since something happened


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    store: Store
    insight: Insights

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/live", title="Live", role=Role.VIEWER, handler=self._show, nav="Live"),
            Page(path="/live/rows", title="Live", role=Role.VIEWER, handler=self._rows, quiet=True),
        )

    async def _show(self, visit: Visit) -> Shown:
        return Shown(template="live.html", values=await self._values(visit))

    async def _rows(self, visit: Visit) -> Shown:
        return Shown(template="live_rows.html", values=await self._values(visit))

    async def _values(self, visit: Visit) -> dict[str, object]:
        found = await self.store.directory.find(Ask(count=_MOST))
        insight = self.insight()
        lately = [
            _talking(row, insight.name_of(row.persona), visit.now)
            for row in found.rows
            if visit.now - row.active_at <= LATELY_SECONDS
        ]
        return {"talks": lately, "path_of": profile_path, "talking": sum(one.now for one in lately)}


def _talking(row: Listing, persona: str, now: float) -> Talking:
    silent = max(0.0, now - row.active_at)
    held = row.mode == Mode.HUMAN.value
    return Talking(
        row=row,
        persona=persona,
        holder=(row.owner or "the team") if held else "",
        now=silent <= NOW_SECONDS,
        minutes=round(silent / _MINUTE),
    )
