"""The sender: effects of committed turns leave here, each destination in order, retried by the kind of failure."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from core.about import CONVERSATION, TRACE
from core.close_reading import found
from core.counts import Counts, Outcome
from core.destinations import Part, destination_of, together
from core.erasing import expire, forget, thin
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain, Fenced, ModelError, StoreUnavailable
from core.ids import ConversationId, Epoch, LeadId, Shard
from core.joining import told_message
from core.lead import Posting, PostingState
from core.ledger import fold
from core.message import InboundMessage
from core.pace import Pace
from core.ports import FactReader, LeadSink, LeadWithdrawal, TeamThread
from core.proving import CodeSender, proved
from core.reply import Reply
from core.same_address import looked_up
from core.store_ports import Beginning, OutboxEntry, Store
from core.team_notes import TeamNotes
from core.tracing import UNTRACED, Tracer
from core.turn import (
    CompareAddress,
    DeliverLead,
    DeliverReply,
    Expire,
    Forget,
    ListConversation,
    NoteUnmatched,
    ProveAddress,
    ReadClosely,
    RecordFacts,
    SendCode,
    TellTeam,
    TellThread,
    Thin,
    WithdrawLead,
)

_log = logging.getLogger(__name__)

_Word = TellThread | CompareAddress | ProveAddress
_Kept = RecordFacts | NoteUnmatched | ListConversation | _Word | Expire | Forget | Thin


class ReplyChannel(Protocol):
    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """Bring a reply to the platform; `effect` is the same for each attempt at it.

        With `again` an earlier attempt may have arrived: look, and send only what did not; where the platform lets
        nothing be looked up, raise `DeliveryUncertain` without sending. Raises `DeliveryDelayed` when it surely had no
        effect and may be tried later, `DeliveryParked` when somebody has to mend something, `DeliveryUncertain` when
        it may have arrived.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where effects go. `channels` holds those channels that are sent to.

    `sink`, `thread` and `withdrawal` are None without a sales channel, `reader` without a chat model, `codes` without
    a mail server. `further_sinks`
    get every lead as well, each by its own name, which its postings are kept under; the same revision twice does none
    of them harm.
    """

    channels: Mapping[str, ReplyChannel]
    sink: LeadSink | None
    thread: TeamThread | None = None
    reader: FactReader | None = None
    withdrawal: LeadWithdrawal | None = None
    codes: CodeSender | None = None
    further_sinks: Mapping[str, LeadSink] = field(default_factory=dict)
    forgotten: Callable[[], None] = lambda: None  # somebody was taken out: the store's files still tell of them

    def sink_named(self, name: str) -> LeadSink | None:
        """The sales channel's is named ""."""
        return self.further_sinks.get(name) if name else self.sink


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """By which right this process sends for a shard."""

    shard: Shard
    worker: str
    epoch: Epoch
    fresh: Callable[[], bool]  # whether the lease surely still runs
    counts: Counts = field(default_factory=Counts)
    tracer: Tracer = UNTRACED


class Courier:
    """Delivers the outbox of one owned shard. One queue a destination, so a slow one delays only itself."""

    def __init__(
        self, store: Store, doors: Doors, grounds: Grounds, pace: Pace, *, rng: Random, lost: Callable[[], None]
    ) -> None:
        self._store = store
        self._doors = doors
        self._grounds = grounds
        self._pace = pace
        self._rng = rng
        self._lost = lost
        self._queues: dict[str, deque[Part]] = {}
        self._unfinished: dict[int, int] = {}  # parts of an entry that are still to be delivered, by its number
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._parked: set[str] = set()
        self._resting: set[str] = set()
        self._begun: set[LeadId] = set()
        self._doubtful: set[int] = set()
        self._waited: set[LeadId] = set()
        self._team = TeamNotes(store.leads, doors.thread, doors.withdrawal)
        self._closing = False

    @property
    def parked(self) -> frozenset[str]:
        """Destinations that wait for somebody to mend something."""
        return frozenset(self._parked)

    def take(self, entries: tuple[OutboxEntry, ...]) -> None:
        """Deliver these, each after what its destination already waits for; nothing happens once the end has begun."""
        if self._closing:
            return
        for entry in entries:
            parts = self._parts(entry)
            self._unfinished[entry.seq] = len(parts)
            for part in parts:
                self._queue(destination_of(part), part)

    def _parts(self, entry: OutboxEntry) -> tuple[Part, ...]:
        """A lead goes to each sink by itself, so that one that is away holds up no other."""
        sinks = tuple(self._doors.further_sinks) if isinstance(entry.effect, DeliverLead) else ()
        return tuple(Part(entry, sink) for sink in ("", *sinks))

    def _queue(self, destination: str, part: Part) -> None:
        self._queues.setdefault(destination, deque()).append(part)
        if destination not in self._tasks:
            self._tasks[destination] = asyncio.get_running_loop().create_task(self._serve(destination))

    def take_withdrawals(self, pending: tuple[OutboxEntry, ...]) -> None:
        """Those of the store's pending effects that an erasure left; the others are ours already."""
        held = {part.entry.seq for queue in self._queues.values() for part in queue}
        self.take(tuple(one for one in pending if isinstance(one.effect, WithdrawLead) and one.seq not in held))

    def cancel(self) -> None:
        self._closing = True
        for task in self._tasks.values():
            task.cancel()

    async def drained(self) -> None:
        """Finish the attempts under way and begin no others; what is not delivered by then stays in the outbox."""
        self._closing = True
        for destination in self._resting:
            self._tasks[destination].cancel()
        tasks = tuple(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks)

    async def _serve(self, destination: str) -> None:
        queue = self._queues[destination]
        try:
            while queue and not self._closing:
                batch = together(queue)
                await self._until_delivered(destination, batch[-1])
                self._parked.discard(destination)
                for part in batch:
                    await self._finish(part.entry.seq)
                    queue.popleft()
            del self._queues[destination], self._tasks[destination]
        except (Fenced, StoreUnavailable) as error:
            _log.warning("shard %d: sending stopped: %s", self._grounds.shard, error)
            self._lost()

    async def _finish(self, seq: int) -> None:
        """One part is delivered; the effect has happened once all are."""
        self._unfinished[seq] -= 1
        if not self._unfinished[seq]:
            del self._unfinished[seq]
            await self._store.outbox.delivered(self._grounds.shard, self._grounds.worker, self._grounds.epoch, seq)

    async def _until_delivered(self, destination: str, part: Part) -> None:
        attempt = 0
        CONVERSATION.set(part.entry.conversation)
        TRACE.set(part.entry.trace)
        while True:
            attempt += 1
            try:
                with self._grounds.tracer.delivering(part.entry.effect, part.sink, trace=part.entry.trace):
                    outcome = await self._deliver(part)
                self._count(part, outcome)
            except (Fenced, StoreUnavailable):
                raise
            except DeliveryDelayed as error:
                self._count(part, Outcome.DELAYED)
                wait = self._backoff(attempt, error.retry_after)
            except DeliveryUncertain as error:
                self._count(part, Outcome.UNCERTAIN)
                _log.warning("uncertain whether it arrived: %s", error)
                wait = self._backoff(attempt, self._pace.uncertain)
            except Exception as error:
                self._park(destination, part, error)
                wait = self._pace.park
            else:
                return
            await self._rest(destination, wait)

    def _count(self, part: Part, outcome: Outcome) -> None:
        self._grounds.counts.deliver(part.entry.effect, part.sink, outcome)

    def _park(self, destination: str, part: Part, error: Exception) -> None:
        """Keep the effect and raise an alarm, once: it needs a person. So does a defect, which shows as any error."""
        if destination in self._parked:
            return
        self._parked.add(destination)
        self._count(part, Outcome.PARKED)
        trace = None if isinstance(error, DeliveryParked) else error
        _log.error("parked until mended: %s (%s)", error, type(part.entry.effect).__name__, exc_info=trace)

    async def _rest(self, destination: str, seconds: float) -> None:
        if self._closing:
            raise asyncio.CancelledError
        self._resting.add(destination)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._resting.discard(destination)

    def _backoff(self, attempt: int, at_least: float) -> float:
        """Full jitter above what the platform asked for."""
        return min(self._pace.retry_cap, at_least) + self._rng.uniform(0, min(self._pace.retry_cap, 0.1 * 2.0**attempt))

    async def _deliver(self, part: Part) -> Outcome:
        """What leaves for the outside, each once; what only changes the store, see `_keep`."""
        entry, effect = part.entry, part.entry.effect
        self._require_fresh()
        match effect:
            case DeliverReply():
                return await self._send_reply(entry, effect)
            case TellTeam():
                return await self._team.tell(entry, effect, self._once)
            case DeliverLead():
                return await self._deliver_lead(effect.lead, part.sink)
            case WithdrawLead():
                await self._withdraw(effect)
            case ReadClosely():
                await self._read_closely(effect)
            case SendCode():
                return await self._send_code(effect)
            case _:
                await self._keep(effect)
        return Outcome.DELIVERED

    async def _keep(
        self,
        effect: _Kept,
    ) -> None:
        """Bring the store up to what a turn has decided; doing it again does no harm."""
        worker, epoch = self._grounds.worker, self._grounds.epoch
        match effect:
            case RecordFacts():
                await self._store.ledger.append(effect.person, effect.facts)
            case NoteUnmatched():
                await self._store.unmatched.note(effect.conversation, worker, epoch, effect.chat)
            case ListConversation():
                await self._store.directory.list(effect.listing)
            case TellThread() | CompareAddress() | ProveAddress():
                await self._tell_conversation(effect)
            case Expire():
                await expire(self._store, effect)
            case Thin():
                await thin(self._store, effect)
            case Forget():
                await forget(self._store, effect)
                self._doors.forgotten()

    async def _tell_conversation(self, effect: _Word) -> None:
        """A word for a conversation comes in there like anything else."""
        match effect:
            case TellThread():
                word: InboundMessage | None = told_message(effect)
            case CompareAddress():
                word = await looked_up(self._store, effect)
            case ProveAddress():
                word = await proved(self._store, effect)
        if word is not None:
            await self._store.inbox.accept(word, worker=self._grounds.worker)

    def _require_fresh(self) -> None:
        if not self._grounds.fresh():
            raise Fenced("the lease may have lapsed")

    async def _send_reply(self, entry: OutboxEntry, effect: DeliverReply) -> Outcome:
        channel = self._doors.channels.get(effect.channel)
        if channel is None:
            raise DeliveryParked(f"no channel named {effect.channel!r} is configured")
        return await self._once(
            entry,
            lambda name, again: channel.send(effect.conversation, effect.reply, effect=name, again=again),
        )

    async def _once(self, entry: OutboxEntry, send: Callable[[str, bool], Awaitable[None]]) -> Outcome:
        """At most once: an attempt is noted before it leaves, and one of unknown outcome is never simply repeated."""
        shard, worker, epoch = self._grounds.shard, self._grounds.worker, self._grounds.epoch
        begun = await self._store.outbox.begin(shard, worker, epoch, entry)
        if begun is Beginning.WITHHELD:
            _log.info("an answer of the bot's is held back: a person has taken over")
            return Outcome.WITHHELD
        again = entry.seq in self._doubtful or begun is Beginning.AGAIN
        self._require_fresh()
        try:
            await send(f"{shard}-{entry.seq}", again)
        except (DeliveryDelayed, DeliveryParked):
            if not again:
                await self._store.outbox.not_begun(shard, entry.seq)
            raise
        except DeliveryUncertain as error:
            if not again:
                self._doubtful.add(entry.seq)
                raise
            _log.error("uncertain whether it arrived, not sent again: %s", error)
            await self._store.outbox.doubt(shard, worker, epoch, entry.seq)
            self._doubtful.discard(entry.seq)
            return Outcome.LISTED
        self._doubtful.discard(entry.seq)
        return Outcome.DELIVERED

    async def _read_closely(self, effect: ReadClosely) -> None:
        """Ask the model, and accept what it found like anything else that comes in.

        A model that fails is not asked about these lines again: the local reader has read them.
        """
        if self._doors.reader is None:
            return
        state = await self._store.conversations.load(effect.conversation)
        try:
            facts = await self._doors.reader.read(effect, fold(state.known_facts if state else ()))
        except ModelError as error:
            _log.warning("the model read nothing: %s", error)
            return
        if facts:
            await self._store.inbox.accept(found(effect, facts), worker=self._grounds.worker)

    async def _send_code(self, effect: SendCode) -> Outcome:
        """A code that may have arrived is sent again: it is the same one."""
        if self._doors.codes is None:
            raise DeliveryParked("a one-time code is to be sent, and no mail server is configured any more")
        return Outcome.DELIVERED if await self._doors.codes.send(effect) else Outcome.WITHHELD

    async def _deliver_lead(self, lead_id: LeadId, name: str) -> Outcome:
        """Post once, then update in place: a post is recorded as begun before it leaves, which is also the fence."""
        sink = self._doors.sink_named(name)
        lead = await self._store.leads.load(lead_id)
        if sink is None or lead is None:
            return Outcome.WITHHELD
        posting = await self._store.leads.posting(lead_id, name)
        if posting is not None and posting.state is PostingState.POSTED and posting.revision >= lead.revision:
            return Outcome.WITHHELD
        if not name and posting is not None and not posting.reference and lead_id not in self._begun:
            self._begun.add(lead_id)
            raise DeliveryUncertain("somebody before us began to post a lead, and it may still be on its way")
        self._begun.add(lead_id)
        begun = posting or Posting(state=PostingState.STARTED, revision=0)
        if not await self._record(lead_id, begun, name):
            return Outcome.WITHHELD
        self._require_fresh()
        try:
            await self._record(lead_id, await sink.deliver(lead, posting), name)
        except DeliveryParked as error:
            await self._record(lead_id, replace(begun, reason=str(error)), name)
            raise
        return Outcome.DELIVERED

    async def _withdraw(self, effect: WithdrawLead) -> None:
        """A card that is to be searched may become visible late, so the search does not begin at once."""
        if self._doors.withdrawal is None:
            raise DeliveryParked("a card is to be deleted from a sales channel, and none is configured any more")
        if not effect.reference and effect.lead not in self._waited:
            self._waited.add(effect.lead)
            raise DeliveryUncertain("a lead was erased while its card was being posted")
        await self._doors.withdrawal.withdraw(
            effect.lead, since=effect.since, channel=effect.channel, reference=effect.reference
        )
        self._waited.discard(effect.lead)

    async def _record(self, lead: LeadId, posting: Posting, sink: str) -> bool:
        return await self._store.leads.record_posting(lead, self._grounds.worker, self._grounds.epoch, posting, sink)
