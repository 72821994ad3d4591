"""The pages about people: what they show, that nothing a visitor gives is code, and what they cost the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.async_api import Browser as Chromium

from core.directory import Listing
from core.ids import ConversationId, VisitorId
from core.rep import Rep, RepId
from core.store_ports import Commit, Store
from dashboard.analysis_rooms import analysis_rooms
from dashboard.rooms import joined_rooms
from store.coalescing import Commands
from tests.contracts.builders import NOW, fact, lead, line, new_conversation, own, session
from tests.dashboard.desk import Desk, StandingClock, open_desk
from tests.dashboard.grounds import rooms_over
from tests.peers.axe import findings
from tests.peers.chromium import chromium

__all__ = ["chromium"]

HOSTILE = (
    "<script>document.title='x'</script>",
    '"><img src=x onerror="document.title=1">',
    "javascript:document.title=1",
    "{{ 7 * 7 }}</title><svg onload=document.title=1>",
    "'-document.title-'",
)
MOST_TRIPS = 10


@pytest.fixture
async def people(embedded_store: Store) -> AsyncIterator[Desk]:
    rooms = joined_rooms(analysis_rooms(embedded_store, StandingClock()), rooms_over(embedded_store))
    async with open_desk(embedded_store, rooms=rooms) as desk:
        yield desk


def row(chat: str, **changes: object) -> Listing:
    plain = Listing(
        conversation=ConversationId(chat),
        visitor=VisitorId("v"),
        version=1,
        created_at=NOW,
        active_at=NOW,
        channel="web",
        language="en",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def _talked(desk: Desk, text: str = "We use React") -> ConversationId:
    """A conversation with a lead, a fact and lines, all holding `text`."""
    conversation = new_conversation()
    shard, epoch = await own(desk.store, conversation)
    sold = replace(lead(conversation, 1), name=text, company=text, campaign=text, owner=Rep(id=RepId("U1"), name=text))
    await desk.store.conversations.commit(
        shard,
        "w1",
        epoch,
        Commit(
            session=replace(session(conversation), said=text),
            facts=(replace(fact(), value=text, quote=text),),
            lines=(replace(line(), text=text, author="visitor"),),
            lead=sold,
        ),
    )
    await desk.store.directory.list(row(conversation, name=text, company=text, owner=text, status="new", persona=text))
    return conversation


async def test_that_a_list_shows_whom_filters_and_search_leave(people: Desk) -> None:
    for one in (
        row("c1", name="Ada Byron", readiness="high", score=80, status="new"),
        row("c2", name="Bob Stone", readiness="low", score=20),
        row("c3", name="Adam Smith", readiness="low", score=40),
    ):
        await people.store.directory.list(one)
    browser = await people.member()

    async def shown(query: str) -> set[str]:
        text = (await browser.get(f"/dashboard/profiles?{query}")).text
        return {name for name in ("Ada Byron", "Bob Stone", "Adam Smith") if name in text}

    assert await shown("") == {"Ada Byron", "Bob Stone", "Adam Smith"}
    assert await shown("readiness=low") == {"Bob Stone", "Adam Smith"}
    assert await shown("readiness=low&q=ad") == {"Adam Smith"}
    assert await shown("status=new&persona=&order=score") == {"Ada Byron"}
    assert await shown("after=0:c&order=nonsense") == set()
    assert (await browser.get("/dashboard/profiles?after=nowhere")).status == 400
    board = (await browser.get("/dashboard/leads")).text
    assert "Ada Byron" in board
    assert "Bob Stone" not in board


async def test_that_a_profile_shows_facts_with_their_quotes_and_the_transcript(people: Desk) -> None:
    conversation = await _talked(people, "seventeen elephants")
    browser = await people.member()
    seen = await browser.get(f"/dashboard/profile?conversation={conversation}")
    assert "<q>seventeen elephants</q>" in seen.text
    assert seen.text.count("seventeen elephants") >= 4
    assert (await browser.get("/dashboard/profile?conversation=nobody")).status == 404


async def test_that_no_page_costs_more_than_ten_round_trips(people: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = await _talked(people)
    for n in range(60):
        await people.store.directory.list(row(f"c{n}", status="new", persona="clinics"))
    browser = await people.member()
    trips: list[object] = []
    for name in ("run", "command"):
        plain = getattr(Commands, name)

        def counted(self: Commands, *given: object, _plain: object = plain) -> object:
            trips.append(given)
            return _plain(self, *given)  # type: ignore[operator]

        monkeypatch.setattr(Commands, name, counted)
    for path in (
        "",
        "/profiles?persona=clinics&status=new&order=score",
        "/leads",
        f"/profile?conversation={conversation}",
    ):
        trips.clear()
        assert (await browser.get(f"/dashboard{path}")).status == 200
        assert 0 < len(trips) <= MOST_TRIPS, path


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_that_nothing_a_visitor_gives_runs_and_axe_finds_nothing(
    chromium: Chromium, people: Desk, scheme: Literal["light", "dark"]
) -> None:
    conversations = [await _talked(people, text) for text in HOSTILE]
    member = await people.member()
    context = await chromium.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 360, "height": 740})
    await context.add_cookies(
        [{"name": "frontdesk_dashboard", "value": member.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
    )
    page = await context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    paths = ["", "/profiles", "/leads", *(f"/profile?conversation={one}" for one in conversations)]
    for path in paths:
        await page.goto(f"{people.origin}/dashboard{path}")
        assert await page.title() not in {"x", "1"}
        assert await page.locator("main svg, main img, main script").count() == 0
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert await findings(page, "body") == [], path
    assert ran == []
    await context.close()
