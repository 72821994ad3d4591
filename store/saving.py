"""Having a server write all it holds at one moment into one file, while it goes on working."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.errors import DependencyError, StoreUnavailable

WITHIN = 1_800.0
"""Seconds for the largest store; a server that is still at it then is told about."""
_POLL = 0.05

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


@asynccontextmanager
async def saved(client: Redis, *, shown: str, progress: Progress) -> AsyncIterator[Path]:
    """The file, for the length of the context; then it is removed, since nobody would erase anything in it.

    Raises `DependencyError` where the server cannot write it, `StoreUnavailable` where it does not answer.
    """
    path = await _path(client, shown)
    try:
        await _save(client, shown, progress)
        yield path
    finally:
        path.unlink(missing_ok=True)


async def _path(client: Redis, shown: str) -> Path:
    try:
        told: dict[Any, Any] = {**await client.config_get("dir"), **await client.config_get("dbfilename")}
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"no answer from {shown}: {error}") from error
    return Path(str(told["dir"])) / str(told["dbfilename"])


async def _save(client: Redis, shown: str, progress: Progress) -> None:
    try:
        async with asyncio.timeout(WITHIN):
            await _quiet(client, lambda _share: None)
            await client.bgsave(schedule=False)
            ended = await _quiet(client, progress)
    except TimeoutError:
        raise DependencyError(f"the server {shown} is still writing its data after {WITHIN:.0f} s") from None
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"the server {shown} did not write its data: {error}") from error
    if ended.get("rdb_last_bgsave_status") != "ok":
        raise DependencyError(f"the server {shown} could not write its data; its log says why: is the disk full?")


async def _quiet(client: Redis, progress: Progress) -> dict[str, Any]:
    """Wait until it writes nothing; what it began earlier may be older than what is wanted."""
    while True:
        told: dict[str, Any] = await client.info("persistence")
        busy = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
        if not any(int(told.get(name, 0)) for name in busy):
            return told
        total = int(told.get("current_save_keys_total", 0))
        progress(int(told.get("current_save_keys_processed", 0)) / total if total else 0.0)
        await asyncio.sleep(_POLL)
