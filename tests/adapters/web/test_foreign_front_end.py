"""A chat of somebody else's on the same addresses: deep-chat over the socket, and over events and posts."""

from __future__ import annotations

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from core.message import InboundMessage
from tests.adapters.web.harness import ScriptedReception, running_desk, serving, wire
from tests.peers.node import node_module

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><deep-chat></deep-chat>
<script type="module" src="/deep-chat.js"></script>"""
SESSION = """async (hub) => {
  const response = await fetch(`${hub}session`, {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}',
  });
  return (await response.json()).token;
}"""
SOCKET = f"""(hub) => {{
  document.querySelector('deep-chat').connect = {{websocket: true, handler: async (_, signals) => {{
    const token = await ({SESSION})(hub);
    const socket = new WebSocket(`${{hub.replace('http', 'ws')}}socket`);
    const send = (frame) => socket.send(JSON.stringify(frame));
    socket.onopen = () => send({{type: 'hello', token, lastSeq: 0}});
    socket.onmessage = ({{data}}) => {{
      const frame = JSON.parse(data);
      if (frame.type === 'welcome') signals.onOpen();
      if (frame.type === 'entry' && frame.author === 'bot') signals.onResponse({{text: frame.text}});
    }};
    signals.newUserMessage.listener = ({{messages}}) =>
      send({{type: 'message', clientId: crypto.randomUUID(), text: messages[0].text}});
  }}}};
}}"""
EVENTS = f"""async (hub) => {{
  const token = await ({SESSION})(hub);
  const headers = {{Authorization: `Bearer ${{token}}`, 'Content-Type': 'application/json'}};
  let answer = () => {{}};
  const listen = async () => {{
    const {{body}} = await fetch(`${{hub}}events`, {{headers}});
    let text = '';
    for await (const part of body.pipeThrough(new TextDecoderStream())) {{
      const events = (text + part).split('\\n\\n');
      text = events.pop();
      for (const event of events) {{
        const data = event.split('\\n').find((line) => line.startsWith('data: '));
        const frame = data ? JSON.parse(data.slice(6)) : {{}};
        if (frame.type === 'entry' && frame.author === 'bot') answer({{text: frame.text}});
      }}
    }}
  }};
  listen();
  document.querySelector('deep-chat').connect = {{handler: async ({{messages}}, signals) => {{
    answer = signals.onResponse;
    const body = JSON.stringify({{clientId: crypto.randomUUID(), text: messages[0].text}});
    await fetch(`${{hub}}messages`, {{method: 'POST', headers, body}});
  }}}};
}}"""


async def page_of_a_shop(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def deep_chat(_request: web.Request) -> web.FileResponse:
    path = node_module("deep-chat") / "dist" / "deepChat.bundle.js"
    return web.FileResponse(path, headers={"Content-Type": "text/javascript"})


def noted(message: InboundMessage) -> dict[str, object]:
    return wire(f"Noted: {message.text}")


@pytest.mark.parametrize("connect", [SOCKET, EVENTS], ids=["socket", "events and posts"])
async def test_that_a_foreign_front_end_talks_over_the_same_addresses(chromium: Browser, connect: str) -> None:
    reception = ScriptedReception(answer=noted)
    node_module("deep-chat")
    routes = [web.get("/", page_of_a_shop), web.get("/deep-chat.js", deep_chat)]
    async with serving(routes) as site, running_desk(site, reception=reception) as desk:
        page = await chromium.new_page()
        page.set_default_timeout(8_000)
        await page.goto(site)
        await page.wait_for_function("Boolean(customElements.get('deep-chat'))")
        await page.evaluate(connect, desk.path(""))
        for text in ("first", "second"):
            await page.locator("#text-input").fill(text)
            await page.locator("#text-input").press("Enter")
            await expect(page.get_by_text(f"Noted: {text}")).to_be_visible()
        await page.close()
        assert [message.text for message in reception.messages] == ["first", "second"]
        assert len({message.conversation for message in reception.messages}) == 1
