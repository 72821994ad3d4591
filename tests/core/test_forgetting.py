"""A conversation is erased while a hub works on it: nothing comes back, and sales loses sight of it, too."""

from __future__ import annotations

import asyncio

from core.delivery import Doors
from core.ids import ConversationId, LeadId, lead_of
from core.lead import Posting
from core.store_ports import Store
from core.turn import WithdrawLead
from tests.contracts.builders import home, new_conversation
from tests.core.hub_parts import QUICK, Echo, Sales, ToldClock, eventually, running_hub, said

NOW = 1_800_000_000.0


class Withdrawing(Sales):
    """A sales channel that also takes cards back."""

    def __init__(self) -> None:
        super().__init__()
        self.withdrawn: list[tuple[LeadId, str]] = []
        self.places: list[tuple[float, str]] = []

    async def withdraw(self, lead: LeadId, *, since: float, channel: str, reference: str) -> None:
        self.withdrawn.append((lead, reference))
        self.places.append((since, channel))


async def test_a_turn_under_way_does_not_bring_a_conversation_back(embedded_store: Store) -> None:
    engine, conversation = Echo(), new_conversation()
    release = engine.hold("hello")
    async with running_hub(embedded_store, engine=engine) as hub:
        await hub.accept(said(conversation, "hello"))
        await eventually(lambda: "hello" in engine.began, "the turn began")
        await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
        release.set()
        await eventually(lambda: engine.running == 0, "the turn ended")
        await hub.accept(said(conversation, "good day", at=NOW + 2.0))
        await eventually(lambda: ("good day",) in engine.bursts, "the stranger is answered")

        async def stored() -> bool:
            return await embedded_store.conversations.load(conversation) is not None

        await eventually(stored, "the stranger's conversation is stored")
        lines = await embedded_store.transcripts.read(conversation, after=0, limit=10)
        assert [line.text for line in lines] == ["good day", "you said good day"]


async def test_what_a_hub_remembers_of_an_erased_conversation_is_not_used(embedded_store: Store) -> None:
    engine, conversation = Echo(), new_conversation()
    async with running_hub(embedded_store, engine=engine) as hub:
        await hub.accept(said(conversation, "hello"))
        await eventually(lambda: _turns(embedded_store, conversation, 1), "the first turn is stored")
        await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
        await hub.accept(said(conversation, "good day", at=NOW + 2.0))
        await eventually(lambda: _turns(embedded_store, conversation, 1), "it began anew")
        state = await embedded_store.conversations.load(conversation)
        assert state is not None
        assert state.session.first_message == "good day"


async def test_the_card_of_an_erased_lead_is_withdrawn_by_the_hub_that_posts(embedded_store: Store) -> None:
    sales, conversation = Withdrawing(), new_conversation()
    async with running_hub(embedded_store, doors=Doors(channels={}, sink=sales, withdrawal=sales)) as hub:
        await hub.accept(said(conversation, "lead"))
        await eventually(lambda: _posted(embedded_store, conversation), "the card stands")
        await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
        await eventually(lambda: sales.withdrawn == [(lead_of(conversation), "1.0")], "the card is withdrawn")
        await eventually(lambda: _nothing_pending(embedded_store, conversation), "the effect is done")


async def test_a_card_that_is_being_posted_is_withdrawn_after_it_arrived(embedded_store: Store) -> None:
    sales, conversation = Withdrawing(), new_conversation()
    sales.hold = asyncio.Event()
    async with running_hub(embedded_store, doors=Doors(channels={}, sink=sales, withdrawal=sales)) as hub:
        await hub.accept(said(conversation, "lead"))
        await asyncio.wait_for(sales.called.wait(), 5.0)
        await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
        assert sales.withdrawn == []
        sales.hold.set()
        await eventually(lambda: sales.withdrawn == [(lead_of(conversation), "")], "the card is searched and withdrawn")
        assert await embedded_store.leads.posting(lead_of(conversation)) is None
        assert len(sales.calls) == 1


async def test_a_card_waits_in_the_outbox_for_a_hub_that_can_withdraw_it(embedded_store: Store) -> None:
    sales, conversation = Withdrawing(), new_conversation()
    async with running_hub(embedded_store, doors=Doors(channels={}, sink=sales, withdrawal=sales)) as hub:
        await hub.accept(said(conversation, "lead"))
        await eventually(lambda: _posted(embedded_store, conversation), "the card stands")
    await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
    (waiting,) = await embedded_store.outbox.pending(home(conversation))
    assert isinstance(waiting.effect, WithdrawLead)
    async with running_hub(embedded_store, "w2", doors=Doors(channels={}, sink=sales, withdrawal=sales)):
        await eventually(lambda: sales.withdrawn == [(lead_of(conversation), "1.0")], "the next hub withdraws it")


async def test_a_timer_of_an_erased_conversation_never_wakes_it(embedded_store: Store) -> None:
    engine, conversation, clock = Echo(), new_conversation(), ToldClock(NOW)
    async with running_hub(embedded_store, engine=engine, clock=clock, pace=QUICK) as hub:
        await hub.accept(said(conversation, "timer"))
        await eventually(lambda: _turns(embedded_store, conversation, 1), "the timer is set")
        await embedded_store.erasure.conversation(conversation, at=NOW + 1.0)
        clock.at = NOW + 100.0
        await hub.accept(said(conversation, "after", at=NOW + 100.0))
        await eventually(lambda: ("after",) in engine.bursts, "later words are answered")
        assert ("later",) not in engine.bursts


async def _turns(store: Store, conversation: ConversationId, version: int) -> bool:
    state = await store.conversations.load(conversation)
    return state is not None and state.session.version == version


async def _posted(store: Store, conversation: ConversationId) -> bool:
    posting: Posting | None = await store.leads.posting(lead_of(conversation))
    return posting is not None and bool(posting.reference)


async def _nothing_pending(store: Store, conversation: ConversationId) -> bool:
    return not await store.outbox.pending(home(conversation))
