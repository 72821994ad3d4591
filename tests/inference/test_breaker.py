"""Closed, open, half open."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import ModelError
from inference.breaker import Breaker


async def call(breaker: Breaker, *, works: bool) -> None:
    async with breaker.guard():
        if not works:
            raise ModelError("no")


async def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ModelError, match="no"):
            await call(breaker, works=False)


async def test_that_only_failures_in_a_row_open_it(clock: Any) -> None:
    breaker = Breaker(clock)
    await fail(breaker, 4)
    await call(breaker, works=True)
    await fail(breaker, 4)
    assert not breaker.open
    await fail(breaker, 1)
    assert breaker.open


async def test_that_after_a_rest_one_call_decides(clock: Any) -> None:
    breaker = Breaker(clock, failures=2, rest=30)
    await fail(breaker, 2)
    with pytest.raises(ModelError, match="left alone"):
        await call(breaker, works=True)
    clock.time += 30
    async with breaker.guard():
        with pytest.raises(ModelError, match="left alone"):
            await call(breaker, works=True)
    assert not breaker.open
    await call(breaker, works=True)


async def test_that_a_failed_probe_starts_the_rest_again(clock: Any) -> None:
    breaker = Breaker(clock, failures=2, rest=30)
    await fail(breaker, 2)
    clock.time += 31
    await fail(breaker, 1)
    clock.time += 29
    with pytest.raises(ModelError, match="left alone"):
        await call(breaker, works=True)
    clock.time += 1
    await call(breaker, works=True)
    assert not breaker.open


async def test_that_a_cancelled_probe_gives_the_next_a_chance(clock: Any) -> None:
    breaker = Breaker(clock, failures=1, rest=30)
    await fail(breaker, 1)
    clock.time += 30
    with pytest.raises(KeyboardInterrupt):
        async with breaker.guard():
            raise KeyboardInterrupt
    await call(breaker, works=True)
    assert not breaker.open


async def test_that_a_clock_put_back_does_not_keep_it_open(clock: Any) -> None:
    breaker = Breaker(clock, failures=1, rest=30)
    await fail(breaker, 1)
    clock.time -= 3_600
    await call(breaker, works=True)
    assert not breaker.open
