"""`frontdesk serve`: the hub and its channels, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator

from config import Desk, render
from frontdesk.app import running
from frontdesk.desk import channel_kinds, desk_to_serve, kind_of
from frontdesk.loop import run_async, stop_event

_log = logging.getLogger(__name__)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    desk, left_out = desk_to_serve(options.config)
    logging.basicConfig(
        level=options.log_level.upper(), format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    if left_out:
        _log.error("these channels are left out until their files are mended:\n%s", render(left_out))
    run_async(_serve(desk, options.port))
    return 0


async def _serve(desk: Desk, port: int | None) -> None:
    stop = stop_event()
    async with running(desk, port=port) as hub:
        print(f"Frontdesk serves {desk.settings.company.name} at {hub.address}", flush=True)
        public = str(desk.settings.server.public_url or hub.address).rstrip("/")
        for line in _doors(desk, public):
            print(f"  {line}", flush=True)
        print("Stop with Ctrl+C.", flush=True)
        await stop.wait()
        print("Stopping: finishing the turns in hand ...", flush=True)


def _doors(desk: Desk, public: str) -> Iterator[str]:
    """Where prospects, or the platforms they write on, find each channel."""
    kinds = channel_kinds()
    for name, settings in desk.channels.items():
        yield kinds[kind_of(settings)].where.format(public=public, channel=name)
