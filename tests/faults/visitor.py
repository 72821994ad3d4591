"""A visitor's browser: says things, retries what is not acknowledged with the same id, resumes by the last sequence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.faults.desks import ORIGIN

RETRY = 0.01
Json = dict[str, Any]


class Visitor:
    """One conversation over the web channel's socket. `door` gives the address to connect to, which may be down."""

    def __init__(self, http: aiohttp.ClientSession, door: Callable[[], str], *, name: str = "visitor") -> None:
        self._http = http
        self._door = door
        self._name = name
        self._token = ""
        self._unacknowledged: dict[str, tuple[str, asyncio.Future[int]]] = {}
        self._said = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._news = asyncio.Event()
        self.conversation = ""
        self.visitor = ""
        self.lines: list[Json] = []  # as shown to the visitor, in order of arrival
        self.errors: list[str] = []
        self.acknowledged: dict[str, int] = {}

    async def live(self) -> None:
        """Stay connected, until cancelled."""
        while True:
            try:
                await self._begin()
                await self._connect()
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(RETRY)

    def share(self, http: aiohttp.ClientSession, door: Callable[[], str]) -> Visitor:
        """A second tab of the same conversation, perhaps at another process."""
        tab = Visitor(http, door, name=self._name)
        tab._token, tab.conversation, tab.visitor = self._token, self.conversation, self.visitor
        return tab

    async def begin(self) -> None:
        """Only get a token."""
        await self._begin()

    async def say(self, text: str, *, client_id: str = "") -> int:
        """Returns the line's sequence once it is acknowledged, however many connections that takes."""
        self._said += 1
        client_id = client_id or f"{self._name}-{self._said:06d}"
        acknowledged: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._unacknowledged[client_id] = (text, acknowledged)
        await self._send(client_id, text)
        seq = await acknowledged
        self.acknowledged[client_id] = seq
        return seq

    async def answered(self, after: int) -> Json:
        """The first line of the bot behind line `after`."""
        while True:
            for line in self.lines:
                if line["author"] == "bot" and line["seq"] > after:
                    return line
            self._news.clear()
            await self._news.wait()

    async def sees(self, seq: int, *, within: float) -> None:
        """Wait for line `seq`, at most so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self.lines or self.lines[-1]["seq"] < seq:
                    self._news.clear()
                    await self._news.wait()

    def describe(self) -> str:
        waiting = list(self._unacknowledged)
        shown = [(line["seq"], line["author"]) for line in self.lines]
        state = "connected" if self._socket is not None else "not connected"
        return f"{self._name} {state} to {self._door()}, waits for {waiting}, sees {shown}, errors {self.errors}"

    async def _begin(self) -> None:
        if self._token:
            return
        url = f"{self._door()}/channels/web/web/session"
        async with self._http.post(url, json={}, headers={"Origin": ORIGIN}) as response:
            answer = await response.json()
        if response.status == 200:
            self._token, self.conversation, self.visitor = answer["token"], answer["conversation"], answer["visitor"]

    async def _connect(self) -> None:
        url = f"{self._door()}/channels/web/web/socket"
        async with self._http.ws_connect(url, headers={"Origin": ORIGIN}) as socket:
            last = self.lines[-1]["seq"] if self.lines else 0
            await socket.send_json({"type": "hello", "token": self._token, "lastSeq": last})
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._hear(message.json(), socket)
        self._socket = None

    async def _hear(self, frame: Json, socket: aiohttp.ClientWebSocketResponse) -> None:
        match frame["type"]:
            case "welcome":
                if frame["reset"]:
                    self.lines.clear()
                self.lines += frame["entries"]
                self._socket = socket
                await socket.send_json({"type": "opened"})
                for client_id, (text, _) in tuple(self._unacknowledged.items()):
                    await self._send(client_id, text)
            case "entry":
                self.lines.append(frame)
            case "ack":
                _, acknowledged = self._unacknowledged.pop(frame["clientId"], ("", None))
                if acknowledged is not None and not acknowledged.done():
                    acknowledged.set_result(frame["seq"])
            case "error":
                self.errors.append(frame["code"])
                if frame["code"] == "unavailable" and frame.get("clientId") in self._unacknowledged:
                    asyncio.get_running_loop().call_later(RETRY, self._again, frame["clientId"])
        self._news.set()

    def _again(self, client_id: str) -> None:
        if client_id in self._unacknowledged and self._socket is not None:
            text = self._unacknowledged[client_id][0]
            self._retry = asyncio.ensure_future(self._send(client_id, text))

    async def _send(self, client_id: str, text: str) -> None:
        if self._socket is None:
            return  # goes out after the next welcome
        try:
            await self._socket.send_json({"type": "message", "clientId": client_id, "text": text})
        except (aiohttp.ClientError, ConnectionError):
            self._socket = None
