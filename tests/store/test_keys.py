from __future__ import annotations

from dataclasses import fields, replace

import pytest
from redis.crc import key_slot

from core.ids import ConversationId, MessageId, PersonId, Shard, conversation_of, lead_of
from store.keys import Keys
from tests.contracts.builders import message

KEYS = Keys("acme", 64)


@pytest.mark.parametrize("tenant", ["", "Acme", "a:b", "a{b}", "a b", "-a", "ä", "a" * 64, "a\n"])
def test_that_a_tenant_that_could_break_a_key_is_refused(tenant: str) -> None:
    with pytest.raises(ValueError, match="tenant"):
        Keys(tenant, 64)


def test_that_a_store_without_shards_is_refused() -> None:
    with pytest.raises(ValueError, match="shard"):
        Keys("acme", 0)


@pytest.mark.parametrize("name", ["web.1", "teams.19:{abc}@thread.v2", "a{9}b", "", "{}"])
def test_that_all_keys_of_a_conversation_share_the_slot_of_their_shard(name: str) -> None:
    conversation = ConversationId(name)
    of_conversation = KEYS.of_conversation(conversation)
    of_shard = KEYS.of_shard(of_conversation.shard)
    keys = [key for key in of_conversation if isinstance(key, bytes)]
    keys += [getattr(of_shard, one.name) for one in fields(of_shard) if one.name not in {"tag", "start"}]
    keys.append(KEYS.seen(of_conversation.shard, message(conversation)))

    assert {key_slot(key) for key in keys} == {key_slot(of_conversation.tag.encode())}
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(b"fd:acme:{%d}:" % of_conversation.shard) for key in keys)


def test_that_a_lead_lives_in_the_shard_of_its_conversation() -> None:
    conversation = ConversationId("telegram.42")

    assert KEYS.of_conversation(conversation_of(lead_of(conversation))) == KEYS.of_conversation(conversation)


def test_that_a_persons_keys_share_a_slot_and_tenants_share_no_key() -> None:
    person = KEYS.of_person(PersonId("p:{1}"))
    foreign = Keys("acme2", 64).of_person(PersonId("p:{1}"))

    assert key_slot(person.ledger) == key_slot(person.known) == key_slot(person.tag.encode())
    assert {person.ledger, person.known}.isdisjoint({foreign.ledger, foreign.known})


def test_that_no_two_events_share_a_dedupe_key_whatever_separators_their_ids_hold() -> None:
    first = message(ConversationId("a:1"), "b")
    others = (
        message(ConversationId("a"), "1:b"),
        message(ConversationId("a:1:b"), ""),
        replace(first, channel="web:a", conversation=ConversationId("1")),
        replace(first, id=MessageId("b ")),
    )
    shard = Shard(0)

    assert len({KEYS.seen(shard, one) for one in (first, *others)}) == 5
    assert len(KEYS.seen(shard, replace(first, id=MessageId("x" * 100_000)))) < 100
