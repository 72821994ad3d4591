"""What the admins' door keeps: records, a journal, counted tries."""

from __future__ import annotations

import asyncio

from core.store_ports import Store


async def test_that_a_record_is_added_once_and_replaced_only_as_it_was_read(store: Store) -> None:
    added = await asyncio.gather(*(store.records.add("kind", "one", str(number)) for number in range(20)))
    assert added.count(True) == 1
    kept = await store.records.get("kind", "one")
    assert kept == str(added.index(True))
    assert not await store.records.replace("kind", "one", "something else", "new")
    assert not await store.records.replace("kind", "two", "", "new")
    assert await store.records.replace("kind", "one", kept, "")
    assert await store.records.get("kind", "one") == ""
    assert await store.records.replace("kind", "one", "", None)
    assert await store.records.get("kind", "one") is None


async def test_that_records_are_told_by_kind(store: Store) -> None:
    await store.records.add("kind", "a", "1")
    await store.records.add("kind", "b\u0000é", "2")
    await store.records.add("other", "a", "3")
    assert await store.records.all("kind") == {"a": "1", "b\u0000é": "2"}
    assert await store.records.all("none") == {}


async def test_that_a_journal_takes_a_line_only_after_those_its_writer_knew(store: Store) -> None:
    assert await store.journal.last() == (0, "")
    taken = await asyncio.gather(*(store.journal.append(str(number), after=0) for number in range(10)))
    assert taken.count(True) == 1
    assert await store.journal.append("second", after=1)
    assert not await store.journal.append("late", after=1)
    assert await store.journal.last() == (2, "second")
    assert await store.journal.lines(1, 5) == ("second",)
    assert await store.journal.lines(2, 5) == ()


async def test_that_tries_are_counted_over_all_given_back_and_forgotten(store: Store) -> None:
    counted = await asyncio.gather(*(store.tries.count("key", life=60) for _ in range(20)))
    assert sorted(counted) == list(range(1, 21))
    await store.tries.give_back("key")
    assert await store.tries.count("key", life=60) == 20
    await store.tries.clear("key")
    await store.tries.give_back("key")
    assert await store.tries.count("key", life=60) == 1


async def test_that_tries_end_a_while_after_the_first_of_them(store: Store) -> None:
    await store.tries.count("short", life=0.001)
    async with asyncio.timeout(5):
        while await store.tries.count("short", life=0.001) != 1:  # noqa: ASYNC110  another process's clock
            await asyncio.sleep(0.002)
