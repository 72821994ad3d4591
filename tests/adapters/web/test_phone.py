"""On small screens: the chat covers the page, stands beside the keyboard, and lets go of the page when it is closed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.message import InboundMessage, MessageKind
from tests.adapters.web.browsing import visiting
from tests.adapters.web.harness import ScriptedReception, wire

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
# A desktop browser has no keyboard on its screen: what a phone's browser tells of one is told by the test.
KEYBOARD = """class Seen extends EventTarget {
    scale = 1; offsetTop = 0; height = 740;
    tell(values) { Object.assign(this, values); this.dispatchEvent(new Event('resize')); }
  }
  Object.defineProperty(window, 'visualViewport', {value: new Seen()});"""


def talk(message: InboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.OPENED:
        return wire("Hello, I am the assistant.", buttons=["Plans"])
    return wire(f"Noted: {message.text}")


async def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    found = await page.locator(selector).bounding_box()
    assert found is not None
    return found["x"], found["y"], found["width"], found["height"]


async def test_that_the_panel_stands_beside_the_keyboard(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=talk), options=PHONE) as visit:
        page = await visit.chat(script=KEYBOARD)
        await page.get_by_role("button", name="Plans").wait_for()
        for number in range(20):
            visit.desk.reception.say(visit.desk.reception.conversation, "bot", f"line {number}", reply=wire("x"))
        await expect(page.get_by_text("line 19")).to_be_in_viewport()
        assert await box(page, ".panel") == (0, 0, 360, 740)
        await page.get_by_role("textbox").tap()
        await page.evaluate("visualViewport.tell({height: 410, offsetTop: 60})")
        assert await box(page, ".panel") == (0, 60, 360, 410)
        await expect(page.get_by_text("line 19")).to_be_in_viewport()  # the newest line stays in sight
        _, top, _, height = await box(page, ".compose")
        assert top + height <= 470
        await page.evaluate("visualViewport.tell({height: 200, offsetTop: 0, scale: 2})")  # somebody looks closer
        assert await box(page, ".panel") == (0, 0, 360, 740)


async def test_that_the_page_behind_stands_still_and_is_let_go(chromium: Browser) -> None:
    tall = "document.addEventListener('DOMContentLoaded', () => { document.documentElement.style.overflow = 'auto'; });"
    async with visiting(chromium, ScriptedReception(answer=talk), options=PHONE) as visit:
        page = await visit.page(script=tall)
        await page.get_by_role("button", name="Open chat").tap()
        overflow = "document.documentElement.style.overflow"
        assert await page.evaluate(overflow) == "hidden"
        await expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
        await page.set_viewport_size({"width": 1024, "height": 768})  # the tablet is turned
        await expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "false")
        assert await page.evaluate(overflow) == "auto"
        await page.set_viewport_size({"width": 740, "height": 360})  # a phone on its side
        await expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
        assert await box(page, ".panel") == (0, 0, 740, 360)
        await page.get_by_role("button", name="Close chat").tap()
        assert await page.evaluate(overflow) == "auto"


async def test_that_nothing_is_cut_off_at_the_narrowest(chromium: Browser) -> None:
    """A desktop's page at 400 % is 320 pixels wide."""
    options = {"viewport": {"width": 320, "height": 256}, "reduced_motion": "reduce"}
    words: dict[str, Any] = {"title": "A company with a rather long name", "assistant": "Maximiliane von Hohenstein"}
    async with visiting(chromium, ScriptedReception(answer=talk), options=options, **words) as visit:
        page = await visit.chat()
        text = "Donaudampfschifffahrtsgesellschaftskapitaen" * 4 + " `" + "x" * 200 + "`"
        await page.get_by_role("textbox").fill(text)
        await page.get_by_role("textbox").press("Enter")
        await expect(page.locator(".log .bubble")).to_have_count(3, timeout=15_000)
        wide = """() => [...document.querySelector('#frontdesk-widget').shadowRoot.querySelectorAll('.panel, .scroll')]
          .map((one) => one.scrollWidth - one.clientWidth)"""
        assert await page.evaluate(wide) == [0, 0]
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        for name in ("Start new chat", "Close chat", "Send"):
            await expect(page.get_by_role("button", name=name)).to_be_in_viewport()
