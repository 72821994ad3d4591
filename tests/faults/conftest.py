from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.embedded import EmbeddedServer
from tests.faults.desks import write_desk
from tests.faults.figures import FIGURES, Figures
from tests.faults.hubs import Hubs
from tests.faults.workshop import Workshop


@pytest.fixture(scope="session")
def figures() -> Figures:
    return FIGURES


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def workshop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workshop]:
    """A server and a nursery for the whole folder."""
    root: Path = tmp_path_factory.mktemp("faults")
    server = EmbeddedServer(root / "store")
    await server.start()
    url = f"unix://{server.socket}"
    hubs = Hubs(write_desk(root / "desk", store=url, slack="http://127.0.0.1:9/"), root / "hubs.log")
    await hubs.open()
    try:
        yield Workshop(hubs=hubs, store=url)
    finally:
        await hubs.close()
        await server.stop()
