from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Fenced
from core.ids import Epoch
from core.message import MessageKind
from core.rep import Rep, RepAct, RepAction, RepId
from core.store_ports import AcceptStatus, Commit, Store
from tests.contracts.builders import home, message, new_conversation, own, session


async def test_that_an_accepted_message_waits_as_it_was(store: Store) -> None:
    conversation = new_conversation()
    sent = message(conversation, text="zwölf Bäume 🌳")

    accepted = await store.inbox.accept(sent, worker="w1")

    (entry,) = await store.inbox.waiting(home(conversation), after=0)
    assert entry.message == sent
    assert (entry.seq, entry.log_seq) == (accepted.seq, accepted.log_seq)
    assert accepted.status is AcceptStatus.ACCEPTED


async def test_that_the_same_event_again_changes_nothing_and_names_the_first_line(store: Store) -> None:
    conversation = new_conversation()
    first = await store.inbox.accept(message(conversation), worker="w1")
    await store.inbox.accept(message(conversation, "m2", "more"), worker="w1")

    again = await store.inbox.accept(
        replace(message(conversation), at=1.0, page=None),
        worker="w2",
    )

    assert again.status is AcceptStatus.DUPLICATE
    assert (again.seq, again.log_seq) == (0, first.log_seq)
    assert len(await store.inbox.waiting(home(conversation), after=0)) == 2
    assert len(await store.transcripts.read(conversation, after=0, limit=10)) == 2


@pytest.mark.parametrize("change", [{"text": "other"}, {"kind": MessageKind.BUTTON}])
async def test_that_an_event_id_with_another_content_is_a_conflict(store: Store, change: dict[str, object]) -> None:
    conversation = new_conversation()
    await store.inbox.accept(message(conversation), worker="w1")

    conflict = await store.inbox.accept(replace(message(conversation), **change), worker="w1")  # type: ignore[arg-type]  # parametrised fields

    assert (conflict.status, conflict.seq, conflict.log_seq) == (AcceptStatus.CONFLICT, 0, 0)
    assert len(await store.inbox.waiting(home(conversation), after=0)) == 1


async def test_that_the_same_id_in_another_conversation_or_channel_is_another_event(store: Store) -> None:
    first, second = new_conversation(), new_conversation()
    sent = (message(first), message(second), replace(message(first), channel="telegram"))

    statuses = [(await store.inbox.accept(one, worker="w1")).status for one in sent]

    assert statuses == [AcceptStatus.ACCEPTED] * 3


async def test_that_only_what_the_visitor_said_becomes_a_line(store: Store) -> None:
    conversation = new_conversation()
    shown = []
    for kind in MessageKind:
        accepted = await store.inbox.accept(message(conversation, kind.value, kind.value, kind), worker="w1")
        shown.append((kind, accepted.log_seq))

    said = {MessageKind.TEXT: 1, MessageKind.BUTTON: 2, MessageKind.FILE: 3}
    assert shown == [(kind, said.get(kind, 0)) for kind in MessageKind]
    lines = await store.transcripts.read(conversation, after=0, limit=10)
    assert [(one.author, one.text, one.message) for one in lines] == [
        ("visitor", "text", "text"),
        ("visitor", "button", "button"),
        ("visitor", "file", "file"),
    ]


async def test_that_the_owner_is_told_it_may_hand_on_in_memory(store: Store) -> None:
    conversation = new_conversation()
    unowned = await store.inbox.accept(message(conversation), worker="w1")
    await own(store, conversation, "w1")

    mine = await store.inbox.accept(message(conversation, "m2"), worker="w1")
    not_mine = await store.inbox.accept(message(conversation, "m3"), worker="w2")

    assert (unowned.owned, mine.owned, not_mine.owned) == (False, True, False)


async def test_that_a_line_is_told_to_be_a_persons_from_a_claim_on(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    first = await store.inbox.accept(message(conversation), worker="w1")
    assert not first.person_answers
    commit = Commit(session=session(conversation), acknowledged=(first.seq,))
    await store.conversations.commit(shard, "w1", epoch, commit)
    claim = replace(
        message(conversation, "claim", text="", kind=MessageKind.REP),
        action=RepAction(act=RepAct.CLAIM, rep=Rep(id=RepId("U0ANN"))),
    )
    await store.inbox.accept(claim, worker="w1")
    assert (await store.inbox.accept(message(conversation, "m2", text="there?"), worker="w1")).person_answers


async def test_that_waiting_starts_after_a_sequence_and_leaves_out_what_was_committed(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    seqs = [(await store.inbox.accept(message(conversation, str(n)), worker="w1")).seq for n in range(4)]

    await store.conversations.commit(shard, "w1", epoch, Commit(session=session(conversation), acknowledged=(seqs[2],)))

    assert [entry.seq for entry in await store.inbox.waiting(shard, after=seqs[0])] == [seqs[1], seqs[3]]


async def test_that_attempts_are_counted_for_each_entry(store: Store) -> None:
    shard = home(new_conversation())

    counted = [await store.inbox.attempt(shard, seq) for seq in (1, 1, 2, 1)]

    assert counted == [1, 2, 1, 3]


async def test_that_an_attempt_of_a_process_that_lives_on_is_taken_back_and_never_below_none(store: Store) -> None:
    shard = home(new_conversation())
    for seq in (1, 1, 2):
        await store.inbox.attempt(shard, seq)

    await store.inbox.survived(shard, (1, 2, 3))

    assert await store.inbox.starts(shard) == {1: 1}


async def test_that_a_buried_entry_waits_no_more_and_only_its_owner_may_bury_it(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    await store.inbox.accept(message(conversation), worker="w1")
    (entry,) = await store.inbox.waiting(shard, after=0)

    with pytest.raises(Fenced):
        await store.inbox.bury(shard, "w2", epoch, entry, "poison")
    with pytest.raises(Fenced):
        await store.inbox.bury(shard, "w1", Epoch(epoch + 1), entry, "poison")
    assert await store.inbox.waiting(shard, after=0) == (entry,)
    await store.inbox.bury(shard, "w1", epoch, entry, "poison")

    assert await store.inbox.waiting(shard, after=0) == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=40))
async def test_that_any_interleaving_of_deliveries_takes_each_event_once_without_gaps(
    store: Store,
    deliveries: list[tuple[int, int]],
) -> None:
    conversations = [new_conversation() for _ in range(4)]
    shards = {home(one) for one in conversations}
    before = {shard: {entry.seq for entry in await store.inbox.waiting(shard, after=0)} for shard in shards}

    async def deliver(which: int, number: int) -> AcceptStatus:
        sent = message(conversations[which], f"m{number}", f"text {number}")
        return (await store.inbox.accept(sent, worker=f"w{number % 2}")).status

    statuses = await asyncio.gather(*(deliver(*one) for one in deliveries))

    assert statuses.count(AcceptStatus.ACCEPTED) == len(set(deliveries))
    assert statuses.count(AcceptStatus.DUPLICATE) == len(deliveries) - len(set(deliveries))
    for which, conversation in enumerate(conversations):
        lines = await store.transcripts.read(conversation, after=0, limit=100)
        assert [one.seq for one in lines] == list(range(1, len(lines) + 1))
        assert sorted(one.message or "" for one in lines) == sorted(f"m{n}" for w, n in set(deliveries) if w == which)
    for shard in shards:
        seqs = [entry.seq for entry in await store.inbox.waiting(shard, after=0)]
        assert seqs == list(range(1, len(seqs) + 1))
        assert before[shard] <= set(seqs)
