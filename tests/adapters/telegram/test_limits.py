"""Many replies at once against a Bot API that enforces Telegram's limits, and loses answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from adapters.pacing import Pacing
from adapters.telegram.channel import CHAT, OVERALL
from core.errors import DeliveryDelayed, DeliveryUncertain
from core.ids import ConversationId
from core.reply import Mode, Reply
from core.store_ports import Store
from tests.adapters.telegram.bots import Around, around
from tests.peers.telegram_api import Fault

SENDS, DOUBTS = 1_500, 300
PEOPLE, GROUPS = 40, 4
_UNLUCKY = 1
_REST = 30.0


@dataclass
class Hours:
    """Seconds that pass when somebody sleeps."""

    now: float = 1_000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Enforced:
    """What Telegram lets through; `broken` counts what was sent in spite of the limits."""

    hours: Hours
    sent: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    every: list[float] = field(default_factory=list)
    resting: dict[int, float] = field(default_factory=dict)
    broken: int = 0

    def wait(self, arguments: dict[str, Any]) -> float:
        chat, now = int(arguments["chat_id"]), self.hours.now
        if chat == _UNLUCKY and chat not in self.resting and len(self.sent[chat]) == 2:
            self.resting[chat] = now + _REST
            return _REST
        over = now < self.resting.get(chat, 0.0) or _too_many(self.sent[chat], now, 1, 1.0)
        over = over or _too_many(self.every, now, 30, 1.0) or (chat < 0 and _too_many(self.sent[chat], now, 20, 60.0))
        self.broken += over
        if over:
            return 5.0
        self.sent[chat].append(now)
        self.every.append(now)
        return 0.0


def _too_many(times: list[float], now: float, most: int, seconds: float) -> bool:
    return len(times) >= most and now - times[-most] < seconds - 1e-6


def _talks() -> Iterator[ConversationId]:
    while True:
        yield from (ConversationId(f"telegram:bot:{chat}") for chat in range(1, PEOPLE + 1))
        yield from (ConversationId(f"telegram:bot:{-chat}:7:0") for chat in range(1, GROUPS + 1))


async def test_that_all_arrive_in_order_and_no_limit_is_broken(embedded_store: Store) -> None:
    hours = Hours()
    pace = Pacing(chat=CHAT, overall=OVERALL, ticks=lambda: hours.now, sleep=hours.sleep)
    enforced = Enforced(hours)
    async with around(embedded_store.notes, pace=pace) as desk:
        desk.api.limits = enforced.wait
        waits = await _send_all(desk, hours)
    assert enforced.broken == 0
    assert sum(map(len, desk.api.messages.values())) == SENDS
    for said in desk.api.messages.values():
        assert [int(one["text"]) for one in said] == sorted(int(one["text"]) for one in said)
    third = enforced.sent[_UNLUCKY][2]
    assert _REST <= third - enforced.sent[_UNLUCKY][1] <= _REST + 2.0
    assert waits == {str(_UNLUCKY)}, "a limit of one chat held up others"


async def _send_all(desk: Around, hours: Hours) -> set[str]:
    """Deliver as a courier does, each talk in order; the chats that were told to wait as long as the unlucky one."""
    queues: dict[ConversationId, list[int]] = defaultdict(list)
    for number, talk in zip(range(SENDS), _talks(), strict=False):
        queues[talk].append(number)
    due = [(hours.now, place, talk) for place, talk in enumerate(queues)]
    held: set[str] = set()
    while due:
        at, place, talk = heappop(due)
        hours.now = max(hours.now, at)
        number = queues[talk][0]
        try:
            await desk.channel.send(talk, _reply(number), effect=f"1-{number}", again=False)
        except DeliveryDelayed as delayed:
            held |= {talk.split(":")[2]} if delayed.retry_after >= _REST and not talk.count("-") else set()
            heappush(due, (hours.now + delayed.retry_after, place, talk))
        else:
            queues[talk].pop(0)
            if queues[talk]:
                heappush(due, (hours.now, place, talk))
    return held


async def test_that_of_many_lost_answers_none_is_sent_twice(embedded_store: Store) -> None:
    hours = Hours()
    pace = Pacing(chat=CHAT, overall=OVERALL, ticks=lambda: hours.now, sleep=hours.sleep)
    told: Counter[str] = Counter()
    async with around(embedded_store.notes, pace=pace) as desk:
        desk.api.order("sendMessage", *[Fault(applied=True)] * DOUBTS)
        for number in range(DOUBTS):
            for again in (False, True):
                try:
                    talk = ConversationId(f"telegram:bot:{number + 1}")
                    await desk.channel.send(talk, _reply(number), effect=f"1-{number}", again=again)
                except DeliveryUncertain:
                    told["uncertain"] += 1
    assert told["uncertain"] == 2 * DOUBTS
    assert [len(said) for said in desk.api.messages.values()] == [1] * DOUBTS


def _reply(number: int) -> Reply:
    return Reply(main_text=str(number), mode=Mode.LEAD)
