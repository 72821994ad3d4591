"""A visitor on the site looks at what is kept of them and deletes it: the chat begins anew, as somebody else."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.scenarios.world import replies_on, world

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


async def test_that_a_visitor_deletes_everything_and_begins_anew(chromium: Browser) -> None:
    async with world(chromium) as made:
        page = await made.chat("/pricing")
        await made.say(page, "We are a team of 25 at Northfold and use Zendesk. My address is jo@northfold.example")
        await made.card()
        await page.get_by_role("button", name="Privacy").click()
        await page.get_by_role("button", name="Delete my data").click()
        await page.get_by_role("button", name="Yes, delete").click()
        await expect(page.get_by_text("Northfold")).to_have_count(0)
        await expect(replies_on(page)).to_have_count(1)  # the greeting of the new chat
        await expect(page.get_by_text("everything is being deleted now")).to_be_visible()
        answer = await made.say(page, "What do you know about me?")
        assert not any(word in answer for word in ("Northfold", "Zendesk", "25"))
        version = 0
        while made.cards:
            version = await made.slack.changed(after=version)
        assert made.errors == []
