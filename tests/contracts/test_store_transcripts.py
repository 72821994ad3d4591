from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.ids import ConversationId, Shard
from core.store_ports import Commit, LinesWritten, ShardWoken, Signal, SignalsLost, Store
from tests.contracts.builders import home, line, message, new_conversation, own, session


@asynccontextmanager
async def listening(store: Store, worker: str) -> AsyncIterator[asyncio.Queue[Signal]]:
    """The worker's signals, from the moment the subscription stands."""
    heard: asyncio.Queue[Signal] = asyncio.Queue()

    async def listen() -> None:
        async for signal in store.signals.listen(worker):
            heard.put_nowait(signal)

    task = asyncio.create_task(listen())
    assert await asyncio.wait_for(heard.get(), 5) == SignalsLost()
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def heard_before_a_mark(store: Store, heard: asyncio.Queue[Signal], worker: str, shard: Shard) -> list[Signal]:
    """Everything heard of a shard so far: a signal of our own closes the list.

    It comes from the same shard, because only signals of one server of a cluster keep their order.
    """
    mark = next(one for one in iter(new_conversation, None) if home(one) == shard)
    await store.transcripts.watch(mark, worker)
    await store.inbox.accept(message(mark), worker="somebody")
    signals: list[Signal] = []
    while (signal := await asyncio.wait_for(heard.get(), 5)) != LinesWritten(conversation=mark):
        signals.append(signal)
    return signals


async def test_that_lines_are_read_in_pages(store: Store) -> None:
    conversation = new_conversation()
    for number in range(5):
        await store.inbox.accept(message(conversation, str(number), f"text {number}"), worker="w1")

    pages = [await store.transcripts.read(conversation, after=after, limit=2) for after in (0, 2, 4, 5)]

    assert [[(one.seq, one.text) for one in page] for page in pages] == [
        [(1, "text 0"), (2, "text 1")],
        [(3, "text 2"), (4, "text 3")],
        [(5, "text 4")],
        [],
    ]


async def test_that_an_unknown_conversation_has_no_lines(store: Store) -> None:
    assert await store.transcripts.read(ConversationId("never.heard"), after=0, limit=10) == ()
    assert await store.transcripts.read(ConversationId("never.heard"), after=0, limit=0) == ()


async def test_that_the_owner_of_a_shard_is_woken_by_another_workers_accept_only(store: Store) -> None:
    conversation = new_conversation()
    shard, _ = await own(store, conversation, "w1")
    async with listening(store, "w1") as heard:
        await store.inbox.accept(message(conversation, "mine"), worker="w1")
        await store.inbox.accept(message(conversation, "theirs"), worker="w2")
        await store.inbox.accept(message(conversation, "theirs"), worker="w2")

        signals = await heard_before_a_mark(store, heard, "w1", shard)

    assert signals[:1] == [ShardWoken(shard=shard)]
    assert signals.count(ShardWoken(shard=shard)) in {1, 2}  # the mark may wake it, too


async def test_that_watchers_hear_of_lines_of_others_until_they_stop_watching(store: Store) -> None:
    conversation, other = new_conversation(), new_conversation()
    shard, epoch = await own(store, conversation, "w2")
    async with listening(store, "w1") as heard:
        await store.transcripts.watch(conversation, "w1")
        await store.inbox.accept(message(conversation, "own accept"), worker="w1")
        await store.inbox.accept(message(other), worker="w2")
        await store.inbox.accept(message(conversation, "accepted"), worker="w2")
        committed = await store.conversations.commit(
            shard, "w2", epoch, Commit(session=session(conversation), lines=(line(),))
        )
        silent = await store.conversations.commit(shard, "w2", epoch, Commit(session=committed.session))
        await store.transcripts.unwatch(conversation, "w1")
        await store.conversations.commit(shard, "w2", epoch, Commit(session=silent.session, lines=(line(),)))

        signals = await heard_before_a_mark(store, heard, "w1", shard)

    assert signals == [LinesWritten(conversation=conversation)] * 2
    assert home(conversation) == shard


async def test_that_a_conversation_id_of_any_shape_comes_back_in_its_signal(store: Store) -> None:
    conversation = ConversationId("teams.19:{abc}@thread;messageid=1 ü")
    async with listening(store, "w1") as heard:
        await store.transcripts.watch(conversation, "w1")
        await store.inbox.accept(message(conversation), worker="w2")

        assert await asyncio.wait_for(heard.get(), 5) == LinesWritten(conversation=conversation)
