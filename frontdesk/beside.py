"""A desk's store for a short look, also while the desk is being served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config import Desk
from core.store_ports import Store
from store.open import OpenStore, open_store


@asynccontextmanager
async def store_beside(desk: Desk) -> AsyncIterator[Store]:
    """Raises `ConfigError`, `DependencyError` and `StoreUnavailable` as `open_store` does."""
    async with opened_beside(desk) as opened:
        yield opened.store


@asynccontextmanager
async def opened_beside(desk: Desk) -> AsyncIterator[OpenStore]:
    """The same, with what can be told about the store itself."""
    settings = desk.settings
    opened = await open_store(
        settings.store.url.reveal(),
        tenant=settings.tenant,
        shards=settings.store.shards,
        data_dir=desk.directory,
        beside=True,
    )
    try:
        yield opened
    finally:
        await opened.close()
