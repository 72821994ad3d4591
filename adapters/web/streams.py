"""The way round for browsers whose network lets no WebSocket through: server-sent events and POST."""

from __future__ import annotations

import asyncio

from aiohttp import web

from adapters.web.door import Door, bearer, json_response, read_json
from adapters.web.feed import Feed
from adapters.web.identity import Introductions
from adapters.web.inbound import read_introduced, read_last_event_id, read_opened, read_presence, read_saying
from adapters.web.intake import Intake
from adapters.web.outbound import ack_body, entry_frame, event, forgotten_frame, welcome_frame
from adapters.web.sockets import SOCKETS_PER_CONVERSATION, Timings
from adapters.web.tokens import Claims, SessionTokens
from core.errors import Refused
from core.ids import ConversationId
from core.reception import Reception
from core.transcript import TranscriptEntry

_STILL_THERE = b": still there\n\n"


class Streams:
    """`GET events`, `POST messages`, `typing`, `presence`, `opened` and `identity`, each with the token as a bearer."""

    def __init__(
        self,
        door: Door,
        tokens: SessionTokens,
        intake: Intake,
        introductions: Introductions,
        reception: Reception,
        timings: Timings,
    ) -> None:
        self._door = door
        self._tokens = tokens
        self._intake = intake
        self._introductions = introductions
        self._reception = reception
        self._timings = timings
        self._stopping = False
        self._open: dict[asyncio.Event, tuple[ConversationId, web.Request]] = {}

    async def message(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._claims(request, origin)
        saying = read_saying(await read_json(request), origin=origin)
        taken = await self._intake.say(saying, claims, ip=request.remote, page=saying.page)
        return json_response(ack_body(saying.client_id, seq=taken.seq, cut=taken.cut, by_person=taken.by_person))

    async def opened(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._claims(request, origin)
        frame = read_opened(await read_json(request), origin=origin)
        await self._intake.opened(claims, ip=request.remote, page=frame.page)
        return json_response({})

    async def presence(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._claims(request, origin)
        frame = read_presence(await read_json(request), origin=origin)
        await self._intake.present(frame, claims, ip=request.remote)
        return json_response({})

    async def identity(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._claims(request, origin)
        shown = read_introduced(await read_json(request))
        await self._introductions.introduce(shown.token, claims)
        return json_response({})

    async def typing(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._claims(request, origin)
        await read_json(request)
        self._intake.typing(claims)
        return json_response({})

    async def events(self, request: web.Request, origin: str) -> web.StreamResponse:
        """The conversation as a stream: one `welcome`, then an `entry` a line, resumable by `Last-Event-ID`."""
        if self._stopping:
            raise Refused("unavailable", status=503)
        claims = self._claims(request, origin)
        after = read_last_event_id(request.headers.get("Last-Event-ID"))
        if self._streams_of(claims.conversation) >= SOCKETS_PER_CONVERSATION:
            raise Refused("too_many_sockets", status=429)
        ended = asyncio.Event()
        self._open[ended] = (claims.conversation, request)
        try:
            return await self._stream(request, claims, after, ended)
        finally:
            del self._open[ended]

    def reopen(self) -> None:
        """Let browsers in."""
        self._stopping = False

    async def close_all(self) -> None:
        """End every stream, and let none in until `reopen`; browsers come back by themselves."""
        self._stopping = True
        for ended in self._open:
            ended.set()

    async def _stream(
        self, request: web.Request, claims: Claims, after: int, ended: asyncio.Event
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={**self._door.headers(claims.origin), "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"

        async def deliver(entry: TranscriptEntry) -> None:
            await response.write(event(entry_frame(entry, claims.conversation), seq=entry.seq))

        async def forget() -> None:
            await response.write(event(forgotten_frame()))

        feed = Feed(self._reception, claims.conversation, deliver=deliver, broken=ended.set, forgotten=forget)
        try:
            opening = await feed.open(after)
            frame = welcome_frame(opening.entries, claims.conversation, seq=opening.seq, reset=opening.reset)
            await response.prepare(request)
            await response.write(event(frame, seq=opening.seq))
            feed.flow()
            await self._keep_open(response, ended)
        except ConnectionError:
            pass  # the browser is gone; the transcript keeps what it has not seen
        finally:
            await feed.close()
        return response

    async def _keep_open(self, response: web.StreamResponse, ended: asyncio.Event) -> None:
        while True:
            try:
                async with asyncio.timeout(self._timings.heartbeat):
                    await ended.wait()
            except TimeoutError:
                await response.write(_STILL_THERE)
            else:
                return

    def _streams_of(self, conversation: ConversationId) -> int:
        """Without those whose browser has left and which only their next heartbeat will end."""
        return sum(one == conversation and request.transport is not None for one, request in self._open.values())

    def _claims(self, request: web.Request, origin: str) -> Claims:
        return self._tokens.verify(bearer(request), origin=origin)
