"""What channels remember."""

from __future__ import annotations

import asyncio

from core.store_ports import Store


async def test_that_a_note_is_found_by_channel_and_key_until_it_is_taken(store: Store) -> None:
    await store.notes.put("chat", "a:b", "one", life=60)
    await store.notes.put("chat:a", "b", "two", life=60)
    assert await store.notes.get("chat", "a:b") == "one"
    assert await store.notes.take("chat", "a:b") == "one"
    assert await store.notes.get("chat", "a:b") is None
    assert await store.notes.get("chat:a", "b") == "two"


async def test_that_only_the_first_of_several_adds_and_of_several_takers_one_gets_it(store: Store) -> None:
    added = await asyncio.gather(*(store.notes.add("chat", "once", str(number), life=60) for number in range(20)))
    assert added.count(True) == 1
    assert await store.notes.get("chat", "once") == str(added.index(True))
    taken = await asyncio.gather(*(store.notes.take("chat", "once") for _ in range(20)))
    assert [one for one in taken if one is not None] == [str(added.index(True))]


async def test_that_a_note_ends_by_itself_and_a_new_one_begins_its_life_anew(store: Store) -> None:
    await store.notes.put("chat", "short", "old", life=0.001)
    async with asyncio.timeout(5):
        while await store.notes.get("chat", "short") is not None:  # noqa: ASYNC110  another process's clock
            await asyncio.sleep(0.002)
    assert await store.notes.add("chat", "short", "new", life=60)
    assert await store.notes.get("chat", "short") == "new"


async def test_that_what_tells_of_somebody_goes_with_them_and_nothing_else_does(store: Store) -> None:
    await store.notes.put("chat", "theirs", "one", life=60, of="ada")
    assert await store.notes.add("chat", "first", "ada", life=60, of="ada")
    assert not await store.notes.add("chat", "first", "bob", life=60, of="bob")
    await store.notes.put("chat", "nobody's", "two", life=60)
    assert await store.notes.forget("bob") == 0
    assert await store.notes.forget("ada") == 2
    assert await store.notes.forget("ada") == 0
    held = [await store.notes.get("chat", key) for key in ("theirs", "first", "nobody's")]
    assert held == [None, None, "two"]
