"""Records of the whole tenant, its journal and its counted tries: what the admins' door needs."""

from __future__ import annotations

from collections.abc import Mapping

from store import scripts
from store.coalescing import Commands
from store.keys import WORKERS, Keys


class RedisRecords:
    """Implements `core.access_ports.Records`: one hash a kind."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def get(self, kind: str, identity: str) -> str | None:
        raw: bytes | None = await self._commands.command(WORKERS, b"HGET", self._keys.records(kind), identity)
        return None if raw is None else raw.decode()

    async def add(self, kind: str, identity: str, value: str) -> bool:
        return bool(await self._commands.command(WORKERS, b"HSETNX", self._keys.records(kind), identity, value))

    async def replace(self, kind: str, identity: str, old: str, new: str | None) -> bool:
        replaced = await self._commands.run(
            scripts.REPLACE_RECORD,
            WORKERS,
            (self._keys.records(kind),),
            identity,
            old,
            new or "",
            int(new is not None),
        )
        return bool(replaced)

    async def all(self, kind: str) -> Mapping[str, str]:
        raw = await self._commands.command(WORKERS, b"HGETALL", self._keys.records(kind))
        flat = [part.decode() for part in raw]
        return dict(zip(flat[::2], flat[1::2], strict=True))


class RedisJournal:
    """Implements `core.access_ports.Journal`: one list."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._key = keys.journal

    async def append(self, line: str, *, after: int) -> bool:
        return bool(await self._commands.run(scripts.APPEND_AFTER, WORKERS, (self._key,), line, after))

    async def last(self) -> tuple[int, str]:
        length = int(await self._commands.command(WORKERS, b"LLEN", self._key))
        found = await self.lines(length - 1, 1) if length else ()
        return length, found[0] if found else ""

    async def lines(self, start: int, count: int) -> tuple[str, ...]:
        raw = await self._commands.command(WORKERS, b"LRANGE", self._key, start, start + count - 1)
        return tuple(line.decode() for line in raw)


class RedisTries:
    """Implements `core.access_ports.Tries`: one counter a key, which ends by itself."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def count(self, key: str, *, life: float) -> int:
        return await self._step(key, 1, life)

    async def give_back(self, key: str) -> None:
        await self._step(key, -1, 0)

    async def clear(self, key: str) -> None:
        await self._commands.command(WORKERS, b"DEL", self._keys.tries(key))

    async def _step(self, key: str, step: int, life: float) -> int:
        milliseconds = max(1, round(life * 1000))
        return int(await self._commands.run(scripts.COUNT_TRY, WORKERS, (self._keys.tries(key),), step, milliseconds))
