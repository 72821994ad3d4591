"""Having a server write its files anew, so that they hold nothing but what is kept now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from core.errors import DependencyError, StoreUnavailable

WITHIN = 60.0
"""Seconds for one server's files."""
_POLL = 0.02


async def compact(client: Redis, *, shown: str) -> None:
    """Returns when the files are written. Raises `DependencyError` with what an administrator has to do."""
    try:
        async with asyncio.timeout(WITHIN):
            persistence = await _quiet(client)
            appending = bool(int(persistence.get("aof_enabled", 0)))
            await (client.bgrewriteaof() if appending else client.bgsave())
            persistence = await _quiet(client)
    except ResponseError as error:
        raise DependencyError(
            f"the server {shown} does not let its files be written anew ({error}); ask whoever runs it for BGREWRITEAOF"
        ) from error
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"no answer from {shown}: {error}") from error
    except TimeoutError:
        raise DependencyError(f"the server {shown} is still writing its files anew after {WITHIN:.0f} s") from None
    status = persistence.get("aof_last_bgrewrite_status" if appending else "rdb_last_bgsave_status")
    if status != "ok":
        raise DependencyError(f"the server {shown} could not write its files anew; its log says why")


async def _quiet(client: Redis) -> Mapping[str, Any]:
    """Wait until no writing is under way or planned; one that began earlier may hold what was erased since."""
    while True:
        persistence: Mapping[str, Any] = await client.info("persistence")
        busy = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
        if not any(int(persistence.get(name, 0)) for name in busy):
            return persistence
        await asyncio.sleep(_POLL)
