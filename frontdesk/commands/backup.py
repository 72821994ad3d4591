"""`frontdesk backup`: everything an embedded store holds, in one file, also while the hub runs."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Self

from config import Desk
from core.errors import ConfigError
from frontdesk.beside import opened_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from store.backup_file import Manifest, write_backup


def run(options: argparse.Namespace) -> int:
    """Have the server write its data, and pack them."""
    path: Path = options.out
    if path.exists() and not options.force:
        raise ConfigError(f"{path} is there already; choose another file, or add --force")
    if not path.parent.is_dir():
        raise ConfigError(f"there is no folder {path.parent}; make it, or choose another one")
    manifest = run_async(_back_up(read_desk(options.config), path))
    if options.json:
        print(json.dumps({"file": str(path), **asdict(manifest)}))
    else:
        print(f"{path}: {manifest.bytes:,} bytes of the desk {manifest.tenant}, readable by you alone.")
        print(
            "Whoever reads it reads your visitors: keep it encrypted, and no longer than your retention"
            " (docs/operations.md)."
        )
    return 0


async def _back_up(desk: Desk, path: Path) -> Manifest:
    async with opened_beside(desk) as opened:
        at, told = SystemClock().now(), opened.describe()
        with _Bar("Writing the store's data") as bar:
            async with opened.saved(bar.show) as data:
                bar.show(1.0)
                return write_backup(
                    path, data, tenant=told.tenant, shards=told.shards, at=at, server=", ".join(told.servers)
                )


class _Bar:
    """A line on a terminal that says how far it is; nothing elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            print(file=sys.stderr)

    def show(self, share: float) -> None:
        if self._live:
            print(f"\r{self._what}: {share:4.0%}", end="", file=sys.stderr, flush=True)
