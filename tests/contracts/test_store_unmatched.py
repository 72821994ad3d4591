from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import Fenced
from core.ids import ConversationId, Epoch, PersonaId
from core.people_ports import Dismissal
from core.store_ports import Store
from core.unmatched import UnmatchedChat
from store.open import OpenStore
from store.unmatched import KEPT_SECONDS, RedisUnmatched
from tests.contracts.builders import NOW, home, new_conversation, own

CHAT = UnmatchedChat(
    visitor="a1b2", text="we breed horses", language="en", turn=2, at=NOW, nearest=PersonaId("vet"), share=0.25
)


async def test_that_a_conversation_is_kept_once_as_it_was_noted_last(store: Store) -> None:
    one, other = new_conversation(), new_conversation()
    for conversation in (one, other):
        shard, epoch = await own(store, conversation)
        await store.unmatched.note(conversation, "w1", epoch, CHAT)
    shard, epoch = await own(store, one)
    later = replace(CHAT, text="we breed horses and ponies", turn=3, at=NOW + 60)

    await store.unmatched.note(one, "w1", epoch, later)
    await store.unmatched.note(one, "w1", epoch, later)

    assert shard == home(one)
    assert await store.unmatched.chats() == (CHAT, later)


async def test_that_a_conversation_that_fits_after_all_is_taken_out(store: Store) -> None:
    conversation = new_conversation()
    _, epoch = await own(store, conversation)
    await store.unmatched.note(conversation, "w1", epoch, None)
    await store.unmatched.note(conversation, "w1", epoch, CHAT)
    await store.unmatched.note(conversation, "w1", epoch, None)
    await store.unmatched.note(conversation, "w1", epoch, None)

    assert await store.unmatched.chats() == ()


async def test_that_only_the_owner_of_the_shard_notes(store: Store) -> None:
    conversation = new_conversation()
    _, epoch = await own(store, conversation)
    await store.unmatched.note(conversation, "w1", epoch, CHAT)

    for worker, stale in (("w2", epoch), ("w1", Epoch(epoch - 1))):
        for change in (replace(CHAT, text="overwritten"), None):
            with pytest.raises(Fenced):
                await store.unmatched.note(conversation, worker, stale, change)

    assert await store.unmatched.chats() == (CHAT,)


async def test_that_whoever_erases_a_visitor_needs_no_ownership(store: Store) -> None:
    conversation, other = new_conversation(), new_conversation()
    for one in (conversation, other):
        _, epoch = await own(store, one)
        await store.unmatched.note(one, "w1", epoch, CHAT)

    await store.unmatched.forget(conversation)
    await store.unmatched.forget(new_conversation())

    assert len(await store.unmatched.chats()) == 1


async def test_that_the_oldest_make_room_and_those_whose_time_is_up_leave_the_index(opened: OpenStore) -> None:
    few = RedisUnmatched(opened._commands, opened._keys, most=0)
    first = new_conversation()
    _, epoch = await own(opened.store, first)
    same_shard = [first]
    while len(same_shard) < 12:
        conversation = new_conversation()
        if home(conversation) == home(first):
            same_shard.append(conversation)
    for age, conversation in enumerate(reversed(same_shard)):
        await few.note(conversation, "w1", epoch, replace(CHAT, at=NOW + age, turn=age + 2))

    assert [chat.turn for chat in await few.chats()] == list(range(6, 14))
    await few.note(same_shard[0], "w1", epoch, replace(CHAT, at=NOW + KEPT_SECONDS + 8.5))
    index = opened._keys.of_shard(home(first)).unmatched
    assert await opened._commands.command(str(home(first)), b"ZCARD", index) == 3


async def test_that_a_chat_is_kept_for_ninety_days_and_not_longer(opened: OpenStore) -> None:
    conversation = new_conversation()
    shard, epoch = await own(opened.store, conversation)
    await opened.store.unmatched.note(conversation, "w1", epoch, CHAT)
    key = opened._keys.unmatched_chat(conversation)

    left = await opened._commands.command(str(shard), b"TTL", key)
    await opened._commands.command(str(shard), b"DEL", key)

    assert 89 * 86_400 < left <= 90 * 86_400
    assert await opened.store.unmatched.chats() == ()


async def test_that_a_dismissal_is_remembered_once_and_for_the_tenant(store: Store) -> None:
    dismissal = Dismissal(id="horse-breeders", words=("horse", "breed"))
    for _ in range(2):
        await store.unmatched.dismiss(dismissal)
    await store.unmatched.dismiss(replace(dismissal, id="bee-keepers"))

    assert await store.unmatched.dismissed() == (replace(dismissal, id="bee-keepers"), dismissal)


async def test_that_a_conversation_of_any_name_is_kept(store: Store) -> None:
    conversation = ConversationId("teams.19:{abc}@thread.v2")
    _, epoch = await own(store, conversation)

    await store.unmatched.note(conversation, "w1", epoch, CHAT)

    assert await store.unmatched.chats() == (CHAT,)
