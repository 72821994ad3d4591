"""What was spent on models: by whom, in one hash a day, which ends by itself; and in sum, day by day."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from store import scripts
from store.coalescing import Argument, Commands
from store.keys import WORKERS, Keys

KEPT_SECONDS = 2 * 86_400


class RedisAllowances:
    """Implements `core.store_ports.Allowances`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def take(self, tokens: int, limits: Mapping[str, int], *, day: int) -> str:
        wanted: list[Argument] = [part for name, limit in limits.items() for part in (name, limit)]
        short: bytes = await self._commands.run(
            scripts.SPEND, WORKERS, (self._keys.spent(day), self._keys.tokens), tokens, KEPT_SECONDS, day, *wanted
        )
        return short.decode()

    async def give_back(self, tokens: int, names: Collection[str], *, day: int) -> None:
        key = self._keys.spent(day)
        await asyncio.gather(
            self._commands.command(WORKERS, b"HINCRBY", self._keys.tokens, day, -tokens),
            *(self._commands.command(WORKERS, b"HINCRBY", key, name, -tokens) for name in names),
        )

    async def tokens(self, days: Sequence[int]) -> Mapping[int, int]:
        if not days:
            return {}
        found: list[bytes | None] = await self._commands.command(WORKERS, b"HMGET", self._keys.tokens, *days)
        return {day: int(count) for day, count in zip(days, found, strict=True) if count is not None}
