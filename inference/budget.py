"""A day's allowance of tokens, reserved before each call so that parallel calls cannot overspend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from core.errors import ModelError
from core.ports import Clock

DAY = 86_400.0


@dataclass(slots=True)
class Spending:
    """One call's tokens. The call sets `tokens` to what was really used; until then the reservation stands."""

    tokens: int


class TokenBudget(Protocol):
    def reserved(self, tokens: int) -> AbstractAsyncContextManager[Spending]:
        """Hold `tokens` around one call. Raises `ModelError` when they are not left."""
        ...


class DailyTokenBudget:
    """At most `limit` tokens between midnight and midnight UTC, in this process.

    A call that ends in an error keeps its reservation unless it says otherwise: the provider may have billed it.
    """

    def __init__(self, clock: Clock, *, limit: int) -> None:
        self._clock = clock
        self._limit = limit
        self._day = 0.0
        self._spent = 0

    @property
    def left(self) -> int:
        """Tokens left today; below zero when calls used more than was reserved for them."""
        self._turn_day()
        return self._limit - self._spent

    @asynccontextmanager
    async def reserved(self, tokens: int) -> AsyncIterator[Spending]:
        if tokens > self.left:
            raise ModelError("the day's token budget is used up")
        self._spent += tokens
        day, spending = self._day, Spending(tokens)
        try:
            yield spending
        finally:
            if day == self._day:
                self._spent += spending.tokens - tokens

    def _turn_day(self) -> None:
        today = self._clock.now() // DAY
        if today > self._day:
            self._day, self._spent = today, 0
