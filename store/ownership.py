"""Who owns which shard: leases by the server's clock, fenced by an epoch that grows with each owner."""

from __future__ import annotations

from core.ids import Epoch, Shard
from core.store_ports import Grant
from store import scripts
from store.coalescing import Commands
from store.keys import WORKERS, Keys
from store.streams import sequence

TIMERS_AT_ONCE = 100
"""Due timers moved into the inbox by one `tend`; the next call moves on."""


class RedisOwnership:
    """Implements `core.store_ports.Ownership`. All workers of a tenant are expected to use one `ttl`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def announce(self, worker: str, *, ttl: float) -> tuple[str, ...]:
        alive = await self._commands.run(scripts.ANNOUNCE, WORKERS, (self._keys.workers,), worker, _milliseconds(ttl))
        return tuple(sorted(name.decode() for name in alive))

    async def withdraw(self, worker: str) -> None:
        await self._commands.command(WORKERS, b"ZREM", self._keys.workers, worker)

    async def acquire(self, shard: Shard, worker: str, *, ttl: float) -> Grant | None:
        keys = self._keys.of_shard(shard)
        granted = await self._commands.run(
            scripts.ACQUIRE,
            keys.tag,
            (keys.lease, keys.inbox),
            worker,
            _milliseconds(ttl),
        )
        if granted is None:
            return None
        epoch, newest = granted
        return Grant(epoch=Epoch(epoch), inbox_last=sequence(newest))

    async def tend(self, shard: Shard, worker: str, epoch: Epoch, *, ttl: float, now: float) -> int:
        keys = self._keys.of_shard(shard)
        newest: bytes = await self._commands.run(
            scripts.TEND,
            keys.tag,
            (keys.lease, keys.timers, keys.timer_messages, keys.inbox),
            worker,
            epoch,
            _milliseconds(ttl),
            repr(now),
            TIMERS_AT_ONCE,
        )
        return sequence(newest)

    async def release(self, shard: Shard, worker: str, epoch: Epoch) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.run(scripts.RELEASE, keys.tag, (keys.lease,), worker, epoch)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
