"""`frontdesk.identify` in a real Chromium: queued, on a second page, for somebody else."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Browser, Page, expect

from core.message import InboundMessage
from core.people import user_of
from core.store_ports import Store
from tests.adapters.web.browsing import visiting
from tests.adapters.web.harness import ScriptedReception
from tests.adapters.web.test_browser import NO_SOCKET, bubbles, expect_clean, guide, say
from tests.adapters.web.test_identity import NEW, token
from tests.core.hub_parts import eventually

pytestmark = pytest.mark.browser

SETTINGS = {"secrets": [NEW]}


async def identify(page: Page, shown: str | None) -> None:
    await page.evaluate(f"window.frontdesk.identify({json.dumps(shown)})")


def persons(reception: ScriptedReception) -> list[str]:
    return [message.identity.person for message in reception.identified if message.identity]


@pytest.mark.parametrize("before", ["", NO_SOCKET], ids=["socket", "posts"])
async def test_that_a_visitor_is_introduced_on_a_second_page(
    chromium: Browser, embedded_store: Store, before: str
) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception, identities=embedded_store.people, identity=SETTINGS) as visit:
        page = await visit.chat(script=before)
        await say(page, "not logged in")
        await expect(page.get_by_text("Noted: not logged in")).to_be_visible()
        queued = f"addEventListener('DOMContentLoaded', () => frontdesk.push(['identify', '{token()}']));"
        await page.add_init_script(queued)
        await page.goto(f"{visit.site}/pricing")
        await eventually(lambda: persons(reception) == [user_of("acme", "user-17")], "nobody was introduced")
        await say(page, "logged in")
        await expect(page.get_by_text("Noted: logged in")).to_be_visible()
        await page.reload()
        await say(page, "and again")
        await expect(page.get_by_text("Noted: and again")).to_be_visible()
        assert len(persons(reception)) == 1
        assert {one.conversation for one in reception.identified} == {reception.conversation}
        await expect_clean(visit, page)


async def test_that_somebody_else_in_the_browser_begins_anew(chromium: Browser, embedded_store: Store) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception, identities=embedded_store.people, identity=SETTINGS) as visit:
        page = await visit.chat()
        await identify(page, token())
        await say(page, "I am Mara")
        await expect(page.get_by_text("Noted: I am Mara")).to_be_visible()
        await identify(page, token(sub="user-18", jti="theirs"))
        await expect(page.get_by_text("I am Mara", exact=True)).to_have_count(0)
        await eventually(lambda: len(persons(reception)) == 2, "the second person was not introduced")
        await say(page, "I am Otto")
        await expect(page.get_by_text("Noted: I am Otto")).to_be_visible()
        assert not [line for line in await bubbles(page) if "Mara" in line]
        assert len({_conversation(reception, "I am Mara"), _conversation(reception, "I am Otto")}) == 2

        await identify(page, None)
        await expect(page.get_by_text("I am Otto", exact=True)).to_have_count(0)
        await say(page, "logged out")
        await expect(page.get_by_text("Noted: logged out")).to_be_visible()
        assert len({message.visitor for message in reception.messages}) == 3
        await expect_clean(visit, page)


async def test_that_a_refused_token_leaves_the_chat_as_it_was(chromium: Browser, embedded_store: Store) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception, identities=embedded_store.people, identity=SETTINGS) as visit:
        page = await visit.chat()
        await identify(page, token("another secret " * 3))
        await identify(page, None)
        await say(page, "still here")
        await expect(page.get_by_text("Noted: still here")).to_be_visible()
        assert (persons(reception), len({one.conversation for one in reception.messages})) == ([], 1)
        await expect_clean(visit, page)


def _conversation(reception: ScriptedReception, text: str) -> str:
    found: list[InboundMessage] = [message for message in reception.messages if message.text == text]
    return found[0].conversation
