"""After somebody was erased the store's files are written anew: once for all who go together, and by whoever lives."""

from __future__ import annotations

import pytest

from core.errors import DependencyError
from core.store_ports import Store
from frontdesk.rewriting import Rewriting
from tests.contracts.stores import embedded_server, embedded_store
from tests.core.hub_parts import eventually

__all__ = ["embedded_server", "embedded_store"]


class Files:
    """Counts how often they are written."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.written = 0
        self.asked = 0
        self.refuses = refuses

    async def write(self) -> None:
        self.asked += 1
        if self.refuses:
            raise DependencyError("BGREWRITEAOF is not allowed here")
        self.written += 1


async def is_due(store: Store) -> bool:
    return await store.notes.get(":rewriting", "due") is not None


async def is_done(store: Store) -> bool:
    return not await is_due(store)


async def test_that_those_who_go_together_share_one_rewriting(embedded_store: Store) -> None:
    files = Files()
    rewriting = Rewriting(embedded_store.notes, files.write, quiet=0.02)
    async with rewriting.running():
        for _ in range(5):
            rewriting.due()
        await eventually(lambda: files.written == 1, "the files are written")
        await eventually(lambda: is_done(embedded_store), "nothing is due")
        rewriting.due()
        await eventually(lambda: files.written == 2, "the next one is heard")


async def test_that_what_a_hub_did_not_get_to_the_next_one_does(embedded_store: Store) -> None:
    first, second = Files(), Files()
    rewriting = Rewriting(embedded_store.notes, first.write, quiet=600.0)
    async with rewriting.running():
        rewriting.due()
    assert first.written == 0
    assert await is_due(embedded_store)
    async with Rewriting(embedded_store.notes, second.write, quiet=0.0).running():
        await eventually(lambda: second.written == 1, "the next hub does it")
        await eventually(lambda: is_done(embedded_store), "nothing is due")


async def test_that_a_server_that_refuses_is_told_of_and_it_stays_due(
    embedded_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    files = Files(refuses=True)
    rewriting = Rewriting(embedded_store.notes, files.write, quiet=0.0)
    async with rewriting.running():
        rewriting.due()
        await eventually(lambda: "still in the store's files" in caplog.text, "it is said")
    assert (files.asked, files.written) == (1, 0)
    assert await is_due(embedded_store)
