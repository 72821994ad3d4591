"""`frontdesk demo`: the example company, its site, a sales channel and a live profile, on one page."""

from __future__ import annotations

import argparse
import asyncio
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
from aiohttp import web

from adapters.web.settings import WebSettings
from config import ConnectionUrl, Desk, HandoffSettings, Secret, SlackBotToken, SlackSettings
from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.demo.feed import DemoFeed
from frontdesk.demo.people import SlackPeople
from frontdesk.demo.rep import COLLEAGUE, YOU, RepsWorkspace, rep_routes
from frontdesk.demo.routes import demo_routes
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from frontdesk.log_masking import log_to_stderr
from frontdesk.loop import run_async, stop_event
from frontdesk.mind import phrases_in
from frontdesk.sales import PATH
from frontdesk.shipped import examples

HOST = "127.0.0.1"
CHANNEL_ID, CHANNEL_NAME = "C0FERNSALES", "sales-leads"
SECRET = "the-demo-signs-what-its-own-rep-does"  # noqa: S105  nothing outside this process accepts it
TOKEN = "xoxb-the-demo-talks-to-its-own-stand-in"  # noqa: S105  nothing outside this process accepts it


def run(options: argparse.Namespace) -> int:
    """Serve the demo until Ctrl+C. Nothing is kept afterwards, and nothing leaves this machine."""
    log_to_stderr("warning", form="%(levelname)s %(name)s: %(message)s")
    run_async(_demo(examples(), options.port or _free_port(), open_browser=options.open))
    return 0


async def _demo(shipped: Path, port: int, *, open_browser: bool) -> None:
    stop = stop_event()
    address = f"http://{HOST}:{port}"
    slack = SlackStandIn(token=TOKEN, channels={CHANNEL_ID: CHANNEL_NAME}, clock=SystemClock())
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        async with _serving(slack.application()) as slack_url, AsyncExitStack() as stack:
            desk = demo_desk(read_desk(shipped / "desk"), address=address, slack_url=slack_url, store=Path(folder))
            personas = {persona.id: persona for persona in desk.personas}
            feed = DemoFeed(
                sales_channel=CHANNEL_NAME,
                phrases=phrases_in(desk.settings.company.language),
                persona=lambda name: personas.get(name) if name else None,
            )
            team = await stack.enter_async_context(_team(slack, address))
            routes = (
                *demo_routes(site=shipped / "site", feed=feed, channel="web"),
                *rep_routes(slack, lambda: team, CHANNEL_ID),
            )
            async with running(desk, port=port, extra_routes=routes, observe=feed.observe):
                following = asyncio.create_task(feed.follow(RepsWorkspace(slack, YOU.id), CHANNEL_ID))
                print(f"\n  The front desk of {desk.settings.company.name} is open at  {address}/\n", flush=True)
                print("  Talk to it as a visitor would. Nothing is kept. Stop with Ctrl+C.", flush=True)
                if open_browser:
                    webbrowser.open(f"{address}/")
                await stop.wait()
                following.cancel()
                feed.close()


@asynccontextmanager
async def _team(slack: SlackStandIn, address: str) -> AsyncIterator[SlackPeople]:
    """You and a colleague, whose doings go to the hub at `address`."""
    async with aiohttp.ClientSession() as http:
        people = SlackPeople(slack, http, address=f"{address}{PATH}", secret=SECRET, clock=SystemClock())
        people.invite(YOU, COLLEAGUE)
        yield people


def demo_desk(desk: Desk, *, address: str, slack_url: str, store: Path) -> Desk:
    """The example desk, set up for one address on this machine, a stand-in of Slack and a store that is thrown away."""
    settings = desk.settings
    url = f"redis+embedded://{store}"
    company = settings.company.model_copy(update={"site": f"{address}/site"})
    slack = SlackSettings(
        bot_token=SlackBotToken(TOKEN),
        signing_secret=Secret(SECRET),
        channel=CHANNEL_ID,
        api_base_url=f"{slack_url}/",
    )
    channels = {
        name: channel.model_copy(update={"allowed_origins": (address,)})
        for name, channel in desk.channels.items()
        if isinstance(channel, WebSettings)
    }
    return replace(
        desk,
        settings=settings.model_copy(
            update={
                "company": company,
                "store": settings.store.model_copy(update={"url": ConnectionUrl(url, origin=url)}),
                "server": settings.server.model_copy(update={"host": HOST}),
            }
        ),
        handoff=HandoffSettings(slack=slack),
        channels=channels,
    )


@asynccontextmanager
async def _serving(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    try:
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
