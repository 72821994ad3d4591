from __future__ import annotations

import asyncio
import random

import pytest

from adapters.web.feed import SNAPSHOT, Feed, newest_lines
from core.errors import StoreUnavailable
from core.ids import ConversationId
from core.transcript import TranscriptEntry
from tests.adapters.web.harness import ScriptedReception

CONVERSATION = ConversationId("web:site:1")


class Client:
    """Collects what a feed delivers."""

    def __init__(self, reception: ScriptedReception) -> None:
        self.got: list[int] = []
        self.broken = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.forgotten: list[int] = []  # how many lines had come by then
        self.feed = Feed(reception, CONVERSATION, deliver=self._deliver, broken=self._break, forgotten=self._forget)

    async def _deliver(self, entry: TranscriptEntry) -> None:
        await self.gate.wait()
        self.got.append(entry.seq)

    async def _forget(self) -> None:
        self.forgotten.append(len(self.got))

    def _break(self) -> None:
        self.broken += 1


def filled(lines: int) -> ScriptedReception:
    reception = ScriptedReception()
    for number in range(lines):
        reception.say(CONVERSATION, "bot", f"line {number}")
    return reception


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def opened(reception: ScriptedReception, after: int) -> tuple[Client, list[int], bool]:
    client = Client(reception)
    opening = await client.feed.open(after)
    client.feed.flow()
    return client, [entry.seq for entry in opening.entries], opening.reset


@pytest.mark.parametrize(
    ("lines", "after", "given", "reset"),
    [
        (0, 0, [], False),
        (3, 0, [1, 2, 3], False),
        (3, 2, [3], False),
        (3, 3, [], False),
        (SNAPSHOT, 0, list(range(1, SNAPSHOT + 1)), False),
        (3, 4, [1, 2, 3], True),
        (0, 9, [], True),
        (3, 10**9, [1, 2, 3], True),
        (SNAPSHOT + 1, 0, list(range(2, SNAPSHOT + 2)), True),
        (3 * SNAPSHOT + 7, 5, list(range(2 * SNAPSHOT + 8, 3 * SNAPSHOT + 8)), True),
    ],
)
async def test_that_an_opening_holds_what_was_missed(lines: int, after: int, given: list[int], reset: bool) -> None:  # noqa: FBT001
    client, seqs, was_reset = await opened(filled(lines), after)
    assert (seqs, was_reset) == (given, reset)
    await client.feed.close()


async def test_that_lines_come_in_order_once_and_complete_whatever_is_announced() -> None:
    rng = random.Random(7)
    reception = filled(2)
    reception.silent = True
    client, _, _ = await opened(reception, 0)
    for _ in range(300):
        reception.say(CONVERSATION, "bot", "more")
        lines = reception.lines[CONVERSATION]
        announced = rng.sample(lines[-4:], k=rng.randint(0, min(4, len(lines))))
        reception.tell(CONVERSATION, *announced)
        if rng.random() < 0.3:
            await settle()
    reception.tell(CONVERSATION, reception.lines[CONVERSATION][-1])
    await settle()
    assert client.got == list(range(3, 303))
    await client.feed.close()


async def test_that_lines_between_watching_and_flowing_are_not_lost() -> None:
    reception = filled(1)
    client = Client(reception)
    await client.feed.open(1)
    reception.say(CONVERSATION, "bot", "early")
    await settle()
    assert client.got == []
    client.feed.flow()
    await settle()
    assert client.got == [2]
    await client.feed.close()


async def test_that_a_slow_reader_costs_bounded_memory_and_loses_nothing() -> None:
    reception = filled(0)
    client, _, _ = await opened(reception, 0)
    client.gate.clear()
    for _ in range(1_000):
        reception.say(CONVERSATION, "bot", "flood")
        await asyncio.sleep(0)
    assert len(client.feed._waiting) <= 100
    client.gate.set()
    for _ in range(1_500):
        await asyncio.sleep(0)
    assert client.got == list(range(1, 1_001))
    await client.feed.close()


async def test_that_a_lost_store_breaks_the_feed_once() -> None:
    reception = filled(0)
    client, _, _ = await opened(reception, 0)
    reception.silent = True
    reception.say(CONVERSATION, "bot", "unheard")
    reception.away = True
    reception.silent = False
    reception.say(CONVERSATION, "bot", "heard")
    await settle()
    assert (client.broken, client.got) == (1, [])
    await client.feed.close()


async def test_that_nothing_is_delivered_after_closing() -> None:
    reception = filled(0)
    client, _, _ = await opened(reception, 0)
    await client.feed.close()
    reception.say(CONVERSATION, "bot", "late")
    await settle()
    assert client.got == []
    assert reception.listeners[CONVERSATION] == []


async def test_that_closing_without_a_store_still_ends() -> None:
    reception = filled(0)
    client, _, _ = await opened(reception, 0)
    reception.away = True
    await client.feed.close()
    assert reception.listeners[CONVERSATION] == []


async def test_that_opening_without_a_store_raises() -> None:
    reception = filled(0)
    reception.away = True
    client = Client(reception)
    with pytest.raises(StoreUnavailable):
        await client.feed.open(0)
    await client.feed.close()


async def test_that_the_newest_lines_are_the_last_ones() -> None:
    lines = await newest_lines(filled(2 * SNAPSHOT + 5), CONVERSATION)
    assert [lines[0].seq, lines[-1].seq] == [SNAPSHOT + 6, 2 * SNAPSHOT + 5]


async def test_that_an_erased_conversation_is_told_of_after_its_last_line_and_nothing_follows() -> None:
    reception = filled(2)
    client, _, _ = await opened(reception, 2)
    client.gate.clear()
    reception.say(CONVERSATION, "bot", "farewell")
    reception.erase(CONVERSATION)
    await settle()
    assert client.forgotten == []
    client.gate.set()
    await settle()
    assert (client.got, client.forgotten) == ([3], [1])
    reception.say(CONVERSATION, "bot", "to somebody else")
    await settle()
    assert client.got == [3]
