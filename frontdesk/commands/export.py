"""`frontdesk export`: everything kept of a person, in a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import Desk
from core.errors import ConfigError
from core.exporting import export
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.commands.erase import trace_of
from frontdesk.desk import read_desk
from frontdesk.loop import run_async


def run(options: argparse.Namespace) -> int:
    """Write the file; nothing is written where nothing is known."""
    found = run_async(_read(read_desk(options.config), options))
    if not found["conversations"] and not any(found["facts"].values()) and not found["links"]:
        raise ConfigError("nothing is kept of them; check the id or the address")
    _write(options.out, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(found['conversations'])} conversations of {len(found['people'])} visitors are in {options.out}")
    return 0


async def _read(desk: Desk, options: argparse.Namespace) -> Mapping[str, Any]:
    async with store_beside(desk) as store:
        return await export(store, await trace_of(store, options), at=SystemClock().now())


def _write(path: Path, text: str) -> None:
    """A file of somebody's words is for its owner's eyes, and never in the place of another one."""
    try:
        path.touch(0o600, exist_ok=False)
        path.write_text(text, "utf-8")
    except FileExistsError:
        raise ConfigError(f"{path} is there already; choose another file") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error
