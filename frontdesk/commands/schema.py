"""`frontdesk schema`: JSON Schemas of the admin's files for editors, and the same as pages for people."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.reference import reference_page
from config.schema import schemas
from core.errors import ConfigError
from frontdesk.desk import ROOM_FILES, channel_kinds


def run(options: argparse.Namespace) -> int:
    """Print one schema, or the names of all; or write the reference."""
    known = schemas(files=ROOM_FILES, channels={name: kind.settings for name, kind in channel_kinds().items()})
    if options.file and options.file not in known:
        raise ConfigError(f"there is no file {options.file!r}; there are {', '.join(sorted(known))}")
    chosen = {options.file: known[options.file]} if options.file else known
    if options.reference:
        _write(chosen, options.reference)
    elif options.file:
        print(json.dumps(known[options.file], ensure_ascii=False, indent=2))
    else:
        print("\n".join(sorted(known)))
    return 0


def _write(chosen: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in chosen.items():
            page = folder / f"{Path(name).stem}.md"
            page.write_text(reference_page(name, schema), encoding="utf-8")
            print(page)
    except OSError as error:
        raise ConfigError(f"cannot write the reference into {folder}: {error.strerror}") from None
