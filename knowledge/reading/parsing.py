"""Reads pages in processes that can be killed, so that no page can stop or bring down the crawl."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from signal import SIGKILL, Signals
from types import TracebackType
from typing import Self

import msgspec

from core.errors import FrontdeskError
from knowledge.reading.encoding import MAX_HTML, MAX_RAW
from knowledge.reading.page import SitePage
from knowledge.reading.parser import Request, Response, frame

SECONDS = 10.0
"""For one page, from the moment a process is free to read it."""
MEMORY = 1024**3
"""Bytes of address space of one process."""
WORKERS = 2
_START_SECONDS = 60.0
_MAX_RESPONSE = 32 * 1024**2
_END_SECONDS = 2.0
_LENGTH_BYTES = 4


class PageUnreadable(FrontdeskError):
    """A page could not be read within its limits. `reason` completes "the page ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the page {reason}")
        self.reason = reason


class ParserPool:
    """Up to `workers` processes that read one page each at a time, started when they are first needed.

    Use as an async context manager; leaving it ends the processes. They also die with this one.
    """

    def __init__(self, *, workers: int = WORKERS, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._slots = asyncio.Semaphore(workers)
        self._seconds = seconds
        self._memory = memory
        self._idle: list[_Worker] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.end() for worker in idle))

    @property
    def processes(self) -> frozenset[int]:
        """The ids of the processes that wait for a page."""
        return frozenset(worker.process.pid for worker in self._idle)

    async def read(self, html: bytes, *, url: str, content_type: str = "", scripts: Sequence[bytes] = ()) -> SitePage:
        """Reads one page as `read_site_page` does, and with `scripts` as `with_scripts` does.

        Raises `PageUnreadable`; the next page finds a fresh process.
        """
        request = Request(html[:MAX_RAW], url, content_type, tuple(script[:MAX_HTML] for script in scripts))
        async with self._slots:
            worker = await self._worker()
            try:
                async with asyncio.timeout(self._seconds):
                    response = await worker.ask(request)
            except BaseException as error:
                await worker.kill()
                if isinstance(error, TimeoutError):
                    raise PageUnreadable(f"takes more than {self._seconds:g} s to read") from error
                if isinstance(error, (EOFError, OSError, msgspec.DecodeError)):
                    raise PageUnreadable(f"ends the process that reads it ({worker.ending})") from error
                raise
            await self._put_back(worker, last=response.last)
        if response.page is None:
            raise PageUnreadable(response.reason)
        return response.page

    async def _worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.lives:
                return worker
            await worker.kill()
        return await _started(self._seconds, self._memory)

    async def _put_back(self, worker: _Worker, *, last: bool) -> None:
        if last or self._closed:
            await worker.end()
        else:
            self._idle.append(worker)


async def _started(seconds: float, memory: int) -> _Worker:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "knowledge.reading.parser", str(os.getpid()), str(seconds), str(memory)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=_environment(),
    )
    worker = _Worker(process)
    try:
        async with asyncio.timeout(_START_SECONDS):
            await worker.response()
    except BaseException as error:
        await worker.kill()
        if isinstance(error, (TimeoutError, EOFError, OSError)):
            raise PageUnreadable(f"finds no process to read it (it ended with {worker.ending})") from error
        raise
    return worker


def _environment() -> dict[str, str]:
    """What a process needs that reads strangers' pages: where the code is, and no secrets."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self.process = process
        self._sink = process.stdin
        self._source = process.stdout
        self._decoder = msgspec.msgpack.Decoder(Response)

    async def ask(self, request: Request) -> Response:
        """Raises `EOFError` or `OSError` when the process ends, `DecodeError` when it does not speak as agreed."""
        self._sink.write(frame(msgspec.msgpack.encode(request)))
        await self._sink.drain()
        return await self.response()

    async def response(self) -> Response:
        length = int.from_bytes(await self._source.readexactly(_LENGTH_BYTES), "big")
        if length > _MAX_RESPONSE:
            raise msgspec.DecodeError("longer than any page")
        return self._decoder.decode(await self._source.readexactly(length))

    @property
    def lives(self) -> bool:
        """Whether the process runs. One that has just ended may not have been noticed by the loop's own watcher."""
        if self.process.returncode is not None:
            return False
        if not hasattr(os, "waitid"):  # on macOS since Python 3.13
            return True
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    @property
    def ending(self) -> str:
        """How the process ended, in a word."""
        code = self.process.returncode
        if code is None:
            return "an answer of another kind"
        return Signals(-code).name if code < 0 else f"exit {code}"

    async def end(self) -> None:
        """Lets the process finish; kills it when it does not."""
        self._sink.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self._gone()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        if self.process.returncode is None:
            # `Process.kill` polls first, and would take the exit status away from the loop's own watcher.
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, SIGKILL)
        self._sink.close()
        await self._gone()

    async def _gone(self) -> None:
        while await self._source.read(65_536):
            pass
        await self.process.wait()
