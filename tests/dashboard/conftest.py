"""The admins' door on a real store and a real port of this machine, with a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.store_ports import Store
from tests.contracts.stores import embedded_server, embedded_store
from tests.dashboard.desk import Desk, open_desk

__all__ = ["embedded_server", "embedded_store"]


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Desk]:
    async with open_desk(embedded_store) as desk:
        yield desk
