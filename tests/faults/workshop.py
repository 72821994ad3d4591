"""What fault tests work with: the nursery, a stand-in of Slack, hubs that are started again whenever they die."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from frontdesk.clock import SystemClock
from frontdesk.demo.slack import SlackStandIn
from tests.faults.boundaries import Kill
from tests.faults.desks import SALES, TOKEN
from tests.faults.hubs import HubProcess, Hubs
from tests.faults.orders import Order
from tests.faults.visitor import Visitor

POLL = 0.005
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """`store` is the address of a server that outlives every hub."""

    hubs: Hubs
    store: str

    def order(self, slack: str, *, tenant: str = "", **changes: object) -> Order:
        number = next(_numbers)
        order = Order(name=f"hub-{number}", store=self.store, tenant=tenant or f"f{number}", slack=slack)
        return replace(order, **changes)  # type: ignore[arg-type]  # the caller's names are Order's


@asynccontextmanager
async def slack_stand_in(*, port: int = 0) -> AsyncIterator[tuple[SlackStandIn, str]]:
    """A workspace and the address of its API."""
    slack = SlackStandIn(token=TOKEN, channels={SALES: "sales"}, clock=SystemClock())
    runner = web.AppRunner(slack.application(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield slack, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


class Lineage:
    """One hub at a time: when it dies, the next one is started, each with its own kill, the last without any."""

    def __init__(self, workshop: Workshop, order: Order, kills: Sequence[Kill] = ()) -> None:
        self._workshop = workshop
        self._order = order
        self._kills = list(kills)
        self._task: asyncio.Task[None] | None = None
        self.hub: HubProcess | None = None
        self.killed_at: Counter[str] = Counter()

    def door(self) -> str:
        hub = self.hub
        if hub is None or not hub.address.done() or hub.address.cancelled():
            return "http://127.0.0.1:9"  # nobody listens on the discard port
        return hub.address.result()

    async def serves(self) -> bool:
        hub = self.hub
        return hub is not None and hub.address.done() and not hub.address.cancelled()

    async def health(self) -> dict[str, Any]:
        """What the hub says of itself."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.door()}/readyz") as response:
            told: dict[str, Any] = await response.json()
        return told

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._reign())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self.hub is not None:
            await self.hub.kill()

    async def _reign(self) -> None:
        for generation in range(100):
            kill = self._kills.pop(0) if self._kills else None
            name = f"{self._order.name}.{generation}"
            self.hub = self._workshop.hubs.start(replace(self._order, name=name, kill=kill))
            await asyncio.shield(self.hub.status)
            if self.hub.killed_at:
                self.killed_at[self.hub.killed_at] += 1


@asynccontextmanager
async def tabs(visitors: Sequence[Visitor], doors: Sequence[Callable[[], str]]) -> AsyncIterator[list[Visitor]]:
    """A second tab for each visitor who has a conversation, at a door of its own."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(_client())
        opened = [visitor.share(http, door) for visitor, door in zip(visitors, doors, strict=True)]
        await stack.enter_async_context(_living(opened))
        yield opened


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=5))


@asynccontextmanager
async def _living(visitors: Sequence[Visitor]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(visitor.live()) for visitor in visitors]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def visiting(doors: Sequence[Callable[[], str]]) -> AsyncIterator[list[Visitor]]:
    """A connected visitor for each door."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(_client())
        visitors = [Visitor(http, door, name=f"visitor{number}") for number, door in enumerate(doors)]
        await stack.enter_async_context(_living(visitors))
        yield visitors


async def eventually(true: Callable[[], Awaitable[bool]], *, within: float, what: str) -> None:
    """Look again and again until it is true. Raises `AssertionError` when it is not within so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not await true():
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(POLL)


def failures(seeds: Sequence[int], results: Sequence[object]) -> str:
    """What went wrong with which seed, "" when nothing did."""
    wrong = [(seed, one) for seed, one in zip(seeds, results, strict=True) if isinstance(one, BaseException)]
    return "\n".join(f"seed {seed}: {type(error).__name__}: {error}" for seed, error in wrong)
