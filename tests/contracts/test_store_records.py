from __future__ import annotations

import asyncio

import pytest

from core.errors import Fenced
from core.fact import Quantity
from core.ids import Epoch, PersonId, lead_of
from core.lead import Posting, PostingState
from core.store_ports import Commit, Store
from tests.contracts.builders import fact, lead, new_conversation, own, session


async def test_that_a_lead_is_loaded_from_its_conversation(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    assert await store.leads.load(lead_of(conversation)) is None

    committed = await store.conversations.commit(
        shard,
        "w1",
        epoch,
        Commit(session=session(conversation), lead=lead(conversation)),
    )
    await store.conversations.commit(shard, "w1", epoch, Commit(session=committed.session, lead=lead(conversation, 2)))

    assert await store.leads.load(lead_of(conversation)) == lead(conversation, 2)


async def test_that_each_sink_has_a_posting_of_its_own(store: Store) -> None:
    conversation = new_conversation()
    _, epoch = await own(store, conversation)
    identity = lead_of(conversation)
    postings = {
        sink: Posting(state=PostingState.POSTED, revision=number, reference=sink)
        for number, sink in enumerate(("", "hubspot", "webhook-warehouse"), start=1)
    }
    for sink, posting in postings.items():
        assert await store.leads.posting(identity, sink) is None
        await store.leads.record_posting(identity, "w1", epoch, posting, sink)
    assert {sink: await store.leads.posting(identity, sink) for sink in postings} == postings
    with pytest.raises(Fenced):
        await store.leads.record_posting(identity, "w2", epoch, postings[""], "hubspot")


async def test_that_a_posting_is_recorded_by_the_owner_only(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    identity = lead_of(conversation)
    started = Posting(state=PostingState.STARTED, revision=1)
    posted = Posting(state=PostingState.POSTED, revision=1, channel="C1", reference="1700.1")
    assert await store.leads.posting(identity) is None

    await store.leads.record_posting(identity, "w1", epoch, started)
    for worker, stale in (("w2", epoch), ("w1", Epoch(epoch - 1))):
        with pytest.raises(Fenced):
            await store.leads.record_posting(identity, worker, stale, posted)
    assert await store.leads.posting(identity) == started
    await store.leads.record_posting(identity, "w1", epoch, posted)

    assert await store.leads.posting(identity) == posted
    assert await store.conversations.load(conversation) is None
    await store.conversations.commit(shard, "w1", epoch, Commit(session=session(conversation)))


async def test_that_a_persons_ledger_takes_each_fact_once_in_order(store: Store) -> None:
    person = PersonId("visitor-7")
    facts = [fact("a"), fact("b", Quantity(low=1, high=2, unit="tickets", period="day")), fact("c")]

    assert await store.ledger.append(person, facts[:2]) == 2
    assert await store.ledger.append(person, [facts[1], facts[2], facts[2]]) == 1
    assert await store.ledger.append(person, []) == 0

    assert await store.ledger.read(person) == tuple(facts)
    assert await store.ledger.read(PersonId("visitor-8")) == ()


async def test_that_concurrent_appends_of_one_fact_add_it_once(store: Store) -> None:
    person = PersonId("visitor-9")

    added = await asyncio.gather(*(store.ledger.append(person, [fact("a"), fact(f"b{n}")]) for n in range(10)))

    assert sum(added) == 11
    assert len(await store.ledger.read(person)) == 11
