"""The hub: accepts messages durably, owns shards, and brings replies and effects out. See `docs/adr` for the why."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from random import Random
from zlib import crc32

from core.counts import Counts
from core.delivery import Courier, Doors, Grounds
from core.errors import Fenced, StoreUnavailable
from core.ids import ConversationId, Epoch, Shard
from core.message import InboundMessage, InboxEntry, MessageKind
from core.pace import Pace
from core.ports import Clock
from core.reception import Listener
from core.shards import shard_of
from core.staff import Responder, Staff, TurnObserver
from core.store_ports import (
    Acceptance,
    AcceptStatus,
    Changed,
    Forgotten,
    Grant,
    LinesWritten,
    ShardWoken,
    SignalsLost,
    Store,
)
from core.tenure import Tenure
from core.tracing import UNTRACED, Tracer
from core.transcript import TranscriptEntry
from core.watchers import Watchers

_log = logging.getLogger(__name__)

ANNOUNCED_LEASES = 2
"""A worker counts as alive for this many leases after its last word."""
WATCH_RENEWAL = 600.0
CANCELLATIONS = 20
_FIRST_RETRY = 0.05


class Hub:
    """One worker process's part of the work. Implements `core.reception.Reception`."""

    def __init__(
        self,
        store: Store,
        engine: Responder,
        doors: Doors,
        *,
        worker: str,
        shards: int,
        pace: Pace,
        clock: Clock,
        rng: Random,
        observe: TurnObserver = lambda _state, _outcome: None,
        tracer: Tracer = UNTRACED,
    ) -> None:
        self._store = store
        self._doors = doors
        self._worker = worker
        self._shards = shards
        self._pace = pace
        self._clock = clock
        self._rng = rng
        self.counts = Counts()
        self._tracer = tracer
        self._watchers = Watchers(store.transcripts, worker)
        self._staff = Staff(
            store=store,
            engine=engine,
            watchers=self._watchers,
            pace=pace,
            clock=clock,
            observe=observe,
            counts=self.counts,
            tracer=tracer,
        )
        self._tenures: dict[Shard, Tenure] = {}
        self._renewed: dict[Shard, float] = {}
        self._acquiring: set[Shard] = set()
        self._ours: set[Shard] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._once: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._healthy = False

    # --- Reception

    async def accept(self, message: InboundMessage) -> Acceptance:
        """Record, then hand on in memory where this process owns the shard. Raises `StoreUnavailable`."""
        with self._tracer.accepting(message) as trace:
            message = replace(message, trace=trace) if trace else message
            acceptance, tries = await self._record(message)
        self.counts.accept(message, acceptance.status)
        if acceptance.status is AcceptStatus.ACCEPTED or (acceptance.log_seq and tries > 1):
            self._tell_others(message, acceptance)
        tenure = self._tenures.get(shard_of(message.conversation, self._shards))
        if tenure is not None and acceptance.owned:
            tenure.offer(InboxEntry(seq=acceptance.seq, log_seq=acceptance.log_seq, message=message))
        elif tenure is not None and tries > 1:
            tenure.look()  # an attempt that was not answered may have been recorded all the same
        return acceptance

    async def transcript(self, conversation: ConversationId, *, after: int, limit: int) -> tuple[TranscriptEntry, ...]:
        return await self._store.transcripts.read(conversation, after=after, limit=limit)

    async def watch(self, conversation: ConversationId, listener: Listener) -> None:
        await self._watchers.add(conversation, listener)

    async def unwatch(self, conversation: ConversationId, listener: Listener) -> None:
        await self._watchers.remove(conversation, listener)

    def typing(self, conversation: ConversationId) -> None:
        tenure = self._tenures.get(shard_of(conversation, self._shards))
        if tenure is not None:
            tenure.typing(conversation)

    # --- life

    async def start(self) -> None:
        """Own what is ours and begin to work. Raises `StoreUnavailable`."""
        await self._tend_all()
        self._loops = [
            asyncio.create_task(self._repeat(self._tend_all, self._pace.tend)),
            asyncio.create_task(self._repeat(self._watchers.renew, WATCH_RENEWAL)),
            asyncio.create_task(self._listen()),
        ]

    async def stop(self) -> None:
        """Finish the turns in hand (at most `pace.drain` seconds), give every shard up, leave. Loses nothing."""
        self._stopping = True
        await self._give_up_all()
        await _end(self._loops)
        await self._give_up_all()  # what was taken over meanwhile
        await _end(tuple(self._once))
        with contextlib.suppress(StoreUnavailable):
            await self._store.ownership.withdraw(self._worker)

    @property
    def healthy(self) -> bool:
        """Whether the last round of tending reached the store."""
        return self._healthy and not self._stopping

    @property
    def owned(self) -> frozenset[Shard]:
        return frozenset(self._tenures)

    @property
    def idle(self) -> bool:
        """Whether there are shards this process is to work on, and it owns none of them yet."""
        return bool(self._ours) and not self._tenures

    @property
    def parked(self) -> frozenset[str]:
        """Destinations whose deliveries wait for somebody to mend something."""
        return frozenset(name for tenure in self._tenures.values() for name in tenure.courier.parked)

    # --- accepting

    async def _record(self, message: InboundMessage) -> tuple[Acceptance, int]:
        """Accepting is idempotent, so an unanswered attempt is repeated, until `pace.accept` is up."""
        tries, deadline = 0, asyncio.get_running_loop().time() + self._pace.accept
        while True:
            tries += 1
            try:
                async with asyncio.timeout_at(deadline if tries > 1 else None):  # the store bounds each attempt itself
                    return await self._store.inbox.accept(message, worker=self._worker), tries
            except TimeoutError:
                raise StoreUnavailable("the store did not record a message in time; the effect is unknown") from None
            except StoreUnavailable:
                wait = _FIRST_RETRY * 2**tries * self._rng.uniform(0.5, 1.0)
                if asyncio.get_running_loop().time() + wait >= deadline:
                    raise
                await asyncio.sleep(wait)

    def _tell_others(self, message: InboundMessage, acceptance: Acceptance) -> None:
        if message.kind in {MessageKind.TEXT, MessageKind.BUTTON, MessageKind.FILE}:
            line = TranscriptEntry(
                seq=acceptance.log_seq, author="visitor", at=message.at, text=message.text, message=message.id
            )
            self._watchers.tell(message.conversation, (line,))

    # --- owning shards

    async def _tend_all(self) -> None:
        """Say that we live, extend our leases, take what is ours, give away what is not."""
        started = asyncio.get_running_loop().time()
        alive = await self._store.ownership.announce(self._worker, ttl=self._pace.lease * ANNOUNCED_LEASES)
        ours = {shard for shard in map(Shard, range(self._shards)) if _owner(shard, alive) == self._worker}
        self._ours = ours
        for shard, tenure in self._tenures.items():
            if shard not in ours and not tenure.closing:
                self._soon(self._give_up, tenure)
        await asyncio.gather(
            *(self._tend(tenure, started) for tenure in tuple(self._tenures.values())),
            *(self._take_over(shard, started) for shard in ours if shard not in self._tenures and not self._stopping),
        )
        self._healthy = True

    async def _tend(self, tenure: Tenure, started: float) -> None:
        try:
            newest = await self._store.ownership.tend(
                tenure.shard, self._worker, tenure.epoch, ttl=self._pace.lease, now=self._clock.now()
            )
        except Fenced:
            self._lose(tenure)
            return
        self._renewed[tenure.shard] = started
        if not tenure.has_seen(newest):
            tenure.look()

    async def _take_over(self, shard: Shard, started: float) -> None:
        tenure = await self._acquire(shard, started)
        if tenure is None:
            return
        try:
            await tenure.recover()
        except StoreUnavailable:
            self._lose(tenure)
        except Exception:
            _log.exception("shard %d cannot be taken up; the others go on", shard)
            self._lose(tenure)
        else:
            self._catch_up(shard)

    async def _acquire(self, shard: Shard, started: float) -> Tenure | None:
        """A second tenure of the same shard would send what the first one sends, so they are taken one at a time."""
        if self._stopping or shard in self._acquiring or shard in self._tenures:
            return None
        self._acquiring.add(shard)
        try:
            grant = await self._store.ownership.acquire(shard, self._worker, ttl=self._pace.lease)
        finally:
            self._acquiring.discard(shard)
        if grant is None:
            return None
        self._renewed[shard] = started
        tenure = self._tenures[shard] = self._new_tenure(shard, grant)
        return tenure

    def _new_tenure(self, shard: Shard, grant: Grant) -> Tenure:
        def over() -> None:
            current = self._tenures.get(shard)
            if current is not None and current.epoch == grant.epoch:
                self._lose(current)
                self._soon(self._take_over_again, shard)

        grounds = Grounds(
            shard=shard,
            worker=self._worker,
            epoch=grant.epoch,
            fresh=lambda: self._fresh(shard, grant.epoch),
            counts=self.counts,
            tracer=self._tracer,
        )
        courier = Courier(self._store, self._doors, grounds, self._pace, rng=self._rng, lost=over)
        return Tenure(self._staff, shard, grant, self._worker, courier, over=over)

    def _fresh(self, shard: Shard, epoch: Epoch) -> bool:
        tenure = self._tenures.get(shard)
        if tenure is None or tenure.epoch != epoch:
            return False
        age = asyncio.get_running_loop().time() - self._renewed.get(shard, float("-inf"))
        return age < self._pace.lease

    def _lose(self, tenure: Tenure) -> None:
        if self._tenures.get(tenure.shard) is tenure:
            del self._tenures[tenure.shard]
        tenure.abandon()
        self._soon(tenure.survive)
        self._catch_up(tenure.shard)

    def _catch_up(self, shard: Shard) -> None:
        """A turn that was cut short may have been committed: the store then signals its lines to all but ourselves."""
        self._soon(self._watchers.catch_up_all, lambda conversation: shard_of(conversation, self._shards) == shard)

    async def _take_over_again(self, shard: Shard) -> None:
        if not self._stopping and shard not in self._tenures:
            await self._take_over(shard, asyncio.get_running_loop().time())

    async def _give_up_all(self) -> None:
        await asyncio.gather(*(self._give_up(tenure) for tenure in tuple(self._tenures.values())))

    async def _give_up(self, tenure: Tenure) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.drain):
                await tenure.close()
        tenure.abandon()
        with contextlib.suppress(StoreUnavailable):
            await tenure.survive()
            await self._store.ownership.release(tenure.shard, self._worker, tenure.epoch)
        self._lose(tenure)

    # --- background

    async def _listen(self) -> None:
        async for signal in self._store.signals.listen(self._worker):
            match signal:
                case ShardWoken(shard=shard):
                    if shard in self._tenures:
                        self._tenures[shard].look()
                case LinesWritten(conversation=conversation):
                    self._soon(self._watchers.catch_up, conversation)
                case Changed(conversation=conversation):
                    self._soon(self._reload, conversation)
                case Forgotten(conversation=conversation):
                    self._soon(self._forget, conversation)
                case SignalsLost():
                    for tenure in self._tenures.values():
                        tenure.look()
                    self._soon(self._watchers.catch_up_all)

    async def _forget(self, conversation: ConversationId) -> None:
        self._watchers.forget(conversation)
        await self._reload(conversation)

    async def _reload(self, conversation: ConversationId) -> None:
        tenure = self._tenures.get(shard_of(conversation, self._shards))
        if tenure is not None:
            await tenure.forget(conversation)

    def _soon(self, work: Callable[..., Awaitable[None]], *args: object) -> None:
        async def attempt() -> None:
            try:
                await work(*args)
            except StoreUnavailable as error:
                _log.warning("the store does not answer: %s", error)

        task = asyncio.get_running_loop().create_task(attempt())
        self._once.add(task)
        task.add_done_callback(self._once.discard)

    async def _repeat(self, work: Callable[[], Awaitable[None]], every: float) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                await work()
            except StoreUnavailable as error:
                self._healthy = False
                _log.warning("the store does not answer: %s", error)
            except Exception:
                _log.exception("a round of tending failed")


def _owner(shard: Shard, alive: tuple[str, ...]) -> str:
    """Rendezvous hashing: each worker that joins or leaves moves only its own share."""
    return max(alive, key=lambda worker: crc32(f"{worker}:{shard}".encode()), default="")


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until they are over: `asyncio.wait_for`, which clients use, may swallow one before Python 3.12."""
    for _ in range(CANCELLATIONS):
        for task in tasks:
            task.cancel()
        if not tasks or not (await asyncio.wait(tasks, timeout=0.1))[1]:
            break
    await asyncio.gather(*(task for task in tasks if task.done()), return_exceptions=True)
