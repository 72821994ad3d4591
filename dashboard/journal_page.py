"""The page that lists what was changed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.audit import Audit
from dashboard.own_account import Nothing
from dashboard.pages import Action, Page, Shown, Visit, Written
from dashboard.roles import Role

_PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    audit: Audit

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/audit", title="Audit log", role=Role.ADMIN, handler=self._show, nav="Audit log"),)

    def actions(self) -> tuple[Action, ...]:
        return (Action(path="/audit/check", role=Role.ADMIN, form=Nothing, handler=self._check),)

    async def _check(self, _visit: Visit, _form: Nothing) -> Written:
        """Reads it from its beginning: a long log takes its time, so nobody meets that by opening a page."""
        verdict = await self.audit.verify()
        told = f"{verdict.lines} lines" if verdict.broken_at is None else f"broken at {verdict.broken_at}"
        shown = Shown(template="audit_checked.html", values={"verdict": verdict}, title="Audit log")
        return Written(what="audit.checked", on="audit", after=told, shown=shown)

    async def _show(self, visit: Visit) -> Shown:
        wanted = visit.query("page", "1")
        number = int(wanted) if wanted.isdecimal() and 0 < len(wanted) < 8 else 1  # noqa: PLR2004  ten million pages
        number = max(1, number)
        lines, length = await self.audit.latest(skip=(number - 1) * _PER_PAGE, count=_PER_PAGE)
        values = {"lines": lines, "number": number, "more": number * _PER_PAGE < length, "length": length}
        return Shown(template="audit.html", values=values)
