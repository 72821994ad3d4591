from __future__ import annotations

import asyncio

from core.store_ports import Store

DAY = 20_000


async def test_that_tokens_are_taken_from_all_allowances_or_from_none(store: Store) -> None:
    limits = {"all": 1_000, "conversation:c1": 300}
    assert await store.allowances.take(200, limits, day=DAY) == ""
    assert await store.allowances.take(200, limits, day=DAY) == "conversation:c1"
    assert await store.allowances.take(800, {"all": 1_000}, day=DAY) == ""  # the refused 200 were not taken
    assert await store.allowances.take(1, {"all": 1_000}, day=DAY) == "all"
    await store.allowances.give_back(150, ("all", "conversation:c1"), day=DAY)
    assert await store.allowances.take(150, limits, day=DAY) == ""
    assert await store.allowances.take(1_000, {"all": 1_000}, day=DAY + 1) == ""


async def test_that_parallel_calls_cannot_overspend(store: Store) -> None:
    limits = {"all": 1_000, "site:web": 1_000}
    taken = await asyncio.gather(*(store.allowances.take(300, limits, day=DAY + 2) for _ in range(50)))
    assert taken.count("") == 3


async def test_that_the_tokens_of_each_day_are_kept_in_sum(store: Store) -> None:
    limits = {"all": 1_000, "conversation:c1": 300}
    await store.allowances.take(200, limits, day=DAY)
    await store.allowances.take(200, limits, day=DAY)  # refused
    await store.allowances.take(500, {"all": 1_000}, day=DAY + 1)
    await store.allowances.give_back(50, tuple(limits), day=DAY)
    assert await store.allowances.tokens(range(DAY - 1, DAY + 3)) == {DAY: 150, DAY + 1: 500}
    assert await store.allowances.tokens(()) == {}
