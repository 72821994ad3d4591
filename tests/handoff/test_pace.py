"""Turns in a channel."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DeliveryDelayed
from handoff.pace import ChannelPace


async def test_that_turns_come_one_a_second_and_channels_do_not_wait_for_each_other(clock: Any) -> None:
    pace = ChannelPace(clock.now, sleep=clock.sleep)
    for channel in ("C1", "C2", "C1"):
        await pace.turn(channel)
    assert clock.slept == [1.0]


async def test_that_a_turn_far_away_is_given_back(clock: Any) -> None:
    pace = ChannelPace(clock.now, sleep=clock.sleep)
    pace.rest("C1", 30)
    with pytest.raises(DeliveryDelayed) as caught:
        await pace.turn("C1")
    assert caught.value.retry_after == 30
    clock.time += 28.5
    await pace.turn("C1")
    assert clock.slept == [1.5]
