"""Keeping to what a service can take: a few calls at once, evenly spaced, and none while it asked for a pause."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from core.errors import DeliveryDelayed

AT_ONCE = 4
PATIENCE = 2.0
"""Seconds a delivery waits here for its turn; beyond, it goes back to the queue."""


class Gate:
    """One for each service, shared by all deliveries to it within a process."""

    def __init__(
        self,
        service: str,
        clock: Callable[[], float],
        *,
        interval: float = 0.0,
        at_once: int = AT_ONCE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives seconds that never go back; `interval` lies between the beginnings of two calls."""
        self._service = service
        self._clock = clock
        self._interval = interval
        self._sleep = sleep
        self._free_at = 0.0
        self._places = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A place among the calls under way. Raises `DeliveryDelayed` when the next is further away than `PATIENCE`.

        A call inside that raises `DeliveryDelayed` closes the gate for as long as the error says.
        """
        async with self._places:
            await self._await_turn()
            try:
                yield
            except DeliveryDelayed as error:
                self._free_at = max(self._free_at, self._clock() + error.retry_after)
                raise

    async def _await_turn(self) -> None:
        now = self._clock()
        at = max(self._free_at, now)
        if at - now > PATIENCE:
            raise DeliveryDelayed(f"{self._service} has to rest", retry_after=at - now)
        self._free_at = at + self._interval
        if at > now:
            await self._sleep(at - now)
