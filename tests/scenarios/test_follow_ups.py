"""Follow-ups end to end: the example company's hub as a process, its store, a visitor's browser; hubs are killed."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.reply import UNASKED_WORDS
from tests.scenarios.world import replies_on, world

pytestmark = pytest.mark.browser

SOON = """
follow_ups:
  after_seconds: [1, 2]
  on_return_seconds: [1, 1]
"""
LATER = """
follow_ups:
  after_seconds: [60, 61]
  on_return_seconds: [1, 1]
"""
INVITING = """
proactive:
  - id: pricing
    when: {url: ["/pricing*"], seconds: 1}
"""
HIDE = """(state) => {
  Object.defineProperty(document, 'visibilityState', {get: () => state, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


async def quotes(page: Page) -> list[str]:
    return await replies_on(page).all_inner_texts()


def expect_unasked(replies: list[dict[str, Any]]) -> None:
    assert all(len(reply["mainText"].split()) <= UNASKED_WORDS for reply in replies)
    cited = [reply["citations"][0]["quote"] for reply in replies]
    labels = [label for reply in replies for label in reply["buttons"]]
    assert len(set(cited)) == len(cited)
    assert len(set(labels)) == len(labels)
    assert all(reply["emailPrompt"] is None for reply in replies)


async def test_that_silence_brings_three_and_a_button_of_theirs_goes_on(chromium: Browser) -> None:
    async with world(chromium, channel=SOON) as made:
        page = await made.chat("/solutions/saas-startups/")
        await expect(replies_on(page)).to_have_count(4, timeout=15_000)  # the greeting and three
        await asyncio.sleep(2.5)
        await expect(replies_on(page)).to_have_count(4)
        expect_unasked(made.replies()[1:])
        label = made.replies()[-1]["buttons"][0]
        await page.get_by_role("button", name=label, exact=True).click()
        await expect(replies_on(page)).to_have_count(5)
        assert made.replies()[4]["citations"], made.replies()[4]
        assert made.errors == []


async def test_that_a_hidden_tab_hears_nothing_until_it_is_looked_at_again(chromium: Browser) -> None:
    async with world(chromium, channel=SOON) as made:
        page = await made.chat("/pricing/")
        await page.evaluate(HIDE, "hidden")
        await asyncio.sleep(4)
        await expect(replies_on(page)).to_have_count(1)
        await page.evaluate(HIDE, "visible")
        await expect(replies_on(page)).to_have_count(2, timeout=5_000)


async def test_that_coming_back_brings_a_follow_up_forward(chromium: Browser) -> None:
    async with world(chromium, channel=LATER) as made:
        page = await made.chat("/pricing/")
        await page.evaluate(HIDE, "hidden")
        await asyncio.sleep(5.5)  # a shorter absence would be a page that loads
        await page.evaluate(HIDE, "visible")
        await expect(replies_on(page)).to_have_count(2, timeout=5_000)


async def test_that_a_killed_hub_says_each_of_them_once(chromium: Browser) -> None:
    """Killed while one is pending, and again after it was said: none is lost, none comes twice, in two tabs alike."""
    async with world(chromium, channel=SOON) as made:
        page = await made.chat("/solutions/ecommerce/")
        other = await made.context.new_page()
        await other.goto(f"{made.site}/solutions/ecommerce/")
        for count in (2, 3):
            made.hub.process.send_signal(signal.SIGKILL)
            await made.hub.process.wait()
            await made.restart(made.hub.address)
            # at least so many: a slow machine may show two at once when the page is connected again
            await expect(replies_on(page).nth(count - 1)).to_be_visible(timeout=20_000)
        await expect(replies_on(page)).to_have_count(4, timeout=20_000)
        await asyncio.sleep(2.5)
        texts = await quotes(page)
        assert len(texts) == len(set(texts)) == 4
        expect_unasked(made.replies()[1:4])


async def test_that_an_invitation_is_found_for_the_page_and_begins_the_talk(chromium: Browser) -> None:
    async with world(chromium, channel=INVITING) as made:
        page = await made.context.new_page()
        page.on("pageerror", lambda error: made.errors.append(str(error)))
        await page.goto(f"{made.site}/pricing/")
        group = page.get_by_role("region", name="Message from the assistant")
        await expect(group).to_be_visible()
        text = await group.locator(".words").inner_text()
        assert text.startswith("Fernlight's assistant here.")
        assert len(text.split()) <= UNASKED_WORDS
        await group.locator(".offers button").first.click()
        await expect(replies_on(page)).to_have_count(1)
        assert text.removeprefix("Fernlight's assistant here. ") not in await replies_on(page).inner_text()
        assert made.errors == []


async def test_that_who_writes_is_not_talked_over(chromium: Browser) -> None:
    async with world(chromium, channel=SOON) as made:
        page = await made.chat("/pricing/")
        field = page.get_by_role("textbox")
        for letter in "we have":
            await field.press_sequentially(letter)
            await asyncio.sleep(0.6)
        await expect(replies_on(page)).to_have_count(1)
        await field.fill("we have 40 agents, what would that cost?")
        await field.press("Enter")
        await expect(replies_on(page)).to_have_count(2)
        assert "40 agents" in await replies_on(page).nth(1).inner_text()
