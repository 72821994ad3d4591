"""Three Valkey servers in cluster mode on free loopback ports, each with an append-only file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from store import tether
from store.binary import find_binary

NODES = 3
SLOTS = 16384
FORMED_WITHIN = 20.0
_POLL = 0.02
_BUS = 10_000  # the bus listens on the port plus this, unless told otherwise


class ValkeyCluster:
    """`start` returns when every node sees every slot served; `url` is what `store.open.open_store` takes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._processes: list[Process] = []
        self.ports: list[int] = []

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    async def start(self) -> None:
        self.ports = _free_ports(NODES)
        for port in self.ports:
            await self._launch(port)
        clients = [Redis(host="127.0.0.1", port=port, socket_timeout=5) for port in self.ports]
        try:
            async with asyncio.timeout(FORMED_WITHIN):
                await _form(clients, self.ports)
        finally:
            for client in clients:
                await client.aclose()

    async def stop(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _launch(self, port: int) -> None:
        home = self._directory / str(port)
        home.mkdir(parents=True)
        options = {
            "port": str(port),
            "bind": "127.0.0.1",
            "cluster-enabled": "yes",
            "cluster-node-timeout": "2000",
            "cluster-require-full-coverage": "no",
            "appendonly": "yes",
            "save": "",
            "dir": str(home),
            "logfile": str(home / "valkey.log"),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        tied = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), str(find_binary())]
        process = await asyncio.create_subprocess_exec(*tied, *words, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        self._processes.append(process)


async def _form(clients: list[Any], ports: list[int]) -> None:
    share = SLOTS // len(clients)
    for number, client in enumerate(clients):
        await _answers(client)
        last = SLOTS - 1 if number == len(clients) - 1 else (number + 1) * share - 1
        await client.execute_command("CLUSTER", "ADDSLOTSRANGE", number * share, last)
        await client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
    for port in ports[1:]:
        await clients[0].execute_command("CLUSTER", "MEET", "127.0.0.1", port)
    for client in clients:
        while True:
            if await _sees_everything(client):
                break
            await asyncio.sleep(_POLL)


async def _answers(client: Any) -> None:
    while True:
        with contextlib.suppress(RedisError, OSError):
            await client.execute_command("PING")
            return
        await asyncio.sleep(_POLL)


async def _sees_everything(client: Any) -> bool:
    told: bytes = await client.execute_command("CLUSTER", "INFO")
    return {b"cluster_state:ok", b"cluster_slots_ok:%d" % SLOTS, b"cluster_known_nodes:%d" % NODES} <= set(told.split())


def _free_ports(count: int) -> list[int]:
    """Ports that are free together with the bus port that belongs to each."""
    ports: list[int] = []
    while len(ports) < count:
        with socket.socket() as probe, socket.socket() as bus:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            if port + _BUS > 65_535:
                continue
            with contextlib.suppress(OSError):
                bus.bind(("127.0.0.1", port + _BUS))
                ports.append(port)
    return ports
