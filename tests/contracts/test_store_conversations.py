from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Fenced
from core.fact import Quantity
from core.ids import Epoch, LeadId, MessageId, PersonId, Shard, lead_of
from core.message import MessageKind
from core.reply import Mode, ProfileContext, Reply
from core.session import Said
from core.store_ports import Commit, OutboxEntry, Store
from core.turn import DeliverLead, DeliverReply, Effect, RecordFacts, Timer
from store.conversations import MOST_ITEMS, RECENT_LINES
from tests.contracts.builders import LONG, NOW, fact, home, lead, line, message, new_conversation, own, session
from tests.contracts.stores import SHARDS


async def test_that_a_conversation_nobody_committed_is_new(store: Store) -> None:
    conversation = new_conversation()
    await store.inbox.accept(message(conversation), worker="w1")

    assert await store.conversations.load(conversation) is None


async def test_that_a_commit_is_loaded_as_it_was_written(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    accepted = await store.inbox.accept(message(conversation, text="React?"), worker="w1")
    facts = (fact("f1"), fact("f2", Quantity(low=10, high=None, unit="employees")))
    written = Commit(
        session=replace(session(conversation), mode=Mode.SALES, said="React?", pages=("/a", "/b")),
        facts=facts,
        lines=(line("Yes"), line("Anything else?")),
        lead=lead(conversation),
        acknowledged=(accepted.seq,),
    )

    committed = await store.conversations.commit(shard, "w1", epoch, written)

    state = await store.conversations.load(conversation)
    assert state is not None
    assert state.session == committed.session == replace(written.session, version=1)
    assert state.facts == facts
    assert state.lead == written.lead
    assert state.recent == (
        Said(author="visitor", text="React?", message=MessageId("m1"), at=NOW),
        *(Said(author="bot", text=t, at=NOW) for t in ("Yes", "Anything else?")),
    )
    assert [one.seq for one in committed.lines] == [2, 3]
    assert await store.transcripts.read(conversation, after=1, limit=9) == committed.lines
    assert await store.inbox.waiting(shard, after=0) == ()


async def test_that_facts_and_lines_are_appended_and_an_absent_lead_stays(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    first = Commit(session=session(conversation), facts=(fact("f1"),), lead=lead(conversation))
    committed = await store.conversations.commit(shard, "w1", epoch, first)
    for number in range(RECENT_LINES):
        more = Commit(
            session=committed.session, facts=(fact(f"g{number}"),), lines=(line(f"line {number}"), line("and"))
        )
        committed = await store.conversations.commit(shard, "w1", epoch, more)

    state = await store.conversations.load(conversation)

    assert state is not None
    assert [one.id for one in state.facts] == ["f1", *(f"g{n}" for n in range(RECENT_LINES))]
    assert state.lead == first.lead
    assert len(state.recent) == RECENT_LINES
    newest = [(said.author, said.text) for said in state.recent[-2:]]
    assert newest == [("bot", f"line {RECENT_LINES - 1}"), ("bot", "and")]
    assert state.session.version == RECENT_LINES + 1


async def test_that_every_kind_of_effect_waits_in_the_outbox_until_it_is_delivered(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    reply = Reply(
        main_text="Hello",
        mode=Mode.SALES,
        buttons=("One", "Two"),
        profile_context=ProfileContext(persona_match="a", technical_level="high", buying_readiness=""),
    )
    effects: tuple[Effect, ...] = (
        DeliverReply(channel="telegram", conversation=conversation, reply=reply),
        DeliverLead(lead=LeadId(lead_of(conversation))),
        RecordFacts(person=PersonId("p1"), facts=(fact(),)),
    )

    committed = await store.conversations.commit(
        shard,
        "w1",
        epoch,
        Commit(session=session(conversation), outbox=effects),
    )

    first = committed.outbox[0].seq
    expected = tuple(
        OutboxEntry(seq=seq, conversation=conversation, effect=effect) for seq, effect in enumerate(effects, first)
    )
    assert committed.outbox == expected == await store.outbox.pending(shard)
    with pytest.raises(Fenced):
        await store.outbox.delivered(shard, "w2", epoch, first)
    await store.outbox.delivered(shard, "w1", epoch, first)
    assert await store.outbox.pending(shard) == expected[1:]


async def test_that_an_owner_replaced_by_another_can_commit_nothing(store: Store) -> None:
    conversation = new_conversation()
    shard, old = await own(store, conversation, "w1")
    await store.inbox.accept(message(conversation), worker="w1")
    await store.ownership.release(shard, "w1", old)
    await own(store, conversation, "w2")
    stale = Commit(session=session(conversation), lines=(line(),), facts=(fact(),), acknowledged=(1,))

    with pytest.raises(Fenced):
        await store.conversations.commit(shard, "w1", old, stale)

    assert await store.conversations.load(conversation) is None
    assert len(await store.transcripts.read(conversation, after=0, limit=9)) == 1
    assert len(await store.inbox.waiting(shard, after=0)) == 1


async def test_that_the_same_worker_with_an_older_epoch_can_commit_nothing(store: Store) -> None:
    conversation = new_conversation()
    shard, old = await own(store, conversation, "w1")
    await own(store, conversation, "w1")

    with pytest.raises(Fenced):
        await store.conversations.commit(shard, "w1", old, Commit(session=session(conversation)))


async def test_that_a_session_of_another_version_is_refused_whole(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    await store.conversations.commit(shard, "w1", epoch, Commit(session=session(conversation)))

    with pytest.raises(Fenced):
        await store.conversations.commit(shard, "w1", epoch, Commit(session=session(conversation), lines=(line(),)))

    assert await store.transcripts.read(conversation, after=0, limit=9) == ()


async def test_that_a_conversation_cannot_be_committed_in_a_foreign_shard(store: Store) -> None:
    conversation = new_conversation()
    foreign = Shard((home(conversation) + 1) % SHARDS)

    with pytest.raises(ValueError, match="shard"):
        await store.conversations.commit(foreign, "w1", Epoch(1), Commit(session=session(conversation)))


async def test_that_a_commit_takes_thousands_of_facts_and_refuses_more_before_it_writes(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    facts = tuple(fact(f"f{number}") for number in range(MOST_ITEMS + 1))

    with pytest.raises(ValueError, match="too large"):
        await store.conversations.commit(shard, "w1", epoch, Commit(session=session(conversation), facts=facts))
    assert await store.conversations.load(conversation) is None
    most = Commit(session=session(conversation), facts=facts[: MOST_ITEMS - 10])
    await store.conversations.commit(shard, "w1", epoch, most)

    state = await store.conversations.load(conversation)
    assert state is not None
    assert state.facts == most.facts


async def test_that_a_due_timer_becomes_one_message_and_a_moved_or_cancelled_one_none(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    timers = (
        Timer(name="due", at=NOW),
        Timer(name="later", at=NOW + 60.25),
        Timer(name="cancelled", at=NOW),
        Timer(name="moved", at=NOW),
    )
    committed = await store.conversations.commit(
        shard, "w1", epoch, Commit(session=session(conversation), timers=timers)
    )
    changes = (Timer(name="cancelled", at=None), Timer(name="moved", at=NOW + 60))
    await store.conversations.commit(shard, "w1", epoch, Commit(session=committed.session, timers=changes))

    newest = [await store.ownership.tend(shard, "w1", epoch, ttl=LONG, now=NOW + past) for past in (0, 0, 60, 60.25)]

    entries = await store.inbox.waiting(shard, after=0)
    assert [entry.message.text for entry in entries] == ["due", "moved", "later"]
    assert newest == [1, 1, 2, 3]
    assert {(entry.message.kind, entry.message.conversation, entry.log_seq) for entry in entries} == {
        (MessageKind.TIMER, conversation, 0),
    }
    assert len({entry.message.id for entry in entries}) == 3


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["w1", "w2", "w3"]), st.sampled_from(["take", "commit", "release"])), max_size=30
    )
)
async def test_that_in_any_schedule_of_owners_only_the_newest_epoch_commits(
    store: Store, steps: list[tuple[str, str]]
) -> None:
    conversation = new_conversation()
    shard = home(conversation)
    epochs: dict[str, Epoch] = {}
    owner: str | None = None
    commits = 0
    for worker, step in steps:
        if step == "take":
            grant = await store.ownership.acquire(shard, worker, ttl=LONG)
            assert (grant is not None) is (owner in {None, worker})
            if grant is not None:
                assert all(grant.epoch > other for other in epochs.values())
                epochs[worker], owner = grant.epoch, worker
        elif step == "release":
            await store.ownership.release(shard, worker, epochs.get(worker, Epoch(0)))
            owner = None if owner == worker else owner
        else:
            state = await store.conversations.load(conversation)
            now = state.session if state is not None else session(conversation)
            try:
                await store.conversations.commit(
                    shard, worker, epochs.get(worker, Epoch(0)), Commit(session=now, lines=(line(),))
                )
            except Fenced:
                assert worker != owner
            else:
                assert worker == owner
                commits += 1
    assert len(await store.transcripts.read(conversation, after=0, limit=100)) == commits
    if owner is not None:
        await store.ownership.release(shard, owner, epochs[owner])


async def test_that_of_many_commits_of_one_version_exactly_one_holds(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    rivals = [Commit(session=session(conversation), lines=(line(f"rival {n}"),)) for n in range(10)]

    ends = await asyncio.gather(
        *(store.conversations.commit(shard, "w1", epoch, rival) for rival in rivals),
        return_exceptions=True,
    )

    assert sum(isinstance(end, Fenced) for end in ends) == 9
    assert len(await store.transcripts.read(conversation, after=0, limit=100)) == 1
