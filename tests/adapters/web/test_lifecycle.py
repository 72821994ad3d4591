"""From the script on the page to its end: calls before the app is there, the line lost and found, nothing left."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.message import InboundMessage, MessageKind
from tests.adapters.web.browsing import visiting
from tests.adapters.web.harness import ScriptedReception, wire

pytestmark = pytest.mark.browser

TEASER = {"id": "ask", "text": "Comparing plans?", "buttons": ["Which plan fits?"]}
NO_NAVIGATION = "delete window.navigation; Object.defineProperty(window, 'navigation', {value: undefined});"
# Counts what is listened to, and what is timed, from the page's first script on.
COUNTING = """window.held = {listeners: new Map(), timers: new Set()};
const listeners = window.held.listeners;
const keyed = new WeakMap();
const key = (target, name) => {
  if (!keyed.has(target)) keyed.set(target, Math.random());
  return `${target.constructor.name} ${name} ${keyed.get(target)}`;
};
const {addEventListener, removeEventListener} = EventTarget.prototype;
const outside = (target) => !(target instanceof Node) || target === document;
EventTarget.prototype.addEventListener = function (name, handler, ...more) {
  if (outside(this ?? window)) {
    const held = listeners.get(key(this ?? window, name)) || new Set();
    listeners.set(key(this ?? window, name), held.add(handler));
  }
  return addEventListener.call(this ?? window, name, handler, ...more);
};
EventTarget.prototype.removeEventListener = function (name, handler, ...more) {
  listeners.get(key(this ?? window, name))?.delete(handler);
  return removeEventListener.call(this ?? window, name, handler, ...more);
};
for (const [start, stop] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
  const [begin, end] = [window[start], window[stop]];
  window[start] = (work, ...more) => {
    const id = begin(start === 'setInterval' ? work : () => { window.held.timers.delete(id); work(); }, ...more);
    window.held.timers.add(id);
    return id;
  };
  window[stop] = (id) => { window.held.timers.delete(id); end(id); };
}
const opened = window.WebSocket;
window.held.sockets = [];
window.WebSocket = class extends opened { constructor(...all) { super(...all); window.held.sockets.push(this); } };"""
HELD = """() => ({
  listeners: [...held.listeners]
    .filter(([name, all]) => all.size && !/^(WebSocket|AbortSignal)|securitypolicy/.test(name))
    .map(([name]) => name),
  timers: held.timers.size,
  sockets: held.sockets.filter((one) => one.readyState < 2).length,
  nodes: document.querySelectorAll('#frontdesk-widget').length,
  overflow: document.documentElement.style.overflow,
  api: 'frontdesk' in window,
})"""
AGAIN = """() => {
  const script = document.createElement('script');
  const old = document.querySelector('script[data-channel]');
  script.src = old.src;
  script.dataset.channel = 'site';
  document.body.append(script);
}"""


def talk(message: InboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.OPENED:
        return wire("Hello, I am the assistant.", buttons=["Plans"])
    return wire(f"Noted: {message.text}")


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("textbox").press("Enter")


async def test_that_calls_before_the_app_is_there_are_kept_in_order(chromium: Browser) -> None:
    script = """window.early = [];
      let api;
      Object.defineProperty(window, 'frontdesk', {configurable: true, get: () => api, set: (value) => {
        api = value;
        if (!value.version) return;
        const stop = value.on('open', () => early.push('never'));
        value.on('open', () => early.push('open'));
        const late = value.on('close', () => early.push('close'));
        window.late = late;
        value.on('track', ({name, properties}) => early.push(name + properties.plan));
        stop();
        value.push(['track', 'seen', {plan: 1}]);
        value.open();
        value.nonsense?.();
        value.push(['nonsense']);
      }});"""
    async with visiting(chromium, ScriptedReception(answer=talk)) as visit:
        page = await visit.page(script=script)
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.evaluate("frontdesk.close(); late(); frontdesk.toggle(); frontdesk.toggle();")
        assert await page.evaluate("early") == ["seen1", "open", "close", "open"]
        assert visit.errors == []


async def test_that_destroy_leaves_nothing_and_the_script_may_come_again(chromium: Browser) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "bypass_csp": True}
    async with visiting(chromium, ScriptedReception(answer=talk), options=phone, proactive=[TEASER]) as visit:
        page = await visit.page(script=COUNTING)
        for turn in range(3):
            await page.evaluate("frontdesk.open()")
            await say(page, f"turn {turn}")
            await expect(page.get_by_text(f"Noted: turn {turn}")).to_be_visible()
            before = await page.evaluate(HELD)
            assert before["sockets"] == before["nodes"] == 1
            assert len(before["listeners"]) > 5
            assert before["overflow"] == "hidden"
            api = await page.evaluate_handle("frontdesk")
            await page.evaluate("frontdesk.destroy()")
            nothing = {"listeners": [], "timers": 0, "sockets": 0, "nodes": 0, "overflow": "", "api": False}
            await expect_held(page, nothing)
            calls = (
                "(api) => [api.open(), api.track('x'), api.reset(), api.page(), api.on('open', () => 0), api.destroy()]"
            )
            assert await api.evaluate(calls) == [None] * 6
            await expect_held(page, nothing)
            await page.evaluate(AGAIN)
            await page.locator(".launcher").wait_for()
        await page.evaluate("frontdesk.open()")
        await expect(page.get_by_text("Noted: turn 0")).to_be_visible()  # the talk is the same
        assert len({message.conversation for message in visit.desk.reception.messages}) == 1
        assert visit.errors == []


async def expect_held(page: Page, wanted: dict[str, Any]) -> None:
    for _ in range(40):
        found = await page.evaluate(HELD)
        if found == wanted:
            break
        await asyncio.sleep(0.05)
    assert found == wanted


async def test_that_destroy_before_the_app_is_there_means_that_it_never_comes(chromium: Browser) -> None:
    script = """let api;
      window.set = 0;
      Object.defineProperty(window, 'frontdesk', {configurable: true, get: () => api, set: (value) => {
        api = value;
        window.set += 1;
        if (value.version) { value.open(); value.destroy(); }
      }});"""
    async with visiting(chromium, ScriptedReception(answer=talk)) as visit:
        page = await visit.context.new_page()
        await page.add_init_script(script)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        async with page.expect_response(re.compile(r"main\.js$")):
            await page.goto(visit.site)
        assert await page.evaluate("set") == 2
        await page.wait_for_load_state("networkidle")
        assert await page.locator("#frontdesk-widget").count() == 0
        assert visit.desk.reception.messages == []
        assert visit.errors == []


async def test_that_a_lost_line_is_told_politely_and_its_return_too(chromium: Browser) -> None:
    async with visiting(chromium, ScriptedReception(answer=talk)) as visit:
        page = await visit.chat()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await visit.context.set_offline(True)
        notice = page.locator(".notice")
        await expect(notice).to_contain_text("is sent as soon as it is back")
        await expect(notice).to_have_attribute("role", "status")
        await say(page, "written in a tunnel")
        await expect(page.locator(".mine.waiting")).to_have_count(1)
        await visit.context.set_offline(False)
        await expect(page.get_by_text("Noted: written in a tunnel")).to_be_visible()
        await expect(notice).to_have_text("Connected again.")
        await expect(notice).to_be_hidden(timeout=8_000)
        texts = [message.text for message in visit.desk.reception.messages]
        assert texts.count("written in a tunnel") == 1


@pytest.mark.parametrize("script", ["", NO_NAVIGATION], ids=["Navigation API", "History API"])
async def test_that_pages_changed_without_a_load_are_told(chromium: Browser, script: str) -> None:
    async with visiting(chromium, ScriptedReception(answer=talk)) as visit:
        page = await visit.chat(script=script)
        visited = []
        for path in ("/security", "/security?tab=2#top", "/docs/api"):
            await page.evaluate("(path) => { history.pushState({}, '', path); document.title = path; }", path)
            await say(page, path)
            await expect(page.get_by_text(f"Noted: {path}")).to_be_visible()
            visited.append(visit.desk.reception.messages[-1].page)
        await page.go_back()
        await say(page, "back")
        await expect(page.get_by_text("Noted: back")).to_be_visible()
        visited.append(visit.desk.reception.messages[-1].page)
        paths = [where.url.removeprefix(visit.site) for where in visited if where]
        assert paths == ["/security", "/security", "/docs/api", "/security"]
        assert "pushState" in await page.evaluate("history.pushState.toString()") or script
        await page.evaluate("frontdesk.destroy()")
        assert "native code" in await page.evaluate("history.pushState.toString()")


@pytest.mark.parametrize(
    ("attribute", "page_language", "browser", "spoken"),
    [
        ("it", "de", "fr-FR", "Apri la chat"),
        ("", "de-AT", "fr-FR", "Chat öffnen"),
        ("", "", "fr-FR", "Ouvrir le chat"),
        ("", "da", "nl-BE", "Chat openen"),
        ("tlh", "", "fi-FI", "Open chat"),
        ("zh_TW", "", "en-GB", "打开聊天"),
    ],
)
async def test_that_the_words_are_chosen_by_attribute_then_page_then_browser(
    chromium: Browser, attribute: str, page_language: str, browser: str, spoken: str
) -> None:
    options = {"locale": browser}
    async with visiting(chromium, ScriptedReception(), options=options, language=page_language) as visit:
        page = await visit.context.new_page()
        if attribute:
            find = "document.querySelector('script[data-channel]')"
            await page.add_init_script(
                f"new MutationObserver(() => {find} && ({find}.dataset.locale = '{attribute}'))"
                ".observe(document, {childList: true, subtree: true});"
            )
        await page.goto(visit.site)
        await page.get_by_role("button", name=spoken).wait_for()


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_that_a_conversation_is_taken_up_for_thirty_days(chromium: Browser, days: int, *, kept: bool) -> None:
    async with visiting(chromium, ScriptedReception(answer=talk)) as visit:
        page = await visit.chat()
        await say(page, "before the holidays")
        await expect(page.get_by_text("Noted: before the holidays")).to_be_visible()
        visit.desk.clock.at += days * 86_400
        await page.reload()
        await page.get_by_role("dialog").wait_for()
        await expect(page.get_by_text("Hello, I am the assistant.")).to_be_visible()
        await expect(page.get_by_text("Noted: before the holidays")).to_have_count(int(kept))
        await say(page, "back again")
        await expect(page.get_by_text("Noted: back again")).to_be_visible()
        assert len({message.conversation for message in visit.desk.reception.messages}) == 2 - int(kept)
        assert visit.errors == []
