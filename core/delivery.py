"""The sender: effects of committed turns leave here, each destination in order, retried by the kind of failure."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from core.close_reading import found
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain, Fenced, ModelError, StoreUnavailable
from core.ids import ConversationId, Epoch, LeadId, Shard
from core.lead import Posting, PostingState
from core.ledger import fold
from core.pace import Pace
from core.ports import FactReader, LeadSink
from core.reply import Reply
from core.store_ports import OutboxEntry, Store
from core.turn import DeliverLead, DeliverReply, NoteUnmatched, ReadClosely, RecordFacts

_log = logging.getLogger(__name__)


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

    `sink` is None without a sales channel, `reader` without a chat model.
    """

    channels: Mapping[str, ReplyChannel]
    sink: LeadSink | None
    reader: FactReader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """By which right this process sends for a shard."""

    shard: Shard
    worker: str
    epoch: Epoch
    fresh: Callable[[], bool]  # whether the lease surely still runs


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
        self._queues: dict[str, deque[OutboxEntry]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._parked: set[str] = set()
        self._resting: set[str] = set()
        self._begun: set[LeadId] = set()
        self._doubtful: set[int] = set()
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
            destination = _destination(entry)
            self._queues.setdefault(destination, deque()).append(entry)
            if destination not in self._tasks:
                self._tasks[destination] = asyncio.get_running_loop().create_task(self._serve(destination))

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
                batch = tuple(queue) if isinstance(queue[0].effect, DeliverLead) else (queue[0],)
                await self._until_delivered(destination, batch[-1])
                self._parked.discard(destination)
                for entry in batch:
                    await self._store.outbox.delivered(
                        self._grounds.shard, self._grounds.worker, self._grounds.epoch, entry.seq
                    )
                    queue.popleft()
            del self._queues[destination], self._tasks[destination]
        except (Fenced, StoreUnavailable) as error:
            _log.warning("shard %d: sending stopped: %s", self._grounds.shard, error)
            self._lost()

    async def _until_delivered(self, destination: str, entry: OutboxEntry) -> None:
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._deliver(entry)
            except (Fenced, StoreUnavailable):
                raise
            except DeliveryDelayed as error:
                wait = self._backoff(attempt, error.retry_after)
            except DeliveryUncertain as error:
                _log.warning("uncertain whether it arrived: %s", error)
                wait = self._backoff(attempt, self._pace.uncertain)
            except Exception as error:
                self._park(destination, entry, error)
                wait = self._pace.park
            else:
                return
            await self._rest(destination, wait)

    def _park(self, destination: str, entry: OutboxEntry, error: Exception) -> None:
        """Keep the effect and raise an alarm, once: it needs a person. So does a defect, which shows as any error."""
        if destination in self._parked:
            return
        self._parked.add(destination)
        trace = None if isinstance(error, DeliveryParked) else error
        _log.error("parked until mended: %s (%s)", error, type(entry.effect).__name__, exc_info=trace)

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

    async def _deliver(self, entry: OutboxEntry) -> None:
        effect = entry.effect
        self._require_fresh()
        match effect:
            case RecordFacts():
                await self._store.ledger.append(effect.person, effect.facts)
            case NoteUnmatched():
                await self._store.unmatched.note(
                    effect.conversation, self._grounds.worker, self._grounds.epoch, effect.chat
                )
            case DeliverReply():
                await self._send_reply(entry, effect)
            case DeliverLead():
                await self._deliver_lead(effect.lead)
            case ReadClosely():
                await self._read_closely(effect)

    def _require_fresh(self) -> None:
        if not self._grounds.fresh():
            raise Fenced("the lease may have lapsed")

    async def _send_reply(self, entry: OutboxEntry, effect: DeliverReply) -> None:
        """At most once: an attempt is noted before it leaves, and one of unknown outcome is never simply repeated."""
        channel = self._doors.channels.get(effect.channel)
        if channel is None:
            raise DeliveryParked(f"no channel named {effect.channel!r} is configured")
        shard, worker, epoch = self._grounds.shard, self._grounds.worker, self._grounds.epoch
        again = entry.seq in self._doubtful or not await self._store.outbox.begin(shard, worker, epoch, entry.seq)
        self._require_fresh()
        try:
            await channel.send(effect.conversation, effect.reply, effect=f"{shard}-{entry.seq}", again=again)
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

    async def _deliver_lead(self, lead_id: LeadId) -> None:
        """Post once, then update in place: a post is recorded as begun before it leaves, which is also the fence."""
        sink = self._doors.sink
        lead = await self._store.leads.load(lead_id)
        if sink is None or lead is None:
            return
        posting = await self._store.leads.posting(lead_id)
        if posting is not None and posting.state is PostingState.POSTED and posting.revision >= lead.revision:
            return
        if posting is not None and not posting.reference and lead_id not in self._begun:
            self._begun.add(lead_id)
            raise DeliveryUncertain("somebody before us began to post a lead, and it may still be on its way")
        self._begun.add(lead_id)
        begun = posting or Posting(state=PostingState.STARTED, revision=0)
        await self._record(lead_id, begun)
        self._require_fresh()
        try:
            await self._record(lead_id, await sink.deliver(lead, posting))
        except DeliveryParked as error:
            await self._record(lead_id, replace(begun, reason=str(error)))
            raise

    async def _record(self, lead: LeadId, posting: Posting) -> None:
        await self._store.leads.record_posting(lead, self._grounds.worker, self._grounds.epoch, posting)


def _destination(entry: OutboxEntry) -> str:
    match entry.effect:
        case DeliverReply():
            return f"reply:{entry.effect.conversation}"
        case DeliverLead():
            return f"lead:{entry.effect.lead}"
        case RecordFacts():
            return f"ledger:{entry.effect.person}"
        case ReadClosely():
            return f"reading:{entry.effect.conversation}"
        case NoteUnmatched():
            return f"unmatched:{entry.effect.conversation}"
