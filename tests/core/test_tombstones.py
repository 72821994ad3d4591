"""A restored backup brings nobody back who was erased since."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.erasing import erase, trace_of_person
from core.ids import ConversationId, PersonId, VisitorId
from core.tombstones import as_lines, from_lines, merged
from frontdesk.restored import reapply_tombstones
from store.open import OpenStore, open_store
from tests.contracts.builders import NOW
from tests.contracts.stores import SHARDS, embedded_server, new_tenant
from tests.contracts.test_store_erasure import a_talk

__all__ = ["embedded_server"]


async def held(opened: OpenStore) -> list[ConversationId]:
    return sorted([one async for one in opened.conversations()])


async def test_that_who_was_erased_since_the_backup_goes_again_and_nobody_else(embedded_server: str) -> None:
    live = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    restored = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    try:
        for opened in (live, restored):
            for name in ("ada", "bob"):
                await a_talk(opened.store, ConversationId(f"c-{name}"), f"v-{name}", f"{name}@example.com")
                await opened.store.ledger.append(PersonId(f"v-{name}"), ())
        trace = await trace_of_person(live.store, PersonId("v-ada"))
        await erase(live.store, trace, at=NOW + 60.0)
        tombstones = from_lines(as_lines(await live.store.erasure.recorded()))
        assert "ada" not in str(tombstones)

        erased = await reapply_tombstones(restored, tombstones)
        assert (erased.conversations, erased.leads) == (1, 1)
        assert await held(restored) == ["c-bob"]
        assert await restored.store.erasure.with_address("ada@example.com") == ()
        assert (await reapply_tombstones(restored, {})).conversations == 0
    finally:
        await restored.close()
        await live.close()


async def test_that_who_came_back_after_the_erasure_stays(embedded_server: str) -> None:
    opened = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    try:
        conversation = ConversationId("telegram:bot:1")
        await opened.store.erasure.record((), at=NOW)
        await erase(opened.store, await trace_of_person(opened.store, PersonId("v")), at=NOW - 60.0)
        await a_talk(opened.store, conversation, VisitorId("v"), "v@example.com")
        await reapply_tombstones(opened, {})
        assert await held(opened) == [conversation]
    finally:
        await opened.close()


@given(st.dictionaries(st.text(min_size=1), st.floats(0, 4e9)), st.dictionaries(st.text(min_size=1), st.floats(0, 4e9)))
def test_that_a_file_holds_what_was_written_and_the_newest_counts(one: dict[str, float], two: dict[str, float]) -> None:
    assert from_lines(as_lines(one)) == one
    both = merged(one, two)
    assert both == merged(two, one)
    assert all(both[name] >= at for name, at in (*one.items(), *two.items()))


@pytest.mark.parametrize("text", ["x", '{"erased": "p:1"}', '{"erased": "p:1", "at": "soon"}', "[]"])
def test_that_another_file_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(ValueError, match="line 1 is no record"):
        from_lines(text)
