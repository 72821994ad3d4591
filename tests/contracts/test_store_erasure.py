"""Erasing: everything of a conversation goes, and nothing that was under way brings it back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.close_reading import found
from core.erasing import Trace, erase, trace_of_address, trace_of_conversation, trace_of_person
from core.errors import Fenced
from core.fact import Field, Source
from core.ids import ConversationId, Epoch, FactId, MessageId, PersonId, Shard, VisitorId, lead_of
from core.lead import Posting, PostingState
from core.message import InboundMessage
from core.people import Link, Proof
from core.session import Said
from core.store_ports import AcceptStatus, Commit, Forgotten, SignalsLost, Store
from core.turn import DeliverLead, NoteUnmatched, ReadClosely, RecordFacts, Timer, WithdrawLead
from core.unmatched import UnmatchedChat
from tests.contracts.builders import NOW, fact, home, lead, line, message, new_conversation, own, session

LATER = NOW + 60.0
POSTED = Posting(state=PostingState.POSTED, revision=1, channel="C1", reference="17.5")


def told(conversation: ConversationId, visitor: str, identity: str = "m1", at: float = NOW) -> InboundMessage:
    return replace(message(conversation, identity), visitor=VisitorId(visitor), at=at)


async def a_talk(store: Store, conversation: ConversationId, visitor: str, email: str) -> tuple[Shard, Epoch]:
    """A turn with everything a turn can leave, and one more message that waits."""
    shard, epoch = await own(store, conversation)
    first = await store.inbox.accept(told(conversation, visitor), worker="w1")
    facts = (fact(), replace(fact("f2", email), field=Field.EMAIL, quote=email))
    commit = Commit(
        session=replace(session(conversation), visitor=VisitorId(visitor), said="hello"),
        facts=facts,
        lines=(line(),),
        outbox=(
            RecordFacts(person=PersonId(visitor), facts=facts),
            NoteUnmatched(conversation=conversation, chat=None),
            DeliverLead(lead=lead_of(conversation)),
        ),
        timers=(Timer(name="later", at=NOW + 600.0), Timer(name="soon", at=NOW + 60.0)),
        lead=lead(conversation),
        acknowledged=(first.seq,),
    )
    await store.conversations.commit(shard, "w1", epoch, commit)
    await store.inbox.accept(told(conversation, visitor, "m2"), worker="w1")
    return shard, epoch


async def test_that_everything_of_a_conversation_goes_and_its_neighbour_stays(store: Store) -> None:
    theirs, other = new_conversation(), new_conversation()
    while home(other) != home(theirs):
        other = new_conversation()
    shard, _ = await a_talk(store, theirs, "v-theirs", "Ada@Example.com")
    await store.ownership.release(shard, "w1", Epoch(1))
    await a_talk(store, other, "v-other", "bob@example.com")

    removed = await store.erasure.conversation(theirs, at=LATER)

    assert (removed.lines, removed.facts, removed.leads) == (3, 2, 1)
    assert (removed.messages, removed.effects, removed.cards) == (1, 3, 0)
    assert await store.conversations.load(theirs) is None
    assert await store.transcripts.read(theirs, after=0, limit=10) == ()
    assert await store.leads.load(lead_of(theirs)) is None
    assert {entry.message.conversation for entry in await store.inbox.waiting(shard, after=0)} == {other}
    assert {entry.conversation for entry in await store.outbox.pending(shard)} == {other}
    assert await store.erasure.visits([PersonId("v-theirs"), PersonId("v-other")]) == (other,)
    assert await store.erasure.with_address("ada@example.com") == ()
    assert await store.erasure.with_address("BOB@example.com") == (other,)
    assert await store.conversations.load(other) is not None


async def test_that_no_timer_of_it_falls_due(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await a_talk(store, conversation, "v", "ada@example.com")
    await store.erasure.conversation(conversation, at=LATER)
    await store.ownership.tend(shard, "w1", epoch, ttl=60.0, now=NOW + 10_000.0)
    assert await store.inbox.waiting(shard, after=0) == ()


async def test_that_a_turn_under_way_is_refused_and_a_stranger_may_begin(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    accepted = await store.inbox.accept(told(conversation, "v"), worker="w1")
    await store.erasure.conversation(conversation, at=LATER)

    late = Commit(session=session(conversation), lines=(line(),), acknowledged=(accepted.seq,))
    with pytest.raises(Fenced, match="erased"):
        await store.conversations.commit(shard, "w1", epoch, late)
    assert await store.conversations.load(conversation) is None

    anew = await store.inbox.accept(told(conversation, "v", "m2", LATER + 1.0), worker="w1")
    await store.conversations.commit(shard, "w1", epoch, replace(late, acknowledged=(anew.seq,)))
    begun = await store.conversations.load(conversation)
    assert begun is not None
    assert begun.session.version == 1


async def test_that_the_same_event_is_not_accepted_a_second_time(store: Store) -> None:
    conversation = new_conversation()
    await store.inbox.accept(told(conversation, "v"), worker="w1")
    await store.erasure.conversation(conversation, at=LATER)
    again = await store.inbox.accept(told(conversation, "v"), worker="w1")
    assert again.status is AcceptStatus.DUPLICATE
    assert await store.transcripts.read(conversation, after=0, limit=10) == ()


async def test_that_sequences_go_on_where_they_were(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await a_talk(store, conversation, "v", "ada@example.com")
    await store.ownership.release(shard, "w1", epoch)
    await store.erasure.conversation(conversation, at=LATER)
    grant = await store.ownership.acquire(shard, "w1", ttl=60.0)
    assert grant is not None
    assert grant.inbox_last == 2  # two messages were accepted
    assert (
        await store.inbox.accept(told(conversation, "v", "m3", LATER + 1.0), worker="w1")
    ).seq == grant.inbox_last + 1


async def test_that_a_late_reading_of_erased_words_is_not_accepted(store: Store) -> None:
    conversation = new_conversation()
    words = Said(author="visitor", text="hello", message=MessageId("m1"), at=NOW)
    reading = ReadClosely(conversation=conversation, channel="web", visitor=VisitorId("v"), lines=(words,))
    await store.erasure.conversation(conversation, at=LATER)
    late = await store.inbox.accept(found(reading, (fact(),)), worker="w1")
    assert late.status is AcceptStatus.DUPLICATE
    fresh = replace(reading, lines=(replace(words, message=MessageId("m9"), at=LATER + 1.0),))
    assert (await store.inbox.accept(found(fresh, (fact(),)), worker="w1")).status is AcceptStatus.ACCEPTED


async def test_that_a_late_posting_of_an_erased_lead_is_not_recorded(store: Store) -> None:
    conversation = new_conversation()
    _, epoch = await a_talk(store, conversation, "v", "ada@example.com")
    assert await store.leads.record_posting(lead_of(conversation), "w1", epoch, POSTED)
    await store.erasure.conversation(conversation, at=LATER)
    assert not await store.leads.record_posting(lead_of(conversation), "w1", epoch, POSTED)
    assert await store.leads.posting(lead_of(conversation)) is None


async def test_that_a_card_that_stands_is_withdrawn(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await a_talk(store, conversation, "v", "ada@example.com")
    await store.leads.record_posting(lead_of(conversation), "w1", epoch, POSTED)
    assert (await store.erasure.conversation(conversation, at=LATER)).cards == 1
    (entry,) = await store.outbox.pending(shard)
    assert entry.effect == WithdrawLead(lead=lead_of(conversation), since=NOW, channel="C1", reference="17.5")


async def test_that_a_late_note_of_an_unmatched_chat_is_not_kept(store: Store) -> None:
    conversation = new_conversation()
    _, epoch = await own(store, conversation)
    chat = UnmatchedChat(visitor="f1", text="we bake bread", language="en", turn=2, at=NOW)
    await store.erasure.conversation(conversation, at=LATER)
    await store.unmatched.note(conversation, "w1", epoch, chat)
    assert await store.unmatched.chats() == ()
    await store.unmatched.note(conversation, "w1", epoch, replace(chat, at=LATER + 1.0))
    assert len(await store.unmatched.chats()) == 1


async def test_that_late_facts_and_links_of_an_erased_person_are_not_kept(store: Store) -> None:
    person = PersonId("v-late")
    link = Link(id="l1", left=person, right=PersonId("user:x"), holds=True, proof=Proof.SIGNED_TOKEN, at=NOW)
    assert await store.ledger.append(person, [fact()]) == 1
    assert await store.erasure.person(person, at=LATER) == 1
    assert await store.ledger.append(person, [fact()]) == 0
    await store.people.link(link)
    assert (await store.people.acquaintances((person,))).links == ()
    fresh = replace(fact("f9"), at=LATER + 1.0, source=Source.STATED)
    assert await store.ledger.append(person, [fresh]) == 1


async def test_that_owner_and_watchers_hear_of_it(store: Store) -> None:
    conversation = new_conversation()
    await own(store, conversation)
    await store.transcripts.watch(conversation, "w1")
    signals = store.signals.listen("w1")
    assert await anext(signals) == SignalsLost()
    await store.erasure.conversation(conversation, at=LATER)
    async with asyncio.timeout(5.0):
        assert await anext(signals) == Forgotten(conversation=conversation)
    await signals.aclose()  # type: ignore[attr-defined]


async def test_that_a_person_is_erased_with_every_device_and_others_only_lose_the_mention(store: Store) -> None:
    laptop, phone, user, friend = (PersonId(name) for name in ("v-laptop", "v-phone", "user:ada", "v-friend"))
    talks = {one: new_conversation() for one in (laptop, phone, friend)}
    for visitor, conversation in talks.items():
        shard, epoch = await a_talk(store, conversation, visitor, f"{visitor}@example.com")
        await store.ledger.append(visitor, [replace(fact(), id=FactId(f"of {visitor}"))])
        await store.ownership.release(shard, "w1", epoch)
    for number, one in enumerate((laptop, phone, friend)):
        link = Link(id=f"l{number}", left=one, right=user, holds=True, proof=Proof.SIGNED_TOKEN, at=NOW)
        await store.people.link(link)
    await store.people.link(Link(id="back", left=friend, right=user, holds=False, proof=Proof.REP, at=NOW + 1.0))

    trace = await trace_of_address(store, "V-PHONE@example.com")
    assert trace == await trace_of_person(store, laptop) == await trace_of_conversation(store, talks[laptop])
    assert set(trace.people) == {laptop, phone, user}
    erased = await erase(store, trace, at=LATER)

    assert (erased.conversations, erased.leads, erased.ledger) == (2, 2, 2)
    assert (await trace_of_person(store, laptop)) == Trace(people=(laptop,))
    left = await store.people.acquaintances((friend,))
    assert left.links == ()
    assert len(left.ledgers[friend]) == 1
    assert await store.conversations.load(talks[friend]) is not None


async def test_that_erasing_again_finds_nothing_and_harms_nothing(store: Store) -> None:
    conversation = new_conversation()
    await a_talk(store, conversation, "v-twice", "ada@example.com")
    trace = await trace_of_conversation(store, conversation)
    await erase(store, trace, at=LATER)
    assert (await erase(store, trace, at=LATER)).lines == 0
    assert (await trace_of_person(store, PersonId("v-twice"))).empty


async def test_that_a_conversation_is_thinned_by_kind_and_field_unless_something_was_said_since(store: Store) -> None:
    conversation = new_conversation()
    await a_talk(store, conversation, "v", "ada@example.com")
    await store.ledger.append(PersonId("v"), (fact(), replace(fact("f2", "a@b.example"), field=Field.EMAIL)))
    assert await store.erasure.thin(conversation, since=NOW - 1.0, lines=True, fields=("*",)) == 0
    assert await store.erasure.thin(conversation, since=NOW, lines=False, fields=("email",)) == 1
    assert await store.erasure.with_address("ada@example.com") == ()
    assert await store.erasure.thin(conversation, since=NOW, lines=True, fields=()) == 3
    assert await store.erasure.thin(conversation, since=NOW, lines=True, fields=("*",)) == 1
    assert await store.erasure.thin_ledger(PersonId("v"), since=NOW, fields=("email",)) == 1
    assert [one.id for one in await store.ledger.read(PersonId("v"))] == [fact().id]
    assert await store.conversations.load(conversation) is not None
