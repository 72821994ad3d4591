"""Coalescing: fragments get one turn, turns never overlap, order holds."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.burst import MAX_MESSAGES, quiet_after
from core.ids import ConversationId, MessageId, VisitorId
from core.lane import Lane
from core.message import InboundMessage, InboxEntry, MessageKind
from core.pace import Pace

QUICK = Pace(quiet=0.05, patience=0.5, typing=0.2)


def entry(seq: int, text: str = "a fragment", kind: MessageKind = MessageKind.TEXT) -> InboxEntry:
    message = InboundMessage(
        id=MessageId(f"m{seq}"),
        channel="web",
        conversation=ConversationId("c"),
        visitor=VisitorId("v"),
        kind=kind,
        text=text,
        at=0.0,
    )
    return InboxEntry(seq=seq, log_seq=seq, message=message)


class Recorder:
    def __init__(self, *, slow: float = 0.0) -> None:
        self.bursts: list[tuple[int, ...]] = []
        self.running = 0
        self.idle = asyncio.Event()
        self._slow = slow

    async def turn(self, burst: tuple[InboxEntry, ...]) -> None:
        self.running += 1
        assert self.running == 1
        await asyncio.sleep(self._slow)
        self.bursts.append(tuple(one.seq for one in burst))
        self.running -= 1


@pytest.mark.parametrize(
    ("text", "kind", "share"),
    [
        ("we have", MessageKind.TEXT, 1.0),
        ("Hello.", MessageKind.TEXT, 1.0),
        ("Do you connect to our shop?", MessageKind.TEXT, 0.25),
        ("it is me@firm.example", MessageKind.TEXT, 0.25),
        ("Pricing", MessageKind.BUTTON, 0.0),
        ("", MessageKind.OPENED, 0.0),
    ],
)
def test_how_long_a_message_keeps_the_burst_open(text: str, kind: MessageKind, share: float) -> None:
    assert quiet_after(entry(1, text, kind).message, QUICK) == pytest.approx(QUICK.quiet * share)


async def test_five_fragments_are_one_turn() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, QUICK, idle=recorder.idle.set)
    for seq in range(1, 6):
        lane.add(entry(seq))
        await asyncio.sleep(0.01)
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert recorder.bursts == [(1, 2, 3, 4, 5)]


async def test_a_finished_message_after_a_pause_is_a_turn_of_its_own() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, QUICK, idle=recorder.idle.set)
    lane.add(entry(1))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    recorder.idle.clear()
    lane = Lane(recorder.turn, QUICK, idle=recorder.idle.set)
    lane.add(entry(2))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert recorder.bursts == [(1,), (2,)]


async def test_what_arrives_during_a_turn_waits_for_the_next() -> None:
    recorder = Recorder(slow=0.1)
    lane = Lane(recorder.turn, Pace(quiet=0.0), idle=recorder.idle.set)
    lane.add(entry(1))
    await asyncio.sleep(0.03)
    lane.add(entry(2))
    lane.add(entry(3))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert recorder.bursts == [(1,), (2, 3)]


async def test_typing_keeps_the_burst_open() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, QUICK, idle=recorder.idle.set)
    lane.add(entry(1))
    await asyncio.sleep(0.02)
    lane.typing()
    await asyncio.sleep(0.1)
    assert recorder.bursts == []
    lane.add(entry(2))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert recorder.bursts == [(1, 2)]


async def test_endless_typing_does_not_hold_an_answer_back_for_ever() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, Pace(quiet=0.05, patience=0.2, typing=5.0), idle=recorder.idle.set)
    lane.add(entry(1))
    lane.typing()
    await asyncio.wait_for(recorder.idle.wait(), 1)
    assert recorder.bursts == [(1,)]


async def test_a_timer_does_not_talk_over_somebody_who_writes() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, Pace(quiet=0.05, patience=0.2, typing=0.3), idle=recorder.idle.set)
    lane.add(entry(1, "follow_up", MessageKind.TIMER))
    lane.typing()
    await asyncio.sleep(0.25)  # longer than a burst is waited for
    assert recorder.bursts == []
    lane.add(entry(2, "so what would it cost?"))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert recorder.bursts == [(1, 2)]


async def test_a_timer_goes_on_when_nobody_writes_any_more() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, Pace(typing=0.05), idle=recorder.idle.set)
    lane.add(entry(1, "follow_up", MessageKind.TIMER))
    lane.typing()
    await asyncio.wait_for(recorder.idle.wait(), 1)
    lane = Lane(recorder.turn, Pace(), idle=recorder.idle.set)
    recorder.idle.clear()
    lane.add(entry(2, "follow_up", MessageKind.TIMER))
    await asyncio.wait_for(recorder.idle.wait(), 1)
    assert recorder.bursts == [(1,), (2,)]


async def test_closing_begins_no_turn() -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, QUICK, idle=recorder.idle.set)
    lane.add(entry(1))
    lane.close()
    await asyncio.wait_for(recorder.idle.wait(), 1)
    assert recorder.bursts == []


@given(st.integers(1, 3 * MAX_MESSAGES))
async def test_every_entry_is_turned_once_in_order(count: int) -> None:
    recorder = Recorder()
    lane = Lane(recorder.turn, Pace(quiet=0.0), idle=recorder.idle.set)
    for seq in range(count):
        lane.add(entry(seq))
    await asyncio.wait_for(recorder.idle.wait(), 2)
    assert [seq for burst in recorder.bursts for seq in burst] == list(range(count))
    assert max(map(len, recorder.bursts)) <= MAX_MESSAGES
