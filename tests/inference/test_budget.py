"""A day's tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from core.errors import ModelError, StoreUnavailable
from inference.budget import DailyTokenBudget, SharedTokenBudget, TokenBudget


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


class Counted:
    """Allowances in memory that can go away. Implements `core.store_ports.Allowances`."""

    def __init__(self) -> None:
        self.spent: Counter[tuple[int, str]] = Counter()
        self.away = False

    async def take(self, tokens: int, limits: Mapping[str, int], *, day: int) -> str:
        if self.away:
            raise StoreUnavailable("away")
        for name, limit in limits.items():
            if self.spent[day, name] + tokens > limit:
                return name
        self.spent.update({(day, name): tokens for name in limits})
        return ""

    async def give_back(self, tokens: int, names: Collection[str], *, day: int) -> None:
        if self.away:
            raise StoreUnavailable("away")
        self.spent.subtract({(day, name): tokens for name in names})

    async def tokens(self, days: Sequence[int]) -> Mapping[int, int]:
        return {day: self.spent[day, ""] for day in days}


LIMITS = {"": 1_000, "conversation": 500}
PAYERS = ("conversation:c1", "visitor:v1")


async def test_that_a_call_is_counted_against_everybody_who_has_a_limit(clock: Any) -> None:
    counted = Counted()
    budget: TokenBudget = SharedTokenBudget(counted, clock, limits=LIMITS)
    async with budget.reserved(400, PAYERS) as spending:
        spending.tokens = 250
    day = int(clock.now() // 86_400)
    assert counted.spent == {(day, "all"): 250, (day, "conversation:c1"): 250}
    with pytest.raises(ModelError, match="budget of the conversation is used up"):
        async with budget.reserved(300, PAYERS):
            pytest.fail("more than the conversation may spend")
    with pytest.raises(ModelError, match="budget of the day is used up"):
        async with budget.reserved(800):
            pytest.fail("more than the day may spend")


async def test_that_a_failed_call_and_a_store_that_goes_away_keep_the_reservation(clock: Any) -> None:
    counted = Counted()
    budget = SharedTokenBudget(counted, clock, limits=LIMITS)
    with pytest.raises(ModelError, match="silence"):
        async with budget.reserved(400):
            raise ModelError("silence")
    async with budget.reserved(400) as spending:
        spending.tokens = 10
        counted.away = True
    assert set(counted.spent.values()) == {800}
    with pytest.raises(ModelError, match="does not answer"):
        async with budget.reserved(1):
            pytest.fail("spent without being counted")
