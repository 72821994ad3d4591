"""A Telegram channel with the Bot API on loopback behind it and a scripted reception in front."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from adapters.kind import ChannelPorts
from adapters.pacing import Pacing
from adapters.telegram.channel import TelegramChannel, build
from adapters.telegram.settings import TelegramSettings
from config.references import References
from core.attachment import FileSource
from core.reception import Continuations
from core.store_ports import Notes
from tests.adapters.web.harness import HandClock, ScriptedReception, serving
from tests.peers.telegram_api import TelegramApi

TOKEN = "7000000001:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
SECRET = "a-webhook-secret-for-tests-1234"
TOKENS = {"BOT": TOKEN, "HOOK": SECRET}
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def settings(api: str, **more: Any) -> TelegramSettings:
    written = {"kind": "telegram", "bot_token": "${env:BOT}", "api_base_url": api, **more}
    return TelegramSettings.model_validate(
        written, context=References(environment=TOKENS, directory=Path("/nonexistent"))
    )


@dataclass
class Around:
    api: TelegramApi
    channel: TelegramChannel
    reception: ScriptedReception
    url: str
    http: aiohttp.ClientSession
    clock: HandClock

    async def bring(self, update: Mapping[str, Any], secret: str = SECRET) -> int:
        """An update over the webhook; the status."""
        return (await self.raw(json.dumps(update).encode(), {HEADER: secret}))[0]

    async def raw(self, body: bytes, headers: Mapping[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        async with self.http.post(self.url, data=body, headers=headers) as response:
            return response.status, await response.text()


@asynccontextmanager
async def around(
    notes: Notes,
    *,
    mode: str = "webhook",
    pace: Pacing | None = None,
    continuations: Continuations | None = None,
    team_files: FileSource | None = None,
) -> AsyncIterator[Around]:
    clock = HandClock()
    reception, api, numbers = ScriptedReception(clock=clock), TelegramApi(token=TOKEN), itertools.count(1)
    more = {"webhook_secret": "${env:HOOK}", "public_url": "https://chat.example/"} if mode == "webhook" else {}
    async with serving(api.routes()) as there, aiohttp.ClientSession() as http:
        ports = ChannelPorts(
            name="bot",
            tenant="acme",
            reception=reception,
            clock=clock,
            new_id=lambda: f"{next(numbers):016x}{0:016x}",
            notes=notes,
            http=http,
            continuations=continuations,
            team_files=team_files,
        )
        channel = build(settings(there, mode=mode, **more), ports, pace)
        async with serving(channel.routes()) as url:
            await channel.start()
            try:
                yield Around(api, channel, reception, f"{url}/channels/telegram/bot", http, clock)
            finally:
                await channel.stop()
