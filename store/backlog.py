"""What waits in a shard's streams: for dashboards and alarms, counted by the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import DependencyError
from core.ids import Shard
from store.coalescing import Commands
from store.codec import MESSAGE
from store.keys import Keys, ShardKeys
from store.streams import fields_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """One shard's, or the sum over several."""

    waiting: int = 0  # messages no turn has committed yet
    oldest_at: float | None = None  # when the first of them was said, seconds since the epoch; None for none
    effects: int = 0  # of committed turns, not delivered yet
    uncertain: int = 0  # deliveries that may have arrived and are left to a person
    dead: int = 0  # messages that were set aside

    def __add__(self, other: Backlog) -> Backlog:
        times = [one for one in (self.oldest_at, other.oldest_at) if one is not None]
        return Backlog(
            waiting=self.waiting + other.waiting,
            oldest_at=min(times, default=None),
            effects=self.effects + other.effects,
            uncertain=self.uncertain + other.uncertain,
            dead=self.dead + other.dead,
        )


async def backlog_of(commands: Commands, keys: Keys, shards: Iterable[Shard]) -> Backlog:
    """The sum over these shards, in one round trip. Raises `StoreUnavailable`."""
    each = await asyncio.gather(*(_of_shard(commands, keys.of_shard(shard)) for shard in shards))
    return sum(each, Backlog())


async def _of_shard(commands: Commands, keys: ShardKeys) -> Backlog:
    first, *lengths = await asyncio.gather(
        commands.command(keys.tag, b"XRANGE", keys.inbox, b"-", b"+", b"COUNT", 1),
        *(commands.command(keys.tag, b"XLEN", key) for key in (keys.inbox, keys.outbox, keys.uncertain, keys.dead)),
    )
    waiting, effects, uncertain, dead = lengths
    oldest_at = _said_at(fields_of(first[0][1])[b"m"]) if first else None
    return Backlog(waiting=waiting, oldest_at=oldest_at, effects=effects, uncertain=uncertain, dead=dead)


def _said_at(raw: bytes) -> float | None:
    """None for one of a newer release, which waits for that release."""
    try:
        return MESSAGE.decode(raw).at
    except DependencyError:
        return None
