"""Putting the data of a backup into an embedded store's directory: checked by a server first, then in one step.

The old files stay beside the new ones until somebody removes them. Nothing is changed before all of it is ready.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.errors import DependencyError
from core.tombstones import Tombstones
from store.datadir import DirectoryLock
from store.open import OpenStore, open_store

FILES = "appendonlydir"
"""What an embedded server keeps its data in, below its directory."""
_BASE = "appendonly.aof.1.base.rdb"
_LISTING = "appendonly.aof.manifest"
_STAGING = "restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An embedded store's directory, and how it is laid out."""

    directory: Path
    tenant: str
    shards: int

    @property
    def occupied(self) -> bool:
        files = self.directory / FILES
        return files.is_dir() and any(one.stat().st_size for one in files.iterdir())


async def erased_in(place: Place) -> Tombstones:
    """What was erased in the store that stands there; nothing where none does.

    Raises `DependencyError` while it is served, or when it cannot be read.
    """
    if not place.occupied:
        return {}
    async with _served(place.directory, place) as opened:
        return await opened.store.erasure.recorded()


async def restore(
    place: Place, extract: Callable[[Path], None], mend: Callable[[OpenStore], Awaitable[None]], *, suffix: str
) -> Path | None:
    """Have a server read the data that `extract` writes, let `mend` work on it, and put its files into their place.

    Returns where the old files are now, named by `suffix`; None where there were none. Raises `DependencyError`: then
    everything is as it was.
    """
    place.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = DirectoryLock(place.directory)
    await lock.take()
    staging = place.directory / _STAGING
    try:
        shutil.rmtree(staging, ignore_errors=True)
        _lay_out(staging, extract)
        async with _served(staging, place) as opened:
            await mend(opened)
        return _swap(place.directory, staging, suffix)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.drop()


def _lay_out(staging: Path, extract: Callable[[Path], None]) -> None:
    """A snapshot is what an append-only file begins with, so the server reads it as its own."""
    files = staging / FILES
    files.mkdir(mode=0o700, parents=True)
    extract(files / _BASE)
    (files / _LISTING).write_text(f"file {_BASE} seq 1 type b\n")


@asynccontextmanager
async def _served(directory: Path, place: Place) -> AsyncIterator[OpenStore]:
    opened = await open_store(f"redis+embedded://{quote(str(directory))}", tenant=place.tenant, shards=place.shards)
    try:
        yield opened
    finally:
        await opened.close()


def _swap(directory: Path, staging: Path, suffix: str) -> Path | None:
    current, aside = directory / FILES, _free(directory / f"{FILES}.before-{suffix}")
    try:
        if current.exists():
            current.replace(aside)
        (staging / FILES).replace(current)
    except OSError as error:
        if aside.exists() and not current.exists():
            aside.replace(current)
        raise DependencyError(f"the restored files cannot be put into {directory}: {error.strerror}") from error
    return aside if aside.exists() else None


def _free(path: Path) -> Path:
    names = (path, *(path.with_name(f"{path.name}-{number}") for number in range(2, 1_000)))
    return next(one for one in names if not one.exists())
