"""Slack's side of Socket Mode on loopback: hands out addresses, sends envelopes, hears what is acknowledged.

Written from docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web


class SlackSockets:
    """Add `routes()` to a server that also serves the Web API."""

    def __init__(self, *, app_token: str) -> None:
        self._app_token = app_token
        self._numbers = itertools.count(1)
        self._news = asyncio.Event()
        self.open: list[web.WebSocketResponse] = []
        self.opened = 0
        self.acknowledged: list[str] = []
        self.deaf = False  # pings are not answered, and nothing is closed either
        self.refuses = False

    def routes(self, root: str) -> list[web.RouteDef]:
        return [web.post(f"{root}/apps.connections.open", self._address), web.get("/link", self._link)]

    async def envelope(self, payload: Mapping[str, Any], *, kind: str = "events_api", identity: str = "") -> str:
        """Send one envelope down the newest connection; its id."""
        identity = identity or f"env-{next(self._numbers)}"
        await self.raw(json.dumps({"envelope_id": identity, "type": kind, "payload": payload}))
        return identity

    async def raw(self, text: str) -> None:
        await self.open[-1].send_str(text)

    async def connected(self, times: int) -> None:
        """Wait until so many connections were opened, ever."""
        while self.opened < times:
            await self._wait()

    async def heard(self, identity: str) -> None:
        """Wait until an envelope is acknowledged."""
        while identity not in self.acknowledged:
            await self._wait()

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _address(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        if self.refuses or given != f"Bearer {self._app_token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response({"ok": True, "url": f"ws://{request.host}/link"})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse(autoping=False)
        await line.prepare(request)
        self.open.append(line)
        self.opened += 1
        self._news.set()
        await line.send_json({"type": "hello", "num_connections": len(self.open), "connection_info": {"app_id": "A"}})
        async for message in line:
            if message.type is WSMsgType.PING and not self.deaf:
                await line.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                self.acknowledged.append(told["envelope_id"])
                self._news.set()
        self.open.remove(line)
        return line
