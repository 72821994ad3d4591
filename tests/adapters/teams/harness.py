"""A Teams channel on a real server with a real store, between a scripted reception and Microsoft's side on loopback."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

from adapters.kind import ChannelPorts
from adapters.teams.channel import TeamsChannel, build
from adapters.teams.settings import TeamsSettings
from config.secret import Secret
from core.ids import ConversationId
from core.message import InboundMessage
from core.reply import Mode, Reply
from core.store_ports import Notes, Store
from tests.adapters.web.harness import HandClock, ScriptedReception, Ticks, serving
from tests.peers.bot_framework import APP_ID, PASSWORD, TENANT, BotFramework, running_framework

HELLO = ConversationId("teams:bot:a:one")


def reply(text: str = "We do that.", **more: Any) -> Reply:
    return Reply(**{"main_text": text, "mode": Mode.LEAD, **more})


@dataclass
class Sleeper:
    """Sleeping moves the hand clock."""

    ticks: Ticks
    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ticks.at += seconds


@dataclass
class Bot:
    url: str
    channel: TeamsChannel
    reception: ScriptedReception
    framework: BotFramework
    notes: Notes
    clock: HandClock
    ticks: Ticks
    http: ClientSession

    async def post(self, body: Any, *, bearer: str | None = None, headers: dict[str, str] | None = None) -> Any:
        """Status and decoded body of a request to the bot; authenticated as the connector unless said otherwise."""
        sent = {"Authorization": self.framework.bearer() if bearer is None else bearer, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}
        options = {"data": body} if isinstance(body, bytes | str) else {"json": body}
        sent.setdefault("Content-Type", "application/json; charset=utf-8")
        async with self.http.post(f"{self.url}/channels/teams/bot/messages", headers=sent, **options) as response:
            plain = response.content_type != "application/json"
            return response.status, await response.text() if plain else await response.json()

    async def says(self, text: str | None = "Hello", **more: Any) -> int:
        status, _ = await self.post(self.framework.activity(text, **more))
        return int(status)

    async def send(self, text: str = "We do that.", *, effect: str = "0-1", again: bool = False, **more: Any) -> None:
        await self.channel.send(HELLO, reply(text, **more), effect=effect, again=again)

    @property
    def messages(self) -> list[InboundMessage]:
        return self.reception.messages


def settings(framework: BotFramework, **more: Any) -> TeamsSettings:
    return TeamsSettings.model_validate(
        {
            "app_id": APP_ID,
            "app_password": Secret(PASSWORD),
            "tenants": [TENANT],
            "openid_metadata_url": f"{framework.url}/openid",
            "token_url": f"{framework.url}/token",
            "service_hosts": [framework.host],
            **more,
        }
    )


@asynccontextmanager
async def running_bot(
    store: Store, *, sleep: Callable[[float], Awaitable[None]] | None = None, started: bool = True, **more: Any
) -> AsyncIterator[Bot]:
    """The bot named "bot"; `more` are settings."""
    clock, ticks, ids = HandClock(), Ticks(), itertools.count(1)
    reception = ScriptedReception(clock=clock)
    framework = BotFramework(clock=clock.now, ticks=ticks)
    async with running_framework(framework), ClientSession() as http:
        ports = ChannelPorts(
            name="bot",
            tenant="acme",
            reception=reception,
            clock=clock,
            new_id=lambda: f"{next(ids):032x}",
            notes=store.notes,
            http=http,
        )
        channel = build(settings(framework, **more), ports, ticks=ticks, sleep=sleep or Sleeper(ticks))
        async with serving(channel.routes()) as url:
            if started:
                await channel.start()
            try:
                yield Bot(url, channel, reception, framework, store.notes, clock, ticks, http)
            finally:
                await channel.stop()
