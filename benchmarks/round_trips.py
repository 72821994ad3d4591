"""A relay between a system and its store that counts round trips: what leaves together is one."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Trips
from store import scripts

BACKGROUND = frozenset({"tend", "announce", "PING", "watch", "LRANGE", "ZREM"})
"""What an idle worker sends all the time, and what a browser's coming and going costs: no part of a turn."""
_CHUNK = 1 << 16
_SCRIPTS = {script.sha: script.name for script in scripts.ALL}


@dataclass(slots=True)
class Relayed:
    """Commands since the last `clear`, by the batch they left in, without those of the background."""

    batches: list[tuple[str, ...]] = field(default_factory=list)

    def clear(self) -> None:
        self.batches.clear()

    def take(self, batch: bytes) -> None:
        names = tuple(name for name in command_names(batch) if name not in BACKGROUND)
        if names:
            self.batches.append(names)

    def of_turns(self, turns: int) -> Trips:
        """What these were, given that so many messages were answered meanwhile."""
        commands = Counter(name for batch in self.batches for name in batch)
        return Trips(turns=turns, batches=len(self.batches), commands=dict(commands))


def command_names(batch: bytes) -> list[str]:
    """The commands in a run of requests (RESP arrays); a script by its file's name where it is one of ours."""
    names, at = [], 0
    while at < len(batch):
        words, at = _words(batch, at)
        name = words[0].upper().decode()
        names.append(_SCRIPTS.get(words[1], "script") if name == "EVALSHA" else name)
    return names


def _words(batch: bytes, at: int) -> tuple[list[bytes], int]:
    end = batch.index(b"\r\n", at)
    count, at = int(batch[at + 1 : end]), end + 2
    words = []
    for _ in range(count):
        end = batch.index(b"\r\n", at)
        size, at = int(batch[at + 1 : end]), end + 2
        words.append(batch[at : at + size])
        at += size + 2
    return words, at


@asynccontextmanager
async def relay(store: Path, listen: Path) -> AsyncIterator[Relayed]:
    """Pass everything on between the socket `listen` and the store's own, counting."""
    relayed = Relayed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_unix_connection(str(store))
        asked = bytearray()

        async def up() -> None:
            while chunk := await reader.read(_CHUNK):
                asked.extend(chunk)
                requests.write(chunk)

        async def down() -> None:
            while chunk := await answers.read(_CHUNK):
                if asked:
                    relayed.take(bytes(asked))
                    asked.clear()
                writer.write(chunk)

        with contextlib.suppress(ConnectionError):
            pumps = [asyncio.create_task(up()), asyncio.create_task(down())]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                requests.close()
                writer.close()

    server = await asyncio.start_unix_server(serve, str(listen))
    try:
        yield relayed
    finally:
        server.close()
