"""Three ways to hold a conversation with a system under test. Each checks what it receives.

A talker is opened once, says one message at a time, and is closed. `say` returns the seconds from the message's
leaving to the reply's arrival. `Wrong` means that a reply was lost, doubled, or out of order.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

import aiohttp
import msgspec
from aiohttp import web

REPLY_SECONDS = 30.0
ORIGIN = "https://fernlight.example"
PAGE = {"url": f"{ORIGIN}/pricing/", "title": "Pricing"}
ROOT = "/channels/web/web"

_decode = msgspec.json.Decoder().decode


class Wrong(Exception):
    """A guard failed: a reply was lost, doubled, or out of order."""


class Talker(Protocol):
    async def open(self) -> None: ...

    async def say(self, text: str) -> float: ...

    async def close(self) -> None: ...

    async def lines_kept(self) -> int | None:
        """How many lines the system itself holds of this conversation; None where it keeps none."""
        ...


# --- a bot behind a webhook


@dataclass(slots=True)
class Platform:
    """The chat platform a bare bot replies to: one HTTP server, shared by all its talkers."""

    waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)
    unexpected: int = 0
    runner: web.ServerRunner | None = None

    async def start(self, port: int) -> None:
        self.runner = web.ServerRunner(web.Server(self._reply), access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", port, backlog=1024).start()

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()

    async def _reply(self, request: web.BaseRequest) -> web.StreamResponse:
        reply = _decode(await request.read())
        waiting = self.waiting.pop(reply["reply_to"], None)
        if waiting is None:
            self.unexpected += 1
        else:
            waiting.set_result(perf_counter())
        return web.Response()


class WebhookTalker:
    """Posts to the bot's webhook as a platform does, and sees the reply arrive at the platform."""

    def __init__(self, http: aiohttp.ClientSession, address: str, platform: Platform, name: str) -> None:
        self._http = http
        self._address = f"{address}/webhook"
        self._platform = platform
        self._name = name
        self._said = 0

    async def open(self) -> None:
        """A webhook has nothing to open."""

    async def say(self, text: str) -> float:
        self._said += 1
        message = f"{self._name}.{self._said}"
        seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._platform.waiting[message] = seen
        sent = perf_counter()
        body = {"id": message, "chat": self._name, "from": {"id": self._name, "name": "Visitor"}, "text": text}
        async with self._http.post(self._address, json=body) as response:
            if response.status != 200:
                raise Wrong(f"the webhook answered {response.status}")
            await response.read()
        try:
            return await asyncio.wait_for(seen, REPLY_SECONDS) - sent
        except TimeoutError:
            raise Wrong(f"no reply to {message}") from None

    async def close(self) -> None:
        """Nor to close."""

    async def lines_kept(self) -> int | None:
        return None


# --- the hub's web channel


@dataclass(slots=True)
class Transcript:
    """Watches the lines of one conversation come in: dense, in order, every message answered once."""

    said: list[str] = field(default_factory=list)
    seq: int = 0
    wrong: Wrong | None = None

    def hear(self, entry: dict[str, Any]) -> bool:
        """Take one line; True when it is the reply to the last message. Raises `Wrong`."""
        self.seq += 1
        if entry["seq"] != self.seq:
            raise Wrong(f"line {entry['seq']} came where {self.seq} was due")
        turn, of_visitor = divmod(self.seq + 1, 2)
        if of_visitor == 0 and (entry["author"] != "visitor" or entry["text"] != self.said[turn - 1]):
            raise Wrong(f"line {self.seq} is not the visitor's message {turn}")
        if of_visitor == 1 and (entry["author"] != "bot" or not entry["reply"]["mainText"]):
            raise Wrong(f"line {self.seq} is not a reply")
        return of_visitor == 1


class _WebTalker:
    """What both transports of the widget share: the session, its token, a reader, and the transcript."""

    def __init__(self, http: aiohttp.ClientSession, address: str, name: str, *, origin: str = ORIGIN) -> None:
        self._http = http
        self._root = f"{address}{ROOT}"
        self._name = name
        self._origin = origin
        self._headers = {"Origin": origin}
        self._transcript = Transcript()
        self._answered: asyncio.Future[float] | None = None
        self._reader: asyncio.Task[None] | None = None

    async def lines_kept(self) -> int | None:
        return int((await self._session({"token": self._headers["Authorization"].removeprefix("Bearer ")}))["lastSeq"])

    async def _begin(self) -> str:
        token = str((await self._session({"locale": "en"}))["token"])
        self._headers["Authorization"] = f"Bearer {token}"
        return token

    async def _session(self, body: dict[str, str]) -> dict[str, Any]:
        async with self._http.post(f"{self._root}/session", json=body, headers={"Origin": self._origin}) as response:
            if response.status != 200:
                raise Wrong(f"no session: {response.status} {await response.text()}")
            session: dict[str, Any] = await response.json()
            return session

    def _next_message(self, text: str) -> dict[str, Any]:
        self._transcript.said.append(text)
        return {"clientId": f"bench-{len(self._transcript.said):08d}", "text": text}

    def _read_on(self, reading: Coroutine[None, None, None]) -> None:
        """Read until the connection ends, as a browser does; what goes wrong, the next `say` raises."""

        async def read() -> None:
            try:
                await reading
            except (Wrong, aiohttp.ClientError, asyncio.IncompleteReadError) as error:
                wrong = error if isinstance(error, Wrong) else Wrong(f"{self._name}: {type(error).__name__} {error}")
            else:
                wrong = Wrong(f"{self._name}: the connection was closed")
            self._transcript.wrong = wrong
            if self._answered is not None and not self._answered.done():
                self._answered.set_exception(wrong)

        self._reader = asyncio.create_task(read())

    def _hear(self, told: dict[str, Any]) -> None:
        if told["type"] == "error":
            raise Wrong(f"{self._name}: {told}")
        if told["type"] == "entry" and self._transcript.hear(told):
            if self._answered is None or self._answered.done():
                raise Wrong(f"{self._name}: a reply that nobody waits for")
            self._answered.set_result(perf_counter())

    async def _answer_since(self, sent: float) -> float:
        assert self._answered is not None
        try:
            return await asyncio.wait_for(self._answered, REPLY_SECONDS) - sent
        except TimeoutError:
            raise Wrong(f"{self._name}: no reply to message {len(self._transcript.said)}") from None

    def _expect(self) -> None:
        if self._transcript.wrong is not None:
            raise self._transcript.wrong
        self._answered = asyncio.get_running_loop().create_future()

    async def _stop_reading(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)


class SocketTalker(_WebTalker):
    """The widget's WebSocket."""

    _socket: aiohttp.ClientWebSocketResponse

    async def open(self) -> None:
        token = await self._begin()
        self._socket = await self._http.ws_connect(
            f"{self._root}/socket", headers={"Origin": self._origin}, compress=0, autoping=True
        )
        await self._socket.send_json({"type": "hello", "token": token, "lastSeq": 0, "page": PAGE})
        welcome = await self._socket.receive_json(timeout=REPLY_SECONDS)
        if welcome["type"] != "welcome":
            raise Wrong(f"no welcome: {welcome}")
        self._read_on(self._frames())

    async def say(self, text: str) -> float:
        frame = json.dumps({"type": "message", **self._next_message(text)})
        self._expect()
        sent = perf_counter()
        await self._socket.send_str(frame)
        return await self._answer_since(sent)

    async def close(self) -> None:
        await self._stop_reading()
        await self._socket.close()

    async def _frames(self) -> None:
        async for frame in self._socket:
            self._hear(_decode(frame.data))


class StreamTalker(_WebTalker):
    """The widget's way round: server-sent events down, POST up."""

    _events: aiohttp.ClientResponse

    async def open(self) -> None:
        await self._begin()
        self._events = await self._http.get(f"{self._root}/events", headers=self._headers)
        if self._events.status != 200:
            raise Wrong(f"no events: {self._events.status}")
        await self._events.content.readuntil(b"\n\n")  # the welcome
        self._read_on(self._entries())

    async def say(self, text: str) -> float:
        message = {**self._next_message(text), "page": PAGE}
        self._expect()
        sent = perf_counter()
        async with self._http.post(f"{self._root}/messages", json=message, headers=self._headers) as response:
            if response.status != 200:
                raise Wrong(f"{self._name}: {response.status} {await response.text()}")
            await response.read()
        return await self._answer_since(sent)

    async def close(self) -> None:
        await self._stop_reading()
        self._events.close()

    async def _entries(self) -> None:
        while event := await self._events.content.readuntil(b"\n\n"):
            if not event.startswith(b":"):
                data = next(line for line in event.split(b"\n") if line.startswith(b"data: "))
                self._hear(_decode(data[6:]))


MakeTalker = Callable[[str], Talker]
