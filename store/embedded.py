"""The embedded server: a Valkey of our own over a data directory, kept alive and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import BinaryIO

from core.errors import DependencyError
from store import tether
from store.binary import find_binary
from store.datadir import DirectoryLock, socket_path
from store.disk_sync import DiskSync

_log = logging.getLogger(__name__)

READY_WITHIN = 120.0
"""Seconds until it must answer: it reads its append-only file first."""
STOP_WITHIN = 10.0
FIRST_WAIT, LONGEST_WAIT = 0.05, 5.0
"""Seconds between its death and its next start; doubles while it keeps dying."""
STEADY = 30.0
"""Seconds of life after which a death counts as the first one again."""
LOG_LIMIT = 1_000_000
"""Bytes; a longer log is set aside at the next start."""
_POLL = 0.005


class EmbeddedServer:
    """One server process under this one. It dies with this process, and is started again when it dies by itself.

    Start it on the thread that lives as long as the process: the kernel ties the server to that thread.
    """

    def __init__(self, directory: Path, *, program: Path | None = None, longest_wait: float = LONGEST_WAIT) -> None:
        self._directory = directory
        self._program = program
        self._longest_wait = longest_wait
        self._lock = DirectoryLock(directory)
        self._process: Process | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._socket = directory

    @property
    def socket(self) -> Path:
        """The Unix socket it listens on; there is no TCP port."""
        return self._socket

    @property
    def pid(self) -> int | None:
        """The server's process id; None while it is being started again."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Returns when it answers. Raises `DependencyError`: no program, directory in use, or it does not start."""
        self._program = self._program or find_binary()
        self._prepare()
        await self._lock.take()
        try:
            self._socket = socket_path(self._directory)
            await self._launch()
        except BaseException:
            await self._end()
            self._lock.drop()
            raise
        loop = asyncio.get_running_loop()
        self._tasks = (loop.create_task(self._keep_alive()), loop.create_task(DiskSync(self._directory).run()))

    async def stop(self) -> None:
        """End it cleanly: everything is on disk and the directory is free."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._end()
        self._lock.drop()

    def _prepare(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DependencyError(f"the data directory {self._directory} cannot be made: {error.strerror}") from error
        if not os.access(self._directory, os.W_OK | os.X_OK):
            raise DependencyError(f"the data directory {self._directory} cannot be written to by this user")

    async def _launch(self) -> None:
        self._socket.unlink(missing_ok=True)
        with self._open_log() as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(self._lock.fileno,),
            )
        await self._answering(self._process)

    def _command(self) -> list[str]:
        server = [
            str(self._program),
            *("--port", "0"),
            *("--unixsocket", str(self._socket), "--unixsocketperm", "700"),
            *("--dir", str(self._directory)),
            # `everysec` answers before it writes while the disk is slow with the last sync (for up to two seconds), and
            # kill -9 then loses what was acknowledged. `no` always writes first; `DiskSync` does the syncing.
            *("--appendonly", "yes", "--appendfsync", "no", "--aof-load-truncated", "yes"),
            *("--save", ""),
            *("--maxmemory-policy", "noeviction"),
            *("--daemonize", "no", "--logfile", ""),
        ]
        return [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), *server]

    def _open_log(self) -> BinaryIO:
        path = self._directory / "valkey.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    async def _answering(self, process: Process) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await _answers(self._socket):
                    if process.returncode is not None:
                        raise DependencyError(
                            f"the embedded server stopped at its start (status {process.returncode}); the end of "
                            f"{self._directory / 'valkey.log'} says: {self._last_words()}",
                        )
                    await asyncio.sleep(_POLL)
        except TimeoutError as error:
            raise DependencyError(
                f"the embedded server gave no answer within {READY_WITHIN:.0f} s; see {self._directory / 'valkey.log'}",
            ) from error

    def _last_words(self) -> str:
        lines = (self._directory / "valkey.log").read_text(errors="replace").splitlines()
        return " / ".join(lines[-3:])

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        wait = FIRST_WAIT
        while self._process is not None:
            since = loop.time()
            status = await self._process.wait()
            wait = FIRST_WAIT if loop.time() - since > STEADY else wait
            _log.error("the embedded server ended (status %s); starting it again in %.2f s", status, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, self._longest_wait)
            try:
                await self._launch()
            except (DependencyError, OSError) as error:
                _log.error("the embedded server did not come back: %s", error)
                await self._end()
            else:
                _log.warning("the embedded server is back, process %s", self._process.pid)

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await process.wait()
        except TimeoutError:
            _log.warning("the embedded server did not stop within %.0f s and is killed", STOP_WITHIN)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def served_at(directory: Path) -> Path | None:
    """The socket of a server that another process runs over the directory; None when there is none."""
    socket = socket_path(directory)
    return socket if await _answers(socket) else None


async def _answers(socket: Path) -> bool:
    """Whether a server behind the socket answers a PING; one that still loads its file says so instead."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    except OSError:
        return False
    finally:
        writer.close()
