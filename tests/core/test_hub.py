"""The hub over a real store: what goes in comes out once and in order, whoever owns the shard."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from core.errors import DeliveryDelayed, StoreUnavailable
from core.ids import Shard
from core.message import InboundMessage
from core.pace import Pace
from core.reception import Reception
from core.store_ports import Acceptance, AcceptStatus, Grant, Signal, Store
from tests.contracts.builders import home, new_conversation
from tests.contracts.stores import SHARDS
from tests.core.hub_parts import (
    QUICK,
    Ears,
    Echo,
    Sales,
    ToldClock,
    altered,
    eventually,
    in_shard,
    make_hub,
    running_hub,
    said,
)

ALL = frozenset(map(Shard, range(SHARDS)))


async def test_that_a_message_is_answered_once_and_everybody_hears(embedded_store: Store) -> None:
    async with running_hub(embedded_store) as hub:
        reception: Reception = hub
        conversation, ears, other = new_conversation(), Ears(), Ears()
        await reception.watch(conversation, ears)
        await reception.watch(conversation, other)
        acceptance = await reception.accept(said(conversation, "hello"))
        assert (acceptance.status, acceptance.log_seq) == (AcceptStatus.ACCEPTED, 1)
        assert await ears.replied() == ["you said hello"]
        assert await other.replied() == ["you said hello"]
        lines = await reception.transcript(conversation, after=0, limit=10)
        assert [(line.seq, line.author, line.text) for line in lines] == [
            (1, "visitor", "hello"),
            (2, "bot", "you said hello"),
        ]


async def test_that_a_repeated_event_is_no_second_turn_and_another_text_is_refused(embedded_store: Store) -> None:
    engine = Echo()
    async with running_hub(embedded_store, engine=engine) as hub:
        conversation, ears = new_conversation(), Ears()
        await hub.watch(conversation, ears)
        statuses = [(await hub.accept(said(conversation, "hello", identity="m1"))).status for _ in range(4)]
        statuses.append((await hub.accept(said(conversation, "bye", identity="m1"))).status)
        await ears.replied()
        await hub.accept(said(conversation, "more"))
        await ears.replied(2)
    assert statuses == [AcceptStatus.ACCEPTED, *[AcceptStatus.DUPLICATE] * 3, AcceptStatus.CONFLICT]
    assert engine.bursts == [("hello",), ("more",)]


async def test_that_five_fragments_get_one_reply(embedded_store: Store) -> None:
    engine = Echo()
    pace = replace(QUICK, quiet=0.1)
    async with running_hub(embedded_store, engine=engine, pace=pace) as hub:
        conversation, ears = new_conversation(), Ears()
        await hub.watch(conversation, ears)
        for number in range(5):
            await hub.accept(said(conversation, f"part {number}"))
        await ears.replied()
    assert engine.bursts == [tuple(f"part {number}" for number in range(5))]


async def test_that_a_slow_conversation_holds_nobody_else_up(embedded_store: Store) -> None:
    engine = Echo()
    release = engine.hold("slow")
    async with running_hub(embedded_store, engine=engine) as hub:
        slow, quick = in_shard(Shard(3), 2)
        ears, slow_ears = Ears(), Ears()
        await hub.watch(quick, ears)
        await hub.watch(slow, slow_ears)
        await hub.accept(said(slow, "slow"))
        await hub.accept(said(quick, "quick"))
        assert await ears.replied() == ["you said quick"]
        assert slow_ears.replies == []
        release.set()
        assert await slow_ears.replied() == ["you said slow"]


async def test_that_what_nobody_owned_is_answered_by_the_hub_that_starts(embedded_store: Store) -> None:
    conversation, ears = new_conversation(), Ears()
    for number in range(3):
        await embedded_store.inbox.accept(said(conversation, f"n{number}"), worker="somebody")
    async with running_hub(embedded_store) as hub:
        await hub.watch(conversation, ears)
        await eventually(lambda: _lines(hub, conversation, 4), "the messages were not answered")
        lines = await hub.transcript(conversation, after=0, limit=10)
    assert [line.text for line in lines][3:] == ["you said n0 + n1 + n2"]


async def test_that_shards_are_shared_with_a_second_hub_and_come_back(embedded_store: Store) -> None:
    async with running_hub(embedded_store) as first:
        assert first.owned == ALL
        async with running_hub(embedded_store, "w2") as second:
            await eventually(lambda: bool(second.owned) and first.owned | second.owned == ALL, "not shared out")
            assert not first.owned & second.owned
            conversations = [in_shard(shard)[0] for shard in sorted(ALL)]
            ears = [Ears() for _ in conversations]
            for conversation, listener in zip(conversations, ears, strict=True):
                await first.watch(conversation, listener)  # lines come from whoever owns the shard
                await second.accept(said(conversation, "hello"))
            for listener in ears:
                assert await listener.replied() == ["you said hello"]
        await eventually(lambda: first.owned == ALL, "the shards of a hub that left were not taken over")


async def test_that_a_hub_that_died_is_succeeded_after_its_lease(embedded_store: Store) -> None:
    conversation = new_conversation()
    grant = await embedded_store.ownership.acquire(home(conversation), "dead", ttl=0.2)
    assert grant is not None
    async with running_hub(embedded_store) as hub:
        assert home(conversation) not in hub.owned
        await hub.accept(said(conversation, "hello"))
        await eventually(lambda: _lines(hub, conversation, 2), "the message of a dead worker's shard was not answered")


async def test_that_a_due_timer_becomes_a_turn(embedded_store: Store) -> None:
    engine, clock, ears = Echo(), ToldClock(), Ears()
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        conversation = new_conversation()
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "timer", at=clock.at))
        await ears.replied()
        clock.at += 11.0
        assert await ears.replied(2) == ["you said timer", "you said later"]


async def test_that_an_unanswered_acceptance_is_repeated_and_counts_once(embedded_store: Store) -> None:
    calls = 0

    async def accept(message: InboundMessage, *, worker: str) -> Acceptance:
        nonlocal calls
        calls += 1
        acceptance = await embedded_store.inbox.accept(message, worker=worker)
        if calls == 1:
            raise StoreUnavailable("the reply was lost")
        return acceptance

    engine, ears = Echo(), Ears()
    async with running_hub(altered(embedded_store, "inbox", accept=accept), engine=engine) as hub:
        conversation = new_conversation()
        await hub.watch(conversation, ears)
        acceptance = await hub.accept(said(conversation, "hello"))
        assert (acceptance.status, acceptance.log_seq) == (AcceptStatus.DUPLICATE, 1)
        await ears.replied()
    assert engine.bursts == [("hello",)]
    assert ears.lines[0].author == "visitor"


@pytest.mark.parametrize("hangs", [False, True])
async def test_that_an_acceptance_the_store_never_answers_is_refused_in_time(
    embedded_store: Store, *, hangs: bool
) -> None:
    calls = 0

    async def accept(*_: Any, **__: Any) -> Acceptance:
        nonlocal calls
        calls += 1
        if hangs and calls > 1:
            await asyncio.sleep(60)
        raise StoreUnavailable("away")

    async with running_hub(altered(embedded_store, "inbox", accept=accept)) as hub:
        since = asyncio.get_running_loop().time()
        with pytest.raises(StoreUnavailable):
            await hub.accept(said(new_conversation(), "hello"))
        assert asyncio.get_running_loop().time() - since < QUICK.accept + 0.2


async def test_that_health_follows_the_store(embedded_store: Store) -> None:
    away = False

    async def announce(worker: str, *, ttl: float) -> tuple[str, ...]:
        if away:
            raise StoreUnavailable("away")
        return await embedded_store.ownership.announce(worker, ttl=ttl)

    async with running_hub(altered(embedded_store, "ownership", announce=announce)) as hub:
        assert hub.healthy
        away = True
        await eventually(lambda: not hub.healthy, "healthy without a store")
        away = False
        await eventually(lambda: hub.healthy, "not healthy again")
    assert not hub.healthy


async def test_that_stopping_finishes_the_turn_in_hand_and_leaves_the_rest(embedded_store: Store) -> None:
    engine = Echo()
    release = engine.hold("in hand")
    hub = make_hub(embedded_store, engine=engine)
    await hub.start()
    conversation = new_conversation()
    await hub.accept(said(conversation, "in hand"))
    await eventually(lambda: engine.running == 1, "the turn did not begin")
    await hub.accept(said(conversation, "waits"))
    stopping = asyncio.create_task(hub.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    release.set()
    await stopping
    assert engine.bursts == [("in hand",)]
    assert [entry.message.text for entry in await _waiting(embedded_store, conversation)] == ["waits"]
    async with running_hub(embedded_store, "w2", engine=engine):
        await eventually(lambda: engine.bursts[-1] == ("waits",), "the next hub did not answer the rest")


async def test_that_a_turn_that_does_not_end_keeps_no_hub_from_stopping(embedded_store: Store) -> None:
    engine = Echo()
    engine.hold("for ever")
    hub = make_hub(embedded_store, engine=engine, pace=replace(QUICK, drain=0.1))
    await hub.start()
    conversation = new_conversation()
    await hub.accept(said(conversation, "for ever"))
    await eventually(lambda: engine.running == 1, "the turn did not begin")
    await asyncio.wait_for(hub.stop(), 2)
    engine.held["for ever"].set()
    long_lease = replace(QUICK, lease=60.0)
    async with running_hub(embedded_store, "w2", engine=engine, pace=long_lease) as second:
        assert second.owned == ALL, "the shard of the cut turn was not given up"
        await eventually(lambda: engine.bursts == [("for ever",)], "the turn was not done again")


async def test_that_a_delivery_that_rests_keeps_no_shard_from_moving(embedded_store: Store) -> None:
    """Slack may be away for hours; conversations must not freeze meanwhile."""
    sales = Sales(*(DeliveryDelayed("away", retry_after=60.0) for _ in range(100)))
    slow = replace(QUICK, retry_cap=60.0, drain=60.0)
    async with running_hub(embedded_store, sales=sales, pace=slow) as first:
        conversations = [in_shard(shard)[0] for shard in sorted(ALL)]
        for conversation in conversations:
            await first.accept(said(conversation, "lead"))
        await eventually(lambda: len(sales.calls) == SHARDS, "the leads were not tried")
        async with running_hub(embedded_store, "w2", sales=sales, pace=slow) as second:
            await eventually(lambda: bool(second.owned) and first.owned | second.owned == ALL, "the shards do not move")
            for conversation in conversations:
                ears = Ears()
                await second.watch(conversation, ears)
                await second.accept(said(conversation, "hello"))
                await ears.until(lambda lines: lines[-1:] != [] and lines[-1].text == "you said hello")
    assert await embedded_store.outbox.pending(home(conversations[0])), "the lead is no longer waiting"


async def test_that_a_shard_is_never_taken_twice_at_once(embedded_store: Store) -> None:
    """Two tenures of one shard in one process would both send what waits in the outbox."""
    asked: Counter[Shard] = Counter()
    slow = asyncio.Event()

    async def acquire(shard: Shard, worker: str, *, ttl: float) -> Grant | None:
        asked[shard] += 1
        await slow.wait()
        return await embedded_store.ownership.acquire(shard, worker, ttl=ttl)

    hub = make_hub(altered(embedded_store, "ownership", acquire=acquire), pace=replace(QUICK, tend=0.01))
    starting = [asyncio.create_task(hub._tend_all()) for _ in range(3)]
    await eventually(lambda: len(asked) == SHARDS, "nothing was asked for")
    slow.set()
    await asyncio.gather(*starting)
    await hub.stop()
    assert set(asked.values()) == {1}


async def test_that_an_unreadable_shard_leaves_the_others_alone(embedded_store: Store) -> None:
    async def waiting(shard: Shard, *, after: int) -> object:
        if shard == 3:
            raise ValueError("not readable")
        return await embedded_store.inbox.waiting(shard, after=after)

    async with running_hub(altered(embedded_store, "inbox", waiting=waiting)) as hub:
        assert hub.owned == ALL - {3}
        (conversation,) = in_shard(Shard(5))
        ears = Ears()
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "hello"))
        assert await ears.replied() == ["you said hello"]


async def test_that_lines_of_a_commit_without_an_answer_are_heard_all_the_same(embedded_store: Store) -> None:
    """The store tells other processes of new lines; the one whose commit went unanswered must look for itself."""
    commits = 0

    async def commit(*args: Any) -> object:
        nonlocal commits
        commits += 1
        committed = await embedded_store.conversations.commit(*args)
        if commits == 2:
            raise StoreUnavailable("the reply was lost")
        return committed

    engine, ears = Echo(), Ears()
    async with running_hub(altered(embedded_store, "conversations", commit=commit), engine=engine) as hub:
        conversation = new_conversation()
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "hello"))
        await ears.replied()
        await asyncio.sleep(0.1)  # the subscription stands; nothing else makes the hub look
        await hub.accept(said(conversation, "again"))
        assert await ears.replied(2) == ["you said hello", "you said again"]
    assert engine.bursts == [("hello",), ("again",)]


async def test_that_a_swallowed_cancellation_keeps_no_hub_from_stopping(embedded_store: Store) -> None:
    """`asyncio.wait_for` under redis-py does that before Python 3.12, when it is over in the same moment."""

    async def listen(worker: str) -> AsyncIterator[Signal]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        async for signal in embedded_store.signals.listen(worker):
            yield signal

    hub = make_hub(altered(embedded_store, "signals", listen=listen))
    await hub.start()
    await asyncio.sleep(0)
    await asyncio.wait_for(hub.stop(), 5)
    assert hub.owned == frozenset()


async def test_that_typing_keeps_a_burst_open(embedded_store: Store) -> None:
    engine = Echo()
    pace = Pace(quiet=0.1, patience=2.0, typing=0.5, lease=2.0, tend=0.05, drain=2.0)
    async with running_hub(embedded_store, engine=engine, pace=pace) as hub:
        conversation, ears = new_conversation(), Ears()
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "one"))
        hub.typing(conversation)
        await asyncio.sleep(0.2)
        await hub.accept(said(conversation, "two"))
        await ears.replied()
    assert engine.bursts == [("one", "two")]


async def _lines(hub: Reception, conversation: Any, count: int) -> bool:
    return len(await hub.transcript(conversation, after=0, limit=10)) == count


async def _waiting(store: Store, conversation: Any) -> Any:
    return await store.inbox.waiting(home(conversation), after=0)
