from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.embedded import EmbeddedServer
from tests.contracts.stores import cluster_server, embedded_server, embedded_store

__all__ = ["cluster_server", "embedded_server", "embedded_store"]


@pytest.fixture
async def own_server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    """A server for one test that changes or kills it."""
    server = EmbeddedServer(tmp_path / "data", longest_wait=0.05)
    await server.start()
    yield server
    await server.stop()
