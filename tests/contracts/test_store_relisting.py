"""The directory made anew from the conversations, on each kind of server."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from core.course import Stage, Step, periods_of
from core.directory import Ask, Listing
from core.erasing import erase, trace_of_conversation
from core.ids import ConversationId
from core.relisting import differences, relist
from core.store_ports import Commit, Store
from frontdesk.simulation.filling import fill
from frontdesk.simulation.people import Crowd, World
from profiles.analyst import ProfileAnalyst
from store.keys import WORKERS
from store.open import OpenStore, open_store
from tests.contracts.builders import lead, new_conversation, own, session
from tests.contracts.stores import SHARDS, new_tenant

NOW = 1_800_000_000.0
WORLD = World(
    personas=(("clinics", "Clinics"), ("shops", "Shops")),
    channels=("web",),
    questions=("volume", "budget"),
    site="https://www.example.com",
    now=NOW,
)
MADE = 150


@pytest.fixture
async def crowded(opened: OpenStore) -> OpenStore:
    await fill(opened.store, Crowd(WORLD, Random(5), "5"), MADE, shards=SHARDS, told=lambda _: None)
    return opened


async def rows(store: Store) -> dict[ConversationId, Listing]:
    found: dict[ConversationId, Listing] = {}
    after = ""
    while True:
        page = await store.directory.find(Ask(after=after))
        found |= {row.conversation: _judged_alike(row) for row in page.rows}
        after = page.next
        if not after:
            return found


def _judged_alike(row: Listing) -> Listing:
    """Without what an analyst judges: made-up people were not judged by one."""
    return replace(row, readiness="", score=0.0, confidence=0.0, size="")


async def all_tallies(store: Store) -> Any:
    periods = {period for row in (await rows(store)).values() for period in periods_of(row.created_at)}
    return await store.directory.tallies(sorted(periods))


async def test_that_lists_and_figures_come_back_from_the_conversations_alone(crowded: OpenStore) -> None:
    store = crowded.store
    gone = next(iter(await rows(store)))
    await erase(store, await trace_of_conversation(store, gone), at=NOW + 1)
    before, tallies = await rows(store), await all_tallies(store)

    heard: list[int] = []
    listed = await relist(store, crowded.conversations(), ProfileAnalyst(), heard.append)

    assert listed == MADE - 1
    assert heard == [100]
    assert await rows(store) == before
    assert await all_tallies(store) == tallies
    assert await differences(store.directory) == ()


async def test_that_a_figure_that_went_wrong_is_named_and_mended(crowded: OpenStore) -> None:
    store = crowded.store
    assert await differences(store.directory) == ()
    key = crowded._keys.directory + b"tally:2027-01"
    await crowded._commands.command(WORKERS, b"HINCRBY", key, b"engaged|", 3)
    await crowded._commands.command(WORKERS, b"HSET", key, b"won|persona:nobody", 1)

    wrong = await differences(store.directory)
    assert [(one.period, one.name, one.held - one.summed) for one in wrong] == [
        ("2027-01", "engaged|", 3),
        ("2027-01", "won|persona:nobody", 1),
    ]
    await relist(store, crowded.conversations(), ProfileAnalyst(), lambda _: None)
    assert await differences(store.directory) == ()


async def test_that_the_census_knows_its_own_tenant_alone(crowded: OpenStore, store_url: str) -> None:
    other = await open_store(store_url, tenant=new_tenant(), shards=SHARDS)
    await fill(other.store, Crowd(WORLD, Random(1), "1"), 3, shards=SHARDS, told=lambda _: None)
    found = {one async for one in other.conversations()}
    assert found == {ConversationId(f"simulated.1.{number}") for number in range(3)}
    assert len({one async for one in crowded.conversations()}) == MADE
    await other.close()


async def test_that_a_conversation_of_an_earlier_release_gets_the_course_it_must_have_had(opened: OpenStore) -> None:
    store, conversation = opened.store, new_conversation()
    shard, epoch = await own(store, conversation)
    talked = replace(session(conversation), messages=2, last_at=NOW + 60)
    await store.conversations.commit(shard, "w1", epoch, Commit(session=talked, lead=lead(conversation)))
    await relist(store, opened.conversations(), ProfileAnalyst(), lambda _: None)
    row = await store.directory.one(conversation)
    assert row is not None
    assert row.course.steps == (Step(Stage.ENGAGED, NOW + 60), Step(Stage.HANDED_OFF, NOW + 60))
