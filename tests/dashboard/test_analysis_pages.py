"""Overview and questions: what they count, what can be downloaded, and that nothing given by a visitor runs."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Literal

import pytest
from playwright.async_api import Browser as Chromium

from core.course import Course, Stage, Step
from core.directory import Listing
from core.ids import ConversationId, VisitorId
from core.store_ports import Store
from dashboard.analysis_rooms import analysis_rooms
from tests.dashboard.desk import Desk, StandingClock, open_desk
from tests.peers.axe import findings
from tests.peers.chromium import chromium

__all__ = ["chromium"]

NOW = 1_800_000_000.0
TODAY = datetime.fromtimestamp(NOW, UTC).date().isoformat()
DAY = 86_400.0
_chats = count(1)


@pytest.fixture
async def counted(embedded_store: Store) -> AsyncIterator[Desk]:
    rooms = analysis_rooms(embedded_store, StandingClock(), price=2.0)
    async with open_desk(embedded_store, rooms=rooms) as desk:
        yield desk


async def came(desk: Desk, *stages: Stage, at: float = NOW, **changes: Any) -> None:
    steps = tuple(Step(stage, at + 100.0 * number) for number, stage in enumerate(stages))
    course = Course(steps=steps, waited=changes.pop("waited", None), answered=changes.pop("answered", ()))
    plain = Listing(
        conversation=ConversationId(f"c{next(_chats)}"),
        visitor=VisitorId("v"),
        version=1,
        created_at=at,
        active_at=at,
        channel="web",
        language="en",
        messages=1,
        course=course,
    )
    await desk.store.directory.list(replace(plain, **changes))


async def downloaded(desk: Desk, path: str) -> list[list[str]]:
    browser = await desk.member()
    seen = await browser.get(f"/dashboard/{path}")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(seen.text.lstrip("\ufeff"))))


async def test_that_the_funnel_counts_who_came_in_the_days_asked_for(counted: Desk) -> None:
    await came(counted)
    await came(counted, Stage.ENGAGED, Stage.EMAIL, Stage.HANDED_OFF, persona="clinics")
    await came(counted, Stage.ENGAGED, at=NOW - 40 * DAY)

    rows = await downloaded(counted, "overview.csv?table=funnel")
    assert rows[:3] == [["stage", "conversations", "share"], ["visitor", "2", "1.0"], ["engaged", "1", "0.5"]]
    assert ["handed_off", "1", "0.5"] in rows
    earlier = await downloaded(counted, f"overview.csv?table=funnel&from=2026-11-01&to={TODAY}")
    assert earlier[1] == ["visitor", "3", "1.0"]
    year = await downloaded(counted, f"overview.csv?table=trend&from=2026-02-01&to={TODAY}")
    assert [(line[0], line[1]) for line in year[-3:]] == [("2026-11", "0"), ("2026-12", "1"), ("2027-01", "2")]
    text = (await (await counted.member()).get("/dashboard")).text
    assert ">50.0 %" in text.replace("</meter> ", ">")
    assert "clinics" in text


async def test_that_a_lead_costs_its_share_of_the_tokens(counted: Desk) -> None:
    for _ in range(4):
        await came(counted, Stage.ENGAGED, Stage.HANDED_OFF)
    await counted.store.allowances.take(600_000, {"all": 10**9}, day=int(NOW // DAY))
    await counted.store.allowances.take(400_000, {"all": 10**9}, day=int(NOW // DAY) - 3)
    assert (await downloaded(counted, "overview.csv?table=costs"))[1] == ["1000000", "4", "250000.0", "0.5"]


async def test_that_waiting_times_are_told_in_classes(counted: Desk) -> None:
    for waited in (0.4, 3.0, 4.0, 45.0):
        await came(counted, Stage.ENGAGED, Stage.HANDED_OFF, Stage.CLAIMED, waited=waited)
    assert (await downloaded(counted, "overview.csv?table=waits"))[1:] == [
        ["answer", "4", "5", "60"],
        ["claim", "4", "120", "120"],
    ]
    assert "within 5 s" in (await (await counted.member()).get("/dashboard")).text


async def test_that_questions_tell_where_visitors_stop(counted: Desk) -> None:
    await came(counted, Stage.ENGAGED, asked=("volume", "email"), answered=("volume",), pending="email")
    await came(counted, Stage.ENGAGED, asked=("volume",), pending="volume")
    assert (await downloaded(counted, "questions.csv"))[1:] == [["volume", "2", "1", "1"], ["email", "1", "0", "1"]]


@pytest.mark.parametrize("campaign", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")'])
async def test_that_no_cell_of_a_download_begins_a_formula(counted: Desk, campaign: str) -> None:
    await came(counted, Stage.ENGAGED, campaign=campaign)
    rows = await downloaded(counted, "overview.csv?table=campaign")
    assert [line[0] for line in rows if len(line) > 1][1].startswith("'" + campaign[0])


@pytest.mark.parametrize(
    "query", ["from=x", "to=2026-13-01", "from=2027-02-01&to=2027-01-01", "from=0001-01-01", "to=9999-12-31"]
)
async def test_that_days_that_are_none_are_refused(counted: Desk, query: str) -> None:
    browser = await counted.member()
    for path in ("", "/questions", "/overview.csv", "/questions.csv"):
        assert (await browser.get(f"/dashboard{path}?{query}")).status == 400, path
    assert (await browser.get("/dashboard/overview.csv?table=../../etc")).status == 404


@pytest.mark.browser
async def test_that_charts_are_drawn_of_the_tables_under_the_strict_policy(chromium: Chromium, counted: Desk) -> None:
    for campaign in ("spring", "<script>document.title=1</script>"):
        await came(counted, Stage.ENGAGED, Stage.HANDED_OFF, campaign=campaign, asked=("volume",), persona=campaign)
    member = await counted.member()
    context = await chromium.new_context()
    await context.add_cookies(
        [{"name": "frontdesk_dashboard", "value": member.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path, plots in (("", 4), ("/questions", 1)):
        await page.goto(f"{counted.origin}/dashboard{path}")
        await page.wait_for_selector(".plot canvas")
        assert await page.locator(".plot canvas").count() == plots
        await page.locator("#theme").click()
        assert await page.title() != "1"
    assert complaints == []
    await context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
async def test_that_axe_finds_nothing_and_no_page_is_too_wide(
    chromium: Chromium, counted: Desk, scheme: Literal["light", "dark"], width: int
) -> None:
    for campaign in ("spring", "autumn"):
        await came(
            counted, Stage.ENGAGED, Stage.HANDED_OFF, waited=2.0, campaign=campaign, persona=campaign, asked=("volume",)
        )
    member = await counted.member()
    context = await chromium.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )
    await context.add_cookies(
        [{"name": "frontdesk_dashboard", "value": member.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
    )
    page = await context.new_page()
    for path in ("", "/questions"):
        await page.goto(f"{counted.origin}/dashboard{path}")
        await page.wait_for_selector(".plot canvas")
        assert await findings(page, "body") == [], path
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    await context.close()
