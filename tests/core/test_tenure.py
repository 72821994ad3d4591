"""One owned shard: turns in order and once, whatever becomes of the worker, the store or the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.errors import DependencyError, StoreUnavailable
from core.ids import ConversationId, Shard
from core.message import InboundMessage, InboxEntry
from core.session import ConversationState
from core.store_ports import Store
from core.tenure import MAX_ATTEMPTS
from core.turn import TurnOutcome
from tests.contracts.builders import home, new_conversation
from tests.core.hub_parts import QUICK, Ears, Echo, altered, eventually, in_shard, running_hub, said

SHARD = Shard(2)


async def accept_unowned(store: Store, conversations: Sequence[ConversationId], *texts: str, starts: int = 0) -> None:
    """Leave messages as a worker that died leaves them, after so many starts."""
    for number, conversation in enumerate(conversations):
        for text in texts:
            acceptance = await store.inbox.accept(said(conversation, text, identity=f"{text}{number}"), worker="dead")
            for _ in range(starts):
                await store.inbox.attempt(home(conversation), acceptance.seq)


async def replies(store: Store, conversation: ConversationId) -> list[str]:
    lines = await store.transcripts.read(conversation, after=0, limit=100)
    return [line.text for line in lines if line.author == "bot"]


async def all_answered(store: Store, conversations: Sequence[ConversationId]) -> bool:
    return all([await replies(store, conversation) for conversation in conversations])


async def test_that_entries_handed_over_in_any_order_are_turned_in_order(embedded_store: Store) -> None:
    engine, ears = Echo(), Ears()
    (conversation,) = in_shard(SHARD)
    async with running_hub(embedded_store, engine=engine) as hub:
        await hub.watch(conversation, ears)
        tenure = hub._tenures[SHARD]
        entries = []
        for number in range(4):
            message = said(conversation, f"n{number}")
            acceptance = await embedded_store.inbox.accept(message, worker="w9")
            entries.append(InboxEntry(seq=acceptance.seq, log_seq=acceptance.log_seq, message=message))
        for entry in reversed(entries):
            tenure.offer(entry)
        await eventually(lambda: sum(map(len, engine.bursts)) == 4, "not everything was turned")
    assert [text for burst in engine.bursts for text in burst] == ["n0", "n1", "n2", "n3"]


async def test_that_a_word_of_new_entries_is_not_lost_during_a_reading(embedded_store: Store) -> None:
    """The reading under way may have been answered before the entry was written."""
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def waiting(shard: Shard, *, after: int) -> tuple[InboxEntry, ...]:
        found = await embedded_store.inbox.waiting(shard, after=after)
        if shard == SHARD:
            reading.set()
            await go_on.wait()
        return found

    engine = Echo()
    go_on.set()
    (conversation,) = in_shard(SHARD)
    never = replace(QUICK, tend=60.0, lease=120.0)
    async with running_hub(altered(embedded_store, "inbox", waiting=waiting), engine=engine, pace=never) as hub:
        await asyncio.sleep(0.05)  # the reading after the first subscription is over
        reading.clear()
        go_on.clear()
        tenure = hub._tenures[SHARD]
        tenure.look()
        await asyncio.wait_for(reading.wait(), 2)
        await embedded_store.inbox.accept(said(conversation, "hello"), worker="w9")
        tenure.look()
        go_on.set()
        await eventually(lambda: engine.bursts == [("hello",)], "the entry waits for the next round of tending")


async def test_that_an_engine_that_fails_costs_an_apology_and_leaves_a_dead_letter(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    buried: list[str] = []

    async def bury(shard: Shard, worker: str, epoch: Any, entry: InboxEntry, reason: str) -> None:
        buried.append(f"{entry.message.text}: {reason}")
        await embedded_store.inbox.bury(shard, worker, epoch, entry, reason)

    ears = Ears()
    conversation = new_conversation()
    async with running_hub(altered(embedded_store, "inbox", bury=bury)) as hub:
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "fail"))
        assert await ears.replied() == ["sorry"]
        await hub.accept(said(conversation, "hello"))
        assert await ears.replied(2) == ["sorry", "you said hello"]
    assert buried == ["fail: the engine failed"]
    assert "the engine failed" in caplog.text
    assert "fail" not in [record.getMessage() for record in caplog.records], "the visitor's words are in the log"


async def test_that_an_outcome_that_cannot_be_stored_is_set_aside_and_the_conversation_goes_on(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    ears = Ears()
    conversation = new_conversation()
    async with running_hub(embedded_store) as hub:
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "odd"))
        await hub.accept(said(conversation, "hello"))
        assert await ears.replied() == ["you said hello"]
    assert await embedded_store.inbox.waiting(home(conversation), after=0) == ()
    assert "a turn failed" in caplog.text


async def test_that_an_observer_that_fails_costs_nothing(embedded_store: Store) -> None:
    def observe(_state: ConversationState, _outcome: TurnOutcome) -> None:
        raise RuntimeError("nobody looks")

    ears = Ears()
    conversation = new_conversation()
    async with running_hub(embedded_store, observe=observe) as hub:
        await hub.watch(conversation, ears)
        for number in range(3):
            await hub.accept(said(conversation, f"n{number}"))
            await ears.replied(number + 1)
    assert ears.replies == ["you said n0", "you said n1", "you said n2"]


async def test_that_a_conversation_that_cannot_be_read_keeps_its_messages(embedded_store: Store) -> None:
    broken = True

    async def load(conversation: ConversationId) -> ConversationState | None:
        if broken:
            raise DependencyError("written by a newer release")
        return await embedded_store.conversations.load(conversation)

    conversation = new_conversation()
    async with running_hub(altered(embedded_store, "conversations", load=load)) as hub:
        await hub.accept(said(conversation, "hello"))
        await asyncio.sleep(0.05)
    assert len(await embedded_store.inbox.waiting(home(conversation), after=0)) == 1
    broken = False
    async with running_hub(embedded_store, "w2"):
        await eventually(lambda: all_answered(embedded_store, [conversation]), "not answered by a release that can")


async def test_that_an_entry_started_too_often_is_set_aside_unread_with_an_apology(embedded_store: Store) -> None:
    engine = Echo()
    poisoned, innocent = in_shard(SHARD, 2)
    await accept_unowned(embedded_store, [poisoned], "poison", starts=MAX_ATTEMPTS)
    await accept_unowned(embedded_store, [innocent], "hello")
    async with running_hub(embedded_store, engine=engine):
        await eventually(lambda: all_answered(embedded_store, [innocent]), "the neighbour was not answered")
        await eventually(lambda: _empty(embedded_store), "something is still waiting")
    assert engine.began == ["hello"]
    assert await replies(embedded_store, poisoned) == ["sorry"]


async def test_that_suspects_are_tried_one_at_a_time_and_none_but_the_poison_is_blamed(embedded_store: Store) -> None:
    """A message in hand when its worker died of another is not counted again while it waits for its turn."""
    engine = Echo()
    engine.pause = 0.01
    conversations = in_shard(SHARD, 6)
    await accept_unowned(embedded_store, conversations, "hello", starts=MAX_ATTEMPTS - 1)
    release = engine.hold("hello")
    async with running_hub(embedded_store, engine=engine, pace=replace(QUICK, drain=0.1)):
        await eventually(lambda: engine.running == 1, "nothing began")
        await asyncio.sleep(0.05)
        assert engine.began == ["hello"]
        starts = await embedded_store.inbox.starts(SHARD)
        assert sorted(starts.values()) == [MAX_ATTEMPTS - 1] * 5 + [MAX_ATTEMPTS]
        release.set()
        await eventually(lambda: all_answered(embedded_store, conversations), "not everybody was answered")
    assert engine.most_running == 1
    assert await embedded_store.inbox.starts(SHARD) == {}


async def test_that_a_worker_who_only_loses_its_shard_blames_nothing_it_had_begun(embedded_store: Store) -> None:
    """Overloaded workers that lose a shard to one another in turn must not make an innocent entry a dead letter."""
    engine, (conversation,) = Echo(), in_shard(SHARD)
    await accept_unowned(embedded_store, [conversation], "hello", starts=1)
    release = engine.hold("hello")
    async with running_hub(embedded_store, engine=engine) as hub:
        await eventually(lambda: engine.running == 1, "nothing began")
        assert list((await embedded_store.inbox.starts(SHARD)).values()) == [2]
        lost = hub._tenures[SHARD]
        await embedded_store.ownership.release(SHARD, "w1", lost.epoch)
        other = await embedded_store.ownership.acquire(SHARD, "other", ttl=60)
        assert other is not None
        await eventually(lambda: hub._tenures.get(SHARD) is not lost, "the loss was not noticed")
        await eventually(lambda: _starts(embedded_store, [1]), "the start still counts")
        await embedded_store.ownership.release(SHARD, "other", other.epoch)
        release.set()
        await eventually(lambda: all_answered(embedded_store, [conversation]), "not answered in the end")
    assert await replies(embedded_store, conversation) == ["you said hello"]
    assert await embedded_store.inbox.starts(SHARD) == {}


async def _starts(store: Store, expected: list[int]) -> bool:
    return list((await store.inbox.starts(SHARD)).values()) == expected


async def test_that_recovered_entries_nobody_has_died_of_run_side_by_side(embedded_store: Store) -> None:
    engine = Echo()
    engine.pause = 0.02
    conversations = in_shard(SHARD, 6)
    await accept_unowned(embedded_store, conversations, "one", "two")
    async with running_hub(embedded_store, engine=engine):
        await eventually(lambda: all_answered(embedded_store, conversations), "not everybody was answered")
    assert engine.most_running == 6
    assert engine.bursts == [("one", "two")] * 6


async def test_that_a_store_that_comes_and_goes_makes_nobody_a_suspect(embedded_store: Store) -> None:
    """Only a process that died counts: one that merely lost the store has not been killed by the message."""
    failures = 2 * MAX_ATTEMPTS

    async def commit(*args: Any) -> object:
        nonlocal failures
        if failures:
            failures -= 1
            raise StoreUnavailable("away")
        return await embedded_store.conversations.commit(*args)

    (conversation,) = in_shard(SHARD)
    await accept_unowned(embedded_store, [conversation], "hello")
    async with running_hub(altered(embedded_store, "conversations", commit=commit)):
        await eventually(lambda: all_answered(embedded_store, [conversation]), "the message was set aside")
    assert await replies(embedded_store, conversation) == ["you said hello"]


async def test_that_a_turn_of_a_worker_that_lost_its_shard_is_thrown_away(embedded_store: Store) -> None:
    engine = Echo()
    release = engine.hold("slow")
    (conversation,) = in_shard(SHARD)
    pace = replace(QUICK, lease=0.05, tend=60.0)  # never renewed
    async with running_hub(embedded_store, engine=engine, pace=pace) as hub:
        await hub.accept(said(conversation, "slow"))
        await eventually(lambda: engine.running == 1, "the turn did not begin")
        await eventually(lambda: _taken(embedded_store), "the lease does not lapse")
        release.set()
        await eventually(lambda: bool(engine.bursts), "the turn did not end")
        await eventually(lambda: SHARD not in hub.owned, "the shard is still believed to be owned")
        assert await replies(embedded_store, conversation) == []
        assert len(await embedded_store.inbox.waiting(SHARD, after=0)) == 1


async def test_that_a_burst_keeps_to_its_conversation(embedded_store: Store) -> None:
    seen: list[set[str]] = []

    class Watching(Echo):
        async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
            seen.append({state.session.conversation, *(message.conversation for message in messages)})
            return await super().respond(state, messages)

    conversations = in_shard(SHARD, 3)
    await accept_unowned(embedded_store, conversations, "a", "b", "c")
    async with running_hub(embedded_store, engine=Watching()):
        await eventually(lambda: all_answered(embedded_store, conversations), "not everybody was answered")
    assert sorted(map(len, seen)) == [1, 1, 1]


async def _empty(store: Store) -> bool:
    return not await store.inbox.waiting(SHARD, after=0)


async def _taken(store: Store) -> bool:
    return await store.ownership.acquire(SHARD, "w2", ttl=60.0) is not None
