"""The sender: each destination in order, each failure after its kind, one card a lead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from core.delivery import Courier, Doors, Grounds, ReplyChannel
from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain, ModelError
from core.fact import Fact, Field
from core.ids import ConversationId, Epoch, MessageId, PersonId, Shard, lead_of
from core.lead import Posting, PostingState
from core.ledger import Known
from core.message import MessageKind
from core.pace import Pace
from core.ports import FactReader, LeadWithdrawal, TeamThread
from core.reply import Mode, Reply
from core.session import Said
from core.store_ports import Beginning, Commit, OutboxEntry, Store
from core.turn import DeliverLead, DeliverReply, Effect, NoteUnmatched, ReadClosely, RecordFacts
from core.unmatched import UnmatchedChat
from tests.contracts.builders import NOW, fact, home, lead, new_conversation, own, session
from tests.core.hub_parts import QUICK, Sales, altered, eventually

STARTED = Posting(state=PostingState.STARTED, revision=0)


class Channel:
    """A channel that is sent to. `answers` are raised in turn, then everything goes through."""

    def __init__(self, *answers: DeliveryError, blind: bool = False) -> None:
        self.answers = list(answers)
        self.blind = blind
        self.attempts: list[tuple[str, bool]] = []
        self.sent: list[str] = []
        self.reached: list[ConversationId] = []
        self.tried = 0

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        self.tried += 1
        self.attempts.append((effect, again))
        if again and self.blind:
            raise DeliveryUncertain("nothing can be looked up")
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(reply.main_text)
        self.reached.append(conversation)


@dataclass(kw_only=True)
class Bench:
    """A courier of one owned shard and what it works with."""

    store: Store
    conversation: ConversationId
    shard: Shard
    epoch: Epoch
    courier: Courier
    fresh: bool = True
    version: int = 0
    losses: list[None] = field(default_factory=list)

    async def commit(self, *effects: Effect, revision: int = 0) -> tuple[OutboxEntry, ...]:
        """Commit a turn with these effects; `revision` is the lead's, 0 without a lead."""
        state = replace(session(self.conversation), version=self.version)
        grown = lead(self.conversation, revision) if revision else None
        turn = Commit(session=state, outbox=effects, lead=grown)
        self.version += 1
        return (await self.store.conversations.commit(self.shard, "w1", self.epoch, turn)).outbox

    async def done(self) -> bool:
        return not await self.store.outbox.pending(self.shard)

    async def until_done(self) -> None:
        await eventually(self.done, "the outbox is not empty")


@asynccontextmanager
async def bench(
    store: Store,
    *,
    sales: Sales | None = None,
    reader: FactReader | None = None,
    thread: TeamThread | None = None,
    withdrawal: LeadWithdrawal | None = None,
    pace: Pace = QUICK,
    **channels: ReplyChannel,
) -> AsyncIterator[Bench]:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    made: Bench
    grounds = Grounds(shard=shard, worker="w1", epoch=epoch, fresh=lambda: made.fresh)
    doors = Doors(channels=channels, sink=sales, reader=reader, thread=thread, withdrawal=withdrawal)
    courier = Courier(store, doors, grounds, pace, rng=Random(1), lost=lambda: made.losses.append(None))
    made = Bench(store=store, conversation=conversation, shard=shard, epoch=epoch, courier=courier)
    yield made
    courier.cancel()


def reply(bench: Bench, text: str, *, to: str = "") -> DeliverReply:
    conversation = ConversationId(to) if to else bench.conversation
    return DeliverReply(channel="chat", conversation=conversation, reply=Reply(main_text=text, mode=Mode.LEAD))


def card(bench: Bench) -> DeliverLead:
    return DeliverLead(lead=lead_of(bench.conversation))


async def test_that_replies_of_a_conversation_leave_in_order_and_others_do_not_wait(embedded_store: Store) -> None:
    chat = Channel(DeliveryDelayed("busy", retry_after=0.05))
    async with bench(embedded_store, chat=chat, pace=replace(QUICK, retry_cap=0.1)) as one:
        one.courier.take(await one.commit(reply(one, "first"), reply(one, "second"), reply(one, "other", to="another")))
        await one.until_done()
    assert chat.sent == ["other", "first", "second"]
    assert chat.reached == ["another", one.conversation, one.conversation]


async def test_that_a_reply_that_may_have_arrived_is_put_on_the_list_where_nothing_can_be_looked_up(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    chat = Channel(DeliveryUncertain("no answer"), blind=True)
    async with bench(embedded_store, chat=chat) as one:
        one.courier.take(await one.commit(reply(one, "first"), reply(one, "second")))
        await one.until_done()
        (doubt,) = await embedded_store.outbox.uncertain(one.shard)
        assert (doubt.conversation, doubt.effect) == (one.conversation, reply(one, "first"))
        assert await embedded_store.outbox.settle(one.shard, doubt.id)
        assert not await embedded_store.outbox.settle(one.shard, doubt.id)
        assert await embedded_store.outbox.uncertain(one.shard) == ()
    assert chat.sent == ["second"]
    assert "uncertain whether it arrived, not sent again" in caplog.text


async def test_that_a_channel_that_can_look_is_told_of_the_earlier_attempt(embedded_store: Store) -> None:
    chat = Channel(DeliveryUncertain("no answer"), DeliveryDelayed("busy", retry_after=0.01))
    async with bench(embedded_store, chat=chat) as one:
        one.courier.take(await one.commit(reply(one, "first")))
        await one.until_done()
        assert await embedded_store.outbox.uncertain(one.shard) == ()
    first = chat.attempts[0][0]
    assert chat.attempts == [(first, False), (first, True), (first, True)]
    assert chat.sent == ["first"]


async def test_that_a_reply_that_surely_did_not_arrive_is_no_second_attempt_for_the_next_process(
    embedded_store: Store,
) -> None:
    chat = Channel(DeliveryDelayed("busy", retry_after=60.0))
    async with bench(embedded_store, chat=chat, pace=replace(QUICK, retry_cap=60.0)) as one:
        entries = await one.commit(reply(one, "first"))
        one.courier.take(entries)
        await eventually(lambda: chat.tried == 1, "not tried")

        async def taken_back() -> bool:
            return await embedded_store.outbox.begin(one.shard, "w1", one.epoch, entries[0]) is Beginning.FIRST

        await eventually(taken_back, "the beginning was not taken back")
        assert not await taken_back()


async def test_that_a_reply_whose_sender_died_is_another_attempt(embedded_store: Store) -> None:
    chat = Channel()
    async with bench(embedded_store, chat=chat) as one:
        entries = await one.commit(reply(one, "first"))
        assert await embedded_store.outbox.begin(one.shard, "w1", one.epoch, entries[0]) is Beginning.FIRST
        one.courier.take(entries)
        await one.until_done()
    assert [again for _, again in chat.attempts] == [True]


async def test_that_a_channel_nobody_has_configured_parks_its_replies(embedded_store: Store) -> None:
    async with bench(embedded_store) as one:
        one.courier.take(await one.commit(reply(one, "first")))
        await eventually(lambda: one.courier.parked == {f"reply:{one.conversation}"}, "not parked")
        assert not await one.done()


async def test_that_facts_reach_the_ledger_once(embedded_store: Store) -> None:
    person = PersonId("visitor-7")
    async with bench(embedded_store) as one:
        facts = (fact("f1"), fact("f2", "Vue"))
        entries = await one.commit(
            RecordFacts(person=person, facts=facts), RecordFacts(person=person, facts=(fact("f1"), fact("f3", "Go")))
        )
        one.courier.take(entries)
        await one.until_done()
    assert [one.id for one in await embedded_store.ledger.read(person)] == ["f1", "f2", "f3"]


async def test_that_a_chat_without_a_persona_is_kept_as_it_was_noted_last_and_taken_out(embedded_store: Store) -> None:
    first = UnmatchedChat(visitor="v", text="horses", language="en", turn=2, at=1.0)
    async with bench(embedded_store) as one:
        kept = [NoteUnmatched(conversation=one.conversation, chat=chat) for chat in (first, replace(first, turn=3))]
        one.courier.take(await one.commit(*kept))
        await one.until_done()
        assert [chat.turn for chat in await embedded_store.unmatched.chats()] == [3]
        one.courier.take(await one.commit(NoteUnmatched(conversation=one.conversation, chat=None)))
        await one.until_done()
    assert await embedded_store.unmatched.chats() == ()


async def test_that_a_first_card_is_recorded_as_begun_before_it_leaves(embedded_store: Store) -> None:
    sales = Sales()
    sales.hold = asyncio.Event()
    async with bench(embedded_store, sales=sales) as one:
        one.courier.take(await one.commit(card(one), revision=1))
        await asyncio.wait_for(sales.called.wait(), 2)
        assert await embedded_store.leads.posting(lead_of(one.conversation)) == STARTED
        sales.hold.set()
        await one.until_done()
        posting = await embedded_store.leads.posting(lead_of(one.conversation))
    assert sales.calls == [(lead_of(one.conversation), 1, None)]
    assert posting == Posting(state=PostingState.POSTED, revision=1, channel="C", reference="1.0")


async def test_that_several_revisions_need_one_delivery_of_the_newest(embedded_store: Store) -> None:
    sales = Sales()
    async with bench(embedded_store, sales=sales) as one:
        entries = [entry for revision in (1, 2, 3) for entry in await one.commit(card(one), revision=revision)]
        one.courier.take(tuple(entries))
        await one.until_done()
        one.courier.take(await one.commit(card(one)))
        await one.until_done()
    assert [(revision, posting) for _, revision, posting in sales.calls] == [(3, None)]


async def test_that_a_card_is_updated_where_it_stands(embedded_store: Store) -> None:
    sales = Sales()
    async with bench(embedded_store, sales=sales) as one:
        for revision in (1, 2):
            one.courier.take(await one.commit(card(one), revision=revision))
            await one.until_done()
    first, second = sales.calls
    assert first[1:] == (1, None)
    assert second[1:] == (2, Posting(state=PostingState.POSTED, revision=1, channel="C", reference="1.0"))


async def test_that_a_card_that_may_have_arrived_is_looked_for(embedded_store: Store) -> None:
    sales = Sales(DeliveryUncertain("no answer"), DeliveryDelayed("busy", retry_after=0.0))
    async with bench(embedded_store, sales=sales) as one:
        one.courier.take(await one.commit(card(one), revision=1))
        await one.until_done()
    assert [posting for _, _, posting in sales.calls] == [None, STARTED, STARTED]


async def test_that_a_post_begun_by_somebody_else_is_given_time_to_arrive(embedded_store: Store) -> None:
    """The request of a process that was killed may be on its way still: searching at once would find nothing."""
    sales = Sales()
    loop = asyncio.get_running_loop()
    async with bench(embedded_store, sales=sales, pace=replace(QUICK, uncertain=0.15, retry_cap=1.0)) as one:
        entries = await one.commit(card(one), revision=1)
        await embedded_store.leads.record_posting(lead_of(one.conversation), "w1", one.epoch, STARTED)
        since = loop.time()
        one.courier.take(entries)
        await asyncio.wait_for(sales.called.wait(), 5)
        assert loop.time() - since >= 0.15
        await one.until_done()
    assert [posting for _, _, posting in sales.calls] == [STARTED]


async def test_that_a_lasting_refusal_parks_the_lead_with_one_alarm_until_mended(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    sales = Sales(*(DeliveryParked("the token was revoked") for _ in range(3)))
    async with bench(embedded_store, sales=sales) as one:
        one.courier.take(await one.commit(card(one), revision=1))
        await eventually(lambda: bool(one.courier.parked), "not parked")
        posting = await embedded_store.leads.posting(lead_of(one.conversation))
        assert posting is not None
        assert posting.reason == "the token was revoked"
        await one.until_done()
        assert one.courier.parked == frozenset()
    assert len(sales.calls) == 4
    assert caplog.text.count("parked until mended: the token was revoked") == 1


async def test_that_a_defect_parks_what_it_hits_instead_of_silencing_it(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    sales = Sales(KeyError("a card that cannot be drawn"), KeyError("the same"))
    chat = Channel()
    async with bench(embedded_store, sales=sales, chat=chat) as one:
        one.courier.take(await one.commit(card(one), reply(one, "hello"), revision=1))
        await eventually(lambda: bool(one.courier.parked), "not parked")
        await one.until_done()
    assert chat.sent == ["hello"]
    assert caplog.text.count("Traceback") == 1


async def test_that_nothing_is_sent_without_the_right_to(embedded_store: Store) -> None:
    sales, chat = Sales(), Channel()
    async with bench(embedded_store, sales=sales, chat=chat) as one:
        entries = await one.commit(card(one), reply(one, "hello"), revision=1)
        one.fresh = False
        one.courier.take(entries)
        await eventually(lambda: len(one.losses) == 2, "the loss was not told")
        assert not await one.done()
    assert (sales.calls, chat.tried) == ([], 0)


@pytest.mark.parametrize("posting", [None, STARTED, Posting(state=PostingState.POSTED, revision=1, reference="1.0")])
async def test_that_the_store_is_asked_for_the_right_just_before_a_card_leaves(
    embedded_store: Store, posting: Posting | None
) -> None:
    """A worker that has lost its shard without knowing touches no card, not even one that only needs an update."""
    sales = Sales()
    async with bench(embedded_store, sales=sales) as one:
        entries = await one.commit(card(one), revision=2)
        if posting:
            await embedded_store.leads.record_posting(lead_of(one.conversation), "w1", one.epoch, posting)
        assert await embedded_store.ownership.acquire(one.shard, "w1", ttl=60.0), "the next epoch"
        one.courier.take(entries)
        await eventually(lambda: len(one.losses) == 1, "the loss was not told")
    assert sales.calls == []


async def test_that_a_lease_that_lapses_meanwhile_stops_a_card(embedded_store: Store) -> None:
    sales = Sales()

    async def record(*args: Any) -> bool:
        recorded = await embedded_store.leads.record_posting(*args)
        one.fresh = False  # the process was stopped for longer than its lease
        return recorded

    async with bench(altered(embedded_store, "leads", record_posting=record), sales=sales) as one:
        one.courier.take(await one.commit(card(one), revision=1))
        await eventually(lambda: len(one.losses) == 1, "the loss was not told")
    assert sales.calls == []


async def test_that_draining_ends_attempts_and_waits_for_none_that_rest(embedded_store: Store) -> None:
    sales, chat = Sales(), Channel(DeliveryDelayed("away", retry_after=60.0))
    sales.hold = asyncio.Event()
    async with bench(embedded_store, sales=sales, chat=chat, pace=replace(QUICK, retry_cap=60.0)) as one:
        one.courier.take(await one.commit(card(one), reply(one, "hello"), revision=1))
        await asyncio.wait_for(sales.called.wait(), 2)
        await eventually(lambda: chat.tried == 1, "the reply was not tried")
        draining = asyncio.create_task(one.courier.drained())
        await asyncio.sleep(0.02)
        assert not draining.done(), "the attempt under way was not waited for"
        sales.hold.set()
        await asyncio.wait_for(draining, 2)
        (left,) = await embedded_store.outbox.pending(home(one.conversation))
        assert isinstance(left.effect, DeliverReply)
        one.courier.take((left,))
        await asyncio.sleep(0.02)
        assert chat.tried == 1, "a new attempt after the end"


async def test_that_a_courier_told_to_stop_takes_nothing_more(embedded_store: Store) -> None:
    chat = Channel()
    async with bench(embedded_store, chat=chat) as one:
        entries = await one.commit(reply(one, "hello"))
        one.courier.cancel()
        one.courier.take(entries)
        await asyncio.sleep(0.02)
    assert chat.tried == 0


class Reader:
    """Finds a company in every line, or fails. Implements `core.ports.FactReader`."""

    def __init__(self, *failures: ModelError) -> None:
        self.failures = list(failures)
        self.asked: list[tuple[str, ...]] = []

    async def read(self, reading: ReadClosely, known: Known) -> tuple[Fact, ...]:
        assert known == {}
        self.asked.append(tuple(line.text for line in reading.lines))
        if self.failures:
            raise self.failures.pop(0)
        return tuple(
            replace(
                fact(f"read-{line.message}"), field=Field.COMPANY, value=line.text, channel=reading.channel, at=line.at
            )
            for line in reading.lines
        )


def reading(bench: Bench) -> ReadClosely:
    lines = tuple(
        Said(author="visitor", text=text, message=MessageId(f"m{number}"), at=NOW + number)
        for number, text in enumerate(("Acme", "or rather Apex"))
    )
    return ReadClosely(
        conversation=bench.conversation, channel="web", visitor=session(bench.conversation).visitor, lines=lines
    )


async def test_that_what_a_model_read_comes_back_as_one_message(embedded_store: Store) -> None:
    reader = Reader()
    async with bench(embedded_store, reader=reader) as made:
        made.courier.take(await made.commit(reading(made)))
        await made.until_done()
        made.courier.take(await made.commit(reading(made)))  # as after a crash between the two
        await made.until_done()
        waiting = [
            entry.message
            for entry in await embedded_store.inbox.waiting(made.shard, after=0)
            if entry.message.conversation == made.conversation
        ]

    assert reader.asked == [("Acme", "or rather Apex")] * 2
    assert [(message.kind, message.id) for message in waiting] == [(MessageKind.READ, "read:m1")]
    assert [one.value for one in waiting[0].facts] == ["Acme", "or rather Apex"]
    assert await embedded_store.transcripts.read(made.conversation, after=0, limit=9) == ()


async def test_that_a_model_that_fails_or_is_missing_costs_nothing(embedded_store: Store) -> None:
    for reader in (Reader(ModelError("away")), None):
        async with bench(embedded_store, reader=reader) as made:
            made.courier.take(await made.commit(reading(made)))
            await made.until_done()
            assert made.courier.parked == frozenset()
            assert not [
                entry
                for entry in await embedded_store.inbox.waiting(made.shard, after=0)
                if entry.message.conversation == made.conversation
            ]
