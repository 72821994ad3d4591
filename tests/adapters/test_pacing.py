"""Keeping to sending rates."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pacing import PATIENCE, Pacing, Window
from core.errors import DeliveryDelayed

CHAT, OVERALL = (Window(1, 1.0), Window(5, 10.0)), (Window(4, 1.0),)


class Time:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def pacing(time: Time) -> Pacing:
    return Pacing(chat=CHAT, overall=OVERALL, ticks=lambda: time.now, sleep=time.sleep)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 0.7)), max_size=80))
async def test_that_no_window_ever_holds_too_many(asked: list[tuple[str, float]]) -> None:
    time = Time()
    pace = pacing(time)
    sent: list[tuple[str, float]] = []
    waits: list[float] = []
    spent: list[float] = []
    for chat, pause in asked:
        time.now += pause
        before = time.now
        try:
            await pace.turn(chat)
        except DeliveryDelayed as delayed:
            waits.append(delayed.retry_after)
            spent.append(0.0 if time.now == before else PATIENCE + 1)
        else:
            spent.append(time.now - before)
            sent.append((chat, time.now))
    assert all(wait > PATIENCE for wait in waits)
    assert all(one <= PATIENCE for one in spent)
    _within([at for _, at in sent], OVERALL)
    for chat in "abc":
        _within([at for one, at in sent if one == chat], CHAT)


def _within(times: list[float], windows: tuple[Window, ...]) -> None:
    for window in windows:
        for first, last in zip(times, times[window.most :], strict=False):
            assert last - first >= window.seconds - 1e-6
    assert all(first <= last for first, last in pairwise(times))


async def test_that_one_chat_rests_and_the_others_go_on() -> None:
    time = Time()
    pace = pacing(time)
    pace.rest("a", 30)
    with pytest.raises(DeliveryDelayed) as delayed:
        await pace.turn("a")
    assert delayed.value.retry_after == pytest.approx(30)
    await pace.turn("b")
    assert time.now == 100.0
    pace.rest_all(5)
    with pytest.raises(DeliveryDelayed):
        await pace.turn("c")


async def test_that_a_group_may_have_windows_of_its_own() -> None:
    time = Time()
    pace = pacing(time)
    await pace.turn("group", also=(Window(1, 60.0),))
    with pytest.raises(DeliveryDelayed):
        await pace.turn("group", also=(Window(1, 60.0),))
