"""Keeping to a channel's posting rate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.errors import DeliveryDelayed
from handoff.limits import POST_INTERVAL

PATIENCE = 2.0
"""Seconds a delivery waits here for its turn; beyond, it goes back to the queue so that it holds nobody up."""


class ChannelPace:
    """Gives each channel one turn an interval, in order of asking, within one process."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        interval: float = POST_INTERVAL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives seconds that never go back, as an event loop's `time` does."""
        self._clock = clock
        self._interval = interval
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait for the channel's next turn. Raises `DeliveryDelayed` when that is further away than `PATIENCE`."""
        now = self._clock()
        turn_at = max(self._free_at.get(channel, now), now)
        if turn_at - now > PATIENCE:
            raise DeliveryDelayed(f"Slack channel {channel} has to rest", retry_after=turn_at - now)
        self._free_at[channel] = turn_at + self._interval
        if turn_at > now:
            await self._sleep(turn_at - now)

    def rest(self, channel: str, seconds: float) -> None:
        """Give nobody a turn in this channel for so long, because Slack said so."""
        self._free_at[channel] = max(self._free_at.get(channel, 0.0), self._clock() + seconds)
