"""A whole world for one conversation: the example company, its hub as a process, its Slack, a visitor's browser."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Locator, Page, WebSocket, expect

from frontdesk.demo.slack import SlackStandIn

EXAMPLES = Path(__file__).parents[2] / "examples"
CHANNEL_ID = "C0FERNSALES"
TOKEN = "xoxb-1-2-invented"
ADDRESS = re.compile(r"at (http://\S+)")
NO_SOCKET = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"
START_SECONDS = 60.0


class WallClock:
    def now(self) -> float:
        return time.time()  # noqa: TID251  the stand-in stamps messages as Slack would


@dataclass
class Hub:
    """`frontdesk serve` in a process of its own."""

    process: asyncio.subprocess.Process
    address: str

    async def stop(self) -> int:
        """Ask it to stop as a service manager does; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 20)


async def serve(desk: Path, *, port: str = "0") -> Hub:
    """Start the hub and wait for its address."""
    with (desk / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "frontdesk", "serve", "-c", str(desk), "--port", port),
            env={**os.environ, "FRONTDESK_SLACK_BOT_TOKEN": TOKEN},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_SECONDS)).decode()
        found = ADDRESS.search(line)
        assert found, f"the hub did not start: {line}{(desk / 'log').read_text()}"
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return Hub(process, found.group(1))


@dataclass
class World:
    """Everything a scenario looks at. `frames` are the hub's frames as the visitor's browser received them."""

    desk: Path
    site: str
    hub: Hub
    slack: SlackStandIn
    context: BrowserContext
    hub_address: list[str] = field(default_factory=list)  # what the site's pages load the chat from
    frames: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        """What the hub has logged."""
        return (self.desk / "log").read_text()

    @property
    def cards(self) -> tuple[dict[str, Any], ...]:
        """The messages that stand in the sales channel."""
        return self.slack.messages(CHANNEL_ID)

    def replies(self) -> list[dict[str, Any]]:
        """The wire shape of every reply, in order, each once."""
        lines = {frame["seq"]: frame["reply"] for frame in self.frames if frame.get("reply")}
        return [lines[seq] for seq in sorted(lines)]

    async def restart(self, address: str = "") -> None:
        """Another hub process for the same desk, at the same address where one is given."""
        port = address.rpartition(":")[2] or "0"
        self.hub = await serve(self.desk, port=port)
        self.hub_address[:] = [self.hub.address]

    async def chat(self, path: str = "/", *, script: str = "") -> Page:
        """A page of the site with the chat open."""
        page = await self.context.new_page()
        if script:
            await page.add_init_script(script)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._listen)
        await page.goto(f"{self.site}{path}")
        await page.get_by_role("button", name="Open chat").click()
        await page.locator(".log .line").first.wait_for()
        return page

    async def say(self, page: Page, text: str) -> str:
        """Write a message, wait for the answer, return it as the visitor reads it."""
        before = await replies_on(page).count()
        await field_on(page).fill(text)
        await field_on(page).press("Enter")
        await expect(replies_on(page)).to_have_count(before + 1)
        return await replies_on(page).nth(before).inner_text()

    async def card(self, *, updates: int = 0) -> str:
        """The text of the one lead card once Slack has seen that many updates."""
        async with asyncio.timeout(10):
            version = 0
            while not (self.cards and self._updates() >= updates):
                version = await self.slack.changed(after=version)
        (card,) = self.cards
        return json.dumps(card["blocks"], ensure_ascii=False)

    def posts(self) -> int:
        return sum(call.method == "chat.postMessage" for call in self.slack.calls)

    def _updates(self) -> int:
        return sum(call.method == "chat.update" for call in self.slack.calls)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._note)

    def _note(self, payload: str | bytes) -> None:
        frame = json.loads(payload)
        self.frames += [frame, *frame.get("entries", ())]


def field_on(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a message…")


def replies_on(page: Page) -> Locator:
    return page.locator(".log .line:not(.mine)")


@asynccontextmanager
async def world(browser: Browser, *, channel: str = "") -> AsyncIterator[World]:
    """The example desk with its sales channel on a stand-in, its site on another origin, everything on loopback.

    `channel` is added to the file of its web channel.
    """
    hub_address: list[str] = []
    slack = SlackStandIn(token=TOKEN, channels={CHANNEL_ID: "sales"}, clock=WallClock())
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fd-")))
        site = await stack.enter_async_context(serving(site_application(hub_address)))
        slack_url = await stack.enter_async_context(serving(slack.application()))
        desk = example_desk(folder / "desk", site=site, slack_url=f"{slack_url}/")
        with (desk / "channels" / "web.yaml").open("a") as file:
            file.write(channel)
        hub = await serve(desk)
        hub_address.append(hub.address)
        context = await browser.new_context()
        context.set_default_timeout(10_000)
        made = World(desk, site, hub, slack, context, hub_address)

        async def stop_hub() -> None:
            await made.hub.stop()

        stack.push_async_callback(stop_hub)
        stack.push_async_callback(context.close)
        yield made


def example_desk(folder: Path, *, site: str, slack_url: str) -> Path:
    """A copy of the example desk that talks to loopback."""
    shutil.copytree(EXAMPLES / "desk", folder, ignore=shutil.ignore_patterns(".*"))
    web_file = folder / "channels" / "web.yaml"
    origins = web_file.read_text().replace("  - http://127.0.0.1:8080", f"  - {site}")
    web_file.write_text(origins)
    (folder / "handoff.yaml").write_text(
        "slack:\n"
        "  bot_token: ${env:FRONTDESK_SLACK_BOT_TOKEN}\n"
        f"  channel: {CHANNEL_ID}\n"
        f"  api_base_url: {slack_url}\n",
    )
    return folder


def site_application(hub_address: list[str]) -> web.Application:
    """The example company's pages, each with the one line that brings the chat."""

    async def page(request: web.Request) -> web.StreamResponse:
        file = EXAMPLES / "site" / request.path.strip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            raise web.HTTPNotFound
        if file.suffix != ".html":
            return web.FileResponse(file)
        line = f'<script async src="{hub_address[0]}/widget.js" data-channel="web"></script></body>'
        return web.Response(text=file.read_text().replace("</body>", line), content_type="text/html")

    application = web.Application()
    application.router.add_get("/{path:.*}", page)
    return application


@asynccontextmanager
async def serving(application: web.Application) -> AsyncIterator[str]:
    """Its address while it serves."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
