"""One conversation's queue: bursts are coalesced, turns run one after another, nobody else waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from core.burst import MAX_MESSAGES, quiet_after
from core.handling import concerns_reps
from core.message import InboundMessage, InboxEntry, MessageKind
from core.pace import Pace

LONGEST_HOLD = 60.0
"""Seconds for which a timer is held back at most while the visitor writes."""

RunTurn = Callable[[tuple[InboxEntry, ...]], Awaitable[None]]


class Lane:
    """Lives while there is something to answer; `idle` is then called and the lane is thrown away."""

    def __init__(self, run_turn: RunTurn, pace: Pace, *, idle: Callable[[], None]) -> None:
        self._run_turn = run_turn
        self._pace = pace
        self._idle = idle
        self._waiting: deque[InboxEntry] = deque()
        self._arrived = asyncio.Event()
        self._typing_until = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def task(self) -> asyncio.Task[None] | None:
        """The running work, None before the first entry."""
        return self._task

    def add(self, entry: InboxEntry) -> None:
        self._waiting.append(entry)
        self._arrived.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())

    def pull(self, wanted: Callable[[InboundMessage], bool]) -> tuple[InboxEntry, ...]:
        """Take what is wanted out of the queue, in order."""
        pulled = tuple(entry for entry in self._waiting if wanted(entry.message))
        self._waiting = deque(entry for entry in self._waiting if entry not in pulled)
        return pulled

    def typing(self) -> None:
        """The visitor types: keep the burst open a little longer."""
        self._typing_until = asyncio.get_running_loop().time() + self._pace.typing
        self._arrived.set()

    def close(self) -> None:
        """Begin no further turn; the one in hand goes on. What waits stays in the inbox."""
        self._closing = True
        self._arrived.set()

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._until_quiet()
                if self._closing:
                    return
                burst = tuple(self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_MESSAGES)))
                await self._run_turn(burst)
        finally:
            self._idle()

    async def _until_quiet(self) -> None:
        loop = asyncio.get_running_loop()
        began = held = loop.time()
        while not self._closing and len(self._waiting) < MAX_MESSAGES:
            now = loop.time()
            if any(concerns_reps(entry.message) for entry in self._waiting):
                return  # a person is faster than a visitor's pause, and comes before what the bot would say
            if all(entry.message.kind is MessageKind.TIMER for entry in self._waiting):
                # Whoever is writing is not talked to: their words are waited for. Notices come in steps of `typing`.
                began = now
                wait = min(self._typing_until + self._pace.typing, held + LONGEST_HOLD) - now
            else:
                wait = min(self._quiet(now), began + self._pace.patience - now)
            if wait <= 0:
                return
            self._arrived.clear()
            try:
                async with asyncio.timeout(wait):  # `wait_for` may swallow a cancellation before Python 3.12
                    await self._arrived.wait()
            except TimeoutError:
                return

    def _quiet(self, now: float) -> float:
        wait = quiet_after(self._waiting[-1].message, self._pace)
        return max(wait, self._typing_until - now) if wait and self._pace.quiet else wait
