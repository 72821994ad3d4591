"""What waits and what was set aside: counted, shown, put back once, dropped."""

from __future__ import annotations

from core.backlog import ShardBacklog
from core.message import InboxEntry
from core.store_ports import Store
from tests.contracts.builders import NOW, home, message, new_conversation, own
from tests.contracts.stores import SHARDS


async def test_that_a_message_set_aside_is_shown_and_put_back_once(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    assert await store.backlog.shards() == tuple(ShardBacklog(shard=one) for one in range(SHARDS))  # type: ignore[arg-type]
    await store.inbox.accept(message(conversation, "m1", "hello"), worker="w1")
    (entry,) = await store.inbox.waiting(shard, after=0)
    assert (await store.backlog.shards())[shard] == ShardBacklog(shard=shard, waiting=1, oldest=NOW)
    await store.inbox.bury(shard, "w1", epoch, entry, "the engine failed")
    assert (await store.backlog.shards())[shard] == ShardBacklog(shard=shard, dead=1)
    (letter,) = await store.backlog.dead(shard, 5)
    assert (letter.reason, letter.message) == ("the engine failed", entry.message)
    assert await store.backlog.replay(shard, letter.id)
    assert not await store.backlog.replay(shard, letter.id)
    (again,) = await store.inbox.waiting(shard, after=entry.seq)
    assert again == InboxEntry(seq=entry.seq + 1, log_seq=entry.log_seq, message=entry.message)
    lines = await store.transcripts.read(conversation, after=0, limit=9)
    assert [line.text for line in lines] == ["hello"]


async def test_that_a_message_is_dropped_for_good(store: Store) -> None:
    conversation = new_conversation()
    shard, epoch = await own(store, conversation)
    for identity in ("m1", "m2"):
        await store.inbox.accept(message(conversation, identity), worker="w1")
    for entry in await store.inbox.waiting(shard, after=0):
        await store.inbox.bury(shard, "w1", epoch, entry, "the turn failed")
    newest, oldest = await store.backlog.dead(shard, 5)
    assert (newest.message.id, oldest.message.id) == ("m2", "m1")
    assert await store.backlog.drop(home(conversation), newest.id)
    assert not await store.backlog.drop(shard, newest.id)
    assert [letter.id for letter in await store.backlog.dead(shard, 5)] == [oldest.id]
