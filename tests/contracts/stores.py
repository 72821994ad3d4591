"""Real stores for tests of any room: one embedded server and one three-node cluster a session, a tenant a test.

A room's conftest imports what it needs: `from tests.contracts.stores import embedded_server, embedded_store`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest

from core.store_ports import Store
from store.embedded import EmbeddedServer
from store.open import OpenStore, open_store
from tests.peers.valkey_cluster import ValkeyCluster

SHARDS = 8
_tenants = count(1)


def new_tenant() -> str:
    """A name no other test of this session has."""
    return f"t{next(_tenants)}"


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running embedded server; several stores may be opened on it."""
    server = EmbeddedServer(tmp_path_factory.mktemp("valkey"))
    with asyncio.Runner() as runner:
        runner.run(server.start())
        yield f"unix://{server.socket}"
        runner.run(server.stop())


@pytest.fixture(scope="session")
def cluster_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running cluster of three."""
    cluster = ValkeyCluster(tmp_path_factory.mktemp("cluster"))
    with asyncio.Runner() as runner:
        try:
            runner.run(cluster.start())
            yield cluster.url
        finally:
            runner.run(cluster.stop())


@pytest.fixture
async def embedded_store(embedded_server: str) -> AsyncIterator[Store]:
    """All ports, over a tenant of this test alone."""
    opened = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
    yield opened.store
    await opened.close()


@pytest.fixture(params=["embedded", "cluster"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Each kind of server in turn."""
    url: str = request.getfixturevalue(f"{request.param}_server")
    return url


@pytest.fixture
async def opened(store_url: str) -> AsyncIterator[OpenStore]:
    """An open store over each kind of server in turn."""
    opened = await open_store(store_url, tenant=new_tenant(), shards=SHARDS)
    yield opened
    await opened.close()


@pytest.fixture
def store(opened: OpenStore) -> Store:
    return opened.store
