"""What waits and what was set aside in a store, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.ids import Shard
from core.message import InboundMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardBacklog:
    """How much of each kind a shard holds. `oldest` is when the first waiting message came in, 0 without one."""

    shard: Shard
    waiting: int = 0  # messages not yet answered for
    oldest: float = 0.0
    effects: int = 0  # not yet delivered
    dead: int = 0  # messages set aside
    uncertain: int = 0  # deliveries of which nobody knows whether they arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that was set aside, why and when. `id` is unique in its shard."""

    id: str
    at: float
    reason: str
    message: InboundMessage


class Backlog(Protocol):
    """Looked at as often as a page is; raises `StoreUnavailable`."""

    async def shards(self) -> tuple[ShardBacklog, ...]:
        """All shards, in one go."""
        ...

    async def dead(self, shard: Shard, count: int) -> tuple[DeadLetter, ...]:
        """The newest `count` of a shard, the newest first."""
        ...

    async def letter(self, shard: Shard, letter: str) -> DeadLetter | None: ...

    async def replay(self, shard: Shard, letter: str) -> bool:
        """Put a message back behind those that wait; False when it is not there any more. It is answered once."""
        ...

    async def drop(self, shard: Shard, letter: str) -> bool:
        """Take it out for good."""
        ...
