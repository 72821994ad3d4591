from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.errors import ConfigError, DependencyError, StoreUnavailable
from store.connections import client_of
from store.embedded import EmbeddedServer
from store.open import open_store
from tests.contracts.stores import SHARDS, new_tenant


def url_of(server: EmbeddedServer) -> str:
    return f"unix://{server.socket}"


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("appendonly", "no", "CONFIG SET appendonly yes"),
        ("maxmemory-policy", "allkeys-lru", "CONFIG SET maxmemory-policy noeviction"),
    ],
)
async def test_that_a_server_that_could_lose_data_is_refused_with_the_command_that_mends_it(
    own_server: EmbeddedServer,
    setting: str,
    value: str,
    mend: str,
) -> None:
    async with client_of(url_of(own_server)) as client:
        await client.config_set(setting, value)

        with pytest.raises(DependencyError) as refused:
            await open_store(url_of(own_server), tenant="acme", shards=SHARDS)
        assert f"{setting} {value}" in str(refused.value)
        assert f"redis-cli -s {own_server.socket} {mend}" in str(refused.value)
        name, wanted = mend.removeprefix("CONFIG SET ").split()
        await client.config_set(name, wanted)

    opened = await open_store(url_of(own_server), tenant="acme", shards=SHARDS)
    await opened.ping()
    await opened.close()


async def test_that_each_primary_of_a_cluster_is_looked_at(cluster_server: str) -> None:
    last = cluster_server.rpartition(":")[2]
    async with client_of(f"redis://127.0.0.1:{last}") as client:
        await client.config_set("maxmemory-policy", "volatile-lru")
        try:
            with pytest.raises(DependencyError, match=f"127.0.0.1:{last} has maxmemory-policy volatile-lru"):
                await open_store(cluster_server, tenant=new_tenant(), shards=SHARDS)
        finally:
            await client.config_set("maxmemory-policy", "noeviction")


async def test_that_a_cluster_is_described_and_answers(cluster_server: str) -> None:
    opened = await open_store(cluster_server, tenant="acme", shards=SHARDS)

    described = opened.describe()
    await opened.ping()

    assert (described.kind, described.shards, len(described.servers)) == ("cluster", SHARDS, 3)
    await opened.close()


async def test_that_a_clusters_node_is_no_single_server(cluster_server: str) -> None:
    node = cluster_server.rpartition(",")[2]

    with pytest.raises(DependencyError, match=r"redis\+cluster://"):
        await open_store(f"redis://{node}", tenant="acme", shards=SHARDS)


async def test_that_a_replica_is_refused(own_server: EmbeddedServer) -> None:
    async with client_of(url_of(own_server)) as client:
        await client.replicaof("127.0.0.1", 1)

        with pytest.raises(DependencyError, match="replica"):
            await open_store(url_of(own_server), tenant="acme", shards=SHARDS)


async def test_that_the_number_of_shards_is_kept_for_a_tenant(embedded_server: str) -> None:
    tenant = new_tenant()
    for _ in range(2):
        await (await open_store(embedded_server, tenant=tenant, shards=SHARDS)).close()

    with pytest.raises(DependencyError, match=f"{SHARDS} shards and 16 are configured"):
        await open_store(embedded_server, tenant=tenant, shards=16)


async def test_that_a_wrong_password_is_told_without_showing_it(own_server: EmbeddedServer) -> None:
    async with client_of(url_of(own_server)) as client:
        await client.config_set("requirepass", "right-horse")

        with pytest.raises(DependencyError) as refused:
            await open_store(f"unix://:wrong-battery@{own_server.socket}", tenant="acme", shards=SHARDS)
        opened = await open_store(f"unix://:right-horse@{own_server.socket}", tenant="acme", shards=SHARDS)

    assert "wrong-battery" not in str(refused.value)
    assert "***" in str(refused.value)
    assert "right-horse" not in repr(opened.describe())
    await opened.close()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "unix:///nowhere.sock", "redis+cluster://127.0.0.1:1"])
async def test_that_a_server_that_is_not_there_is_named(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="no answer from"):
        await open_store(url, tenant="acme", shards=SHARDS)


@pytest.mark.parametrize(("tenant", "shards"), [("a b", 8), ("acme", 0)])
async def test_that_a_tenant_or_layout_that_cannot_be_is_a_matter_of_configuration(tenant: str, shards: int) -> None:
    with pytest.raises(ConfigError):
        await open_store("redis://127.0.0.1:1", tenant=tenant, shards=shards)


@asynccontextmanager
async def server_telling(info: str) -> AsyncIterator[str]:
    """A stand-in that answers INFO with `info`, refuses CONFIG, and says OK to the rest."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while words := await _command(reader):
            if words[0] == "INFO":
                writer.write(b"$%d\r\n%b\r\n" % (len(info), info.encode()))
            elif words[0] == "CONFIG":
                writer.write(b"-NOPERM this user has no permissions to run the 'config|get' command\r\n")
            else:
                writer.write(b"+OK\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _command(reader: asyncio.StreamReader) -> list[str]:
    count = await reader.readline()
    words = []
    for _ in range(int(count[1:] or b"0")):
        length = int((await reader.readline())[1:])
        words.append((await reader.readexactly(length + 2))[:-2].decode())
    return words


async def test_that_a_server_before_7_0_is_refused() -> None:
    async with server_telling("redis_version:6.2.14\r\nrole:master\r\n") as url:
        with pytest.raises(DependencyError, match=r"Redis 6\.2\.14.*Redis 7\.0"):
            await open_store(url, tenant="acme", shards=SHARDS)


async def test_that_a_server_that_hides_a_setting_and_forbids_config_is_refused_with_a_way_on() -> None:
    async with server_telling("redis_version:7.2.4\r\nrole:master\r\naof_enabled:1\r\n") as url:
        with pytest.raises(DependencyError, match=r"maxmemory-policy neither.*\+config\|get"):
            await open_store(url, tenant="acme", shards=SHARDS)
