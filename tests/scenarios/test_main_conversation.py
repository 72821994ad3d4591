"""The main job, end to end: a prospect chats on the website, an enriched lead lands in the sales channel."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.scenarios.world import NO_SOCKET, World, world

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

WIRE = {"mainText", "buttons", "persona", "nextSteps", "botMode", "emailPrompt", "citations", "profileContext"}


def expect_shape(reply: dict[str, Any]) -> None:
    assert set(reply) == WIRE
    assert len(reply["buttons"]) <= 3
    assert all(len(label) <= 20 for label in reply["buttons"])
    assert len(reply["mainText"].split()) <= 60
    assert all(set(citation) == {"url", "quote"} for citation in reply["citations"])
    if reply["botMode"] == "sales":
        assert set(reply["profileContext"]) == {"personaMatch", "technicalLevel", "buyingReadiness"}


def questions_in(text: str) -> list[str]:
    return re.findall(r"[^.?!]*\?", text)


async def expect_within_the_site(there: World, reply: dict[str, Any]) -> None:
    """Every citation is really a sentence of the page it names."""
    page = await there.context.new_page()
    for citation in reply["citations"]:
        path = citation["url"].removeprefix("https://fernlight.example")
        await page.goto(f"{there.site}{path}")
        text = " ".join((await page.locator("body").inner_text()).split())
        assert citation["quote"] in text
    await page.close()


async def the_conversation(there: World, page: Page) -> None:
    """Everything the visitor sees, turn by turn."""
    first = await there.say(page, "Hi, I'm looking for customer support automation")
    assert "automat" in first
    assert len(questions_in(first)) == 1

    second = await there.say(page, "Yes, we're a 10-person team using React and Node.js")
    assert "React" in second
    (question,) = questions_in(second)
    assert not re.search(r"how (many|big|large)|team size|stack|which tools|built with", question, re.IGNORECASE)

    third = await there.say(page, "We get about 100 tickets/day and need API integration")
    assert re.search("e-?mail", third)
    assert re.search("API", third)

    fourth = await there.say(page, "founder@techstartup.com")
    assert all(word in fourth for word in ("API", "React", "100 tickets a day"))
    assert not re.search(r"how many tickets|which (help desk|tools)|what stack", fourth, re.IGNORECASE)
    card = await there.card()
    assert all(word in card for word in ("founder@techstartup.com", "SaaS startup", "100 tickets", "API"))

    fifth = await there.say(page, "This looks great! What about enterprise security features?")
    assert re.search(r"SOC 2|ISO 27001|SAML|SSO|audit", fifth)
    assert re.search("security", await there.card(updates=1), re.IGNORECASE)
    assert there.posts() == 1
    assert there.errors == []


async def test_that_a_chat_on_the_website_becomes_a_lead_in_the_sales_channel(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat()
        await the_conversation(there, page)
        replies = there.replies()[-5:]
        for reply in replies:
            expect_shape(reply)
            await expect_within_the_site(there, reply)
        assert [reply["botMode"] for reply in replies] == ["lead_generation"] * 3 + ["sales"] * 2
        assert [reply["persona"] for reply in replies[1:]] == ["saas_startup"] * 4
        assert [bool(reply["emailPrompt"]) for reply in replies] == [False, False, True, False, False]
        assert replies[3]["profileContext"]["technicalLevel"] == "high"
        assert there.hub.process.returncode is None
        assert "techstartup" not in there.log
        assert await there.hub.stop() == 0


async def test_that_it_works_the_same_over_events_and_posts(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat(script=NO_SOCKET)
        await the_conversation(there, page)
        assert there.frames == []  # nothing came by socket


async def test_that_a_reload_in_the_middle_resumes_and_tabs_stay_in_step(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat("/pricing/")
        await there.say(page, "We run a help desk for our software and want to automate it.")
        await page.reload()
        await expect(page.get_by_text("We run a help desk for our software")).to_be_visible()
        other = await there.chat("/security/")
        await expect(other.get_by_text("We run a help desk for our software")).to_be_visible()
        answer = await there.say(other, "Is our data kept in Europe?")
        assert answer
        await expect(page.get_by_text("Is our data kept in Europe?")).to_be_visible()
        assert await page.locator(".log .line").all_inner_texts() == await other.locator(".log .line").all_inner_texts()


async def test_that_a_visitor_who_comes_back_is_recognised_by_the_token(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat()
        await there.say(page, "We are a small clinic and drown in appointment calls.")
        await page.close()
        again = await there.chat("/pricing/")
        await expect(again.get_by_text("We are a small clinic")).to_be_visible()
        answer = await there.say(again, "How much is it?")
        assert "$" in answer
        sessions = [frame for frame in there.frames if frame.get("type") == "welcome"]
        assert len(sessions) >= 2


@pytest.mark.parametrize(
    ("said", "noted", "flag"),
    [
        ("founder at techstartup dot com", "founder@techstartup.com", ""),
        ("you can use jo.miller@gmail.com", "jo.miller@gmail.com", "free"),
        ("take max@mailinator.com", "max@mailinator.com", "disposable"),
    ],
)
async def test_that_addresses_are_read_and_flagged(chromium: Browser, said: str, noted: str, flag: str) -> None:
    async with world(chromium) as there:
        page = await there.chat()
        await there.say(page, "We're an online shop and want to answer order questions automatically.")
        assert noted in await there.say(page, said)
        card = await there.card()
        assert noted in card
        assert flag in card.lower()


async def test_that_a_mistyped_domain_is_asked_back_and_yes_settles_it(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat()
        await there.say(page, "We're an online shop and want to answer order questions automatically.")
        assert "lena@gmail.com" in await there.say(page, "my mail is lena@gmial.com")
        assert there.cards == ()
        await there.say(page, "yes")
        assert "lena@gmail.com" in await there.card()


async def test_that_a_refusal_is_final_and_the_talk_goes_on(chromium: Browser) -> None:
    async with world(chromium) as there:
        page = await there.chat()
        await there.say(page, "We're a 40-person software firm and need automation for our help desk.")
        await there.say(page, "About 2000 tickets a month, on Zendesk, and we want a demo soon.")
        refused = await there.say(page, "I'd rather not share my email.")
        assert refused
        for text in ("How much does it cost?", "Can I get a trial?", "I would love a demo, what happens next?"):
            await there.say(page, text)
        prompts = [bool(reply["emailPrompt"]) for reply in there.replies()]
        assert prompts.count(True) == 1
        assert there.cards == ()
