"""Asking Telegram for updates. What is taken is confirmed by the next question only, so nothing taken is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram.error import Conflict, InvalidToken, TelegramError

from adapters.telegram.api import TelegramApi
from adapters.telegram.door import Take
from adapters.telegram.request import Limited
from core.errors import StoreUnavailable

_log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
LONGEST_SECONDS = 60.0
CONFLICT_SECONDS = 30.0
CONTESTED = "contested"
"""The note left for `frontdesk doctor` while somebody else takes the updates."""
CONTESTED_LIFE = 4 * CONFLICT_SECONDS


class Poller:
    """Takes updates in order, one after another, until it is cancelled."""

    def __init__(
        self,
        api: TelegramApi,
        take: Take,
        *,
        name: str,
        contested: Callable[[], Awaitable[None]] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`contested` is called whenever somebody else is found to take the updates."""
        self._contested = contested
        self._api = api
        self._take = take
        self._name = name
        self._sleep = sleep
        self._offset = 0

    async def run(self) -> None:
        failures = 0
        while True:
            try:
                for update in await self._api.updates(self._offset):
                    await self._take(update)
                    self._offset = _after(update, self._offset)
            except (TelegramError, StoreUnavailable) as error:
                failures += 1
                wait = self._wait(error, failures)
                _log.log(_level(error), "channel %s asks again in %.0f s: %s", self._name, wait, _told(error))
                await self._note(error)
                await self._sleep(wait)
            else:
                failures = 0

    async def _note(self, error: Exception) -> None:
        if self._contested is not None and isinstance(error, Conflict):
            with suppress(StoreUnavailable):
                await self._contested()

    def _wait(self, error: Exception, failures: int) -> float:
        if isinstance(error, Limited):
            return error.seconds
        if isinstance(error, (Conflict, InvalidToken)):
            return CONFLICT_SECONDS
        return min(AGAIN_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_SECONDS)


def _after(update: object, offset: int) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return max(offset, number + 1) if isinstance(number, int) and not isinstance(number, bool) else offset


def _level(error: Exception) -> int:
    return logging.ERROR if isinstance(error, (Conflict, InvalidToken)) else logging.WARNING


def _told(error: Exception) -> str:
    if isinstance(error, Conflict):
        return "somebody else polls with this token, or a webhook is set; stop the other one"
    if isinstance(error, InvalidToken):
        return "Telegram refuses the token; copy it again from @BotFather"
    return type(error).__name__
