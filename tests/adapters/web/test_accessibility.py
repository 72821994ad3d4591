"""Everybody can use the chat: axe finds nothing in any state, and the keyboard alone is enough from the page's top."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.message import InboundMessage, MessageKind
from core.store_ports import Acceptance, AcceptStatus
from tests.adapters.web.browsing import Visit, visiting
from tests.adapters.web.harness import ScriptedReception, wire
from tests.peers.axe import findings

pytestmark = pytest.mark.browser

SOURCE = {"url": "https://docs.example/plans-and-prices", "quote": "Two plans."}
LIST = "Two **plans**, see [the docs](https://docs.example/a):\n- *Start*, `9` a month\n- Grow\n\n1. one\n2. two"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
TEASER = {"id": "ask", "text": "Comparing plans?", "buttons": ["Which plan fits?", "Free trial"]}


def talk(message: InboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.OPENED:
        return wire("Hello, I am the assistant.", buttons=["Plans", "API Integration", "Prices"])
    return wire(LIST, citations=[SOURCE], emailPrompt="Leave an address?", buttons=["Later", "Not now"])


class Stubborn(ScriptedReception):
    """Takes no words of visitors."""

    async def accept(self, message: InboundMessage) -> Acceptance:
        if message.kind is MessageKind.TEXT:
            return Acceptance(status=AcceptStatus.CONFLICT, seq=0, log_seq=0, owned=True)
        return await super().accept(message)


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("textbox").press("Enter")


async def closed(visit: Visit) -> Page:
    return await visit.page()


async def invited(visit: Visit) -> Page:
    page = await visit.page()
    await page.locator(".teaser").wait_for()
    return page


async def opened(visit: Visit) -> Page:
    page = await visit.page()
    await page.locator(".launcher").click()
    await page.locator(".replies button").first.wait_for()
    return page


async def talking(visit: Visit) -> Page:
    """Many lines, of everybody, with all that a reply can hold; the newest one waits for an answer."""
    page = await opened(visit)
    await say(page, "Which plans are there?")
    await page.locator(".hint").wait_for()
    reception = visit.desk.reception
    for number in range(40):
        author = ("visitor", "bot", "rep")[number % 3]
        reply = wire(LIST, citations=[SOURCE]) if author == "bot" else None
        reception.say(reception.conversation, author, f"line {number}", reply=reply)
    await expect(page.locator(".log .bubble")).to_have_count(43)
    return page


async def refused(visit: Visit) -> Page:
    page = await opened(visit)
    await say(page, "hard to deliver")
    await page.locator(".state.wrong").wait_for()
    return page


async def offline(visit: Visit) -> Page:
    page = await opened(visit)
    await visit.desk.channel.stop()
    visit.desk.reception.away = True
    await say(page, "while nobody is there")
    await page.locator(".notice").wait_for()
    await page.locator(".mine.waiting").wait_for()
    return page


STATES: dict[str, Callable[[Visit], Awaitable[Page]]] = {
    "closed": closed,
    "invited": invited,
    "opened": opened,
    "talking": talking,
    "refused": refused,
    "offline": offline,
}


@asynccontextmanager
async def looking(chromium: Browser, state: str, options: dict[str, Any], **more: Any) -> AsyncIterator[Page]:
    """The widget in that state, without motion."""
    reception = Stubborn(answer=talk) if state == "refused" else ScriptedReception(answer=talk)
    options = {"reduced_motion": "reduce", "bypass_csp": True, **options}
    settings = {"link_hosts": ["docs.example"], **({"proactive": [TEASER]} if state == "invited" else {}), **more}
    async with visiting(chromium, reception, options=options, **settings) as visit:
        yield await STATES[state](visit)


@pytest.mark.parametrize("state", STATES)
async def test_that_axe_finds_nothing(chromium: Browser, state: str) -> None:
    async with looking(chromium, state, {}) as page:
        assert await findings(page) == []
        await page.emulate_media(color_scheme="dark")
        assert await findings(page) == [], "dark"
        await page.emulate_media(color_scheme="light", forced_colors="active")
        assert await findings(page) == [], "forced colours"


@pytest.mark.parametrize("state", STATES)
async def test_that_axe_finds_nothing_from_right_to_left_on_a_phone(chromium: Browser, state: str) -> None:
    async with looking(chromium, state, PHONE, language="ar") as page:
        assert await findings(page) == []


@pytest.mark.parametrize("colour", ["#777777", "#ffd43b"])
async def test_that_axe_finds_nothing_whatever_the_brand(chromium: Browser, colour: str) -> None:
    async with looking(chromium, "talking", {}, colour=colour) as page:
        assert await findings(page) == []
        await page.emulate_media(color_scheme="dark")
        assert await findings(page) == [], "dark"


async def test_that_axe_would_find_something(chromium: Browser) -> None:
    async with looking(chromium, "opened", {}) as page:
        await page.locator(".compose textarea").evaluate("(one) => one.removeAttribute('aria-label')")
        await page.locator(".compose textarea").evaluate("(one) => one.removeAttribute('placeholder')")
        await page.locator(".title").evaluate(
            "(one) => { one.style.color = 'transparent'; one.style.color = '#5577ee'; }"
        )
        assert {rule for rule, *_ in await findings(page)} >= {"label", "color-contrast"}


async def test_that_the_keyboard_alone_is_enough_from_the_top_of_the_page(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=talk), proactive=[TEASER]) as visit:
        page = await visit.page()
        await page.locator(".teaser").wait_for()
        assert await walk(page, "Dismiss") == ["Comparing plans?", "Dismiss"]
        await page.keyboard.press("Enter")
        await expect(page.locator(".teaser")).to_have_count(0)
        assert await focused(page) == "Open chat"
        await page.keyboard.press("Enter")
        await page.keyboard.type("Which plans are there?")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Not now").wait_for()
        for wanted in ("Not now", "Later", "Conversation", "Close chat", "Start new chat"):
            assert await walk(page, wanted, "Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Which plans are there?")).to_have_count(0)
        await page.get_by_role("button", name="API Integration").wait_for()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        assert await focused(page) == "Open chat"


async def walk(page: Page, wanted: str, key: str = "Tab") -> list[str]:
    """The names of what gets the focus on the way to the wanted one."""
    met: list[str] = []
    while wanted not in met:
        assert len(met) < 12, met
        await page.keyboard.press(key)
        met.append(await focused(page))
    return [name for name in met if name]


async def focused(page: Page) -> str:
    """The name of what has the focus in the widget; empty when that is something of the page."""
    found: str = await page.evaluate("""() => {
      const one = document.activeElement?.shadowRoot?.activeElement;
      return one ? one.getAttribute('aria-label') || one.textContent : '';
    }""")
    return found


async def test_that_nothing_moves_for_those_who_want_it_still(chromium: Browser) -> None:
    async with looking(chromium, "opened", {}) as page:
        moving = await page.evaluate(
            """() => document.querySelector('#frontdesk-widget').shadowRoot.getAnimations().length"""
        )
        assert moving == 0
        await page.emulate_media(reduced_motion="no-preference")
        await page.get_by_role("textbox").fill("Which plans are there?")
        await page.get_by_role("textbox").press("Enter")
        name = await page.locator(".line").last.evaluate("(one) => getComputedStyle(one).animationName")
        assert name == "rise"
