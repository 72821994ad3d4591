"""What waits in the store, as the metrics page and alarms are told it."""

from __future__ import annotations

from core.ids import Shard, lead_of
from core.store_ports import Commit
from core.turn import DeliverLead
from store.backlog import Backlog
from store.open import OpenStore
from tests.contracts.builders import LONG, NOW, home, message, new_conversation, session
from tests.contracts.stores import SHARDS

EVERYWHERE = tuple(map(Shard, range(SHARDS)))


async def test_that_an_empty_store_holds_nothing(opened: OpenStore) -> None:
    assert await opened.backlog(EVERYWHERE) == Backlog()


async def test_that_messages_wait_until_a_turn_commits(opened: OpenStore) -> None:
    store, conversation = opened.store, new_conversation()
    shard = home(conversation)
    entry = await store.inbox.accept(message(conversation, "m1"), worker="w1")
    await store.inbox.accept(message(new_conversation(), "m2"), worker="w1")
    before = await opened.backlog(EVERYWHERE)
    assert (before.waiting, before.oldest_at) == (2, NOW)
    assert (await opened.backlog((shard,))).waiting >= 1
    grant = await store.ownership.acquire(shard, "w1", ttl=LONG)
    assert grant is not None
    effect = DeliverLead(lead=lead_of(conversation))
    commit = Commit(session=session(conversation), acknowledged=(entry.seq,), outbox=(effect,))
    committed = await store.conversations.commit(shard, "w1", grant.epoch, commit)
    after = await opened.backlog(EVERYWHERE)
    assert (after.waiting, after.effects) == (1, 1)
    await store.outbox.doubt(shard, "w1", grant.epoch, committed.outbox[0].seq)
    doubted = await opened.backlog((shard,))
    assert (doubted.effects, doubted.uncertain) == (0, 1)


async def test_that_a_message_this_release_cannot_read_is_counted_all_the_same(opened: OpenStore) -> None:
    conversation = new_conversation()
    keys = opened._keys.of_shard(home(conversation))
    await opened._commands.command(keys.tag, b"XADD", keys.inbox, b"0-*", b"l", 0, b"m", b'{"of": "tomorrow"}')
    assert await opened.backlog(EVERYWHERE) == Backlog(waiting=1)


async def test_that_what_is_set_aside_no_longer_waits(opened: OpenStore) -> None:
    store, conversation = opened.store, new_conversation()
    shard = home(conversation)
    await store.inbox.accept(message(conversation, "m1"), worker="w1")
    grant = await store.ownership.acquire(shard, "w1", ttl=LONG)
    assert grant is not None
    (entry,) = await store.inbox.waiting(shard, after=0)
    await store.inbox.bury(shard, "w1", grant.epoch, entry, "a test")
    assert await opened.backlog(EVERYWHERE) == Backlog(dead=1)
