from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from core.errors import StoreUnavailable
from core.ids import ConversationId, PersonId
from core.store_ports import AcceptStatus, Store
from store.coalescing import MAX_BATCH, pack
from store.connections import client_of
from store.embedded import EmbeddedServer
from store.open import OpenStore, open_store
from tests.contracts.builders import fact, home, message, new_conversation
from tests.contracts.stores import SHARDS, new_tenant
from tests.peers.tcp_proxy import TcpProxy


@asynccontextmanager
async def opened_through_a_proxy(url: str) -> AsyncIterator[tuple[OpenStore, TcpProxy]]:
    proxy = TcpProxy(Path(url.removeprefix("unix://")))
    await proxy.start()
    opened = await open_store(f"redis://127.0.0.1:{proxy.port}", tenant=new_tenant(), shards=SHARDS)
    yield opened, proxy
    await opened.close()
    await proxy.stop()


@asynccontextmanager
async def through_a_proxy(url: str) -> AsyncIterator[tuple[Store, TcpProxy]]:
    async with opened_through_a_proxy(url) as (opened, proxy):
        yield opened.store, proxy


async def test_that_a_command_is_packed_as_redis_py_packs_it() -> None:
    command = (b"EVALSHA", b"ab", 2, b"key", "zwölf", 1.5, b"", b"\r\n")

    pool: Any = Redis().connection_pool
    connection = pool.make_connection()

    assert pack(command) == b"".join(connection.pack_command(*command))


async def test_that_what_one_tick_asks_leaves_together_and_is_answered_in_order(embedded_server: str) -> None:
    async with through_a_proxy(embedded_server) as (store, proxy):
        people = [PersonId(f"p{number}") for number in range(MAX_BATCH)]
        before = proxy.requests

        await asyncio.gather(*(store.ledger.append(person, [fact(f"of {person}")]) for person in people))
        found = await asyncio.gather(*(store.ledger.read(person) for person in people))

        assert [facts[0].id for facts in found] == [f"of {person}" for person in people]
        assert proxy.requests - before < MAX_BATCH / 4  # two batches, each in as many pieces as the sockets make of it


async def test_that_scripts_the_server_forgot_are_loaded_again(embedded_server: str) -> None:
    opened = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    conversations = [new_conversation() for _ in range(20)]
    async with client_of(embedded_server) as client:
        await client.script_flush()

    accepted = await asyncio.gather(*(opened.store.inbox.accept(message(one), worker="w1") for one in conversations))

    assert {one.status for one in accepted} == {AcceptStatus.ACCEPTED}
    assert {one.log_seq for one in accepted} == {1}
    await opened.close()


async def test_that_a_lost_reply_is_reported_and_a_second_accept_finds_the_first(embedded_server: str) -> None:
    async with through_a_proxy(embedded_server) as (store, proxy):
        for number in range(10):
            conversation = new_conversation()
            sent = message(conversation, f"event-{number}", f"unmistakable {number}")
            proxy.drop_reply_after(sent.text.encode())

            with pytest.raises(StoreUnavailable):
                await store.inbox.accept(sent, worker="w1")
            again = await store.inbox.accept(sent, worker="w1")

            waiting = await store.inbox.waiting(home(conversation), after=0)
            assert (again.status, again.log_seq) == (AcceptStatus.DUPLICATE, 1)
            assert [one.message for one in waiting if one.message.conversation == conversation] == [sent]
        assert proxy.dropped == 10


async def test_that_a_start_outlives_one_lost_reply_and_all_agree_on_one_secret(embedded_server: str) -> None:
    async with opened_through_a_proxy(embedded_server) as (opened, proxy):
        proxy.drop_reply_after(b"the first candidate")

        first = await opened.shared_secret("signing", "the first candidate")
        second = await opened.shared_secret("signing", "another candidate")

        assert (first, second) == ("the first candidate", "the first candidate")
        assert proxy.dropped == 1


@pytest.mark.parametrize("seed", range(5))
async def test_that_a_cancelled_caller_never_leaves_its_reply_to_another(embedded_store: Store, seed: int) -> None:
    rng = random.Random(seed)
    people = [PersonId(f"p{number}") for number in range(50)]
    for person in people:
        await embedded_store.ledger.append(person, [fact(f"of {person}")])

    async def read(person: PersonId) -> bool:
        facts = await embedded_store.ledger.read(person)
        return [one.id for one in facts] == [f"of {person}"]

    tasks: list[asyncio.Task[bool]] = []
    surely_cancelled = 0
    for _ in range(40):
        fresh = [asyncio.create_task(read(rng.choice(people))) for _ in range(25)]
        tasks += fresh
        steps = rng.randrange(6)
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in rng.sample(fresh, 10):
            task.cancel()
        surely_cancelled += 10 if steps == 0 else 0
    ends = await asyncio.gather(*tasks, return_exceptions=True)

    cancelled = sum(isinstance(end, asyncio.CancelledError) for end in ends)
    assert 0 < surely_cancelled <= cancelled < len(ends)
    assert [end for end in ends if end is not True and not isinstance(end, asyncio.CancelledError)] == []


async def test_that_a_full_server_refuses_writes_and_still_reads(own_server: EmbeddedServer) -> None:
    url = f"unix://{own_server.socket}"
    opened = await open_store(url, tenant=new_tenant(), shards=SHARDS)
    conversation = new_conversation()
    await opened.store.inbox.accept(message(conversation), worker="w1")
    async with client_of(url) as client:
        await client.config_set("maxmemory", "1mb")

        with pytest.raises(StoreUnavailable, match="OutOfMemory"):
            await opened.store.inbox.accept(message(conversation, "m2"), worker="w1")
        assert await opened.store.conversations.load(conversation) is None
        assert len(await opened.store.transcripts.read(conversation, after=0, limit=9)) == 1
        await client.config_set("maxmemory", "0")

    again = await opened.store.inbox.accept(message(conversation, "m2"), worker="w1")
    assert again.status is AcceptStatus.ACCEPTED
    await opened.close()


async def test_that_a_server_turned_replica_is_reported_and_comes_back(own_server: EmbeddedServer) -> None:
    url = f"unix://{own_server.socket}"
    opened = await open_store(url, tenant=new_tenant(), shards=SHARDS)
    async with client_of(url) as client:
        await client.replicaof("127.0.0.1", 1)
        with pytest.raises(StoreUnavailable):
            await opened.store.inbox.accept(message(ConversationId("c")), worker="w1")
        await client.replicaof("NO", "ONE")

    accepted = await opened.store.inbox.accept(message(ConversationId("c")), worker="w1")

    assert (accepted.status, accepted.seq) == (AcceptStatus.ACCEPTED, 1)
    await opened.close()


async def test_that_a_closed_store_answers_that_it_is_closed(embedded_server: str) -> None:
    opened = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    await opened.close()

    with pytest.raises(StoreUnavailable, match="closed"):
        await opened.store.inbox.accept(message(new_conversation()), worker="w1")
