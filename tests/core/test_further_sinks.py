"""Several sinks for leads: each lead reaches each, one that is away holds up no other, each remembers for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from core.delivery import Courier, Doors, Grounds
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain, StoreUnavailable
from core.ids import ConversationId, Epoch, LeadId, Shard, lead_of
from core.lead import Posting, PostingState
from core.ports import LeadSink
from core.store_ports import Commit, Store
from core.turn import DeliverLead
from tests.contracts.builders import lead, new_conversation, own, session
from tests.core.hub_parts import QUICK, Sales, altered, eventually

STARTED = Posting(state=PostingState.STARTED, revision=0)


@dataclass(kw_only=True)
class Desk:
    """One owned shard with a lead in it, and couriers for it."""

    store: Store
    conversation: ConversationId
    shard: Shard
    epoch: Epoch
    couriers: list[Courier]
    version: int = 0
    losses: list[None] = field(default_factory=list)

    @property
    def lead(self) -> LeadId:
        return lead_of(self.conversation)

    def courier(
        self, sales: Sales | None, sinks: Mapping[str, LeadSink], *, slow: bool = False, store: Store | None = None
    ) -> Courier:
        grounds = Grounds(shard=self.shard, worker="w1", epoch=self.epoch, fresh=lambda: True)
        doors = Doors(channels={}, sink=sales, further_sinks=sinks)
        pace = replace(QUICK, retry_cap=60.0, park=60.0, uncertain=60.0) if slow else QUICK
        made = Courier(store or self.store, doors, grounds, pace, rng=Random(1), lost=lambda: self.losses.append(None))
        self.couriers.append(made)
        return made

    async def grow(self, revision: int, courier: Courier) -> None:
        turn = Commit(
            session=replace(session(self.conversation), version=self.version),
            lead=lead(self.conversation, revision),
            outbox=(DeliverLead(lead=self.lead),),
        )
        self.version += 1
        courier.take((await self.store.conversations.commit(self.shard, "w1", self.epoch, turn)).outbox)

    async def done(self) -> bool:
        return not await self.store.outbox.pending(self.shard)

    async def stands_at(self, sink: str) -> int:
        posting = await self.store.leads.posting(self.lead, sink)
        return posting.revision if posting else 0


@asynccontextmanager
async def desk(store: Store) -> AsyncIterator[Desk]:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    made = Desk(store=store, conversation=conversation, shard=shard, epoch=epoch, couriers=[])
    yield made
    for one in made.couriers:
        one.cancel()


async def test_that_every_sink_gets_every_lead_and_remembers_for_itself(embedded_store: Store) -> None:
    sales, crm, hook = Sales(), Sales(), Sales()
    async with desk(embedded_store) as one:
        courier = one.courier(sales, {"crm": crm, "hook": hook})
        for revision in (1, 2):
            await one.grow(revision, courier)
            await eventually(one.done, "the outbox is not empty")
        assert [await one.stands_at(name) for name in ("", "crm", "hook")] == [2, 2, 2]
    assert [[revision for _, revision, _ in sink.calls] for sink in (sales, crm, hook)] == [[1, 2]] * 3
    assert [sink.calls[0][2] for sink in (sales, crm, hook)] == [None, None, None]


@pytest.mark.parametrize(
    "trouble", [DeliveryDelayed("busy", retry_after=60.0), DeliveryParked("revoked"), DeliveryUncertain("no answer")]
)
async def test_that_a_sink_that_is_away_delays_no_other_and_loses_nothing(
    embedded_store: Store, trouble: Exception
) -> None:
    sales, away, hook = Sales(), Sales(trouble), Sales()
    async with desk(embedded_store) as one:
        courier = one.courier(sales, {"crm": away, "hook": hook}, slow=True)
        await one.grow(1, courier)
        await eventually(away.called.is_set, "the sink was not tried")
        await one.grow(2, courier)

        async def others_stand() -> bool:
            return [await one.stands_at(name) for name in ("", "hook")] == [2, 2]

        await eventually(others_stand, "the others were held up")
        assert not await one.done()
        assert courier.parked == ({f"crm:{one.lead}"} if isinstance(trouble, DeliveryParked) else frozenset())
        courier.cancel()
        # the next process takes over what the outbox still holds: only the sink that was away is called again
        again = one.courier(sales, {"crm": away, "hook": hook})
        again.take(await embedded_store.outbox.pending(one.shard))
        await eventually(one.done, "the outbox is not empty")
        assert await one.stands_at("crm") == 2
    assert [revision for _, revision, _ in away.calls] == [1, 2]
    assert len(sales.calls) == len(hook.calls) == 2


async def test_that_a_kill_between_call_and_record_repeats_the_same_revision_at_once(embedded_store: Store) -> None:
    crm = Sales()
    async with desk(embedded_store) as one:
        await one.grow(1, one.courier(None, {}, slow=True))
        await eventually(one.done, "the outbox is not empty")
        await embedded_store.leads.record_posting(one.lead, "w1", one.epoch, STARTED, "crm")
        courier = one.courier(None, {"crm": crm}, slow=True)
        await one.grow(1, courier)
        await asyncio.wait_for(crm.called.wait(), 2)
        await eventually(one.done, "the outbox is not empty")
    assert crm.calls == [(one.lead, 1, STARTED)]


async def test_that_a_process_that_dies_before_it_noted_the_answer_is_followed_by_one_that_repeats(
    embedded_store: Store,
) -> None:
    crm = Sales()

    async def record(*args: Any) -> bool:
        if args[3].state is PostingState.POSTED:
            raise StoreUnavailable("gone between the call and its record")
        return await embedded_store.leads.record_posting(*args)

    async with desk(embedded_store) as one:
        await one.grow(
            1, one.courier(None, {"crm": crm}, store=altered(embedded_store, "leads", record_posting=record))
        )
        await eventually(lambda: bool(one.losses), "the loss was not told")
        assert not await one.done()
        one.courier(None, {"crm": crm}).take(await embedded_store.outbox.pending(one.shard))
        await eventually(one.done, "the outbox is not empty")
    assert crm.calls == [(one.lead, 1, None), (one.lead, 1, STARTED)]


async def test_that_what_is_parked_says_why_in_its_own_posting(embedded_store: Store) -> None:
    sales = Sales()
    async with desk(embedded_store) as one:
        await one.grow(1, one.courier(sales, {"crm": Sales(DeliveryParked("the token was revoked"))}, slow=True))

        async def says_why() -> bool:
            posting = await embedded_store.leads.posting(one.lead, "crm")
            return posting is not None and posting.reason == "the token was revoked"

        await eventually(says_why, "the reason is not kept")
        posting = await embedded_store.leads.posting(one.lead)
        assert posting is None or not posting.reason


async def test_that_a_lead_that_is_gone_is_delivered_nowhere(embedded_store: Store) -> None:
    sales, crm = Sales(), Sales()
    async with desk(embedded_store) as one:
        turn = Commit(session=session(one.conversation), outbox=(DeliverLead(lead=one.lead),))
        entries = (await embedded_store.conversations.commit(one.shard, "w1", one.epoch, turn)).outbox
        one.courier(sales, {"crm": crm}).take(entries)
        await eventually(one.done, "the outbox is not empty")
    assert sales.calls == crm.calls == []
