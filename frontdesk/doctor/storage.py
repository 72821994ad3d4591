"""The store: reachable, fit, laid out as configured, and with nothing in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from config import Desk
from core.errors import DependencyError
from core.health import Diagnosis, diagnosed, doubtful, fine
from core.ids import Shard
from core.store_ports import Store
from frontdesk.beside import opened_beside

_STEP = "see that the store runs, and that `store.url` of frontdesk.yaml leads there"


async def probe_store(desk: Desk, stack: AsyncExitStack, opened: Callable[[Store], None]) -> Sequence[Diagnosis]:
    """Opens the store as the hub does, for as long as `stack` lasts; an unfit one is refused with the reason.

    A store of the built-in kind is started where no hub runs it.
    """
    try:
        beside = await stack.enter_async_context(opened_beside(desk))
    except DependencyError as error:
        return [diagnosed(error, _STEP)]
    opened(beside.store)
    told = beside.describe()
    servers = ", ".join(sorted(set(told.servers)))
    shown = f"{servers} at {told.address}, append-only and without eviction, {told.shards} shards"
    return [fine(shown), *await _in_doubt(desk, beside.store)]


async def _in_doubt(desk: Desk, store: Store) -> Sequence[Diagnosis]:
    shards = (Shard(number) for number in range(desk.settings.store.shards))
    listed = await asyncio.gather(*(store.outbox.uncertain(shard) for shard in shards))
    count = sum(map(len, listed))
    if not count:
        return []
    step = f"look at them with `frontdesk deliveries -c {desk.directory}`"
    return [doubtful(f"of {count} replies nobody knows whether they arrived", step)]
