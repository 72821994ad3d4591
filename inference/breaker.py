"""A circuit breaker: after repeated failures a model is left alone for a while, then tried with one call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import ModelError
from core.ports import Clock

FAILURES = 5
REST = 30.0  # seconds


class Breaker:
    """Closed, open after `failures` in a row, half open after `rest` seconds: then one call decides."""

    def __init__(self, clock: Clock, *, failures: int = FAILURES, rest: float = REST) -> None:
        self._clock = clock
        self._limit = failures
        self._rest = rest
        self._failed = 0
        self._opened_at = 0.0
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether calls are being refused, apart from the probe."""
        return self._failed >= self._limit

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """Around one call. Raises `ModelError` at once while open; counts a `ModelError` of the call as its failure."""
        probe = self._admit()
        try:
            yield
        except ModelError:
            self._failed += 1
            self._opened_at = self._clock.now()
            raise
        else:
            self._failed = 0
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        """Whether this call is the probe."""
        if not self.open:
            return False
        waited = self._clock.now() - self._opened_at
        if self._probing or 0 <= waited < self._rest:  # a clock put back must not keep it open
            raise ModelError("the model failed repeatedly and is left alone for a while")
        self._probing = True
        return True
