"""The board of leads: a column a stage, moved by form, by keyboard and, where scripts run, by dragging."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from core.directory import Ask
from core.lead import LeadStatus
from core.store_ports import Store
from dashboard.pages import Page, Shown, Visit
from dashboard.profile_page import profile_path
from dashboard.roles import Role

_PER_COLUMN = 25
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    store: Store

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/leads", title="Leads", role=Role.VIEWER, handler=self._show, nav="Leads"),)

    async def _show(self, visit: Visit) -> Shown:
        directory, owner = self.store.directory, visit.query("owner")[:_LONGEST]
        asks = [Ask(filters={"status": status.value, "owner": owner}, count=_PER_COLUMN) for status in LeadStatus]
        counts, found = await asyncio.gather(directory.counts(), asyncio.gather(*map(directory.find, asks)))
        held = {} if owner else counts.get("status", {})
        columns = [
            (status.value, held.get(status.value, len(page.rows)), page.rows)
            for status, page in zip(LeadStatus, found, strict=True)
        ]
        values = {
            "columns": columns,
            "stages": [status.value for status in LeadStatus],
            "owners": sorted(counts.get("owner", {}), key=str.casefold),
            "owner": owner,
            "works": visit.session.role.covers(Role.AGENT),
            "path_of": profile_path,
        }
        return Shown(template="leads.html", values=values)
