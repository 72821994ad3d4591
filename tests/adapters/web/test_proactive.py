"""Invitations beside the closed chat, in a real Chromium: when they show, what a press does, who is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.web.assets import load_assets
from core.message import InboundMessage, MessageKind
from core.message import Page as SitePage
from core.reply import Citation, Mode, Reply
from tests.adapters.web.browsing import Visit, visiting
from tests.adapters.web.harness import ScriptedReception, wire

pytestmark = pytest.mark.browser

GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true});"
HIDE = """(state) => {
  Object.defineProperty(document, 'visibilityState', {get: () => state, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
ASK = {"id": "ask", "text": "Comparing plans?", "buttons": ["Which plan fits?", "Free trial"]}
NOON = "new Date('2026-11-23T12:00:00Z')"  # a Monday


def answer(message: InboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.OPENED:
        return wire("Hello, I am the assistant.")
    return wire(f"Noted: {message.text}")


def invitation(page: Page) -> Any:
    return page.get_by_role("region", name="Message from the assistant")


async def expect_clean(visit: Visit, page: Page) -> None:
    assert (visit.errors, visit.foreign, await page.evaluate("noted.violations")) == ([], [], [])


NAMES = "globMatches, localeMatches, withinHours, applies, arrived, mayShow, shown, dismissed"
CASES: list[tuple[str, object]] = [
    ("globMatches('/pricing*', 'https://a.example/pricing/teams?x=1#y')", True),
    ("globMatches('/pricing', 'https://a.example/pricing/')", True),
    ("globMatches('/pricing', 'https://a.example/pricing/teams')", False),
    ("globMatches('/', 'https://a.example/')", True),
    ("globMatches('/', 'https://a.example/about')", False),
    ("globMatches('*/docs/*', 'https://a.example/en/docs/api')", True),
    ("globMatches('https://b.example/*', 'https://a.example/x')", False),
    ("globMatches('/a.c', 'https://a.example/abc')", False),
    ("globMatches('/(a+)+$', 'https://a.example/' + 'a'.repeat(60))", False),
    ("localeMatches('en', 'en-GB')", True),
    ("localeMatches('en-*', 'en')", True),
    ("localeMatches('en-GB', 'en-US')", False),
    ("localeMatches('e', 'en')", False),
    (f"withinHours({{zone: 'Europe/Berlin', days: ['mon'], since: '12:30', until: '13:30'}}, {NOON})", True),
    (f"withinHours({{zone: 'UTC', since: '12:30', until: '13:30'}}, {NOON})", False),
    (f"withinHours({{zone: 'UTC', days: ['tue']}}, {NOON})", False),
    (f"withinHours({{zone: 'UTC'}}, {NOON})", True),
    (f"withinHours({{zone: 'Asia/Tokyo', days: ['mon'], since: '20:00', until: '04:00'}}, {NOON})", True),
    (f"withinHours({{zone: 'Pacific/Auckland', days: ['mon'], since: '20:00', until: '04:00'}}, {NOON})", True),
    (f"withinHours({{zone: 'Moon/Sea'}}, {NOON})", False),
    ("applies({when: {}}, facts())", True),
    ("applies({when: {url: ['/b*', '/p*']}}, facts({url: 'https://a.example/pricing'}))", True),
    ("applies({when: {url: ['/b*']}}, facts({url: 'https://a.example/pricing'}))", False),
    ("applies({when: {seconds: 20}}, facts({seconds: 19}))", False),
    ("applies({when: {seconds: 20}}, facts({seconds: 20}))", True),
    ("applies({when: {scroll: 50}}, facts({scroll: 49}))", False),
    ("applies({when: {visits: 2}}, facts({visits: 1}))", False),
    ("applies({when: {exit: true}}, facts({}))", False),
    ("applies({when: {exit: true}}, facts({exit: true}))", True),
    ("applies({when: {event: 'x'}}, facts({event: 'y'}))", False),
    ("applies({when: {event: 'x'}}, facts({event: 'x'}))", True),
    ("applies({when: {utm: {campaign: 'spring*'}}}, facts({utm: {campaign: 'spring-26'}}))", True),
    ("applies({when: {utm: {campaign: 'spring*', source: 'ads'}}}, facts({utm: {campaign: 'spring'}}))", False),
    ("applies({when: {locale: ['de', 'fr']}}, facts({locale: 'fr-CA'}))", True),
    ("arrived(null, 1e12).visit", 1),
    ("arrived(arrived(null, 1e12), 1e12 + 60e3).visit", 1),
    ("arrived(arrived(null, 1e12), 1e12 + 31 * 60e3).visit", 2),
    ("arrived('junk', 1e12).count", 0),
    ("mayShow({id: 'a', oncePer: 'visit'}, arrived(null, 0), 2, 0)", True),
    ("mayShow({id: 'a', oncePer: 'visit'}, shown(arrived(null, 0), {id: 'a'}, 0), 2, 0)", False),
    ("mayShow({id: 'b', oncePer: 'visit'}, shown(arrived(null, 0), {id: 'a'}, 0), 2, 0)", True),
    ("mayShow({id: 'b', oncePer: 'visit'}, shown(arrived(null, 0), {id: 'a'}, 0), 1, 0)", False),
    ("mayShow({id: 'a', oncePer: 'visit'}, later(shown(arrived(null, 0), {id: 'a'}, 0)), 2, 9e9)", True),
    ("mayShow({id: 'a', oncePer: 'visitor'}, later(shown(arrived(null, 0), {id: 'a'}, 0)), 2, 9e9)", False),
    ("mayShow({id: 'a', oncePer: 105}, later(shown(arrived(null, 0), {id: 'a'}, 0)), 2, 9e9)", False),
    ("mayShow({id: 'a', oncePer: 104}, later(shown(arrived(null, 0), {id: 'a'}, 0)), 2, 9e9)", True),
    ("mayShow({id: 'b', oncePer: 'visit'}, dismissed(arrived(null, 0), {id: 'a'}), 2, 0)", False),
    ("mayShow({id: 'a', oncePer: 'visit'}, later(dismissed(arrived(null, 0), {id: 'a'})), 2, 9e9)", False),
    ("mayShow({id: 'b', oncePer: 'visit'}, later(dismissed(arrived(null, 0), {id: 'a'})), 2, 9e9)", True),
]


async def test_that_rules_read_as_written(rules: Page) -> None:
    for expression, expected in CASES:
        found = await rules.evaluate(f"with_rules(({{{NAMES}}}) => {expression})")
        assert found == expected, expression


async def test_that_a_button_begins_the_talk_and_an_invitation_comes_once(chromium: Browser) -> None:
    rule = {**ASK, "when": {"url": ["/pricing"], "seconds": 1}}
    async with visiting(chromium, ScriptedReception(answer=answer), proactive=[rule]) as visit:
        page = await visit.page()
        await page.evaluate("new Promise((done) => setTimeout(done, 1200))")
        await expect(invitation(page)).to_have_count(0)  # another page
        await page.goto(f"{visit.site}/pricing")
        await expect(invitation(page)).to_be_visible()
        assert await page.evaluate("document.activeElement === document.body")  # it does not take the focus
        assert visit.desk.reception.messages == []
        assert await page.evaluate("localStorage.getItem('frontdesk:site')") is None  # nobody has a conversation yet
        await page.get_by_role("button", name="Which plan fits?").click()
        await expect(page.get_by_text("Noted: Which plan fits?")).to_be_visible()
        (message,) = visit.desk.reception.messages
        assert (message.kind, message.text, message.prompt) == (
            MessageKind.BUTTON, "Which plan fits?", "Comparing plans?",
        )  # fmt: skip
        await page.get_by_role("button", name="Close chat").first.click()
        await page.goto(f"{visit.site}/pricing?again")
        await page.evaluate("new Promise((done) => setTimeout(done, 1200))")
        await expect(invitation(page)).to_have_count(0)
        await expect_clean(visit, page)


async def test_that_the_words_of_an_invitation_open_the_chat(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=answer), proactive=[ASK]) as visit:
        page = await visit.page()
        await invitation(page).get_by_role("button", name="Comparing plans?").click()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await expect(invitation(page)).to_have_count(0)
        assert [message.kind for message in visit.desk.reception.messages] == [MessageKind.OPENED]


async def test_that_one_who_closes_it_is_not_asked_again(chromium: Browser) -> None:
    second = {"id": "second", "text": "Anything else?", "once_per": "visit"}
    async with visiting(chromium, ScriptedReception(), proactive=[ASK, second]) as visit:
        page = await visit.page()
        await page.get_by_role("button", name="Dismiss").press("Escape")  # by keyboard, from within
        await expect(invitation(page)).to_have_count(0)
        focused = "document.querySelector('#frontdesk-widget').shadowRoot.activeElement?.className"
        assert await page.evaluate(focused) == "launcher"
        await page.reload()
        await page.get_by_role("button", name="Open chat").wait_for()
        await page.evaluate("new Promise((done) => setTimeout(done, 1200))")
        await expect(invitation(page)).to_have_count(0)
        assert visit.desk.reception.messages == []


async def test_that_scrolling_leaving_and_events_are_seen(chromium: Browser) -> None:
    rules = [
        {"id": "deep", "when": {"scroll": 90, "seconds": 1}, "text": "Read it all?"},
        {"id": "exit", "when": {"exit": True}, "text": "Before you go:"},
        {"id": "event", "when": {"event": "compared"}, "text": "Two tabs open?"},
    ]
    tall = "document.addEventListener('DOMContentLoaded', () => { document.body.style.height = '5000px'; });"
    async with visiting(chromium, ScriptedReception(), proactive=rules, most_invitations_per_visit=3) as visit:
        page = await visit.page(script=tall)
        await page.evaluate("frontdesk.track('other')")
        await expect(invitation(page)).to_have_count(0)
        await page.evaluate("scrollTo(0, 9999)")
        await expect(page.get_by_text("Read it all?").first).to_be_visible()
        await page.reload()
        await page.get_by_role("button", name="Open chat").wait_for()
        await page.evaluate("frontdesk.track('compared')")
        await expect(page.get_by_text("Two tabs open?").first).to_be_visible()
        await page.reload()
        await page.get_by_role("button", name="Open chat").wait_for()
        await page.evaluate("new Promise((done) => setTimeout(done, 300))")
        await page.evaluate("document.dispatchEvent(new MouseEvent('mouseout', {clientY: -1}))")
        await expect(page.get_by_text("Before you go:").first).to_be_visible()


class Host:
    async def invite(self, page: SitePage) -> Reply | None:
        citation = Citation(url=page.url, quote="Plans begin at 9 euros.")
        return Reply(
            main_text=f"Shop here. {citation.quote}", mode=Mode.LEAD, buttons=("Cheapest plan",), citations=(citation,)
        )


async def test_that_a_rule_without_words_is_given_some_for_the_page(chromium: Browser) -> None:
    reception = ScriptedReception(answer=answer)
    async with visiting(chromium, reception, proactive=[{"id": "found"}], inviter=Host()) as visit:
        page = await visit.page("/pricing")
        await expect(page.get_by_text("Shop here. Plans begin at 9 euros.").first).to_be_visible()
        await page.get_by_role("button", name="Cheapest plan").click()
        await expect(page.get_by_text("Noted: Cheapest plan")).to_be_visible()
        assert reception.messages[0].prompt == "Plans begin at 9 euros."
        await expect_clean(visit, page)


async def test_that_privacy_control_keeps_rules_from_knowing_anybody(chromium: Browser) -> None:
    known = {"id": "known", "when": {"visits": 1, "utm": {"source": "ads"}}, "text": "From the ad?"}
    async with visiting(
        chromium, ScriptedReception(), proactive=[known, {"id": "found"}, ASK], inviter=Host()
    ) as visit:
        page = await visit.page("/?utm_source=ads", script=GPC)
        await expect(page.get_by_role("button", name="Comparing plans?")).to_be_visible()
        assert await page.evaluate("Object.keys(localStorage)") == []


async def test_that_the_hub_hears_of_a_hidden_tab_and_of_the_return(chromium: Browser) -> None:
    reception = ScriptedReception(answer=answer)
    async with visiting(chromium, reception) as visit:
        page = await visit.page()
        await page.evaluate(HIDE, "hidden")
        await page.evaluate(HIDE, "visible")
        assert reception.presence == []  # nobody has talked yet
        await page.get_by_role("button", name="Open chat").click()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await page.evaluate(HIDE, "hidden")
        await page.evaluate(HIDE, "visible")
        await page.evaluate(HIDE, "visible")
        await page.get_by_role("textbox").fill("hi")
        await page.get_by_role("textbox").press("Enter")
        await expect(page.get_by_text("Noted: hi")).to_be_visible()
        kinds = [message.kind for message in reception.presence]
        assert kinds == [MessageKind.AWAY, MessageKind.RETURNED]
        await page.evaluate("delete document.visibilityState")  # from here on the browser's own
        await page.goto(f"{visit.site}/pricing")
        await expect(page.get_by_text("Noted: hi")).to_be_visible()
        await page.get_by_role("textbox").fill("again")
        await page.get_by_role("textbox").press("Enter")
        await expect(page.get_by_text("Noted: again")).to_be_visible()
        assert [message.kind for message in reception.presence][-1] is MessageKind.RETURNED
        assert reception.presence[-1].page is not None
        assert reception.presence[-1].page.url == f"{visit.site}/pricing"


async def test_that_an_unasked_message_is_counted_while_closed_and_takes_no_focus(chromium: Browser) -> None:
    reception = ScriptedReception(answer=answer)
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await page.get_by_role("button", name="Close chat").first.click()
        await page.locator("#before").evaluate(
            "(one) => { one.style.setProperty('display', 'block', 'important'); one.focus(); }"
        )
        text = "On time and effort: it is quick."
        reception.say(reception.conversation, "bot", text, reply=wire(text, buttons=["Setup time"]))
        await expect(page.locator(".badge")).to_have_text("1")
        assert await page.evaluate("document.activeElement.id") == "before"
        await page.get_by_role("button", name="Open chat, 1 unread").click()
        await page.get_by_role("button", name="Setup time").click()
        await expect(page.get_by_text("Noted: Setup time")).to_be_visible()


@pytest.fixture
async def rules(chromium: Browser) -> Any:
    """A page with the module of rules and two shorthands at hand."""
    async with visiting(chromium, ScriptedReception()) as visit:
        page = await visit.page()
        address = f"{visit.desk.url}/channels/web/assets/{load_assets().version}/rules.js"
        await page.evaluate("""async (address) => {
          const module = await import(address);
          window.with_rules = (use) => use(module);
          window.facts = (more) => ({url: 'https://a.example/', seconds: 0, scroll: 0, visits: 1, utm: {}, locale: 'en',
                                     now: new Date(), ...more});
          window.later = (memory) => module.arrived(memory, 9e9);
        }""", address)  # fmt: skip
        yield page
