"""Keeping to a platform's sending rates: a few in each window of time, for each chat and over all."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from core.errors import DeliveryDelayed

PATIENCE = 1.0
"""Seconds a delivery waits here for its turn; beyond, it goes back to its queue so that it holds nobody up."""
_MOST_CHATS = 20_000


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` messages in any `seconds`."""

    most: int
    seconds: float


class Pacing:
    """Turns within all windows, given in order of asking, within one process.

    Other processes send too, so a platform may say no all the same: `rest` is for that.
    """

    def __init__(
        self,
        *,
        chat: tuple[Window, ...],
        overall: tuple[Window, ...] = (),
        ticks: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`ticks` gives seconds that never go back."""
        self._chat = chat
        self._overall = _Log(overall)
        self._chats: OrderedDict[str, _Log] = OrderedDict()
        self._ticks = ticks
        self._sleep = sleep

    async def turn(self, chat: str, *, also: tuple[Window, ...] = ()) -> None:
        """Wait for the chat's next turn; `also` are further windows of this chat, such as those of a group.

        Raises `DeliveryDelayed` when it is more than `PATIENCE` away; the turn is then not used.
        """
        now = self._ticks()
        log = self._log(chat, also)
        at = max(now, log.free_at(now), self._overall.free_at(now))
        if at - now > PATIENCE:
            raise DeliveryDelayed("a chat has to rest, by the platform's limits", retry_after=at - now)
        log.used(at)
        self._overall.used(at)
        if at > now:
            await self._sleep(at - now)

    def rest(self, chat: str, seconds: float) -> None:
        """Give this chat no turn for so long, because the platform said so; the others go on."""
        log = self._log(chat, ())
        log.not_before = max(log.not_before, self._ticks() + seconds)

    def rest_all(self, seconds: float) -> None:
        """The same for every chat."""
        self._overall.not_before = max(self._overall.not_before, self._ticks() + seconds)

    def _log(self, chat: str, also: tuple[Window, ...]) -> _Log:
        log = self._chats.get(chat)
        if log is None:
            log = self._chats[chat] = _Log((*self._chat, *also))
        self._chats.move_to_end(chat)
        if len(self._chats) > _MOST_CHATS:
            self._chats.popitem(last=False)
        return log


class _Log:
    """When turns were used, as far back as any window looks."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows
        self._kept = max((window.most for window in windows), default=0)
        self._used: list[float] = []  # ascending; turns given ahead of time make it more than a queue
        self.not_before = float("-inf")

    def free_at(self, now: float) -> float:
        """The earliest time, from `now` on, at which no window would hold too many."""
        return max([now, self.not_before, *(self._free_of(window) for window in self._windows)])

    def used(self, at: float) -> None:
        insort(self._used, at)
        del self._used[: -self._kept or len(self._used)]

    def _free_of(self, window: Window) -> float:
        if len(self._used) < window.most:
            return float("-inf")
        return self._used[-window.most] + window.seconds
