"""The test's side of the nursery: starting hub processes, knowing where they listen, when and where they died."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from tests.faults.desks import EXAMPLE, TOKEN, TOKEN_VARIABLE
from tests.faults.orders import Order

READY_WITHIN = 60.0
LISTENS_WITHIN = 20.0


class HubProcess:
    """One hub. Futures tell its life; `killed_at` is the boundary it died at by itself."""

    def __init__(self, order: Order) -> None:
        loop = asyncio.get_running_loop()
        self.order = order
        self.pid: asyncio.Future[int] = loop.create_future()
        self.address: asyncio.Future[str] = loop.create_future()
        self.status: asyncio.Future[int] = loop.create_future()
        self.thinks = asyncio.Event()
        self.killed_at = ""

    def hear(self, event: str, detail: str) -> None:
        match event:
            case "started":
                self.pid.set_result(int(detail))
            case "listens":
                self.address.set_result(detail)
            case "thinks":
                self.thinks.set()
            case "dies":
                self.killed_at = detail
            case "ended":
                self.status.set_result(int(detail))
                if not self.address.done():
                    self.address.cancel()

    async def listening(self) -> str:
        return await asyncio.wait_for(asyncio.shield(self.address), LISTENS_WITHIN)

    def signal(self, number: signal.Signals) -> None:
        if not self.status.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid.result(), number)

    async def ended(self, within: float = 10.0) -> int:
        return await asyncio.wait_for(asyncio.shield(self.status), within)

    async def kill(self) -> None:
        await self.pid
        self.signal(signal.SIGKILL)
        await self.ended()


class Hubs:
    """The nursery process. Its hubs die with it."""

    def __init__(self, desk: Path, log: Path) -> None:
        self._desk = desk
        self.log = log
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._hubs: dict[str, HubProcess] = {}
        self._ready = asyncio.Event()

    async def open(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.faults.nursery", str(self._desk)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                cwd=EXAMPLE.parents[1],
                env={**os.environ, TOKEN_VARIABLE: TOKEN},
            )
        self._reading = asyncio.create_task(self._read(self._process))
        ended = asyncio.create_task(self._process.wait())
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait((ended, ready), timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        assert self._ready.is_set(), f"the nursery did not begin:\n{self.log.read_text()[-2000:]}"
        ended.cancel()

    async def close(self) -> None:
        if self._process is None or self._process.stdin is None or self._reading is None:
            return
        self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), 10)
        await self._reading

    def start(self, order: Order) -> HubProcess:
        assert self._process is not None
        assert self._process.stdin is not None
        hub = self._hubs[order.name] = HubProcess(order)
        self._process.stdin.write(order.to_line())
        return hub

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            news = json.loads(line)
            if news["event"] == "ready":
                self._ready.set()
            else:
                self._hubs[news["name"]].hear(news["event"], news["detail"])
