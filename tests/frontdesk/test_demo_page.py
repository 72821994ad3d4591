"""The demo page in a real browser: what it shows, and what hostile words cannot do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, Page, ViewportSize, expect

from core.fact import Field
from core.ids import ConversationId
from frontdesk.clock import SystemClock
from frontdesk.demo.feed import MOST_WAITING, DemoFeed
from frontdesk.demo.people import SlackPeople
from frontdesk.demo.rep import rep_routes
from frontdesk.demo.routes import demo_routes
from frontdesk.demo.slack import SlackStandIn
from tests.frontdesk.demo_turns import READY, demo_feed, fact, first_turn, outcome, sales_turn, serving, state
from tests.peers.chromium import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

WIDE = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> *bold* javascript:alert(3)"
CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Odile &amp; Sons"}},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "odile@fernhaven.farm · _via web_"}]},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Needs*  900 trays\n&gt; our pH is off"}},
    {"type": "divider"},
    {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": "*Persona*\nGrowers"},
            {"type": "plain_text", "text": "*Score*\n64"},
        ],
    },
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Claim"}, "style": "primary"},
            {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://fernhaven.example/"},
        ],
    },
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The page, what feeds it, and everything the browser complained about or asked of other hosts."""

    page: Page
    feed: DemoFeed
    complaints: list[str]

    def post(self, blocks: list[dict[str, Any]], ts: str = "1793000000.000001", text: str = "A lead") -> None:
        self.feed.show_channel([{"type": "message", "ts": ts, "bot_id": "B1", "text": text, "blocks": blocks}])

    def says(self, quote: str) -> None:
        """One more visitor, with a fact that was taken from these words."""
        learned = fact(9, Field.PAINS, quote, quote)
        self.feed.observe(state("c9"), outcome(state("c9", facts=(learned,)), new_facts=(learned,)))


async def _widget(_request: web.Request) -> web.Response:
    """Counts how often the page asks for a new conversation."""
    script = "window.resets = 0; window.frontdesk = { reset() { window.resets += 1; } };"
    return web.Response(text=script, content_type="text/javascript")


async def _hub(_request: web.Request) -> web.Response:
    """Takes what is clicked, and does nothing."""
    return web.Response()


@pytest.fixture
async def demo(chromium: Browser, tmp_path: Path) -> AsyncIterator[Demo]:
    (tmp_path / "index.html").write_text("<!doctype html><title>Ferns</title><body><h1>Ferns</h1></body>")
    feed = demo_feed()
    app = web.Application()
    slack = SlackStandIn(token="xoxb-none", channels={"C0SALES": "hothouse-leads"}, clock=SystemClock())
    app.add_routes(
        [
            *demo_routes(site=tmp_path, feed=feed, channel="web"),
            *rep_routes(slack, lambda: people, "C0SALES"),
            web.post("/hub", _hub),
            web.get("/widget.js", _widget),
        ]
    )
    async with serving(app) as address, ClientSession() as http:
        people = SlackPeople(slack, http, address=f"{address}/hub", secret="none", clock=SystemClock())
        page = await chromium.new_page(viewport=WIDE, reduced_motion="reduce")
        complaints = _listen(page, address)
        await page.goto(f"{address}/")
        await expect(page.locator("#link-words")).to_have_text("Live")
        yield Demo(page=page, feed=feed, complaints=complaints)
        await page.close()
        feed.close()
    assert complaints == []


def _listen(page: Page, address: str) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))

    async def refuse(dialog: Any) -> None:
        complaints.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    page.on("dialog", refuse)
    return complaints


async def test_an_empty_page_tells_what_will_happen(demo: Demo) -> None:
    await expect(demo.page.locator("#channel-words")).to_have_text("hothouse-leads")
    await expect(demo.page.locator("#channel-empty")).to_contain_text("No lead yet")
    await expect(demo.page.locator("#profile-empty")).to_contain_text("Say hello in the chat")
    await expect(demo.page.frame_locator("#frame").locator("h1")).to_have_text("Ferns")
    assert await demo.page.frames[1].evaluate("document.referrer") == ""  # the demo itself refers nobody


async def test_a_card_is_rendered_from_its_blocks(demo: Demo) -> None:
    demo.post(CARD)
    entry = demo.page.locator(".entry")
    await expect(entry.get_by_role("heading")).to_have_text("Odile & Sons")
    await expect(entry.locator(".context em")).to_have_text("via web")
    await expect(entry.locator(".section strong").first).to_have_text("Needs")
    await expect(entry.locator("blockquote")).to_have_text("our pH is off")
    await expect(entry.locator(".fields")).to_contain_text("*Score*")  # plain text has no marks
    await expect(entry.get_by_role("button", name="Claim")).to_be_enabled()
    await expect(entry.get_by_role("link", name="Open")).to_have_attribute("href", "https://fernhaven.example/")
    await expect(entry.locator("hr")).to_have_count(1)
    await expect(demo.page.locator("#channel-empty")).to_be_hidden()
    await expect(entry.locator(".edited")).to_have_count(0)


async def test_an_updated_card_changes_in_place(demo: Demo) -> None:
    demo.post(CARD)
    await demo.page.locator(".payload summary").click()
    demo.post([{"type": "header", "text": {"type": "plain_text", "text": "Odile, twice"}}])
    await expect(demo.page.locator(".edited")).to_have_text("edited")
    demo.post([{"type": "header", "text": {"type": "plain_text", "text": "Odile, thrice"}}])
    await expect(demo.page.locator(".edited")).to_have_text("edited 2 times")
    await expect(demo.page.locator(".entry")).to_have_count(1)
    await expect(demo.page.locator(".entry")).to_have_class(re.compile("changed"))
    await expect(demo.page.locator(".payload pre")).to_be_visible()  # what was open stays open
    await expect(demo.page.locator(".payload pre")).to_contain_text('"text": "Odile, thrice"')
    await expect(demo.page.locator("#status")).to_contain_text("was updated")


async def test_a_deleted_card_goes_and_an_older_one_takes_its_place_in_order(demo: Demo) -> None:
    one, two = ({"type": "message", "ts": ts, "text": ts, "user": "U1"} for ts in ("9.000001", "10.000001"))
    demo.feed.show_channel([two])
    demo.feed.show_channel([one, two])
    await expect(demo.page.locator(".kit")).to_have_text(["9.000001", "10.000001"])
    demo.feed.show_channel([two])
    await expect(demo.page.locator(".kit")).to_have_text(["10.000001"])


async def test_the_profile_fills_in(demo: Demo) -> None:
    page = demo.page
    demo.feed.observe(state(), outcome(state(messages=0)))  # the chat was opened, nothing is said yet
    await expect(page.locator("#talk")).to_contain_text("0 messages")
    await expect(page.locator("#steps .done")).to_have_count(0)
    demo.feed.observe(*first_turn())
    await expect(page.locator("#mode")).to_have_text("Lead mode")
    await expect(page.locator("#persona")).to_have_text("Not clear yet")
    await expect(page.locator("#sections-empty")).to_be_visible()
    demo.feed.observe(*sales_turn())
    await expect(page.locator("#mode")).to_have_text("Sales mode")
    await expect(page.locator("#persona")).to_have_text("Commercial growers")
    await expect(page.locator("#candidates .share")).to_have_text(["71 %", "20 %", "9 %"])
    await expect(page.locator("#candidates .name").last).to_have_text("None of these")
    await expect(page.locator("#score")).to_have_text("64")
    await expect(page.locator("#receipt li")).to_have_text(["Volume is known+70", "Far off season\u22126"])
    await expect(page.locator("#facts li").first).to_contain_text("900 trays every month")
    await expect(page.locator("#facts li.new")).to_have_count(2)
    await expect(page.locator("#sections details")).to_have_count(6)
    await expect(page.locator("#sections")).to_contain_text("900 trays a month")
    await expect(page.locator("#timeline li").first).to_contain_text("Now in sales mode")
    await expect(page.locator("#lead")).to_have_text("Lead: new, Bram")
    await expect(page.locator("#steps .done")).to_have_count(4)
    await expect(page.locator("#status")).to_contain_text("Commercial growers, 71 %")


async def test_hostile_words_stay_words(demo: Demo) -> None:
    demo.says(HOSTILE)
    await expect(demo.page.locator("#facts q")).to_have_text(HOSTILE)
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": HOSTILE}},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{HOSTILE} <javascript:alert(4)|press> <data:x|y>"}},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": HOSTILE}]}],
        },
        {"type": "__proto__"},
        {"type": "constructor"},
    ]
    demo.post(blocks, text=HOSTILE)
    await expect(demo.page.locator(".rich_text")).to_have_text(HOSTILE)
    await expect(demo.page.locator(".section").first).to_have_text(HOSTILE)
    await expect(demo.page.locator(".kit .unknown")).to_have_count(2)
    await expect(demo.page.locator("main img, main script, .kit a")).to_have_count(0)


async def test_the_policy_stops_inline_script_even_if_it_got_in(demo: Demo) -> None:
    blocked = await demo.page.evaluate("""() => {
        try { document.body.innerHTML += "<img src=x onerror=alert(1)>"; return false; } catch { return true; }
    }""")
    assert blocked
    assert any("requires 'TrustedHTML'" in line for line in demo.complaints)
    demo.complaints.clear()


MENTION = '<span class="mention">'
MRKDWN = [
    ("*b* _i_ ~s~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>"),
    ("*b _both_*", "<p><strong>b <em>both</em></strong></p>"),
    ("snake_case_name 2*3*4 * a *", "<p>snake_case_name 2*3*4 * a *</p>"),
    ("`*not bold*`", "<p><code>*not bold*</code></p>"),
    ("a\nb", "<p>a<br>b</p>"),
    ("&gt; one\n&gt; two\nthree", "<blockquote>one<br>two</blockquote><p>three</p>"),
    ("```\nx = *1*\n```after", "<pre>x = *1*</pre><p>after</p>"),
    ("&amp;lt; &lt;b&gt;", "<p>&amp;lt; &lt;b&gt;</p>"),
    (
        "<@U7> <#C1|leads> <!here>",
        f"<p>{MENTION}@U7</span> {MENTION}#leads</span> {MENTION}@here</span></p>",
    ),
    ("<!date^1^{date}|May 1>", "<p>May 1</p>"),
    (
        "<https://a.example/?x=1&amp;y=2|see *this*>",
        '<p><a href="https://a.example/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">see *this*</a></p>',
    ),
    ("<javascript:alert(1)|press>", "<p>press</p>"),
    ("<not a link>", "<p>not a link</p>"),
]


async def test_mrkdwn_is_read_as_slack_reads_it(demo: Demo) -> None:
    rendered = await demo.page.evaluate(
        """async (texts) => {
            const { mrkdwn } = await import(new URL("demo/assets/mrkdwn.js", location.href).href);
            return texts.map((text) => {
                const box = document.createElement("div");
                box.append(...mrkdwn(text));
                return box.innerHTML;
            });
        }""",
        [text for text, _ in MRKDWN],
    )
    assert dict(zip((text for text, _ in MRKDWN), rendered, strict=True)) == dict(MRKDWN)


async def test_rich_text_keeps_its_styles_and_lists(demo: Demo) -> None:
    leaf = {"type": "text", "text": "wet", "style": {"bold": True, "italic": True}}
    smile = {"type": "emoji", "name": "leaf", "unicode": "1f33f"}
    item = {"type": "rich_text_section", "elements": [leaf, smile]}
    demo.post(
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_list", "style": "ordered", "elements": [item]},
                    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "dry"}]},
                ],
            }
        ]
    )
    await expect(demo.page.locator(".rich_text ol li")).to_have_text("wet\U0001f33f")
    await expect(demo.page.locator(".rich_text li em strong")).to_have_text("wet")
    await expect(demo.page.locator(".rich_text blockquote")).to_have_text("dry")


async def test_starting_over_asks_the_widget_for_a_new_conversation(demo: Demo) -> None:
    demo.feed.observe(*first_turn("c1"))
    await expect(demo.page.locator("#profile-body")).to_be_visible()
    await demo.page.get_by_role("button", name="Start over").click()
    await expect(demo.page.locator("#profile-empty")).to_be_visible()
    assert await demo.page.frames[1].evaluate("window.resets") == 1
    demo.feed.observe(*first_turn("c1"))  # a late word of the visitor who was left
    demo.feed.observe(*sales_turn_of("c2"))
    await expect(demo.page.locator("#mode")).to_have_text("Sales mode")
    await expect(demo.page.locator("#conversations option")).to_have_count(2)
    await demo.page.reload()
    await expect(demo.page.locator("#mode")).to_have_text("Sales mode")


def sales_turn_of(name: str) -> Any:
    before, turn = sales_turn()
    session = replace(
        turn.state.session, conversation=ConversationId(name), started_at=turn.state.session.started_at + 60
    )
    return before, replace(turn, state=replace(turn.state, session=session))


async def test_an_earlier_conversation_can_be_looked_at_again(demo: Demo) -> None:
    demo.feed.observe(*sales_turn())
    demo.feed.observe(*first_turn("c2"))
    await expect(demo.page.locator("#mode")).to_have_text("Lead mode")
    await demo.page.get_by_role("combobox", name="Conversation").select_option("c1")
    await expect(demo.page.locator("#mode")).to_have_text("Sales mode")


async def test_a_page_that_was_cut_off_comes_back_with_everything(demo: Demo) -> None:
    for score in range(2 * MOST_WAITING):  # in one go, so that nothing can be sent in between
        demo.feed.observe(state(), outcome(state(), readiness=replace(READY, score=score / 2)))
    await expect(demo.page.locator("#score")).to_have_text("64", timeout=10_000)
    await expect(demo.page.locator("#link-words")).to_have_text("Live")
    demo.complaints.clear()  # the browser reports the cut connection


async def test_on_a_phone_the_panes_are_tabs_for_the_keyboard_too(demo: Demo) -> None:
    await demo.page.set_viewport_size(PHONE)
    tabs = demo.page.get_by_role("tab")
    await expect(demo.page.locator("#channel")).to_be_hidden()
    demo.post(CARD)
    await expect(tabs.nth(1)).to_have_attribute("data-news", "")
    await tabs.nth(0).focus()
    await demo.page.keyboard.press("ArrowRight")
    await expect(tabs.nth(1)).to_be_focused()
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(demo.page.get_by_role("tabpanel", name="hothouse-leads")).to_be_visible()
    await expect(demo.page.locator("#site")).to_be_hidden()
    assert await tabs.nth(1).get_attribute("data-news") is None
    await demo.page.keyboard.press("End")
    await expect(demo.page.locator("#profile")).to_be_visible()
    overflow = await demo.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


async def test_on_a_wide_screen_the_panes_stand_side_by_side(demo: Demo) -> None:
    boxes = [await demo.page.locator(f"#{name}").bounding_box() for name in ("site", "channel", "profile")]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(lefts)
    assert len({box["y"] for box in boxes if box}) == 1
    assert all(box["width"] > 350 for box in boxes if box)
    await expect(demo.page.get_by_role("tab")).to_have_count(0)
