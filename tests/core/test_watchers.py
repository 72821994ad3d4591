"""Listeners hear every line, from whichever process it comes, and never miss the newest."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from core.errors import StoreUnavailable
from core.ids import ConversationId
from core.store_ports import Commit, Store
from core.transcript import TranscriptEntry
from core.watchers import CATCH_UP_LINES, Watchers
from tests.contracts.builders import line, new_conversation, own, session
from tests.core.hub_parts import Ears, altered


async def write(store: Store, conversation: ConversationId, count: int) -> None:
    """So many lines of the bot, by another worker."""
    shard, epoch = await own(store, conversation, "w2")
    lines = tuple(line(f"line {number}") for number in range(1, count + 1))
    await store.conversations.commit(shard, "w2", epoch, Commit(session=session(conversation), lines=lines))


def entry(seq: int) -> TranscriptEntry:
    return TranscriptEntry(seq=seq, author="bot", at=0.0, text=f"line {seq}")


async def test_that_lines_of_this_process_reach_every_listener(embedded_store: Store) -> None:
    watchers = Watchers(embedded_store.transcripts, "w1")
    conversation, one, two = new_conversation(), Ears(), Ears()
    await watchers.add(conversation, one)
    await watchers.add(conversation, two)
    watchers.tell(conversation, (entry(1),))
    await watchers.remove(conversation, two)
    watchers.tell(conversation, (entry(2),))
    watchers.tell(new_conversation(), (entry(1),))
    assert [line.seq for line in one.lines] == [1, 2]
    assert [line.seq for line in two.lines] == [1]


async def test_that_lines_of_another_process_are_read(embedded_store: Store) -> None:
    watchers = Watchers(embedded_store.transcripts, "w1")
    conversation, ears = new_conversation(), Ears()
    await watchers.add(conversation, ears)
    await write(embedded_store, conversation, 3)
    await watchers.catch_up(conversation)
    assert [line.text for line in ears.lines] == ["line 1", "line 2", "line 3"]


async def test_that_the_newest_of_a_long_conversation_is_heard(embedded_store: Store) -> None:
    watchers = Watchers(embedded_store.transcripts, "w1")
    conversation, ears = new_conversation(), Ears()
    await watchers.add(conversation, ears)
    await write(embedded_store, conversation, 2 * CATCH_UP_LINES + 50)
    await watchers.catch_up(conversation)
    assert ears.lines[-1].seq == 2 * CATCH_UP_LINES + 50


async def test_that_catching_up_may_be_limited_to_some(embedded_store: Store) -> None:
    watchers = Watchers(embedded_store.transcripts, "w1")
    wanted, other = new_conversation(), new_conversation()
    ears = {wanted: Ears(), other: Ears()}
    for conversation, listener in ears.items():
        await watchers.add(conversation, listener)
        await write(embedded_store, conversation, 1)
    await watchers.catch_up_all(lambda conversation: conversation == wanted)
    assert (len(ears[wanted].lines), len(ears[other].lines)) == (1, 0)
    await watchers.catch_up_all()
    assert len(ears[other].lines) == 1


async def test_that_a_listener_that_leaves_does_not_end_the_watch_of_one_that_comes(embedded_store: Store) -> None:
    """A page that is loaded again: the new socket begins to watch while the old one stops."""
    order: list[str] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def watch(conversation: ConversationId, worker: str) -> None:
        order.append("watch")
        await embedded_store.transcripts.watch(conversation, worker)
        if len(order) > 1:
            begun.set()
            await go_on.wait()

    async def unwatch(conversation: ConversationId, worker: str) -> None:
        order.append("unwatch")
        await embedded_store.transcripts.unwatch(conversation, worker)

    store = altered(embedded_store, "transcripts", watch=watch, unwatch=unwatch)
    watchers = Watchers(store.transcripts, "w1")
    conversation, leaves, comes = new_conversation(), Ears(), Ears()
    await watchers.add(conversation, leaves)
    adding = asyncio.create_task(watchers.add(conversation, comes))
    await begun.wait()
    await watchers.remove(conversation, leaves)
    go_on.set()
    await adding
    assert order == ["watch", "watch"]


async def test_that_a_watch_that_fails_leaves_no_listener(embedded_store: Store) -> None:
    async def watch(*_: Any) -> None:
        raise StoreUnavailable("away")

    watchers = Watchers(altered(embedded_store, "transcripts", watch=watch).transcripts, "w1")
    conversation, ears = new_conversation(), Ears()
    with pytest.raises(StoreUnavailable):
        await watchers.add(conversation, ears)
    watchers.tell(conversation, (entry(1),))
    assert ears.lines == []
    await watchers.remove(conversation, ears)


async def test_that_renewing_watches_what_is_listened_to(embedded_store: Store) -> None:
    watched: list[ConversationId] = []

    async def watch(conversation: ConversationId, worker: str) -> None:
        watched.append(conversation)
        await embedded_store.transcripts.watch(conversation, worker)

    watchers = Watchers(altered(embedded_store, "transcripts", watch=watch).transcripts, "w1")
    stays, leaves, ears = new_conversation(), new_conversation(), Ears()
    await watchers.add(stays, ears)
    await watchers.add(leaves, ears)
    await watchers.remove(leaves, ears)
    await watchers.renew()
    assert watched == [stays, leaves, stays]
