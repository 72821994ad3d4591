"""Both sides played in `frontdesk demo`: a visitor in the widget, a rep in the sales pane, in a real browser."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

pytestmark = pytest.mark.browser

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/")
WITHIN = 15_000


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """The command as a process; its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "frontdesk", "demo", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            found = None
            while found is None:
                found = ADDRESS.search((await process.stdout.readline()).decode())
        yield found.group(1)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def says(chat: FrameLocator, text: str) -> None:
    await chat.get_by_role("textbox").fill(text)
    await chat.get_by_role("textbox").press("Enter")


async def chooses(page: Page, entry: str) -> None:
    """An entry of the card's menu."""
    await page.locator(".overflow summary").first.click()
    await page.locator(".overflow .choice", has_text=entry).first.click()


async def test_that_both_sides_can_be_played(chromium: Browser) -> None:
    async with demo() as address:
        page = await chromium.new_page(viewport={"width": 1500, "height": 950})
        expect.set_options(timeout=WITHIN)
        page.set_default_timeout(WITHIN)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        await page.goto(f"{address}/")
        chat, pane = page.frame_locator("#frame"), page.locator("#messages")
        await chat.get_by_role("button", name="Open chat").click()
        await says(
            chat, "We ship 400 orders a month with Shopify and want a demo. My address: jo@northwind-robotics.io"
        )

        await pane.get_by_role("button", name="Claim").click()
        await expect(pane.get_by_text("has claimed this lead")).to_be_visible()
        await expect(pane.locator(".entry").first).to_contain_text("Robin")
        await says(chat, "Is there a person?")
        await expect(pane.locator(".reply", has_text="Is there a person?")).to_be_visible()

        await pane.get_by_role("button", name="Reply to visitor").click()
        form = page.get_by_role("dialog")
        await form.get_by_role("textbox").fill("Hi Jo, this is Robin.")
        await form.get_by_role("button", name="Send").click()
        await expect(form).to_have_count(0)
        await expect(chat.locator(".log").get_by_text("Hi Jo, this is Robin.")).to_be_visible()
        await expect(chat.locator(".line .name")).to_have_text("Robin")

        words = pane.locator(".composer .words")
        await words.fill("internal: she sounds serious")
        await words.press("Enter")
        await expect(pane.get_by_text("internal: she sounds serious")).to_be_visible()
        await pane.get_by_role("button", name="Bridge on").click()
        await expect(pane.get_by_text("The bridge is on")).to_be_visible()
        await words.fill("Oh no, not this")
        await words.press("Enter")
        await pane.get_by_role("button", name="Undo").click()
        await words.fill("I can call tomorrow at ten.")
        await words.press("Enter")
        await expect(chat.locator(".log").get_by_text("I can call tomorrow at ten.")).to_be_visible()
        await expect(chat.locator(".log")).not_to_contain_text("serious")
        await expect(chat.locator(".log")).not_to_contain_text("Oh no")

        await chooses(page, "Disqualify")
        form = page.get_by_role("dialog")
        await form.get_by_role("combobox").select_option(label="Too small")
        await form.get_by_role("button", name="Save").click()
        await expect(form).to_have_count(0)
        await expect(pane.locator(".entry").first).to_contain_text("Too small")
        await chooses(page, "Return to bot")
        await says(chat, "What does the Starter plan cost?")
        await expect(chat.locator(".log").get_by_text(re.compile(r"\$49")).last).to_be_visible()
        await page.close()
        assert errors == []
