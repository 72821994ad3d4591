from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.store_ports import Store
from tests.adapters.teams.harness import Bot, running_bot
from tests.contracts.stores import embedded_server, embedded_store

__all__ = ["embedded_server", "embedded_store"]


@pytest.fixture
async def bot(embedded_store: Store) -> AsyncIterator[Bot]:
    """A bot that people of one tenant may talk to."""
    async with running_bot(embedded_store) as running:
        yield running
