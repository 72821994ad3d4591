"""The WebSocket of a browser: hello, welcome, then frames both ways until one side leaves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from adapters.rates import SlowDown
from adapters.web.door import STORE_RETRY
from adapters.web.feed import Feed
from adapters.web.identity import Introductions
from adapters.web.inbound import (
    FRAME_LIMIT,
    Frame,
    Hello,
    Introduced,
    Moved,
    Opened,
    Ping,
    Presence,
    Saying,
    Typing,
    client_id_of,
    read_frame,
    read_hello,
)
from adapters.web.intake import Intake
from adapters.web.outbound import (
    ack_frame,
    encode,
    entry_frame,
    error_frame,
    forgotten_frame,
    identified_frame,
    welcome_frame,
)
from adapters.web.tokens import Claims, SessionTokens
from core.errors import Refused, StoreUnavailable
from core.message import Page
from core.reception import Reception
from core.transcript import TranscriptEntry

UNAUTHORISED = 4401
"""Close code: no token came in time, or it does not open a conversation. The reason is the code of the refusal."""
CROWDED = 4429
"""Close code: this conversation has as many open sockets as it may."""
SOCKETS_PER_CONVERSATION = 12
_MOST_FAULTS = 30
"""Refused frames after which a socket is closed."""
_MOST_PINGS = 600
"""Protocol pings of a client between two of its frames; an honest browser sends none."""
_PONG = encode({"type": "pong"})
_SUBPROTOCOLS = "Sec-WebSocket-Protocol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds. `heartbeat`: a ping is due after that much silence, and its answer within half of it again."""

    hello: float = 10.0
    heartbeat: float = 20.0
    close: float = 2.0


class Sockets:
    """Serves `GET socket` and knows every socket that is open, so that they can be closed together."""

    def __init__(
        self,
        tokens: SessionTokens,
        intake: Intake,
        introductions: Introductions,
        reception: Reception,
        timings: Timings,
    ) -> None:
        self._tokens = tokens
        self._intake = intake
        self._introductions = introductions
        self._reception = reception
        self._timings = timings
        self._stopping = False
        self._open: set[web.WebSocketResponse] = set()
        self._per_conversation: Counter[str] = Counter()

    async def serve(self, request: web.Request, origin: str) -> web.StreamResponse:
        if self._stopping:
            raise Refused("unavailable", status=503)
        socket = web.WebSocketResponse(
            heartbeat=self._timings.heartbeat,
            timeout=self._timings.close,
            max_msg_size=FRAME_LIMIT,
            compress=False,
            autoping=False,
        )
        # the widget names no sub-protocol, and aiohttp would log a stranger's
        if _SUBPROTOCOLS in request.headers or not socket.can_prepare(request).ok:
            raise Refused("bad_request")
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._greet(socket, request.remote, origin)
        finally:
            self._open.discard(socket)
        return socket

    def reopen(self) -> None:
        """Let browsers in."""
        self._stopping = False

    async def close_all(self) -> None:
        """Tell every browser that the service restarts, and let none in until `reopen`; they come back later."""
        self._stopping = True
        closing = [one.close(code=WSCloseCode.SERVICE_RESTART, message=b"restart") for one in self._open]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _greet(self, socket: web.WebSocketResponse, ip: str | None, origin: str) -> None:
        try:
            hello = await self._hello(socket, origin)
            claims = self._tokens.verify(hello.token, origin=origin)
        except Refused as refused:
            await socket.close(code=UNAUTHORISED, message=refused.code.encode())
            return
        if self._per_conversation[claims.conversation] >= SOCKETS_PER_CONVERSATION:
            await socket.close(code=CROWDED, message=b"too_many_sockets")
            return
        self._per_conversation[claims.conversation] += 1
        try:
            line = _Line(socket, claims, ip, self._tokens, self._intake, self._introductions, self._reception)
            await line.run(hello)
        finally:
            self._per_conversation[claims.conversation] -= 1
            if not self._per_conversation[claims.conversation]:
                del self._per_conversation[claims.conversation]

    async def _hello(self, socket: web.WebSocketResponse, origin: str) -> Hello:
        try:
            message = await socket.receive(timeout=self._timings.hello)
        except TimeoutError:
            raise Refused("token_missing", status=401) from None
        if message.type is not WSMsgType.TEXT:
            raise Refused("token_missing", status=401)
        return read_hello(message.data, origin=origin)


class _Line:
    """One authenticated socket."""

    __slots__ = (
        "_claims",
        "_faults",
        "_feed",
        "_intake",
        "_introductions",
        "_ip",
        "_leaving",
        "_page",
        "_pings",
        "_socket",
        "_tokens",
    )

    def __init__(
        self,
        socket: web.WebSocketResponse,
        claims: Claims,
        ip: str | None,
        tokens: SessionTokens,
        intake: Intake,
        introductions: Introductions,
        reception: Reception,
    ) -> None:
        self._socket = socket
        self._claims = claims
        self._ip = ip
        self._tokens = tokens
        self._intake = intake
        self._introductions = introductions
        self._page: Page | None = None
        self._faults = 0
        self._pings = 0
        self._leaving: asyncio.Task[bool] | None = None
        self._feed = Feed(
            reception, claims.conversation, deliver=self._deliver, broken=self._break, forgotten=self._forget
        )

    async def run(self, hello: Hello) -> None:
        self._page = hello.page
        try:
            opening = await self._feed.open(hello.last_seq)
            conversation = self._claims.conversation
            await self._send(welcome_frame(opening.entries, conversation, seq=opening.seq, reset=opening.reset))
            self._feed.flow()
            if hello.identity is not None:
                await self._attempt(self._introduce(hello.identity))
            await self._listen()
        except StoreUnavailable:
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"unavailable")
        except ConnectionError:
            pass  # the browser is gone; the transcript keeps what it has not seen
        finally:
            await self._feed.close()

    async def _listen(self) -> None:
        while not self._socket.closed:
            message = await self._socket.receive()
            if message.type is WSMsgType.TEXT:
                self._pings = 0
                await self._take(message.data)
            elif not await self._control(message):
                return

    async def _control(self, message: WSMessage) -> bool:
        """Answer a protocol frame; False when the line has ended."""
        if message.type is WSMsgType.PING and self._pings < _MOST_PINGS:
            self._pings += 1
            await self._socket.pong(message.data)
            return True
        if message.type is WSMsgType.PONG:
            return True
        if message.type is WSMsgType.BINARY:
            await self._socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b"bad_frame")
        elif message.type is WSMsgType.PING:
            await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"slow_down")
        return False

    async def _take(self, raw: str) -> None:
        await self._attempt(self._do(raw), client_id=lambda: client_id_of(raw))

    async def _attempt(self, work: Awaitable[None], *, client_id: Callable[[], str] = str) -> None:
        """A refusal is answered; `client_id` tells which message it is about."""
        try:
            await work
        except Refused as refused:
            await self._refuse(refused, client_id)
        except StoreUnavailable:
            await self._send(error_frame("unavailable", client_id=client_id(), retry_after=STORE_RETRY))

    async def _introduce(self, token: str) -> None:
        self._tokens.check_time(self._claims)
        await self._introductions.introduce(token, self._claims)
        await self._send(identified_frame())

    async def _do(self, raw: str) -> None:
        frame: Frame = read_frame(raw, origin=self._claims.origin)
        if isinstance(frame, Saying):
            self._tokens.check_time(self._claims)
            self._page = frame.page or self._page
            taken = await self._intake.say(frame, self._claims, ip=self._ip, page=self._page)
            await self._send(ack_frame(frame.client_id, seq=taken.seq, cut=taken.cut, by_person=taken.by_person))
        elif isinstance(frame, Opened):
            self._tokens.check_time(self._claims)
            self._page = frame.page or self._page
            await self._intake.opened(self._claims, ip=self._ip, page=self._page)
        elif isinstance(frame, Presence):
            self._tokens.check_time(self._claims)
            self._page = frame.page or self._page
            await self._intake.present(frame, self._claims, ip=self._ip)
        elif isinstance(frame, Introduced):
            await self._introduce(frame.token)
        elif isinstance(frame, Typing):
            self._intake.typing(self._claims)
        elif isinstance(frame, Moved):
            self._page = frame.page or self._page
        elif isinstance(frame, Ping):
            await self._socket.send_str(_PONG)

    async def _refuse(self, refused: Refused, client_id: Callable[[], str]) -> None:
        self._faults += 1
        wait = refused.retry_after if isinstance(refused, SlowDown) else 0.0
        if refused.status == web.HTTPUnauthorized.status_code:
            await self._socket.close(code=UNAUTHORISED, message=refused.code.encode())
        elif self._faults > _MOST_FAULTS:
            await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=refused.code.encode())
        else:
            await self._send(error_frame(refused.code, client_id=client_id(), retry_after=wait))

    async def _deliver(self, entry: TranscriptEntry) -> None:
        await self._send(entry_frame(entry, self._claims.conversation))

    async def _forget(self) -> None:
        await self._send(forgotten_frame())

    async def _send(self, frame: dict[str, object]) -> None:
        await self._socket.send_str(encode(frame))

    def _break(self) -> None:
        closing = self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"unavailable")
        self._leaving = asyncio.get_running_loop().create_task(closing)
