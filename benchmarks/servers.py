"""The systems under test, each as the process it would be in use, and a store of its own beside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp
import yaml

from store.binary import find_binary

SERVER_CORE, LOAD_CORE = 0, 1
ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "desk"
START_SECONDS = 60.0
PLENTY = 1_000_000_000
_ADDRESS = re.compile(rb"http://[0-9.:]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    process: int
    url: str
    socket: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system under test that listens at `address`. `platform_port` is where a bare bot sends its replies."""

    process: int
    address: str
    store: Store
    log: Path
    platform_port: int = 0

    def errors(self) -> list[str]:
        """What it complained of so far: a turn that failed is quick, and no turn."""
        lines = self.log.read_text("utf-8").splitlines()
        return [f"{self.log.stem} wrote {len(lines)} lines of errors, the last: {lines[-1]}"] if lines else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def valkey(directory: Path) -> AsyncIterator[Store]:
    """A server with the flags of the embedded one: append-only file, synced every second. Both systems get such one."""
    path = _new_folder(directory) / "valkey.sock"
    flags = [
        *("--port", "0", "--unixsocket", str(path), "--dir", str(directory)),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"),
    ]
    log = path.with_suffix(".log")
    async with _running(str(find_binary()), *flags, core=LOAD_CORE, log=log) as process:
        await _until(path.exists, process)
        yield Store(process=process.pid, url=f"unix://{path}", socket=path)


def _new_folder(directory: Path) -> Path:
    directory.mkdir()
    return directory


@asynccontextmanager
async def bare_bot(store: Store, *, through: str = "") -> AsyncIterator[System]:
    """B1; `through` is another way to its store."""
    port, platform_port = free_port(), free_port()
    flags = [
        *("--store", through or store.url, "--port", str(port)),
        *("--platform", f"http://127.0.0.1:{platform_port}/reply"),
    ]
    log = store.socket.with_name("bare-bot.log")
    async with _running(sys.executable, "-m", "benchmarks.bare_bot", *flags, core=SERVER_CORE, log=log) as process:
        await _until_listening(port, process)
        address = f"http://127.0.0.1:{port}"
        yield System(process=process.pid, address=address, store=store, log=log, platform_port=platform_port)


@asynccontextmanager
async def hub(
    store: Store, desk: Path, *, through: str = "", port: int = 0, more: Path | None = None
) -> AsyncIterator[System]:
    """`frontdesk serve` over the example desk with the settings of the bench; `through` is another way to the store.

    `more` is a folder of further channels.
    """
    write_desk(desk, through or store.url)
    if more is not None:
        shutil.copytree(more, desk / "channels", dirs_exist_ok=True)
    flags = ("-c", str(desk), "--port", str(port), "--log-level", "error")
    log = desk / "hub.log"
    async with _running(sys.executable, "-m", "frontdesk", "serve", *flags, core=SERVER_CORE, log=log) as process:
        address = await printed_address(process)
        await _until_ready(address)
        yield System(process=process.pid, address=address, store=store, log=log)


def write_desk(directory: Path, store_url: str) -> None:
    """The example desk without what would make the bench wait on purpose: burst window, rate limits, Slack's pace.

    Scenario 1 is defined without the model of meaning (`benchmarks.detector` measures it), and nobody is followed up.
    """
    shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns(".*"))
    (directory / "handoff.yaml").unlink(missing_ok=True)
    changes = {"conversation": {"burst_quiet_seconds": 0}, "models": {"builtin_embeddings": False}}
    _change(directory / "frontdesk.yaml", {"store": {"url": store_url}, **changes})
    limits = {
        "messages_per_second": PLENTY,
        "message_burst": PLENTY,
        "messages_per_minute_per_ip": PLENTY,
        "sessions_per_hour_per_ip": PLENTY,
    }
    _change(directory / "channels" / "web.yaml", {"limits": limits, "follow_ups": {"enabled": False}})


def _change(file: Path, changes: dict[str, object]) -> None:
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text("utf-8")), **changes}), "utf-8")


async def printed_address(process: Process) -> str:
    """The first address a command prints. Raises `RuntimeError` when it ends without one."""
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while line := await process.stdout.readline():
            if found := _ADDRESS.search(line):
                return found[0].decode()
    raise RuntimeError(f"the command printed no address and ended with status {await process.wait()}")


def _text(log: Path) -> str:
    return log.read_text("utf-8")


def _opened(log: Path) -> BinaryIO:
    return log.open("wb")


@asynccontextmanager
async def _running(*command: str, core: int, log: Path) -> AsyncIterator[Process]:
    with _opened(log) as errors:
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=DEVNULL, stdout=PIPE, stderr=errors)
    place(process.pid, core)
    try:
        yield process
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{_text(log)}") from error
    finally:
        await end(process)


async def end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 25)
    except TimeoutError:
        process.kill()
        await process.wait()


def can_place(core: int) -> bool:
    """Whether processes can be kept on this core."""
    return hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0)


def place(process: int, core: int) -> None:
    """Keep a process, and what it starts, on one core where that is possible."""
    if can_place(core):
        os.sched_setaffinity(process, {core})


async def _until(condition: Callable[[], bool], process: Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not condition():
            if process.returncode is not None:
                raise RuntimeError(f"a server ended at its start with status {process.returncode}")
            await asyncio.sleep(0.02)


async def _until_listening(port: int, process: Process) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    await _until(listens, process)


async def _until_ready(address: str) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(START_SECONDS):
        while True:
            async with http.get(f"{address}/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.1)
