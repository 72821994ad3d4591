"""A web channel on a real server, in front of a reception that a test scripts; and a site on another origin."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, web

from adapters.kind import ChannelPorts
from adapters.web import CHANNEL
from adapters.web.channel import WebChannel, build
from adapters.web.settings import WebSettings
from adapters.web.sockets import Timings
from core.errors import StoreUnavailable
from core.ids import ConversationId, MessageId
from core.message import InboundMessage, MessageKind
from core.reception import Continuations, Identities, Inviter, Listener
from core.store_ports import Acceptance, AcceptStatus, Notes
from core.transcript import TranscriptEntry

KEY = "a signing key that is only for tests, 32+"
START = 1_700_000_000.0
Answer = Callable[[InboundMessage], Mapping[str, Any] | None]


def wire(main_text: str, **more: Any) -> dict[str, Any]:
    """A reply as it stands on the wire."""
    shape: dict[str, Any] = {
        "mainText": main_text,
        "buttons": [],
        "persona": None,
        "nextSteps": "",
        "botMode": "lead_generation",
        "emailPrompt": None,
        "citations": [],
        "profileContext": None,
    }
    return {**shape, **more}


def silence(_message: InboundMessage) -> None:
    """Answer nothing."""


@dataclass
class HandClock:
    at: float = START

    def now(self) -> float:
        return self.at


@dataclass
class ScriptedReception:
    """Keeps lines like the hub would, and answers each message with what `answer` gives."""

    clock: HandClock = field(default_factory=HandClock)
    answer: Answer = silence
    away: bool = False
    person_answers: bool = False  # the bot is silent, also before a person has said anything
    silent: bool = False  # lines are kept but nobody is told
    messages: list[InboundMessage] = field(default_factory=list)
    identified: list[InboundMessage] = field(default_factory=list)
    presence: list[InboundMessage] = field(default_factory=list)  # who left the tab or came back
    typed: list[ConversationId] = field(default_factory=list)
    lines: dict[ConversationId, list[TranscriptEntry]] = field(default_factory=dict)
    listeners: dict[ConversationId, list[Listener]] = field(default_factory=dict)
    _accepted: dict[MessageId, tuple[str, int]] = field(default_factory=dict)

    async def accept(self, message: InboundMessage) -> Acceptance:
        self._check()
        if message.id in self._accepted:
            text, seq = self._accepted[message.id]
            status = AcceptStatus.DUPLICATE if text == message.text else AcceptStatus.CONFLICT
            return Acceptance(status=status, seq=0, log_seq=seq, owned=True)
        if message.kind in {MessageKind.AWAY, MessageKind.RETURNED}:
            self.presence.append(message)
            return Acceptance(status=AcceptStatus.ACCEPTED, seq=1, log_seq=0, owned=True)
        if message.kind is MessageKind.IDENTIFIED:
            self.identified.append(message)
            self._accepted[message.id] = (message.text, 0)
            return Acceptance(status=AcceptStatus.ACCEPTED, seq=1, log_seq=0, owned=True)
        self.messages.append(message)
        seq = 0
        if message.kind is not MessageKind.OPENED:
            seq = self.say(message.conversation, "visitor", message.text, message=message.id)
        self._accepted[message.id] = (message.text, seq)
        reply = None if self.person_answers else self.answer(message)
        if reply is not None:
            self.say(message.conversation, "bot", str(reply["mainText"]), reply=reply)
        return Acceptance(
            status=AcceptStatus.ACCEPTED,
            seq=len(self.messages),
            log_seq=seq,
            owned=True,
            person_answers=self.person_answers,
        )

    def say(
        self,
        conversation: ConversationId,
        author: str,
        text: str,
        *,
        message: MessageId | None = None,
        reply: Mapping[str, Any] | None = None,
    ) -> int:
        lines = self.lines.setdefault(conversation, [])
        entry = TranscriptEntry(
            seq=len(lines) + 1, author=author, at=self.clock.now(), text=text, message=message, reply=reply
        )
        lines.append(entry)
        if not self.silent:
            self.tell(conversation, entry)
        return entry.seq

    def tell(self, conversation: ConversationId, *entries: TranscriptEntry) -> None:
        for listener in list(self.listeners.get(conversation, ())):
            listener(entries)

    def erase(self, conversation: ConversationId) -> None:
        self.lines.pop(conversation, None)
        for listener in list(self.listeners.get(conversation, ())):
            listener(None)

    async def transcript(self, conversation: ConversationId, *, after: int, limit: int) -> tuple[TranscriptEntry, ...]:
        self._check()
        return tuple(self.lines.get(conversation, [])[after : after + limit])

    async def watch(self, conversation: ConversationId, listener: Listener) -> None:
        self._check()
        self.listeners.setdefault(conversation, []).append(listener)

    async def unwatch(self, conversation: ConversationId, listener: Listener) -> None:
        if listener in self.listeners.get(conversation, []):
            self.listeners[conversation].remove(listener)
        self._check()

    def typing(self, conversation: ConversationId) -> None:
        self.typed.append(conversation)

    @property
    def conversation(self) -> ConversationId:
        """The only conversation there is."""
        (only,) = {message.conversation for message in self.messages}
        return only

    def _check(self) -> None:
        if self.away:
            raise StoreUnavailable("the scripted store is away; set `away` to False")


@dataclass
class Ticks:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Desk:
    """A running channel and everything a test wants to look at."""

    url: str  # http://127.0.0.1:port
    origin: str
    channel: WebChannel
    reception: ScriptedReception
    clock: HandClock
    ticks: Ticks
    http: ClientSession
    name: str = "site"

    def path(self, route: str) -> str:
        return f"{self.url}/channels/web/{self.name}/{route}"

    async def call(
        self, method: str, route: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, decoded body and headers of a request from the allowed origin (override with `headers`)."""
        sent = {"Origin": self.origin, **(headers or {})}
        sent = {name: value for name, value in sent.items() if value}
        async with self.http.request(method, self.path(route), headers=sent, **options) as response:
            body = await response.json() if response.content_type == "application/json" else await response.text()
            return response.status, body, response.headers

    async def session(self, **body: Any) -> dict[str, Any]:
        status, answer, _ = await self.call("POST", "session", json=body)
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer

    async def connect(self, token: str, *, last_seq: int = 0, **more: Any) -> ClientWebSocketResponse:
        """An open socket whose hello has been sent."""
        socket = await self.http.ws_connect(self.path("socket"), headers={"Origin": self.origin})
        await socket.send_json({"type": "hello", "token": token, "lastSeq": last_seq, **more})
        return socket


@asynccontextmanager
async def serving(routes: Sequence[web.AbstractRouteDef], *, port: int = 0) -> AsyncIterator[str]:
    """A server on loopback with these routes; its address."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running_desk(
    origin: str = "https://shop.example",
    *,
    reception: ScriptedReception | None = None,
    timings: Timings | None = None,
    port: int = 0,
    inviter: Inviter | None = None,
    identities: Identities | None = None,
    continuations: Continuations | None = None,
    notes: Notes | None = None,
    **settings: Any,
) -> AsyncIterator[Desk]:
    clock = reception.clock if reception else HandClock()
    reception = reception or ScriptedReception(clock=clock)
    ids, ticks = itertools.count(1), Ticks()
    ports = ChannelPorts(
        name="site",
        tenant="acme",
        reception=reception,
        clock=clock,
        new_id=lambda: f"{next(ids):032x}",
        signing_keys=(KEY,),
        inviter=inviter,
        identities=identities,
        continuations=continuations,
        notes=notes,
    )
    model = WebSettings.model_validate({"kind": "web", "allowed_origins": [origin], **settings})
    channel = build(model, ports, timings=timings, ticks=ticks)
    routes = [*channel.routes(), *CHANNEL.shared_routes()]
    async with serving(routes, port=port) as url, ClientSession() as http:
        await channel.start()
        try:
            yield Desk(url, origin, channel, reception, clock, ticks, http)
        finally:
            await channel.stop()
