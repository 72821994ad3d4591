"""Where those are helped who do not buy."""

from __future__ import annotations

from collections.abc import Sequence

from core.doors import door_for
from core.passage import Finding
from core.understanding import VisitorType
from tests.core.pieces import finding

JOBS = "Open positions are listed at jobs.harbour.example."
TALK = "Every job on the quay is planned the day before."


class Pages:
    def __init__(self, *sentences: str) -> None:
        self._found = tuple(finding(sentence) for sentence in sentences)

    async def search(
        self, query: str, *, page: str = "", hints: Sequence[str] = (), limit: int = 3
    ) -> tuple[Finding, ...]:
        del query, page, hints
        return self._found[:limit]


async def test_the_statement_with_the_address_is_the_door() -> None:
    door = await door_for(Pages(TALK, JOBS), VisitorType.JOB_SEEKER)
    assert door is not None
    assert door.sentences == (JOBS,)


async def test_there_is_no_door_without_an_address_or_for_a_buyer() -> None:
    assert await door_for(Pages(TALK), VisitorType.JOB_SEEKER) is None
    assert await door_for(Pages(JOBS), VisitorType.BUYER) is None
    assert await door_for(Pages(JOBS), VisitorType.CUSTOMER) is None
