"""The load generator: a process of its own that holds conversations and measures. Reads a job, writes a result (JSON).

echo '{"system": "socket", ...}' | python -m benchmarks.load
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from random import Random
from statistics import quantiles
from time import perf_counter, process_time
from typing import Literal

import aiohttp
import msgspec
import uvloop
from redis.asyncio import Redis

from benchmarks.corpus import conversations
from benchmarks.measuring import cpu_seconds, pin, store_counts
from benchmarks.talkers import MakeTalker, Platform, SocketTalker, StreamTalker, Talker, WebhookTalker, Wrong

OPENING_AT_ONCE = 40
EDGE = 0.1
"""Share of the messages at each end that is not measured: the beginning fills up, the end runs dry."""


class Job(msgspec.Struct, kw_only=True):
    """What to do. `shape`: everybody answers at once (closed), at a given rate (open), or one alone (single)."""

    system: Literal["bare", "socket", "stream"]
    shape: Literal["closed", "open", "single"]
    address: str
    server: int  # process ids
    store: int
    store_url: str
    platform_port: int
    conversations: int
    at_once: int = 200
    rate: float = 300.0
    seed: int = 1
    core: int = 1


class Result(msgspec.Struct, kw_only=True):
    """Figures of the measured window; microseconds are CPU time, milliseconds are waiting time."""

    asked: int = 0  # messages in all
    messages: int = 0  # of the measured window
    seconds: float = 0.0
    server_us: float = 0.0  # a message
    store_us: float = 0.0  # a message, the whole store process
    script_us: float = 0.0  # a message, inside scripts
    scripts: float = 0.0  # a message
    generator_us: float = 0.0  # a message
    server_busy: float = 0.0  # share of the window
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    opening_us: float = 0.0  # a conversation: opened and closed
    wrong: list[str] = []


class Window:
    """Times and latencies between two counts of finished messages."""

    def __init__(self, job: Job, total: int) -> None:
        self._job = job
        self._first, self._last = int(total * EDGE), int(total * (1 - EDGE))
        self._done = 0
        self._began = self._ended = (0.0, 0.0, 0.0, 0.0)
        self._latencies: list[float] = []

    def note(self, latency: float) -> None:
        self._done += 1
        if self._done == self._first + 1:
            self._began = self._now()
        elif self._first < self._done <= self._last:
            self._latencies.append(latency)
        if self._done == self._last:
            self._ended = self._now()

    def _now(self) -> tuple[float, float, float, float]:
        return perf_counter(), cpu_seconds(self._job.server), cpu_seconds(self._job.store), process_time()

    def fill(self, result: Result) -> None:
        seconds, server, store, own = (end - start for start, end in zip(self._began, self._ended, strict=True))
        result.messages = len(self._latencies)
        result.seconds = seconds
        result.server_us, result.store_us, result.generator_us = (
            spent / result.messages * 1e6 for spent in (server, store, own)
        )
        result.server_busy = server / seconds
        percentiles = quantiles(self._latencies, n=100)
        result.p50_ms, result.p99_ms = percentiles[49] * 1000, percentiles[98] * 1000


async def run(job: Job) -> Result:
    """Do the job. A failed guard is reported in `wrong`, not raised."""
    texts = conversations()
    plan = [texts[number % len(texts)] for number in range(job.conversations)]
    total = sum(map(len, plan))
    result = Result(asked=total)
    window = Window(job, total)
    redis = Redis.from_url(job.store_url)
    async with _made(job) as (make, platform), redis:
        talkers = [make(f"b{job.seed}-{number}") for number in range(job.conversations)]
        spent = -cpu_seconds(job.server)
        await _in_turns((talker.open for talker in talkers), OPENING_AT_ONCE)
        spent += cpu_seconds(job.server)
        before = await store_counts(redis)
        pairs = list(zip(talkers, plan, strict=True))
        try:
            await (_at_a_rate(job, pairs, window) if job.shape == "open" else _one_after_another(job, pairs, window))
        except Wrong as wrong:
            result.wrong.append(str(wrong))
            return result
        after = await store_counts(redis)
        window.fill(result)
        result.scripts = (after.scripts - before.scripts) / total
        result.script_us = (after.script_us - before.script_us) / total
        result.wrong += await _kept_wrongly(pairs)
        spent -= cpu_seconds(job.server)
        await _in_turns((talker.close for talker in talkers), OPENING_AT_ONCE)
        await asyncio.sleep(0.3)  # the server closes its side
        spent += cpu_seconds(job.server)
        result.opening_us = spent / len(talkers) * 1e6
        if platform.unexpected:
            result.wrong.append(f"{platform.unexpected} replies nobody waited for")
    return result


@asynccontextmanager
async def _made(job: Job) -> AsyncIterator[tuple[MakeTalker, Platform]]:
    platform = Platform()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=None)
    ) as http:
        if job.system == "bare":
            await platform.start(job.platform_port)
        makers: dict[str, MakeTalker] = {
            "bare": lambda name: WebhookTalker(http, job.address, platform, name),
            "socket": lambda name: SocketTalker(http, job.address, name),
            "stream": lambda name: StreamTalker(http, job.address, name),
        }
        yield makers[job.system], platform
        await platform.stop()


async def _in_turns(work: Iterable[Callable[[], Awaitable[None]]], at_once: int) -> None:
    waiting = deque(work)

    async def worker() -> None:
        while waiting:
            await waiting.popleft()()

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())


async def _one_after_another(job: Job, pairs: list[tuple[Talker, tuple[str, ...]]], window: Window) -> None:
    """`at_once` visitors, each writing the next message as soon as the last one is answered."""
    waiting = deque(pairs)
    failed: list[Wrong] = []

    async def visitor() -> None:
        while waiting and not failed:
            talker, texts = waiting.popleft()
            for text in texts:
                try:
                    window.note(await talker.say(text))
                except Wrong as wrong:
                    failed.append(wrong)
                    return

    await asyncio.gather(*(visitor() for _ in range(1 if job.shape == "single" else job.at_once)))
    if failed:
        raise failed[0]


async def _at_a_rate(job: Job, pairs: list[tuple[Talker, tuple[str, ...]]], window: Window) -> None:
    """Messages at random moments, `rate` a second, whether or not the system keeps up; `at_once` visitors in turn."""
    rng = Random(job.seed)
    fresh = deque((talker, deque(texts)) for talker, texts in pairs)
    free: asyncio.Queue[tuple[Talker, deque[str]]] = asyncio.Queue()
    for _ in range(min(job.at_once, len(fresh))):
        free.put_nowait(fresh.popleft())

    async def send(talker: Talker, texts: deque[str]) -> None:
        try:
            window.note(await talker.say(texts.popleft()))
        finally:
            if texts:
                free.put_nowait((talker, texts))
            elif fresh:
                free.put_nowait(fresh.popleft())

    sending = []
    due = perf_counter()
    for _ in range(sum(len(texts) for _, texts in pairs)):
        due += rng.expovariate(job.rate)
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        sending.append(asyncio.create_task(send(*await free.get())))
    for ended in await asyncio.gather(*sending, return_exceptions=True):
        if isinstance(ended, BaseException):
            raise ended


async def _kept_wrongly(pairs: list[tuple[Talker, tuple[str, ...]]]) -> list[str]:
    """Conversations whose record in the system is not every message and one reply to each."""
    wrong: list[str] = []

    async def check(talker: Talker, texts: tuple[str, ...]) -> None:
        kept = await talker.lines_kept()
        if kept is not None and kept != 2 * len(texts):
            wrong.append(f"{len(texts)} messages, and {kept} lines are kept")

    await _in_turns((partial(check, *pair) for pair in pairs), OPENING_AT_ONCE)
    return wrong


def main() -> None:
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    pin(job.core)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(run(job))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
