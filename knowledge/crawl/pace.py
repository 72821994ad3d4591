"""Not more often than a host likes: a pause between two requests, longer where it asks for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.ports import Clock

Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """Gives each request to a host its moment. Times are in seconds."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def turn(self, host: str, pause: float) -> None:
        """Wait until the host may be asked again; the next one waits `pause` from then."""
        now = self._clock.now()
        at = max(now, self._free_at.get(host, now))
        self._free_at[host] = at + pause
        if at > now:
            await self._sleep(at - now)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for a while."""
        at = self._clock.now() + seconds
        self._free_at[host] = max(at, self._free_at.get(host, at))
