"""Having the store's files written anew after somebody was taken out, so that no file tells of them any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from core.errors import DependencyError, StoreUnavailable
from core.store_ports import Notes

_log = logging.getLogger(__name__)

AGAIN = 600.0
_PLACE, _DUE = ":rewriting", "due"
_LIFE = 400 * 86_400.0


class Rewriting:
    """Remembers in the store that its files are to be written anew, and does it; who dies leaves it to the next hub."""

    def __init__(self, notes: Notes, rewrite: Callable[[], Awaitable[None]], *, quiet: float) -> None:
        """`quiet`: seconds that are waited for others who go, so that one rewriting does for all of them."""
        self._notes = notes
        self._rewrite = rewrite
        self._quiet = quiet
        self._due = asyncio.Event()

    def due(self) -> None:
        """Somebody was taken out."""
        self._due.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """At work until the end of the block; what is due then is done by whoever runs next."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if self._due.is_set():
                with suppress(StoreUnavailable):
                    await self._remember()

    async def _work(self) -> None:
        with suppress(StoreUnavailable):
            if await self._notes.get(_PLACE, _DUE) is not None:
                self._due.set()
        while True:
            await self._due.wait()
            await asyncio.sleep(self._quiet if await self._done() else AGAIN)

    async def _done(self) -> bool:
        """Note it, wait for the others, rewrite; whether it went well."""
        try:
            await self._remember()
            await asyncio.sleep(self._quiet)
            self._due.clear()
            await self._rewrite()
            await self._notes.take(_PLACE, _DUE)
        except (StoreUnavailable, DependencyError) as error:
            self._due.set()
            _log.error("what was erased is still in the store's files, tried again in %.0f s: %s", AGAIN, error)
            return False
        return True

    async def _remember(self) -> None:
        await self._notes.put(_PLACE, _DUE, "1", life=_LIFE)
