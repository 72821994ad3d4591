"""Every page, full of hostile words: nothing runs, everybody can use it, and the store is asked few times."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from config.problems import Problem
from core.directory import Listing
from core.fact import Field
from core.ids import ConversationId, FactId, MessageId, PersonaId, VisitorId
from core.lead import Lead, LeadStatus, ScoreLine
from core.message import Page as SitePage
from core.people import Thread, followed_link
from core.persona import PersonaGuess
from core.profile import ProfileUpdate
from core.rep import Rep, RepId
from core.reply import Mode, Reply
from core.store_ports import Commit, Store
from core.turn import DeliverReply
from dashboard.analysis_rooms import analysis_rooms
from dashboard.config_page import AdminFile, Look
from dashboard.machine import Machine, ModelState, Reloaded, Undelivered
from dashboard.persona_desk import PersonaDesk, Proposals, Proposed, ReadingState, SiteReading
from dashboard.profile_page import profile_path
from dashboard.rooms import joined_rooms, machine_rooms, persona_rooms
from frontdesk.admins import insights
from store.coalescing import Lane
from tests.contracts.builders import NOW, fact, lead, line, message, new_conversation, own, session
from tests.dashboard.desk import Desk, StandingClock, open_desk
from tests.dashboard.grounds import example_desk, rooms_over
from tests.peers.axe import findings
from tests.peers.chromium import chromium

__all__ = ["chromium"]

MOST_TRIPS = 10
HOSTILE = (
    "<script>document.title='x'</script>",
    '"><img src=x onerror="document.title=1">',
    "javascript:document.title=1",
    "{{ 7 * 7 }}</title><svg onload=document.title=1>",
    "'-document.title-'",
    "</textarea><iframe srcdoc='<script>top.document.title=1</script>'>",
    '"><a href="javascript:document.title=1" autofocus onfocus=document.title=1>x</a>',
    "<details open ontoggle=document.title=1><style>@import '//evil.example'</style>",
    "</pre></script><math><mtext></form><form><mglyph><style></math><img src onerror=document.title=1>",
    "\u202e<b hx-get='/dashboard/me' hx-trigger='load' hx-on:load='document.title=1'>\u0000",
)
STRANGE = ", ".join(
    f"main {one}" for one in ("svg", "img", "script", "iframe", "style", "math", "[onerror]", "[onload]", "[ontoggle]")
)
PHONE: Any = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@dataclass
class Filled:
    desk: Desk
    paths: list[str]


@pytest.fixture
async def filled(embedded_store: Store) -> AsyncIterator[Filled]:
    text = " ".join(HOSTILE)
    rooms = joined_rooms(
        analysis_rooms(embedded_store, StandingClock()),
        rooms_over(embedded_store),
        persona_rooms(embedded_store, insights(example_desk), _persona_desk(text)),
        machine_rooms(embedded_store, _machine(text), _looker(text)),
    )
    async with open_desk(embedded_store, rooms=rooms) as desk:
        desk.clock.time = NOW + 30
        talks = [await _talked(embedded_store, one) for one in HOSTILE]
        await _failed(embedded_store, talks[0], text)
        profiles = [profile_path(one) for one in talks]
        paths = ["", "/profiles", "/live", "/leads", *profiles, f"{profiles[0]}?step=1"]
        yield Filled(desk, [*paths, "/questions", "/personas", "/health", "/config", "/audit"])


def _persona_desk(text: str) -> PersonaDesk:
    proposal = Proposed(id=text[:60], name=text, why=text, cues=(text,), examples=(text, text))
    reading = SiteReading(state=ReadingState.FOUND, site=text, pages=3, lines=(f"+ {text}", f"- {text}", text))

    async def proposals() -> Proposals:
        return Proposals(at=NOW, chats=9, found=(proposal,))

    async def nothing(*_: str) -> None:
        return None

    return PersonaDesk(
        proposals=proposals,
        accept=nothing,
        dismiss=nothing,
        reading=lambda: reading,
        read=nothing,
        take_over=nothing,
        leave=nothing,
    )


def _machine(text: str) -> Machine:
    problem = Problem(file=text, line=1, column=2, message=text, hint=text)

    async def undelivered() -> list[Undelivered]:
        return [Undelivered(id=text, revision=1, reason=text, again=True)]

    return Machine(
        reloaded=lambda: Reloaded(at=NOW, problems=(problem,), taken=(text,), waiting=(text,)),
        parked=lambda: {text},
        channels=lambda: {text: text},
        model=lambda: ModelState(name=text, tokens_a_day=1_000, resting=True),
        undelivered=undelivered,
    )


def _looker(text: str) -> Any:
    async def look() -> Look:
        files = (AdminFile(name=text, running=f"{text}\na: 1", edited=f"{text}\na: 2"),)
        return Look(
            files=files, problems=(Problem(file=text, message=text, hint=text),), taken=(text,), waiting=(text,)
        )

    return look


async def _talked(store: Store, text: str) -> ConversationId:
    """A conversation with everything a page can show of one, all of it `text`."""
    talk, visitor = new_conversation(), VisitorId(f"v-{text}")
    shard, epoch = await own(store, talk)
    said = replace(fact(), value=text, quote=text, message=MessageId(text), at=NOW)
    changed = replace(said, id=FactId("f2"), field=Field.COMPANY, value="Nordwind")
    again = replace(changed, id=FactId("f3"), value=f"{text} Ltd", at=NOW + 9, message=MessageId("m2"))
    chat = replace(
        session(talk),
        visitor=visitor,
        last_at=NOW,
        said=text,
        page=SitePage(url=f"https://fernlight.example/?{text}", title=text, campaign=text),
        pages=(f"javascript:{text}", text),
        guess=PersonaGuess(probabilities=((PersonaId(text), 0.7),), none=0.3, chosen=PersonaId(text)),
        updates=(ProfileUpdate(trigger=text, at=NOW + 10),),
        threads=(Thread(conversation=ConversationId(text), visitor=visitor, channel=text),),
    )
    await store.conversations.commit(
        shard,
        "w1",
        epoch,
        Commit(
            session=chat,
            facts=(said, changed, again),
            lines=(replace(line(), text=text, author="visitor", message=MessageId(text)), replace(line(), text=text)),
            lead=_lead(talk, visitor, text),
        ),
    )
    other = Thread(conversation=talk, visitor=VisitorId(f"o-{text}"), channel="web")
    link = followed_link(Thread(conversation=talk, visitor=visitor, channel=text), other, at=NOW)
    await store.people.link(replace(link, by=text))
    await store.directory.list(_row(talk, visitor, text))
    await store.lead_book.enter(_lead(talk, visitor, text))
    return talk


def _lead(talk: ConversationId, visitor: VisitorId, text: str) -> Lead:
    plain = lead(talk, 1)
    return replace(
        plain,
        visitor=visitor,
        name=text,
        company=text,
        phone=text,
        campaign=text,
        source_page=f"javascript:{text}",
        source_title=text,
        tags=(text[:40],),
        notes=(text,),
        verdict_reason=text,
        status=LeadStatus.LOST,
        value=12.5,
        owner=Rep(id=RepId(text), name=text),
        persona_said=PersonaId(text),
        readiness=replace(plain.readiness, level=text, receipt=(ScoreLine(reason=text, points=70.0),)),
    )


def _row(talk: ConversationId, visitor: VisitorId, text: str) -> Listing:
    return Listing(
        conversation=talk,
        visitor=visitor,
        version=1,
        created_at=NOW,
        active_at=NOW,
        channel=text,
        language=text,
        name=text,
        company=text,
        email=text,
        persona=text,
        persona_name=text,
        readiness=text,
        status="lost",
        owner=text,
        tags=(text,),
        corrected=f"{text[:40]}>{text[:40]}x",
        mode=Mode.HUMAN.value,
        said=text,
        author=text,
        value=3.0,
    )


async def _failed(store: Store, talk: ConversationId, text: str) -> None:
    """A message set aside, and a reply that may have arrived."""
    shard, epoch = await own(store, talk)
    await store.inbox.accept(message(talk, "dead", text), worker="w1")
    for entry in await store.inbox.waiting(shard, after=0):
        await store.inbox.bury(shard, "w1", epoch, entry, text)
    state = await store.conversations.load(talk)
    assert state is not None
    effect = DeliverReply(channel=text, conversation=talk, reply=Reply(main_text=text, mode=Mode.LEAD))
    done = await store.conversations.commit(shard, "w1", epoch, Commit(session=state.session, outbox=(effect, effect)))
    await store.outbox.begin(shard, "w1", epoch, done.outbox[0])
    await store.outbox.doubt(shard, "w1", epoch, done.outbox[0].seq)


@asynccontextmanager
async def _owner(browser: Chromium, filled: Filled, **options: Any) -> AsyncIterator[Page]:
    member = await filled.desk.member()
    context = await browser.new_context(**options)
    await context.add_cookies(
        [{"name": "frontdesk_dashboard", "value": member.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
    )
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def test_that_no_page_asks_the_store_more_than_ten_times(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await filled.desk.member()
    trips: list[int] = []
    exchange = Lane._exchange

    async def counted(self: Lane, batch: Any) -> None:
        trips.append(len(batch))
        await exchange(self, batch)

    monkeypatch.setattr(Lane, "_exchange", counted)
    for path in (*filled.paths, "/live/rows"):
        trips.clear()
        assert (await browser.get(f"/dashboard{path}")).status == 200, path
        assert 0 < len(trips) <= MOST_TRIPS, (path, trips)


@pytest.mark.browser
async def test_that_nothing_anybody_gives_runs_on_any_page(chromium: Chromium, filled: Filled) -> None:
    async with _owner(chromium, filled) as page:
        ran: list[str] = []
        asked: list[str] = []
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        page.on("pageerror", lambda error: ran.append(str(error)))
        page.on("console", lambda said: ran.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        for path in filled.paths:
            await page.goto(f"{filled.desk.origin}/dashboard{path}")
            assert await page.title() not in {"x", "1"}, path
            assert await page.locator(STRANGE).count() == 0, path
            links = await page.eval_on_selector_all("a", "all => all.map((one) => one.protocol)")
            assert set(links) == {"http:"}, path
        assert ran == []
        assert [url for url in asked if not url.startswith(filled.desk.origin)] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_that_axe_finds_nothing_and_a_phone_never_scrolls_sideways(
    chromium: Chromium, filled: Filled, scheme: Literal["light", "dark"]
) -> None:
    async with _owner(chromium, filled, color_scheme=scheme, bypass_csp=True, **PHONE) as page:
        for path in filled.paths:
            await page.goto(f"{filled.desk.origin}/dashboard{path}")
            assert await findings(page, "body") == [], path
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, path


@pytest.mark.browser
async def test_that_the_course_is_gone_through_by_keyboard_and_without_scripts(
    chromium: Chromium, filled: Filled
) -> None:
    path = f"{filled.desk.origin}/dashboard{filled.paths[4]}"
    async with _owner(chromium, filled) as page:
        await page.goto(path)
        await page.get_by_role("slider").focus()
        await page.keyboard.press("Home")
        await expect(page.get_by_text("What was known after step 1.")).to_be_visible()
        await expect(page.get_by_role("slider")).to_be_focused()
    async with _owner(chromium, filled, java_script_enabled=False) as page:
        await page.goto(path)
        await page.get_by_role("slider").fill("1")
        await page.get_by_role("button", name="Show").click()
        await expect(page.get_by_text("What was known after step 1.")).to_be_visible()
        await page.get_by_role("link", name="Back to the present").click()
        await expect(page.get_by_text("What was known after")).to_have_count(0)


@pytest.mark.browser
async def test_that_a_lead_is_dragged_from_column_to_column(chromium: Chromium, filled: Filled) -> None:
    async with _owner(chromium, filled, viewport={"width": 1300, "height": 900}) as page:
        await page.goto(f"{filled.desk.origin}/dashboard/leads")
        before = await filled.desk.store.journal.last()
        first = page.locator('[data-stage="lost"] .lead').first
        async with page.expect_navigation():
            await first.drag_to(page.locator('[data-stage="qualified"]'))
        lines = await filled.desk.store.journal.lines(before[0], 9)
        assert ["lead.moved" in one and '"after":"qualified"' in one for one in lines] == [True]
