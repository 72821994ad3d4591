"""A day's tokens."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import ModelError
from inference.budget import DailyTokenBudget, TokenBudget


async def test_that_a_reservation_holds_until_it_is_settled(clock: Any) -> None:
    budget = DailyTokenBudget(clock, limit=1_000)
    port: TokenBudget = budget
    async with port.reserved(600) as spending:
        assert budget.left == 400
        with pytest.raises(ModelError, match="used up"):
            async with port.reserved(500):
                pytest.fail("two reservations over the limit")
        spending.tokens = 250
    assert budget.left == 750


async def test_that_a_failed_call_keeps_its_reservation(clock: Any) -> None:
    budget = DailyTokenBudget(clock, limit=1_000)
    with pytest.raises(ModelError, match="silence"):
        async with budget.reserved(600):
            raise ModelError("silence")
    assert budget.left == 400


async def test_that_midnight_brings_a_new_allowance(clock: Any) -> None:
    budget = DailyTokenBudget(clock, limit=1_000)
    async with budget.reserved(900) as spending:
        clock.time += 86_400
        assert budget.left == 1_000
        spending.tokens = 100
    assert budget.left == 1_000
    clock.time -= 86_400
    assert budget.left == 1_000
