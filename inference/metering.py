"""What a model's calls came to, counted where their tokens are reserved."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum

from inference.budget import Spending, TokenBudget


class CallOutcome(StrEnum):
    ANSWERED = "answered"
    FAILED = "failed"  # in time, in size, in shape, or because the breaker is open
    REFUSED = "refused"  # the allowance was used up, so nothing was asked


class Meter:
    """Calls and tokens of one model since the process began; tokens of a failed call are those it may have cost."""

    def __init__(self) -> None:
        self.calls: Counter[CallOutcome] = Counter()
        self.tokens = 0


class MeteredBudget:
    """A `TokenBudget` that tells a meter of every call."""

    def __init__(self, inner: TokenBudget, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    @asynccontextmanager
    async def reserved(self, tokens: int, payers: Sequence[str] = ()) -> AsyncIterator[Spending]:
        spending, outcome = Spending(0), CallOutcome.REFUSED
        try:
            async with self._inner.reserved(tokens, payers) as spending:
                outcome = CallOutcome.FAILED
                yield spending
                outcome = CallOutcome.ANSWERED
        finally:
            self._meter.calls[outcome] += 1
            self._meter.tokens += spending.tokens
