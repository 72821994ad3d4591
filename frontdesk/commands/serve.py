"""`frontdesk serve`: the hub and its channels, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import logging

from config import Desk
from frontdesk.app import running
from frontdesk.desk import read_desk
from frontdesk.loop import run_async, stop_event


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    desk = read_desk(options.config)
    logging.basicConfig(
        level=options.log_level.upper(), format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S"
    )
    run_async(_serve(desk, options.port))
    return 0


async def _serve(desk: Desk, port: int | None) -> None:
    stop = stop_event()
    async with running(desk, port=port) as hub:
        print(f"Frontdesk serves {desk.settings.company.name} at {hub.address}", flush=True)
        public = str(desk.settings.server.public_url or hub.address).rstrip("/")
        for name in desk.channels:
            print(f'  on a page: <script async src="{public}/widget.js" data-channel="{name}"></script>', flush=True)
        print("Stop with Ctrl+C.", flush=True)
        await stop.wait()
        print("Stopping: finishing the turns in hand ...", flush=True)
