"""Bringing made-up conversations into a store, by the scripts that real ones come in by."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from core.errors import DependencyError
from core.ids import Epoch, Shard, person_of
from core.shards import shard_of
from core.store_ports import Store
from frontdesk.simulation.people import Crowd, Made

AT_ONCE = 100
"""Conversations on their way at a time: what of them waits for the store bounds the memory this takes."""
_WORKER = "simulation"
_LEASE = 600.0


async def fill(store: Store, crowd: Crowd, profiles: int, *, shards: int, told: Callable[[int], None]) -> None:
    """Make and store that many; `told` hears after each batch how many there are.

    Raises `DependencyError` where a hub serves the store, `StoreUnavailable` as the store does.
    """
    epochs = await _owned(store, shards)
    try:
        for first in range(0, profiles, AT_ONCE):
            batch = [crowd.make(number) for number in range(first, min(first + AT_ONCE, profiles))]
            await _store(store, batch, epochs)
            told(first + len(batch))
    finally:
        await asyncio.gather(
            *(store.ownership.release(Shard(number), _WORKER, epoch) for number, epoch in enumerate(epochs))
        )


async def _owned(store: Store, shards: int) -> tuple[Epoch, ...]:
    """The right to write into every shard."""
    granted = await asyncio.gather(
        *(store.ownership.acquire(Shard(number), _WORKER, ttl=_LEASE) for number in range(shards))
    )
    epochs = tuple(one.epoch for one in granted if one is not None)
    if len(epochs) < shards:
        raise DependencyError(
            "the desk is being served: stop `frontdesk serve` first, or use a copy with its own store"
        )
    return epochs


async def _store(store: Store, batch: Sequence[Made], epochs: Sequence[Epoch]) -> None:
    """Commits of all first, then what follows from them: as in the hub, no list knows what is not stored."""
    shards = [shard_of(one.commit.session.conversation, len(epochs)) for one in batch]
    await asyncio.gather(
        *(
            store.conversations.commit(shard, _WORKER, epochs[shard], one.commit)
            for shard, one in zip(shards, batch, strict=True)
        )
    )
    await asyncio.gather(
        *(store.directory.list(one.listing) for one in batch),
        *(store.lead_book.enter(one.commit.lead) for one in batch if one.commit.lead),
        *(
            store.ledger.append(person_of(one.commit.session.visitor), one.commit.facts)
            for one in batch
            if one.commit.facts
        ),
    )
