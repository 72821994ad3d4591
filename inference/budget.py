"""Allowances of tokens, reserved before each call so that parallel calls cannot overspend them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from core.errors import ModelError, StoreUnavailable
from core.ports import Clock
from core.store_ports import Allowances

DAY = 86_400.0
ALL = "all"
"""The allowance everybody spends from."""


@dataclass(slots=True)
class Spending:
    """One call's tokens. The call sets `tokens` to what was really used; until then the reservation stands."""

    tokens: int


class TokenBudget(Protocol):
    def reserved(self, tokens: int, payers: Sequence[str] = ()) -> AbstractAsyncContextManager[Spending]:
        """Hold `tokens` around one call, for everybody in `payers`. Raises `ModelError` when they are not left."""
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
    async def reserved(self, tokens: int, payers: Sequence[str] = ()) -> AsyncIterator[Spending]:  # noqa: ARG002  one allowance for all
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


class SharedTokenBudget:
    """Allowances of a day that all processes share and that outlast a restart, kept in the store.

    `limits` are tokens between midnight and midnight UTC: for everybody together under "", and for each payer of a kind
    under the kind, as in `{"": 1_000_000, "conversation": 60_000}`. A call that ends in an error keeps its reservation
    unless it says otherwise. A store that does not answer is a `ModelError`: nothing is spent that is not counted.
    """

    def __init__(self, allowances: Allowances, clock: Clock, *, limits: Mapping[str, int]) -> None:
        self._allowances = allowances
        self._clock = clock
        self._limits = limits

    @asynccontextmanager
    async def reserved(self, tokens: int, payers: Sequence[str] = ()) -> AsyncIterator[Spending]:
        day, limits = int(self._clock.now() // DAY), self._limits_of(payers)
        try:
            short = await self._allowances.take(tokens, limits, day=day)
        except StoreUnavailable:
            raise ModelError("the token budget cannot be asked: the store does not answer") from None
        if short:
            kind = short.partition(":")[0] if short != ALL else "day"
            raise ModelError(f"the token budget of the {kind} is used up")
        spending = Spending(tokens)
        try:
            yield spending
        finally:
            if spending.tokens != tokens:
                with suppress(StoreUnavailable):  # the reservation stands, which errs on the safe side
                    await self._allowances.give_back(tokens - spending.tokens, tuple(limits), day=day)

    def _limits_of(self, payers: Sequence[str]) -> dict[str, int]:
        limits = {ALL: self._limits[""]}
        for payer in payers:
            limit = self._limits.get(payer.partition(":")[0])
            if limit is not None:
                limits[payer] = limit
        return limits
