"""The widget in a real Chromium, on a site of another origin with a strict content policy and Trusted Types."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from core.ids import ConversationId
from core.message import InboundMessage, MessageKind
from core.store_ports import Acceptance, AcceptStatus
from tests.adapters.web.browsing import Visit, visiting
from tests.adapters.web.harness import ScriptedReception, wire

pytestmark = pytest.mark.browser

NO_SOCKET = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"
FORGED = 'localStorage.setItem(\'frontdesk:site\', \'{"token": "a.b.c", "conversation": "x", "expiresAt": 9e9}\')'
NO_STORAGE = """for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError'); }});"""


def guide(message: InboundMessage) -> dict[str, Any]:
    """A scripted bot that shows everything a reply can hold."""
    if message.kind is MessageKind.OPENED:
        return wire("Hello, I am the assistant.", buttons=["Plans", "API Integration"])
    if message.text == "Plans":
        return wire(
            "Two **plans**:\n- *Start*\n- `Grow`", citations=[{"url": "https://docs.example/plans", "quote": "Two"}]
        )
    return wire(f"Noted: {message.text}", emailPrompt="Leave an address?", buttons=["Later"])


def field_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a message…")


async def say(page: Page, text: str) -> None:
    await field_of(page).fill(text)
    await field_of(page).press("Enter")


async def bubbles(page: Page) -> list[str]:
    texts = await page.locator(".log .bubble").all_inner_texts()
    return [re.sub(r"^(You|Assistant|Team): ?\n*", "", text).strip() for text in texts]


async def expect_clean(visit: Visit, page: Page) -> None:
    """Nothing failed, nothing was asked of a third party, and the content policy had nothing to forbid."""
    violations = await page.evaluate("noted.violations")
    assert (visit.errors, visit.foreign, visit.dialogs, violations) == ([], [], [], [])


async def test_that_a_visitor_opens_asks_and_presses(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide), link_hosts=["docs.example"]) as visit:
        page = await visit.chat("/pricing?utm_campaign=spring&email=a@b.example#plans")
        await page.get_by_role("button", name="Plans").click()
        await expect(page.get_by_role("link", name="plans")).to_have_attribute("href", "https://docs.example/plans")
        await expect(page.get_by_role("button", name="API Integration")).to_have_count(0)
        await expect(page.locator(".log strong")).to_have_text("plans")
        await expect(page.locator(".bubble li")).to_have_text(["Start", "Grow"])
        await say(page, "We are ten people")
        await expect(page.locator(".hint")).to_have_text("Leave an address?")
        assert await bubbles(page) == [
            "Hello, I am the assistant.",
            "Plans",
            "Two plans:\n\nStart\nGrow",
            "We are ten people",
            "Noted: We are ten people",
        ]
        kinds = [message.kind for message in visit.desk.reception.messages]
        assert kinds == [MessageKind.OPENED, MessageKind.BUTTON, MessageKind.TEXT]
        where = visit.desk.reception.messages[0].page
        assert where is not None
        assert (where.url, where.title, where.heading) == (f"{visit.site}/pricing", "Pricing", "Pricing")
        assert (where.language, where.campaign) == ("en", "spring")
        assert await page.evaluate("noted.events.map((one) => one.author)") == ["bot"] * 3
        await expect_clean(visit, page)


async def test_that_a_reload_resumes_and_the_visitor_is_known(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat()
        await say(page, "before the reload")
        await expect(page.get_by_text("Noted: before the reload")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("dialog")).to_be_visible()  # it was open, so it is open
        await expect(page.get_by_text("Noted: before the reload")).to_be_visible()
        await say(page, "after it")
        await expect(page.get_by_text("Noted: after it")).to_be_visible()
        texts = await bubbles(page)
        assert len(texts) == len(set(texts)) == 5
        messages = visit.desk.reception.messages
        assert len({message.conversation for message in messages}) == 1
        assert [message.kind for message in messages].count(MessageKind.OPENED) == 1


async def test_that_two_tabs_stay_in_step_and_start_over_together(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        one, two = await visit.chat(), await visit.chat()
        await say(one, "from the first")
        await expect(two.get_by_text("Noted: from the first")).to_be_visible()
        await say(two, "from the second")
        await expect(one.get_by_text("Noted: from the second")).to_be_visible()
        assert await bubbles(one) == await bubbles(two)
        assert len({message.conversation for message in visit.desk.reception.messages}) == 1
        await one.get_by_role("button", name="Start new chat").click()
        for page in (one, two):
            await expect(page.get_by_text("Noted: from the first")).to_have_count(0)
            await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await say(two, "anew")
        await expect(one.get_by_text("Noted: anew")).to_be_visible()
        messages = visit.desk.reception.messages
        assert len({message.conversation for message in messages}) == 2
        assert len({message.visitor for message in messages}) == 1
        assert messages[-1].returning


async def test_that_events_and_posts_stand_in_where_sockets_are_blocked(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat(script=NO_SOCKET)
        await page.get_by_role("button", name="Plans").click()
        await say(page, "over the stream")
        await expect(page.get_by_text("Noted: over the stream")).to_be_visible()
        await page.reload()
        await say(page, "and again")
        await expect(page.get_by_text("Noted: and again")).to_be_visible()
        texts = await bubbles(page)
        assert len(texts) == len(set(texts)) == 7
        await expect_clean(visit, page)


async def test_that_a_policy_without_sockets_is_enough(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide), sockets=False) as visit:
        page = await visit.chat()
        await say(page, "within the policy")
        await expect(page.get_by_text("Noted: within the policy")).to_be_visible()
        assert set(await page.evaluate("noted.violations")) == {"connect-src"}
        assert visit.errors == []


async def test_that_a_network_that_drops_sockets_is_survived(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        await visit.context.route_web_socket(re.compile("/socket$"), lambda socket: socket.close())
        page = await visit.chat()
        await say(page, "around the block")
        await expect(page.get_by_text("Noted: around the block")).to_be_visible()


async def test_that_what_was_written_while_the_hub_was_away_arrives_once(chromium: Browser) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        reception.away = True
        await say(page, "first")
        await say(page, "second")
        await expect(page.locator(".mine.waiting")).to_have_count(2)
        reception.away = False
        await expect(page.get_by_text("Noted: second")).to_be_visible()
        await expect(page.locator(".mine.waiting")).to_have_count(0)
        assert [message.text for message in reception.messages[1:]] == ["first", "second"]


async def test_that_a_restart_of_the_hub_goes_unnoticed(chromium: Browser) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await say(page, "before")
        await expect(page.get_by_text("Noted: before")).to_be_visible()
        await visit.desk.channel.stop()  # closes every socket with "service restart"
        await visit.desk.channel.start()
        await say(page, "after")
        await expect(page.get_by_text("Noted: after")).to_be_visible()
        texts = await bubbles(page)
        assert len(texts) == len(set(texts)) == 5


async def test_that_a_refused_message_says_so_and_can_be_tried_again(chromium: Browser) -> None:
    class Stubborn(ScriptedReception):
        refuse = True

        async def accept(self, message: InboundMessage) -> Acceptance:
            if self.refuse and message.kind is MessageKind.TEXT:
                return Acceptance(status=AcceptStatus.CONFLICT, seq=0, log_seq=0, owned=True)
            return await super().accept(message)

    reception = Stubborn(answer=guide)
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await say(page, "hard to deliver")
        await expect(page.get_by_text("Not delivered")).to_be_visible()
        reception.refuse = False
        await page.get_by_role("button", name="Retry").click()
        await expect(page.get_by_text("Noted: hard to deliver")).to_be_visible()
        await expect(page.get_by_text("Not delivered")).to_have_count(0)


async def test_that_the_keyboard_alone_is_enough(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.page()
        launcher = page.get_by_role("button", name="Open chat")
        await launcher.focus()
        await page.keyboard.press("Enter")
        await expect(field_of(page)).to_be_focused()
        await page.get_by_role("button", name="Plans").wait_for()  # the greeting is there: its buttons come no later
        await page.keyboard.type("by keyboard")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("alone")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Later")).to_be_visible()
        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("button", name="Later")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Noted: Later")).to_be_visible()
        await expect(field_of(page)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(launcher).to_be_focused()
        assert [message.text for message in visit.desk.reception.messages[1:]] == ["by keyboard\nalone", "Later"]


async def test_that_it_is_named_and_large_enough_for_everybody(chromium: Browser) -> None:
    options = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"}
    async with visiting(chromium, ScriptedReception(answer=guide), options=options) as visit:
        page = await visit.chat()
        await page.get_by_role("button", name="Plans").wait_for()
        dialog = page.get_by_role("dialog", name="Chat with us")
        box = await dialog.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (360, 740)
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        for button in await page.get_by_role("button").all():
            size = await button.bounding_box()
            assert size is None or min(size["width"], size["height"]) >= 24
            assert await button.evaluate("(one) => one.getAttribute('aria-label') || one.textContent.trim()")
        await page.keyboard.press("Shift+Tab")
        for _ in range(8):  # on a small screen the focus stays in the panel
            await page.keyboard.press("Tab")
            assert await page.evaluate("document.activeElement.id") == "frontdesk-widget"


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
async def test_that_it_follows_the_visitors_scheme(chromium: Browser, scheme: str, dark: bool) -> None:  # noqa: FBT001
    async with visiting(chromium, ScriptedReception(), options={"color_scheme": scheme}) as visit:
        page = await visit.chat()
        colour = await page.get_by_role("dialog").evaluate("(one) => getComputedStyle(one).backgroundColor")
        red, *_ = [int(part) for part in re.findall(r"\d+", colour)]
        assert (red < 128) is dark


@pytest.mark.parametrize("colour", ["#ffd43b", "#0b7a75", "#000000", "#ffffff", "#ff6b00", "#8f8f8f"])
async def test_that_text_on_the_brand_colour_is_readable(chromium: Browser, colour: str) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide), colour=colour) as visit:
        page = await visit.chat()
        await page.get_by_role("button", name="Plans").wait_for()
        pairs = await page.evaluate("""() => {
          const root = document.querySelector('#frontdesk-widget').shadowRoot;
          const style = (one) => getComputedStyle(root.querySelector(one));
          return [[style('.head').color, style('.head').backgroundColor],
                  [style('.replies button').color, style('.panel').backgroundColor]];
        }""")
        for text, ground in pairs:
            assert contrast(text, ground) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast of two computed colours."""

    def luminance(colour: str) -> float:
        parts = [int(float(part)) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


async def test_that_unread_lines_are_counted_until_they_are_read(chromium: Browser) -> None:
    reception = ScriptedReception(answer=guide)
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await page.get_by_role("button", name="Plans").wait_for()
        await page.get_by_role("button", name="Close chat").first.click()
        reception.person_answers = True
        reception.say(reception.conversation, "rep", "Hello from the team")
        reception.say(reception.conversation, "rep", "Are you there?")
        await expect(page.locator(".badge")).to_have_text("2")
        await page.reload()
        await page.get_by_role("button", name="Open chat, 2 unread").click()
        await expect(page.get_by_text("Are you there?")).to_be_visible()
        await expect(page.locator(".badge")).to_be_hidden()
        await say(page, "yes")
        await expect(page.locator(".typing")).to_be_hidden()  # people take their time


async def test_that_an_awaited_answer_shows_as_typing(chromium: Browser) -> None:
    reception = ScriptedReception()
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        await say(page, "are you there?")
        await expect(page.locator(".typing")).to_be_visible()
        reception.say(reception.conversation, "bot", "Yes.", reply=wire("Yes."))
        await expect(page.locator(".typing")).to_be_hidden()


WATCH_DOTS = """node => {
  window.dotted = 0;
  new MutationObserver(() => { window.dotted += !node.hidden; }).observe(node, { attributes: true });
}"""


async def test_that_nothing_shows_as_typing_from_a_claim_until_the_bot_answers_again(chromium: Browser) -> None:
    """Slack tells nobody who types in a thread, so that dots would be a claim of ours."""
    reception = ScriptedReception()
    async with visiting(chromium, reception) as visit:
        page = await visit.chat()
        reception.person_answers = True
        await page.locator(".typing").evaluate(WATCH_DOTS)
        await say(page, "is anybody there?")
        reception.say(reception.conversation, "rep", "I am, one moment")
        await expect(page.get_by_text("one moment")).to_be_visible()
        assert await page.evaluate("window.dotted") == 0
        reception.person_answers = False
        await say(page, "and what does it cost?")
        await expect(page.locator(".typing")).to_be_visible()


async def test_that_a_page_change_without_reload_is_reported(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat()
        await say(page, "on the first page")
        await expect(page.get_by_text("Noted: on the first page")).to_be_visible()
        await page.evaluate("history.pushState({}, '', '/security'); document.title = 'Security'")
        await say(page, "on the second page")
        await expect(page.get_by_text("Noted: on the second page")).to_be_visible()
        where = visit.desk.reception.messages[-1].page
        assert where is not None
        assert (where.url, where.title) == (f"{visit.site}/security", "Security")


async def test_that_privacy_control_silences_the_page_trail(chromium: Browser) -> None:
    script = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true});"
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat(script=script)
        await say(page, "quietly")
        await expect(page.get_by_text("Noted: quietly")).to_be_visible()
        assert [message.page for message in visit.desk.reception.messages] == [None, None]


@pytest.mark.parametrize(
    "script",
    [
        NO_STORAGE,
        "localStorage.setItem('frontdesk:site', '{broken')",
        "localStorage.setItem('frontdesk:site', JSON.stringify({token: 7}))",
        FORGED,
        "delete window.BroadcastChannel; Object.defineProperty(navigator, 'locks', {get: () => undefined})",
    ],
    ids=["blocked", "broken", "wrong shape", "forged token", "old browser"],
)
async def test_that_missing_or_tampered_storage_does_no_harm(chromium: Browser, script: str) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat(script=script)
        await say(page, "still here")
        await expect(page.get_by_text("Noted: still here")).to_be_visible()
        assert visit.errors == []


async def test_that_the_page_can_drive_it(chromium: Browser) -> None:
    teaser = {"text": "Questions about prices?", "on_event": "pricing_viewed"}
    async with visiting(chromium, ScriptedReception(answer=guide), teaser=teaser) as visit:
        page = await visit.page()
        await page.evaluate("frontdesk.track('other')")
        await page.evaluate("frontdesk.track('pricing_viewed')")
        await page.get_by_role("button", name="Questions about prices?").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.evaluate("void frontdesk.on('close', () => noted.events.push('closed'))")
        await page.evaluate("frontdesk.toggle()")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        assert "closed" in await page.evaluate("noted.events")
        await page.evaluate("frontdesk.open()")
        await say(page, "old talk")
        await expect(page.get_by_text("Noted: old talk")).to_be_visible()
        await page.evaluate("frontdesk.reset()")
        await expect(page.get_by_text("Noted: old talk")).to_have_count(0)
        await page.evaluate("frontdesk.destroy()")
        await expect(page.locator("#frontdesk-widget")).to_have_count(0)
        assert visit.errors == []


@pytest.mark.parametrize(
    ("language", "placeholder", "direction"),
    [("de-CH", "Nachricht schreiben …", "ltr"), ("ar", "اكتب رسالة…", "rtl"), ("xx", "Write a message…", "ltr")],
)
async def test_that_it_speaks_the_language_of_the_page(
    chromium: Browser, language: str, placeholder: str, direction: str
) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide), language=language) as visit:
        page = await visit.context.new_page()
        await page.goto(visit.site)
        await page.locator(".launcher").click()
        await expect(page.get_by_placeholder(placeholder)).to_be_visible()
        assert await page.locator(".root").get_attribute("dir") == direction
        await page.get_by_role("button", name="Plans").wait_for()
        assert visit.desk.reception.messages[0].locale == language


async def test_that_the_page_and_the_widget_do_not_style_each_other(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=guide)) as visit:
        page = await visit.chat()
        colour = await page.locator(".title").evaluate("(one) => getComputedStyle(one).color")
        assert colour != "rgb(255, 0, 0)"
        assert await page.locator("h1").evaluate("(one) => getComputedStyle(one).color") == "rgb(255, 0, 0)"


HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg/onload=window.hacked=1>",
    "<svg><script href=data:text/javascript,window.hacked=1 />",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.hacked=1>",
    "<details open ontoggle=window.hacked=1>",
    "<a href='javascript:window.hacked=1'>x</a>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<template><img src=x onerror=window.hacked=1></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
    "<style>@import '//evil.example/x.css'</style>",
    "<object data='data:text/html,<script>parent.hacked=1</script>'>",
    "<input autofocus onfocus=window.hacked=1>",
    "</textarea><script>window.hacked=1</script>",
    '"><img src=x onerror=window.hacked=1>',
    "${window.hacked=1} {{constructor.constructor('window.hacked=1')()}}",
    "[x](javascript:window.hacked=1)",
    "[x](JaVaScRiPt:window.hacked=1)",
    "[x](javascript&#58;window.hacked=1)",
    "[x](java\tscript:window.hacked=1)",
    "[x](data:text/html,<script>window.hacked=1</script>)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example/)",
    "[x](\\\\evil.example)",
    "[x](https:evil.example)",
    "[x](https://evil.example/)",
    "[x](https://docs.example@evil.example/)",
    "[x](https://docs.example.evil.example/)",
    "[x](http://docs.example/)",
    "[x](https://d\u043ecs.example/)",
    "[\u202excod](https://evil.example/)",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example/>",
    "https://evil.example/plain",
    "[" * 2_000 + "](https://evil.example/)" * 200,
    "*" * 4_000,
    "**_`" * 900,
    "`<img src=x onerror=window.hacked=1>`",
    "**<img src=x onerror=window.hacked=1>**",
    "- <img src=x onerror=window.hacked=1>",
]


@pytest.mark.parametrize("way", ["main text", "buttons, prompts and sources", "visitor"])
async def test_that_no_text_becomes_markup(chromium: Browser, way: str) -> None:
    reception = ScriptedReception()
    async with visiting(chromium, reception, link_hosts=["docs.example"]) as visit:
        page = await visit.chat()
        await expect(page.locator(".typing")).to_be_visible()
        conversation = ConversationId(reception.conversation)
        for payload in HOSTILE:
            if way == "main text":
                reception.say(conversation, "bot", payload, reply=wire(payload))
            elif way == "visitor":
                reception.say(conversation, "visitor", payload)
            else:
                address = payload.partition("](")[2].rstrip(")") or payload
                source = {"url": address, "quote": payload}
                reply = wire("x", buttons=[payload], emailPrompt=payload, citations=[source], persona=payload)
                reception.say(conversation, "bot", "x", reply=reply)
        await expect(page.locator(".log .bubble")).to_have_count(len(HOSTILE))
        tags = await page.evaluate("""() => {
          const root = document.querySelector('#frontdesk-widget').shadowRoot;
          return [...new Set([...root.querySelectorAll('.scroll *')].map((one) => one.localName))].sort();
        }""")
        inert = {"br", "button", "code", "div", "em", "i", "li", "ol", "p", "path", "span", "strong", "svg", "ul"}
        assert set(tags) <= inert
        assert await page.locator(".log a").count() == 0
        assert await page.evaluate("window.hacked") is None
        await expect_clean(visit, page)


async def test_that_links_to_allowed_hosts_open_safely(chromium: Browser) -> None:
    reception = ScriptedReception()
    async with visiting(chromium, reception, link_hosts=["docs.example"]) as visit:
        page = await visit.chat()
        await expect(page.locator(".typing")).to_be_visible()
        text = "See [the docs](https://docs.example/a?b=1) or snake_case_names and 2 * 3 * 4."
        reception.say(reception.conversation, "bot", text, reply=wire(text))
        link = page.get_by_role("link", name="the docs")
        await expect(link).to_have_attribute("href", "https://docs.example/a?b=1")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        await expect(page.get_by_text("snake_case_names and 2 * 3 * 4.")).to_be_visible()
