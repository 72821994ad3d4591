"""What a service can take: calls evenly spaced, few at once, none during a pause it asked for."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from core.errors import DeliveryDelayed
from handoff.gate import AT_ONCE, PATIENCE, Gate


async def test_that_calls_are_spaced_and_far_turns_go_back_to_the_queue(clock: Any) -> None:
    gate = Gate("CRM", clock.now, interval=0.5, sleep=clock.sleep)
    began = []
    for _ in range(4):
        async with gate.turn():
            began.append(clock.time)
    assert [later - first for first, later in pairwise(began)] == [0.5, 0.5, 0.5]


async def test_that_a_pause_holds_everybody_back_until_it_is_over(clock: Any) -> None:
    gate = Gate("CRM", clock.now, sleep=clock.sleep)
    with pytest.raises(DeliveryDelayed):
        async with gate.turn():
            raise DeliveryDelayed("CRM asks for a pause", retry_after=30.0)
    end = clock.time + 30.0
    for _ in range(100):
        with pytest.raises(DeliveryDelayed) as caught:
            async with gate.turn():
                pytest.fail("called during the pause")
        assert caught.value.retry_after == pytest.approx(end - clock.time)
        clock.time += 0.2
    clock.time = end - PATIENCE / 2
    async with gate.turn():
        assert clock.time >= end


async def test_that_few_calls_run_at_once(clock: Any) -> None:
    gate, running, most = Gate("CRM", clock.now, sleep=clock.sleep), 0, 0
    go = asyncio.Event()

    async def call() -> None:
        nonlocal running, most
        async with gate.turn():
            running += 1
            most = max(most, running)
            if running == AT_ONCE:
                go.set()
            await go.wait()
            running -= 1

    await asyncio.gather(*(call() for _ in range(3 * AT_ONCE)))
    assert most == AT_ONCE
