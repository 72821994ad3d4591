"""What waits in each shard, and the messages that were set aside: read where somebody looks, put back once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress

from core.backlog import DeadLetter, ShardBacklog
from core.errors import DependencyError
from core.ids import Shard
from store import scripts
from store.backlog import backlog_of
from store.coalescing import Commands
from store.codec import MESSAGE
from store.keys import Keys
from store.streams import fields_of


class RedisBacklog:
    """Implements `core.backlog.Backlog`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def shards(self) -> tuple[ShardBacklog, ...]:
        return tuple(await asyncio.gather(*map(self._of_shard, self._keys.shards)))

    async def dead(self, shard: Shard, count: int) -> tuple[DeadLetter, ...]:
        keys = self._keys.of_shard(shard)
        found = await self._commands.command(keys.tag, b"XREVRANGE", keys.dead, b"+", b"-", b"COUNT", max(1, count))
        return tuple(_letters(found))

    async def letter(self, shard: Shard, letter: str) -> DeadLetter | None:
        keys = self._keys.of_shard(shard)
        found = await self._commands.command(keys.tag, b"XRANGE", keys.dead, letter, letter)
        return next(_letters(found), None)

    async def replay(self, shard: Shard, letter: str) -> bool:
        keys = self._keys.of_shard(shard)
        done: int = await self._commands.run(
            scripts.REPLAY, keys.tag, (keys.dead, keys.inbox, keys.lease), letter, self._keys.signals, shard
        )
        return bool(done)

    async def drop(self, shard: Shard, letter: str) -> bool:
        keys = self._keys.of_shard(shard)
        return bool(await self._commands.command(keys.tag, b"XDEL", keys.dead, letter))

    async def _of_shard(self, shard: Shard) -> ShardBacklog:
        held = await backlog_of(self._commands, self._keys, (shard,))
        return ShardBacklog(
            shard=shard,
            waiting=held.waiting,
            oldest=held.oldest_at or 0.0,
            effects=held.effects,
            dead=held.dead,
            uncertain=held.uncertain,
        )


def _letters(found: Iterable[tuple[bytes, list[bytes]]]) -> Iterator[DeadLetter]:
    """One of a newer release is left to that release; it is counted all the same."""
    for identity, flat in found:
        with suppress(DependencyError):
            yield _letter(identity, fields_of(flat))


def _letter(identity: bytes, fields: dict[bytes, bytes]) -> DeadLetter:
    return DeadLetter(
        id=identity.decode(),
        at=float(fields[b"at"]),
        reason=fields[b"reason"].decode(),
        message=MESSAGE.decode(fields[b"m"]),
    )
