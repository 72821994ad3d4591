"""One owned shard: entries come in and are put in order, turns run, commits are fenced, effects leave."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from core.about import CONVERSATION, TRACE
from core.amended_talk import as_said
from core.delivery import Courier
from core.errors import DependencyError, Fenced, Held, StoreUnavailable
from core.handling import concerns_reps
from core.ids import ConversationId, Epoch, Shard
from core.lane import Lane
from core.listing import listing_of
from core.message import InboxEntry
from core.progress import with_course
from core.receiving import begin, spoken
from core.recognising import recognised
from core.reply import Reply
from core.session import ConversationState
from core.staff import Staff
from core.store_ports import Commit, Committed, Grant
from core.transcript import TranscriptEntry
from core.turn import ListConversation, TurnOutcome

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""Starts of an entry that ended without a commit (the worker died) before it becomes a dead letter."""
TALK_LINES = 5_000
"""Lines of a transcript that are read to hear it again after an edit; a message beyond them is not known."""
CACHED_CONVERSATIONS = 64
"""Loaded conversations kept a shard; with 64 shards about four thousand a process."""

Respond = Callable[[ConversationState, tuple[InboxEntry, ...]], Awaitable[TurnOutcome]]


class Tenure:
    """The time in which this process owns a shard under one epoch. Over at the first `Fenced` or lost store."""

    def __init__(
        self, staff: Staff, shard: Shard, grant: Grant, worker: str, courier: Courier, *, over: Callable[[], None]
    ) -> None:
        self._staff = staff
        self._worker = worker
        self._courier = courier
        self._over = over
        self.shard = shard
        self.epoch: Epoch = grant.epoch
        self._next = 1
        self._recovered_up_to = grant.inbox_last
        self._starts: Mapping[int, int] = {}
        self._early: dict[int, InboxEntry] = {}
        self._lanes: dict[ConversationId, Lane] = {}
        self._states: OrderedDict[ConversationId, ConversationState] = OrderedDict()
        self._typed: OrderedDict[ConversationId, float] = OrderedDict()
        self._catching_up: asyncio.Task[None] | None = None
        self._look_again = False
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether the shard is being given up."""
        return self._closing

    @property
    def courier(self) -> Courier:
        return self._courier

    async def recover(self) -> None:
        """Take up what earlier owners left: effects of committed turns first, then the waiting entries, in order."""
        store = self._staff.store
        self._starts, pending = await asyncio.gather(store.inbox.starts(self.shard), store.outbox.pending(self.shard))
        self._courier.take(pending)
        await self.catch_up()
        self._next = max(self._next, self._recovered_up_to + 1)

    def offer(self, entry: InboxEntry) -> None:
        """An entry this process accepted itself. Entries run in order of sequence; a gap is read from the store."""
        if entry.seq < self._next or self._closing:
            return
        if entry.seq > self._next:
            self._early[entry.seq] = entry
            self.look()
            return
        self._take(entry)
        while self._next in self._early:
            self._take(self._early.pop(self._next))

    def typing(self, conversation: ConversationId) -> None:
        self._typed[conversation] = asyncio.get_running_loop().time()
        self._typed.move_to_end(conversation)
        if len(self._typed) > CACHED_CONVERSATIONS:
            self._typed.popitem(last=False)
        if conversation in self._lanes:
            self._lanes[conversation].typing()

    async def forget(self, conversation: ConversationId) -> None:
        """It was erased: nothing of it stays in memory, and its card is withdrawn. Raises `StoreUnavailable`."""
        self._states.pop(conversation, None)
        self._typed.pop(conversation, None)
        self._courier.take_withdrawals(await self._staff.store.outbox.pending(self.shard))

    def look(self) -> None:
        """Read the inbox soon, because something is there that was not handed over in memory."""
        self._look_again = True  # a reading under way may have been answered before it was there
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.get_running_loop().create_task(self._look())

    def has_seen(self, newest: int) -> bool:
        """Whether every entry up to `newest` has been taken."""
        return newest < self._next

    async def catch_up(self) -> None:
        """Take every waiting entry not taken yet. Raises `StoreUnavailable`."""
        for entry in await self._staff.store.inbox.waiting(self.shard, after=self._next - 1):
            if entry.seq >= self._next and not self._closing:
                self._take(entry)
        for seq in sorted(self._early):
            if seq < self._next:
                del self._early[seq]
            elif seq == self._next:
                self._take(self._early.pop(seq))

    async def close(self) -> None:
        """Finish the turns in hand and begin no new ones; what waits stays in the inbox."""
        self._closing = True
        for lane in self._lanes.values():
            lane.close()
        tasks = [lane.task for lane in self._lanes.values() if lane.task]
        if tasks:
            await asyncio.wait(tasks)
        await self._courier.drained()

    def abandon(self) -> None:
        """Stop everything at once: the shard is somebody else's, or about to be taken up anew."""
        self._closing = True
        for lane in self._lanes.values():
            lane.cancel()
        if self._catching_up is not None:
            self._catching_up.cancel()
        self._courier.cancel()

    async def survive(self) -> None:
        """The shard was lost, not the process: what it had begun is not to be blamed. Raises `StoreUnavailable`."""
        marks = [mark for mark in self._staff.begun if mark[0] == self.shard]
        if not marks:
            return
        self._staff.begun.difference_update(marks)
        try:
            await self._staff.store.inbox.survived(self.shard, [seq for _, seq in marks])
        except StoreUnavailable:
            self._staff.begun.update(marks)
            raise

    def _take(self, entry: InboxEntry) -> None:
        self._next = entry.seq + 1
        conversation = entry.message.conversation
        lane = self._lanes.get(conversation)
        if lane is None:
            lane = Lane(
                lambda burst: self._turn(conversation, burst),
                self._staff.pace,
                idle=lambda: self._forget_lane(conversation),
            )
            self._lanes[conversation] = lane
            typed = self._typed.get(conversation)
            if typed is not None and asyncio.get_running_loop().time() - typed < self._staff.pace.typing:
                lane.typing()  # somebody who writes is about to send, and may be what a timer would talk over
        lane.add(entry)

    def _forget_lane(self, conversation: ConversationId) -> None:
        self._lanes.pop(conversation, None)

    async def _look(self) -> None:
        try:
            while self._look_again:
                self._look_again = False
                await self.catch_up()
        except StoreUnavailable as error:
            _log.warning("shard %d: inbox not readable: %s", self.shard, error)
            self._over()

    async def _turn(self, conversation: ConversationId, burst: tuple[InboxEntry, ...]) -> None:
        """Answer a burst. Entries that other processes began and did not finish are tried one by one, and alone."""
        CONVERSATION.set(conversation)
        try:
            people = tuple(entry for entry in burst if concerns_reps(entry.message))
            await self._handle(conversation, people)
            others = (entry for entry in burst if entry not in people)
            for suspect, entries in groupby(others, key=self._suspect):
                if suspect:
                    for entry in entries:
                        await self._try_alone(conversation, entry)
                else:
                    part = tuple(entries)
                    await self._count_starts(part)
                    await self._answer(conversation, part, self._respond)
        except (Fenced, StoreUnavailable) as error:
            _log.warning("shard %d: a turn was not committed: %s", self.shard, error)
            self._over()

    async def _handle(self, conversation: ConversationId, acts: Sequence[InboxEntry]) -> None:
        """What people do, one at a time: a visitor who is being answered by the bot waits behind them."""
        for entry in acts:
            await self._count_starts((entry,))
            if self._starts.get(entry.seq, 0) >= MAX_ATTEMPTS:
                await self._bury(entry, "started too often without a commit")
            elif conversation not in self._states and await self._staff.store.conversations.load(conversation) is None:
                await self._bury(entry, "nobody has begun this conversation")
            else:
                await self._answer(conversation, (entry,), self._act)

    async def _act(self, state: ConversationState, burst: tuple[InboxEntry, ...]) -> TurnOutcome:
        return await self._staff.engine.handle(state, burst[0].message)

    async def _answer(self, conversation: ConversationId, burst: tuple[InboxEntry, ...], respond: Respond) -> None:
        """As `_answered`; where a person takes over meanwhile, they come first and the burst is looked at again."""
        for _ in range(MAX_ATTEMPTS):
            try:
                return await self._answered(conversation, burst, respond)
            except Held:
                await self.catch_up()  # another process may have accepted it
                await self._handle(conversation, self._lanes[conversation].pull(concerns_reps))
        raise Fenced("a person takes the conversation over, and their message is not to be found")

    async def _answered(self, conversation: ConversationId, burst: tuple[InboxEntry, ...], respond: Respond) -> None:
        """Load -> respond -> commit -> send and tell."""
        began = asyncio.get_running_loop().time()
        try:
            heard = [entry.message for entry in burst]
            with self._staff.tracer.answering(heard) as trace:
                TRACE.set(trace)
                state = await self._load(conversation, burst)
                outcome = await respond(state, burst)
                outcome = with_course(state, outcome, heard, now=self._staff.clock.now())
                committed = await self._commit(outcome, burst, trace)
            self._remember(conversation, outcome, committed)
            self._courier.take(committed.outbox)
            self._forget_starts(burst)
            self._staff.watchers.tell(conversation, committed.lines)
            self._count(burst, outcome, began)
            self._staff.observe(state, outcome)
        except (Fenced, Held, StoreUnavailable):
            raise
        except DependencyError:
            _log.exception("shard %d: a conversation is not readable; its messages are kept", self.shard)
        except Exception:
            _log.exception("shard %d: a turn failed; what of it is not committed is set aside", self.shard)
            for entry in burst:
                await self._bury(entry, "the turn failed")

    def _count(self, burst: tuple[InboxEntry, ...], outcome: TurnOutcome, began: float) -> None:
        counts, first = self._staff.counts, burst[0].message
        counts.turns[first.channel].add(asyncio.get_running_loop().time() - began)
        if outcome.reply is not None:
            counts.replies[first.channel, _author(outcome.reply)] += 1
            if spoken((first,)):
                counts.waits[first.channel].add(max(0.0, self._staff.clock.now() - first.at))

    def _suspect(self, entry: InboxEntry) -> bool:
        """Whether another process began the entry after a recovery and ended without a commit."""
        own = (self.shard, entry.seq) in self._staff.begun
        return self._starts.get(entry.seq, 0) > own

    async def _try_alone(self, conversation: ConversationId, entry: InboxEntry) -> None:
        async with self._staff.alone:
            starts = self._starts[entry.seq]
            if starts < MAX_ATTEMPTS:
                await self._count_starts((entry,))
                await self._answer(conversation, (entry,), self._respond)
            else:
                _log.error("shard %d: an entry was started %d times and is set aside", self.shard, starts)
                await self._bury(entry, "started too often without a commit")
                # Buried first: should even the apology end this process, the next one does not meet the entry again.
                if spoken((entry.message,)):
                    await self._answer(conversation, (entry,), self._apologise)

    async def _count_starts(self, burst: tuple[InboxEntry, ...]) -> None:
        """Entries found at recovery may have killed their worker, so each process that begins one says so."""
        if burst[0].seq > self._recovered_up_to:
            return
        marks = {(self.shard, entry.seq) for entry in burst if entry.seq <= self._recovered_up_to}
        new = marks - self._staff.begun
        self._staff.begun.update(new)
        await asyncio.gather(*(self._staff.store.inbox.attempt(shard, seq) for shard, seq in new))

    def _forget_starts(self, burst: tuple[InboxEntry, ...]) -> None:
        if self._staff.begun:
            self._staff.begun.difference_update((self.shard, entry.seq) for entry in burst)

    async def _load(self, conversation: ConversationId, burst: tuple[InboxEntry, ...]) -> ConversationState:
        messages = [entry.message for entry in burst]
        store, state = self._staff.store, self._states.get(conversation)
        anew = state is None
        if state is None:
            state = await store.conversations.load(conversation)
            state = _without_the_unanswered(state) if state is not None else begin(messages[0])
        if any(message.about for message in messages):
            lines = await store.transcripts.read(conversation, after=0, limit=TALK_LINES)
            state = replace(state, talk=as_said(lines))
        return await recognised(store, state, messages, anew=anew)

    async def _respond(self, state: ConversationState, burst: tuple[InboxEntry, ...]) -> TurnOutcome:
        messages = tuple(entry.message for entry in burst)
        try:
            return await self._staff.engine.respond(state, messages)
        except Exception:
            _log.exception("shard %d: the engine failed; the visitor gets an apology", self.shard)
            for entry in burst:
                await self._bury(entry, "the engine failed")
            return await self._apologise(state, burst)

    async def _apologise(self, state: ConversationState, burst: tuple[InboxEntry, ...]) -> TurnOutcome:
        return self._staff.engine.apologise(state, tuple(entry.message for entry in burst))

    async def _bury(self, entry: InboxEntry, reason: str) -> None:
        await self._staff.store.inbox.bury(self.shard, self._worker, self.epoch, entry, reason)
        self._staff.counts.set_aside[reason] += 1

    async def _commit(self, outcome: TurnOutcome, burst: tuple[InboxEntry, ...], trace: str) -> Committed:
        lines = _lines_of(outcome, self._staff.clock.now())
        session = outcome.state.session
        row = ListConversation(listing=listing_of(outcome, session.version + 1))
        commit = Commit(
            session=session,
            facts=outcome.new_facts,
            lines=lines,
            outbox=(*outcome.effects, row),
            timers=outcome.timers,
            lead=outcome.state.lead if outcome.lead_changed else None,
            acknowledged=tuple(entry.seq for entry in burst),
            speaks=outcome.reply is not None and outcome.reply.may_be_withheld,
            trace=trace,
        )
        return await self._staff.store.conversations.commit(self.shard, self._worker, self.epoch, commit)

    def _remember(self, conversation: ConversationId, outcome: TurnOutcome, committed: Committed) -> None:
        self._states[conversation] = replace(outcome.state, session=committed.session)
        self._states.move_to_end(conversation)
        if len(self._states) > CACHED_CONVERSATIONS:
            self._states.popitem(last=False)


def _lines_of(outcome: TurnOutcome, now: float) -> tuple[TranscriptEntry, ...]:
    """The lines a turn adds: what was edited or deleted, then the reply."""
    amended = (
        TranscriptEntry(seq=0, author="visitor", at=one.at, text=one.text, message=one.id, replaces=one.about)
        for one in outcome.amended
    )
    reply, asks = outcome.reply, outcome.state.session.pending_question
    if reply is None:
        return tuple(amended)
    said = TranscriptEntry(seq=0, author=_author(reply), at=now, text=reply.main_text, reply=reply.to_wire(), asks=asks)
    return (*amended, said)


def _author(reply: Reply) -> str:
    return "bot" if reply.rep is None else "rep"


def _without_the_unanswered(state: ConversationState) -> ConversationState:
    """The transcript already holds what is about to be answered; to a writer that is not the past."""
    recent = list(state.recent)
    while recent and recent[-1].author == "visitor":
        recent.pop()
    return replace(state, recent=tuple(recent))
