from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.crc import key_slot

from core.errors import StoreUnavailable
from core.ids import ConversationId
from core.store_ports import AcceptStatus, Store
from store.open import open_store
from tests.contracts.builders import home, message, new_conversation
from tests.contracts.stores import SHARDS, new_tenant


class Slots:
    """Moves slots between the nodes of a running cluster, as an operator's tool does."""

    def __init__(self, nodes: list[Any]) -> None:
        self._nodes = nodes
        self._ids: list[str] = []

    async def look(self) -> None:
        self._ids = [(await node.execute_command("CLUSTER", "MYID")).decode() for node in self._nodes]

    async def owner(self, slot: int) -> int:
        for number, node in enumerate(self._nodes):
            lines = (await node.execute_command("CLUSTER", "NODES")).decode().splitlines()
            (mine,) = (line.split() for line in lines if "myself" in line)
            if any(_covers(words, slot) for words in mine[8:]):
                return number
        raise AssertionError(f"nobody serves slot {slot}")

    async def begin(self, slot: int, source: int, target: int) -> None:
        await self._nodes[target].execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", self._ids[source])
        await self._nodes[source].execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", self._ids[target])

    async def move_keys(self, slot: int, source: int, target: int) -> int:
        keys = await self._nodes[source].execute_command("CLUSTER", "GETKEYSINSLOT", slot, 10_000)
        port = self._nodes[target].connection_pool.connection_kwargs["port"]
        if keys:
            await self._nodes[source].execute_command("MIGRATE", "127.0.0.1", port, "", 0, 5000, "KEYS", *keys)
        return len(keys)

    async def finish(self, slot: int, target: int) -> None:
        for node in self._nodes:
            await node.execute_command("CLUSTER", "SETSLOT", slot, "NODE", self._ids[target])


def _covers(words: str, slot: int) -> bool:
    first, _, last = words.partition("-")
    return not words.startswith("[") and int(first) <= slot <= int(last or first)


@pytest.fixture
async def slots(cluster_server: str) -> AsyncIterator[Slots]:
    nodes = [Redis(host="127.0.0.1", port=int(node.rpartition(":")[2])) for node in cluster_server.split(",")]
    slots = Slots(nodes)
    await slots.look()
    yield slots
    for node in nodes:
        await node.aclose()


async def accept(store: Store, conversation: ConversationId, numbers: range) -> set[AcceptStatus]:
    sent = (store.inbox.accept(message(conversation, f"m{n}", f"text {n}"), worker="w1") for n in numbers)
    return {one.status for one in await asyncio.gather(*sent)}


async def test_that_moving_slots_lose_and_double_nothing(cluster_server: str, slots: Slots) -> None:
    opened = await open_store(cluster_server, tenant=new_tenant(), shards=SHARDS)
    conversation = new_conversation()
    slot = key_slot(str(home(conversation)).encode())
    source = await slots.owner(slot)
    target = (source + 1) % 3
    assert await accept(opened.store, conversation, range(10)) == {AcceptStatus.ACCEPTED}

    await slots.begin(slot, source, target)
    moved = await slots.move_keys(slot, source, target)
    with pytest.raises(StoreUnavailable):  # no command on several keys runs while they lie apart
        await accept(opened.store, conversation, range(5, 20))
    await slots.finish(slot, target)
    after_moving = await accept(opened.store, conversation, range(5, 30))

    assert moved > 0
    assert after_moving == {AcceptStatus.ACCEPTED, AcceptStatus.DUPLICATE}
    lines = await opened.store.transcripts.read(conversation, after=0, limit=100)
    assert sorted(str(line.message) for line in lines) == sorted(f"m{n}" for n in range(30))
    assert await slots.owner(slot) == target
    await opened.close()
