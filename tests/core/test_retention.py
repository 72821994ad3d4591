"""Conversations are kept as long as the files say, on a clock that is told the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.directory import Ask
from core.fact import Field
from core.ids import ConversationId, FactId, PersonId
from core.message import InboundMessage
from core.retention import DAY, Keeping, Terms
from core.session import ConversationState
from core.store_ports import Store
from core.turn import TurnOutcome
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import Echo, ToldClock, eventually, running_hub, said
from tests.core.pieces import fact

NOW = 1_800_000_000.0
VISITOR = PersonId("visitor-1")


async def version(store: Store, conversation: ConversationId) -> int:
    state = await store.conversations.load(conversation)
    return state.session.version if state else 0


async def reached(store: Store, conversation: ConversationId, wanted: int) -> None:
    async def there() -> bool:
        return await version(store, conversation) == wanted

    await eventually(there, f"version {wanted}")


async def test_that_a_conversation_goes_after_its_term_and_its_visitor_with_it(embedded_store: Store) -> None:
    clock, conversation = ToldClock(NOW), new_conversation()
    engine = Keeping(Echo(), Terms(days=30, lead_days=30), clock)
    await embedded_store.ledger.append(VISITOR, [fact(Field.COMPANY, "Hafen", at=NOW)])
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(conversation, "hello", at=NOW))
        await reached(embedded_store, conversation, 1)
        clock.at = NOW + 30 * DAY + 1.0
        await reached(embedded_store, conversation, 0)

        async def forgotten() -> bool:
            return await embedded_store.ledger.read(VISITOR) == ()

        await eventually(forgotten, "the ledger is empty")
        assert await embedded_store.transcripts.read(conversation, after=0, limit=9) == ()


async def test_that_every_word_begins_the_term_anew(embedded_store: Store) -> None:
    clock, conversation = ToldClock(NOW), new_conversation()
    engine = Keeping(Echo(), Terms(days=30, lead_days=30), clock)
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(conversation, "hello", at=NOW))
        await reached(embedded_store, conversation, 1)
        clock.at = NOW + 0.5 * DAY
        await hub.accept(said(conversation, "still here", at=clock.at))
        await reached(embedded_store, conversation, 2)
        clock.at = NOW + 30.2 * DAY
        await reached(embedded_store, conversation, 3)  # the timer looked, and is set again
        clock.at = NOW + 30.5 * DAY + 1.0
        await reached(embedded_store, conversation, 0)


async def test_that_a_lead_is_kept_for_a_term_of_its_own(embedded_store: Store) -> None:
    clock, conversation = ToldClock(NOW), new_conversation()
    engine = Keeping(Echo(), Terms(days=30, lead_days=300), clock)
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(conversation, "hello", at=NOW))
        await reached(embedded_store, conversation, 1)
        await hub.accept(said(conversation, "lead", at=NOW + 1.0))
        await reached(embedded_store, conversation, 2)
        clock.at = NOW + 31 * DAY
        await reached(embedded_store, conversation, 3)
        clock.at = NOW + 300 * DAY + 2.0
        await reached(embedded_store, conversation, 0)


async def test_that_another_conversation_of_the_visitor_keeps_what_is_known_of_them(embedded_store: Store) -> None:
    clock, old, recent = ToldClock(NOW), new_conversation(), new_conversation()
    engine = Keeping(Echo(), Terms(days=30, lead_days=30), clock)
    await embedded_store.ledger.append(VISITOR, [fact(Field.COMPANY, "Hafen", at=NOW)])
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(old, "hello", at=NOW))
        await reached(embedded_store, old, 1)
        clock.at = NOW + 20 * DAY
        await hub.accept(said(recent, "hello again", at=clock.at))
        await reached(embedded_store, recent, 1)
        clock.at = NOW + 31 * DAY
        await reached(embedded_store, old, 0)
        assert await version(embedded_store, recent) == 1
        assert len(await embedded_store.ledger.read(VISITOR)) == 1


async def test_that_words_go_before_the_facts_and_the_conversation_last(embedded_store: Store) -> None:
    clock, conversation = ToldClock(NOW), new_conversation()
    terms = Terms(days=300, lead_days=300, line_days=10, fact_days=100, field_days={"phone": 20})
    engine = Keeping(Telling(), terms, clock)
    await embedded_store.ledger.append(VISITOR, [fact(Field.COMPANY, "Hafen", at=NOW), fact(Field.PHONE, "1", at=NOW)])
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(conversation, "hello", at=NOW))
        await reached(embedded_store, conversation, 1)
        assert await fields_of(embedded_store, conversation) == ["company", "phone"]

        clock.at = NOW + 10 * DAY + 1.0
        await eventually(lambda: no_lines(embedded_store, conversation), "the words are gone")
        assert await fields_of(embedded_store, conversation) == ["company", "phone"]

        clock.at = NOW + 20 * DAY + 1.0
        await eventually(lambda: knows(embedded_store, conversation, ["company"]), "the number is gone")
        assert [one.field for one in await embedded_store.ledger.read(VISITOR)] == [Field.COMPANY]

        clock.at = NOW + 100 * DAY + 1.0
        await eventually(lambda: knows(embedded_store, conversation, []), "the facts are gone")
        assert await version(embedded_store, conversation) > 0
        await eventually(lambda: listed_without_a_company(embedded_store), "the list shows none of it")

        clock.at = NOW + 300 * DAY + 1.0
        await reached(embedded_store, conversation, 0)


async def test_that_what_is_said_after_a_thinning_is_kept_and_counted_from_one(embedded_store: Store) -> None:
    clock, conversation = ToldClock(NOW), new_conversation()
    engine = Keeping(Telling(), Terms(days=None, lead_days=None, line_days=10, fact_days=10), clock)
    async with running_hub(embedded_store, engine=engine, clock=clock) as hub:
        await hub.accept(said(conversation, "hello", at=NOW))
        await reached(embedded_store, conversation, 1)
        clock.at = NOW + 10 * DAY + 1.0
        await eventually(lambda: no_lines(embedded_store, conversation), "the words are gone")
        await eventually(lambda: knows(embedded_store, conversation, []), "the facts are gone")
        await hub.accept(said(conversation, "good day", at=clock.at + 1.0))
        await eventually(lambda: knows(embedded_store, conversation, ["company", "phone"]), "it is learned anew")
        lines = await embedded_store.transcripts.read(conversation, after=0, limit=9)
        assert [(line.seq, line.text) for line in lines][:1] == [(1, "good day")]


class Telling(Echo):
    """An engine that learns a company and a number of everybody who writes."""

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        outcome = await super().respond(state, messages)
        at = messages[-1].at
        learned = tuple(
            replace(fact(field, str(at), at=at), id=FactId(f"{field.value}.{at}"))
            for field in (Field.COMPANY, Field.PHONE)
        )
        after = replace(outcome.state, facts=(*state.facts, *learned))
        return replace(outcome, state=after, new_facts=learned)


async def fields_of(store: Store, conversation: ConversationId) -> list[str]:
    state = await store.conversations.load(conversation)
    return [one.field.value for one in state.facts] if state else []


async def knows(store: Store, conversation: ConversationId, fields: list[str]) -> bool:
    return await fields_of(store, conversation) == fields


async def listed_without_a_company(store: Store) -> bool:
    return [row.company for row in (await store.directory.find(Ask())).rows] == [""]


async def no_lines(store: Store, conversation: ConversationId) -> bool:
    return not await store.transcripts.read(conversation, after=0, limit=9)
