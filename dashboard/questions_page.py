"""Which questions visitors are asked, which they answer, and at which they leave."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from dashboard.overview_page import Spans, chosen
from dashboard.pages import Page, Shown, Visit
from dashboard.roles import Role
from dashboard.sheets import sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage:
    spans: Spans

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/questions", title="Questions", role=Role.VIEWER, handler=self._show, nav="Questions"),
            Page(path="/questions.csv", title="Questions", role=Role.VIEWER, handler=self._download),
        )

    async def _show(self, visit: Visit) -> Shown:
        seen = await self.spans.asked(visit)
        values = {"days": chosen(seen.span, visit.now), "questions": seen.figures.questions()}
        return Shown(template="questions.html", values=values)

    async def _download(self, visit: Visit) -> web.StreamResponse:
        found = (await self.spans.asked(visit)).figures.questions()
        rows = ((one.question, one.asked, one.answered, one.left) for one in found)
        return sheet("frontdesk-questions", ("question", "asked", "answered", "left at"), rows)
