"""A hub over a real store, with an engine and a sales channel that do as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any, cast

from core.delivery import Doors
from core.handling import handle, overheard
from core.hub import Hub
from core.ids import ConversationId, LeadId, MessageId, Shard, VisitorId, lead_of
from core.lead import NOT_READY, Lead, Posting, PostingState
from core.message import InboundMessage, MessageKind
from core.pace import Pace
from core.receiving import receive
from core.rep import NoteKind, TeamNote
from core.reply import Mode, Reply
from core.session import ConversationState
from core.shards import shard_of
from core.store_ports import Store
from core.transcript import TranscriptEntry
from core.turn import DeliverLead, DeliverReply, Timer, TurnOutcome
from core.understanding import Understanding
from tests.contracts.builders import lead, new_conversation
from tests.contracts.stores import SHARDS
from tests.core.talking import english

QUICK = Pace(
    quiet=0.0, patience=0.2, lease=1.0, tend=0.02, accept=0.3, drain=2.0, uncertain=0.02, park=0.03, retry_cap=0.02
)
WITHIN = 5.0


class ToldClock:
    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


class Echo:
    """Answers with the texts it was given; words in a text make it do more. Implements `core.tenure.Responder`.

    `fail`: raise; `lead`: a new revision of the lead; `timer`: wake the conversation ten seconds later; `odd`: an
    outcome that cannot be stored; anything in `held` waits until it is released.
    """

    def __init__(self) -> None:
        self.bursts: list[tuple[str, ...]] = []
        self.began: list[str] = []
        self.running = 0
        self.most_running = 0
        self.held: dict[str, asyncio.Event] = {}
        self.pause = 0.0

    def hold(self, text: str) -> asyncio.Event:
        self.held[text] = asyncio.Event()
        return self.held[text]

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        texts = tuple(message.text for message in messages)
        self.began += texts
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(self.pause)
            for event in [self.held[text] for text in texts if text in self.held]:
                await event.wait()
        finally:
            self.running -= 1
        if "fail" in texts:
            raise ValueError("told to fail")
        self.bursts.append(texts)
        if state.session.mode is Mode.HUMAN:
            return _overheard(state, messages)
        return _sent(_outcome(state, messages, "you said " + " + ".join(texts)))

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        return handle(state, message, now=message.at, phrases=english(), transcript_channels=frozenset({"web"}))

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        session = receive(state.session, messages)
        return _answer(replace(state, session=session), "sorry")


def _sent(outcome: TurnOutcome) -> TurnOutcome:
    """A channel named "phone" is sent to; the clients of the others read the transcript."""
    session, reply = outcome.state.session, outcome.reply
    if session.channel != "phone" or reply is None:
        return outcome
    effect = DeliverReply(channel=session.channel, conversation=session.conversation, reply=reply)
    return replace(outcome, effects=(effect, *outcome.effects))


def _overheard(state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
    session = receive(state.session, messages)
    return replace(
        _answer(replace(state, session=session), ""), reply=None, effects=tuple(overheard(state.lead, messages, ()))
    )


def _answer(state: ConversationState, text: str) -> TurnOutcome:
    reply = Reply(main_text=text, mode=Mode.LEAD)
    return TurnOutcome(state=state, reply=reply, understanding=Understanding(), readiness=NOT_READY)


def _outcome(state: ConversationState, messages: Sequence[InboundMessage], text: str) -> TurnOutcome:
    texts = [message.text for message in messages]
    outcome = _answer(replace(state, session=receive(state.session, messages)), text)
    conversation = state.session.conversation
    if "lead" in texts:
        revision = state.lead.revision + 1 if state.lead else 1
        grown = replace(outcome.state, lead=lead(conversation, revision))
        outcome = replace(outcome, state=grown, lead_changed=True, effects=(DeliverLead(lead=lead_of(conversation)),))
    if "timer" in texts:
        outcome = replace(outcome, timers=(Timer(name="later", at=messages[-1].at + 10.0),))
    if "odd" in texts:
        outcome = replace(outcome, timers=(Timer(name="odd", at=cast("Any", object())),))
    return outcome


class Sales:
    """A sales channel. `answers` are raised or returned in turn; after them every delivery succeeds."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[LeadId, int, Posting | None]] = []
        self.hold: asyncio.Event | None = None
        self.called = asyncio.Event()

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        self.calls.append((lead.id, lead.revision, posting))
        self.called.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.answers:
            raise self.answers.pop(0)
        return Posting(state=PostingState.POSTED, revision=lead.revision, channel="C", reference="1.0")


class Thread:
    """The threads under the cards of `Sales`; keeps what each was told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[LeadId, TeamNote]] = []

    async def tell(self, lead: Lead, posting: Posting, note: TeamNote, *, effect: str, again: bool) -> None:
        assert posting.reference
        assert effect
        assert not again
        self.told.append((lead.id, note))

    def kinds(self, lead: LeadId) -> list[NoteKind]:
        return [note.kind for one, note in self.told if one == lead]


class Ears:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.lines: list[TranscriptEntry] = []
        self._news = asyncio.Event()

    def __call__(self, lines: tuple[TranscriptEntry, ...] | None) -> None:
        self.lines += lines or ()
        self._news.set()

    @property
    def replies(self) -> list[str]:
        by_seq = {line.seq: line.text for line in self.lines if line.author == "bot"}
        return [text for _, text in sorted(by_seq.items())]

    async def until(self, true: Callable[[list[TranscriptEntry]], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while not true(self.lines):
                self._news.clear()
                await self._news.wait()

    async def replied(self, count: int = 1) -> list[str]:
        await self.until(lambda _: len(self.replies) >= count)
        return self.replies


def said(conversation: ConversationId, text: str, *, identity: str = "", at: float = 1_800_000_000.0) -> InboundMessage:
    return InboundMessage(
        id=MessageId(identity or text),
        channel="web",
        conversation=conversation,
        visitor=VisitorId("visitor-1"),
        kind=MessageKind.TEXT,
        text=text,
        at=at,
    )


def make_hub(store: Store, worker: str = "w1", **changes: Any) -> Hub:
    """Changes: `engine`, `sales`, `thread`, `channels`, `doors`, `pace`, `clock`, `observe`, `tracer`."""
    observe = {name: changes[name] for name in ("observe", "tracer") if name in changes}
    return Hub(
        store,
        changes.get("engine") or Echo(),
        changes.get("doors")
        or Doors(channels=changes.get("channels", {}), sink=changes.get("sales"), thread=changes.get("thread")),
        worker=worker,
        shards=SHARDS,
        pace=changes.get("pace", QUICK),
        clock=changes.get("clock") or ToldClock(),
        rng=Random(1),
        **observe,
    )


@asynccontextmanager
async def running_hub(store: Store, worker: str = "w1", **changes: Any) -> AsyncIterator[Hub]:
    hub = make_hub(store, worker, **changes)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


def in_shard(shard: Shard, count: int = 1) -> list[ConversationId]:
    """New conversations that live in a shard."""
    found: list[ConversationId] = []
    while len(found) < count:
        conversation = new_conversation()
        if shard_of(conversation, SHARDS) == shard:
            found.append(conversation)
    return found


async def eventually(true: Callable[[], bool | Awaitable[bool]], what: str) -> None:
    deadline = asyncio.get_running_loop().time() + WITHIN
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(0.005)


class Altered:
    """A port with some of its calls replaced."""

    def __init__(self, port: object, **calls: Callable[..., Any]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        return self._calls.get(name) or getattr(self._port, name)


def altered(store: Store, port: str, **calls: Callable[..., Any]) -> Store:
    changes: dict[str, Any] = {port: Altered(getattr(store, port), **calls)}
    return replace(store, **changes)
