"""`frontdesk schema`: JSON Schemas of the admin's files, for editors."""

from __future__ import annotations

import argparse
import json

from config.schema import schemas
from core.errors import ConfigError
from frontdesk.desk import ROOM_FILES, channel_kinds


def run(options: argparse.Namespace) -> int:
    """Print one schema, or the names of all."""
    known = schemas(files=ROOM_FILES, channels={name: kind.settings for name, kind in channel_kinds().items()})
    if not options.file:
        print("\n".join(sorted(known)))
        return 0
    if options.file not in known:
        raise ConfigError(f"there is no file {options.file!r}; there are {', '.join(sorted(known))}")
    print(json.dumps(known[options.file], ensure_ascii=False, indent=2))
    return 0
