"""What a process counts of its own work, and what it says of its shards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.counts import Outcome, Spread
from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.hub import Hub
from core.ids import ConversationId
from core.message import InboundMessage
from core.reply import Reply
from core.store_ports import Store
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import Ears, Sales, eventually, make_hub, running_hub, said


class Phone:
    """A channel that is sent to, and cannot look anything up."""

    def __init__(self, *answers: DeliveryError) -> None:
        self.answers = list(answers)

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        assert conversation
        assert reply.main_text
        assert effect
        if again:
            raise DeliveryUncertain("nothing can be looked up")
        if self.answers:
            raise self.answers.pop(0)


def test_that_a_value_on_a_bound_lies_below_it() -> None:
    spread = Spread((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        spread.add(value)
    assert spread.counts == [2, 1, 1]
    assert spread.total == 12.0


async def test_that_messages_turns_and_replies_are_counted_by_channel(embedded_store: Store) -> None:
    async with running_hub(embedded_store, sales=Sales()) as hub:
        ears, conversation = Ears(), new_conversation()
        await hub.watch(conversation, ears)
        await hub.accept(said(conversation, "hello"))
        await hub.accept(said(conversation, "hello"))
        await ears.replied()
        await eventually(lambda: bool(hub.counts.waits), "no turn was counted")
    counts = hub.counts
    assert counts.accepted == {("web", "text", "accepted"): 1, ("web", "text", "duplicate"): 1}
    assert counts.replies == {("web", "bot"): 1}
    assert sum(counts.turns["web"].counts) == 1
    assert 0 < counts.turns["web"].total < 5
    assert sum(counts.waits["web"].counts) == 1


async def test_that_messages_set_aside_are_counted_by_reason(embedded_store: Store) -> None:
    async with running_hub(embedded_store) as hub:
        await hub.accept(said(new_conversation(), "fail"))
        await eventually(lambda: bool(hub.counts.replies), "no apology was counted")
    assert hub.counts.set_aside == {"the engine failed": 1}


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [
        (None, {Outcome.DELIVERED: 1}),
        (DeliveryDelayed("busy", retry_after=0.0), {Outcome.DELAYED: 1, Outcome.DELIVERED: 1}),
        (DeliveryParked("refused"), {Outcome.PARKED: 1, Outcome.DELIVERED: 1}),
        (DeliveryUncertain("reset"), {Outcome.UNCERTAIN: 1, Outcome.LISTED: 1}),
    ],
)
async def test_that_each_attempt_at_a_reply_is_counted_by_what_became_of_it(
    embedded_store: Store, answer: DeliveryError | None, outcomes: dict[Outcome, int]
) -> None:
    phone = Phone(*([answer] if answer else []))
    async with running_hub(embedded_store, channels={"phone": phone}) as hub:
        await hub.accept(on_the_phone(new_conversation()))
        await until_over(hub, "reply")
    expected = {("reply", "phone", outcome.value): count for outcome, count in outcomes.items()}
    assert hub.counts.deliveries == expected


async def test_that_leads_are_counted_by_sink(embedded_store: Store) -> None:
    async with running_hub(embedded_store, sales=Sales()) as hub:
        await hub.accept(said(new_conversation(), "lead"))
        await until_over(hub, "lead")
    assert hub.counts.deliveries == {("lead", "slack", "delivered"): 1}


async def test_that_a_lead_nobody_takes_is_not_told_as_delivered(embedded_store: Store) -> None:
    async with running_hub(embedded_store) as hub:
        await hub.accept(said(new_conversation(), "lead"))
        await until_over(hub, "lead")
    assert hub.counts.deliveries == {("lead", "slack", "withheld"): 1}


async def test_that_a_process_without_its_shards_is_idle_until_it_owns_some(embedded_store: Store) -> None:
    async with running_hub(embedded_store) as first:
        assert not first.idle
        second = make_hub(embedded_store, "w2")
        assert not second.idle
        await second.start()
        assert second.idle == (not second.owned)
        await eventually(lambda: bool(second.owned), "the second took nothing over")
        assert not second.idle
        await second.stop()


def on_the_phone(conversation: ConversationId) -> InboundMessage:
    return replace(said(conversation, "hello"), channel="phone")


async def until_over(hub: Hub, kind: str) -> None:
    ends = {Outcome.DELIVERED.value, Outcome.LISTED.value, Outcome.WITHHELD.value}
    await eventually(
        lambda: any(key[0] == kind and key[2] in ends for key in hub.counts.deliveries), f"no {kind} came to an end"
    )
