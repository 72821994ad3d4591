"""Socket Mode: recorded before it is acknowledged, over lines that may die silently."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.slack.inbound import Bot, Reader
from core.errors import DependencyError, StoreUnavailable
from platforms.slack.client import SlackClient
from platforms.slack.sockets import CONNECTIONS, PING_SECONDS, Sockets
from tests.adapters.slack.workspace import TOKENS, event
from tests.adapters.web.harness import serving
from tests.peers.slack_sockets import SlackSockets

BOT = Bot(user="U0FRONTDESK", team="T0FRONTDESK")


class Heard:
    """Takes payloads as the channel would; `away` as long as the store is."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.away = False
        self._news = asyncio.Event()

    async def asked(self) -> None:
        """Wait until something has been brought."""
        await self._news.wait()

    async def take(self, payload: object) -> None:
        self._news.set()
        if self.away:
            raise StoreUnavailable("away")
        heard = Reader("shared").event(payload if isinstance(payload, dict) else {}, BOT, at=0.0)
        if heard is not None:
            self.texts.append(heard.message.text)


@asynccontextmanager
async def lines(*, ping: float = PING_SECONDS) -> AsyncIterator[tuple[SlackSockets, Sockets, Heard]]:
    slack, heard = SlackSockets(app_token=TOKENS["APP"]), Heard()
    async with serving(slack.routes("/api")) as url, aiohttp.ClientSession() as http, asyncio.timeout(20):
        client = SlackClient(token=TOKENS["BOT"], session=http, base_url=f"{url}/api/")
        sockets = Sockets(client, TOKENS["APP"], heard.take, ping=ping)
        try:
            yield slack, sockets, heard
        finally:
            await sockets.close()


async def test_that_envelopes_are_recorded_and_acknowledged() -> None:
    async with lines() as (slack, sockets, heard):
        await sockets.open()
        assert slack.opened == CONNECTIONS
        for identity in [await slack.envelope(event("hello")), await slack.envelope(event("again"))]:
            await slack.heard(identity)
        assert heard.texts == ["hello", "again"]


async def test_that_nothing_is_acknowledged_while_the_store_is_away() -> None:
    async with lines() as (slack, sockets, heard):
        await sockets.open()
        heard.away = True
        refused = await slack.envelope(event("hello"))
        await heard.asked()
        heard.away = False
        kept = await slack.envelope(event("hello again"))
        await slack.heard(kept)
        assert (slack.acknowledged, heard.texts) == ([kept], ["hello again"])
        await slack.heard(await slack.envelope(event("hello"), identity=refused))
        assert heard.texts == ["hello again", "hello"]


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        "null",
        json.dumps({"type": "events_api", "payload": {}}),
        json.dumps({"type": "unheard_of", "envelope_id": "e", "payload": {}}),
        json.dumps({"type": "events_api", "envelope_id": "e", "payload": "text"}),
        json.dumps({"type": "events_api", "envelope_id": "e", "payload": {"event": "x" * 1_000_000}}),
        json.dumps({"type": "disconnect", "reason": "warning"}),
    ],
    ids=range(8),
)
async def test_that_odd_frames_cost_nobody_anything(frame: str) -> None:
    async with lines(ping=0.2) as (slack, sockets, heard):
        await sockets.open()
        await slack.raw(frame)
        if "disconnect" in frame:
            await slack.connected(CONNECTIONS + 1)
        await slack.heard(await slack.envelope(event("still here")))
        assert heard.texts == ["still here"]


async def test_that_a_line_that_died_silently_is_replaced() -> None:
    """The bound for the real interval is 30 s: with a ping every 5 s a line is given up after 20 s at the latest."""
    assert PING_SECONDS * 4 < 30
    async with lines(ping=0.1) as (slack, sockets, heard):
        await sockets.open()
        slack.deaf = True
        await slack.connected(2 * CONNECTIONS)
        slack.deaf = False
        payload = event("back again")
        while not slack.acknowledged:  # Slack sends again what a dying line did not acknowledge
            with contextlib.suppress(TimeoutError, IndexError, ConnectionError):
                await asyncio.wait_for(slack.heard(await slack.envelope(payload, identity="env")), 0.5)
        assert "back again" in heard.texts


async def test_that_a_refused_token_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforms.slack.sockets.OPENING_SECONDS", 0.3)
    async with lines(ping=0.1) as (slack, sockets, _):
        slack.refuses = True
        with pytest.raises(DependencyError, match="app_token"):
            await sockets.open()
        slack.refuses = False
        await sockets.open()
        assert slack.opened >= CONNECTIONS
