from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.adapters.web.harness import Desk, running_desk
from tests.contracts.stores import embedded_server, embedded_store
from tests.peers.chromium import chromium

__all__ = ["chromium", "embedded_server", "embedded_store"]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A channel named "site" for https://shop.example, in front of a scripted reception."""
    async with running_desk() as running:
        yield running
