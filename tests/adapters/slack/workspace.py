"""A Slack workspace around a channel: its API on loopback, and signed requests as Slack sends them."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from adapters.kind import ChannelPorts
from adapters.slack.channel import SlackChannel, build
from adapters.slack.settings import SlackChannelSettings
from config.references import References
from core.attachment import FileSource
from core.store_ports import Notes
from frontdesk.demo.slack import APP, BOT_USER, TEAM, SlackStandIn
from platforms.slack.signature import signed_headers
from tests.adapters.web.harness import HandClock, ScriptedReception, serving

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKENS = {"BOT": "xoxb-stand-in-token", "SIGNING": SECRET, "APP": "xapp-1-stand-in-token"}
DIRECT, ROOM, VISITOR, THEIR_TEAM = "D0DIRECT1", "C0SHARED1", "U0VISITOR", "T0VISITORS"
_numbers = itertools.count(1)


def settings(api: str, **more: Any) -> SlackChannelSettings:
    written = {"kind": "slack", "bot_token": "${env:BOT}", "signing_secret": "${env:SIGNING}", "api_base_url": api}
    references = References(environment=TOKENS, directory=Path("/nonexistent"))
    return SlackChannelSettings.model_validate({**written, **more}, context=references)


def event(text: str, *, direct: bool = True, ts: str = "", thread: str = "", **more: Any) -> dict[str, Any]:
    """An `event_callback` with a message in it."""
    number = next(_numbers)
    inner = {
        "type": "message",
        "channel": DIRECT if direct else ROOM,
        "channel_type": "im" if direct else "channel",
        "user": VISITOR,
        "team": THEIR_TEAM,
        "text": text,
        "ts": ts or f"1700000000.{number:06d}",
        **({"thread_ts": thread} if thread else {}),
        **more,
    }
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": f"Ev{number:08d}",
        "event": inner,
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
    }


def press(message: Mapping[str, Any], place: int, *, channel: str = DIRECT, user: str = VISITOR) -> dict[str, Any]:
    """A `block_actions` payload: somebody presses a button of a message of ours."""
    actions = next(block for block in message["blocks"] if block["type"] == "actions")
    button = actions["elements"][place]
    return {
        "type": "block_actions",
        "api_app_id": APP,
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": THEIR_TEAM},
        "channel": {"id": channel},
        "message": dict(message),
        "actions": [{**button, "action_ts": "1700000001.000001"}],
    }


@dataclass
class Caller:
    """Posts to a channel as Slack does."""

    url: str
    http: aiohttp.ClientSession
    clock: Any
    answers: list[tuple[int, str]] = field(default_factory=list)

    async def send(self, payload: Mapping[str, Any], *, form: bool = False) -> int:
        """A signed request; `form` as for interactivity."""
        body = urlencode({"payload": json.dumps(payload)}).encode() if form else json.dumps(payload).encode()
        content_type = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {**signed_headers(SECRET, body, now=self.clock.now()), "Content-Type": content_type}
        return (await self.raw(body, headers))[0]

    async def raw(self, body: bytes, headers: Mapping[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        async with self.http.post(self.url, data=body, headers=headers) as response:
            return response.status, await response.text()


@dataclass
class Around:
    """A channel with everything around it."""

    caller: Caller
    reception: ScriptedReception
    slack: SlackStandIn
    channel: SlackChannel
    clock: HandClock


@asynccontextmanager
async def around(notes: Notes, *, team_files: FileSource | None = None, **changes: Any) -> AsyncIterator[Around]:
    clock = HandClock()
    reception = ScriptedReception(clock=clock)
    slack = SlackStandIn(token=TOKENS["BOT"], channels={DIRECT: "direct", ROOM: "shared"}, clock=clock)
    api = web.Application()
    api.add_subapp("/api", slack.application())
    runner = web.AppRunner(api, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        async with aiohttp.ClientSession() as http:
            ports = ChannelPorts(
                name="shared",
                tenant="acme",
                reception=reception,
                clock=clock,
                new_id=lambda: "0" * 32,
                notes=notes,
                http=http,
                team_files=team_files,
            )
            channel = build(settings(base, **changes), ports)
            async with serving(channel.routes()) as url:
                await channel.start()
                caller = Caller(f"{url}/channels/slack/shared/events", http, clock)
                yield Around(caller, reception, slack, channel, clock)
                await channel.stop()
    finally:
        await runner.cleanup()
