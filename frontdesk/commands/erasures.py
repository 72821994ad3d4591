"""`frontdesk erasures`: the list of who was erased, as digests; saved beside a backup, applied after restoring it."""

from __future__ import annotations

import argparse
from pathlib import Path

from config import Desk
from core.erasing import Erased
from core.errors import ConfigError
from core.tombstones import Tombstones, as_lines, from_lines
from frontdesk.beside import opened_beside
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from frontdesk.restored import reapply_tombstones


def run(options: argparse.Namespace) -> int:
    """Save the list, or take out again whom it names."""
    desk = read_desk(options.config)
    if options.out:
        return _save(options.out, run_async(_recorded(desk)))
    erased = run_async(_apply(desk, _read(options.apply)))
    print(f"Taken out again: {erased.conversations} conversations and {erased.people} people, {erased.leads} leads.")
    return 0


async def _recorded(desk: Desk) -> Tombstones:
    async with opened_beside(desk) as opened:
        return await opened.store.erasure.recorded()


async def _apply(desk: Desk, given: Tombstones) -> Erased:
    async with opened_beside(desk) as opened:
        return await reapply_tombstones(opened, given)


def _save(path: Path, tombstones: Tombstones) -> int:
    """A list that is there is replaced: it only ever grows."""
    try:
        path.write_text(as_lines(tombstones), "utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
    print(f"{path}: {len(tombstones)} erasures, as digests.")
    return 0


def _read(path: Path) -> Tombstones:
    try:
        return from_lines(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}; it is written by `frontdesk erasures --out`") from error
