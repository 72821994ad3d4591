from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.errors import Fenced
from core.ids import Epoch, Shard
from core.store_ports import Store
from tests.contracts.builders import LONG, NOW, home, message, new_conversation

SHORT = 0.05
"""Seconds; a lease short enough to wait for its end."""


async def eventually(check: Callable[[], Awaitable[bool]]) -> None:
    """Poll until `check` holds, for two seconds at most."""
    async with asyncio.timeout(2):
        while True:
            if await check():
                return
            await asyncio.sleep(0.01)


async def test_that_a_shard_has_one_owner_at_a_time(store: Store) -> None:
    shard = Shard(1)
    grants = await asyncio.gather(*(store.ownership.acquire(shard, f"w{n}", ttl=LONG) for n in range(10)))

    assert sum(grant is not None for grant in grants) == 1


async def test_that_each_new_owner_gets_a_higher_epoch_even_after_a_release(store: Store) -> None:
    shard = Shard(2)
    epochs = []
    for worker in ("w1", "w2", "w1"):
        grant = await store.ownership.acquire(shard, worker, ttl=LONG)
        assert grant is not None
        epochs.append(grant.epoch)
        await store.ownership.release(shard, worker, grant.epoch)

    assert epochs == [1, 2, 3]


async def test_that_a_lease_that_ran_out_can_be_taken_and_fences_the_old_owner(store: Store) -> None:
    shard = Shard(3)
    old = await store.ownership.acquire(shard, "w1", ttl=SHORT)
    assert old is not None

    async def taken() -> bool:
        return await store.ownership.acquire(shard, "w2", ttl=LONG) is not None

    await eventually(taken)

    with pytest.raises(Fenced):
        await store.ownership.tend(shard, "w1", old.epoch, ttl=LONG, now=NOW)
    assert await store.ownership.acquire(shard, "w1", ttl=LONG) is None


async def test_that_tending_keeps_the_lease(store: Store) -> None:
    shard = Shard(4)
    grant = await store.ownership.acquire(shard, "w1", ttl=SHORT)
    assert grant is not None

    await store.ownership.tend(shard, "w1", grant.epoch, ttl=LONG, now=NOW)
    await asyncio.sleep(2 * SHORT)

    assert await store.ownership.acquire(shard, "w2", ttl=LONG) is None


async def test_that_releasing_what_another_owns_does_nothing(store: Store) -> None:
    shard = Shard(5)
    grant = await store.ownership.acquire(shard, "w1", ttl=LONG)
    assert grant is not None

    await store.ownership.release(shard, "w2", grant.epoch)
    await store.ownership.release(shard, "w1", Epoch(grant.epoch + 1))

    assert await store.ownership.acquire(shard, "w2", ttl=LONG) is None


async def test_that_owner_and_tend_learn_the_newest_sequence_even_of_an_empty_inbox(store: Store) -> None:
    conversation = new_conversation()
    shard = home(conversation)
    before = await store.ownership.acquire(shard, "w1", ttl=LONG)
    for number in range(3):
        await store.inbox.accept(message(conversation, str(number)), worker="w1")
    grant = await store.ownership.acquire(shard, "w1", ttl=LONG)
    assert before is not None
    assert grant is not None
    for entry in await store.inbox.waiting(shard, after=0):
        await store.inbox.bury(shard, "w1", grant.epoch, entry, "test")

    assert (before.inbox_last, grant.inbox_last) == (0, 3)
    assert await store.ownership.tend(shard, "w1", grant.epoch, ttl=LONG, now=NOW) == 3
    accepted = await store.inbox.accept(message(conversation, "more"), worker="w1")
    assert accepted.seq == 4


async def test_that_workers_are_listed_while_they_live(store: Store) -> None:
    assert await store.ownership.announce("w2", ttl=LONG) == ("w2",)
    assert await store.ownership.announce("w1", ttl=LONG) == ("w1", "w2")

    await store.ownership.withdraw("w2")

    assert await store.ownership.announce("w1", ttl=LONG) == ("w1",)


async def test_that_a_silent_worker_is_forgotten(store: Store) -> None:
    await store.ownership.announce("silent", ttl=SHORT)

    async def forgotten() -> bool:
        return await store.ownership.announce("w1", ttl=SHORT) == ("w1",)

    await eventually(forgotten)
