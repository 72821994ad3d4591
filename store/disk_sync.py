"""Bringing the append-only file from the kernel to the disk, once a second, without the server's help."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds; what a power cut may take. A killed process takes nothing: the server has written before it answers."""


class DiskSync:
    """Syncs the append-only files under a data directory when they have grown."""

    def __init__(self, directory: Path) -> None:
        self._files = directory / "appendonlydir"
        self._synced: dict[str, int] = {}

    async def run(self) -> None:
        """Until cancelled. The disk may be slow: a thread waits for it."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await asyncio.to_thread(self.sync)
            except OSError as error:
                _log.warning("the append-only file could not be synced to the disk: %s", error)

    def sync(self) -> int:
        """Sync what has grown since the last time; returns how many files had."""
        grown = [path for path in self._files.glob("*.aof") if path.stat().st_size != self._synced.get(path.name)]
        for path in grown:
            fd = os.open(path, os.O_RDONLY)
            try:
                size = os.fstat(fd).st_size
                os.fsync(fd)
            finally:
                os.close(fd)
            self._synced[path.name] = size
        return len(grown)
