"""`frontdesk serve`: the hub and its channels, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

from config import Desk, render
from frontdesk.admins import first_link
from frontdesk.app import running
from frontdesk.desk import channel_kinds, desk_to_serve, kind_of
from frontdesk.json_logs import JsonFormatter
from frontdesk.log_masking import log_to_stderr
from frontdesk.loop import run_async, stop_event
from frontdesk.pseudonyms import Pseudonyms
from frontdesk.reloading import Reload, Reloader

_log = logging.getLogger(__name__)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    desk, left_out = desk_to_serve(options.config)
    pseudonyms = Pseudonyms()
    as_json = (options.log_format or desk.settings.logging.format) == "json"
    log_to_stderr(options.log_level, formatter=JsonFormatter(pseudonyms) if as_json else None)
    if left_out:
        _log.error("these channels are left out until their files are mended:\n%s", render(left_out))
    run_async(_serve(_at(desk, options.host), options.port, pseudonyms))
    return 0


def _at(desk: Desk, host: str) -> Desk:
    """Listening where the command says, in place of `server.host`."""
    if not host:
        return desk
    server = desk.settings.server.model_copy(update={"host": host})
    return replace(desk, settings=desk.settings.model_copy(update={"server": server}))


async def _serve(desk: Desk, port: int | None, pseudonyms: Pseudonyms) -> None:
    stop = stop_event()
    async with running(desk, port=port, pseudonyms=pseudonyms) as hub, watching(hub.reloader):
        print(f"Frontdesk serves {desk.settings.company.name} at {hub.address}", flush=True)
        public = str(desk.settings.server.public_url or hub.address).rstrip("/")
        for line in _doors(desk, public):
            print(f"  {line}", flush=True)
        if desk.settings.dashboard.enabled:
            print(f"  dashboard: {public}/dashboard", flush=True)
        if link := await first_link(desk, hub.store.store, hub.address):
            print(f"  Nobody has an account yet. Make the owner's within 15 minutes: {link}", flush=True)
        print("Stop with Ctrl+C.", flush=True)
        await stop.wait()
        print("Stopping: finishing the turns in hand ...", flush=True)


@asynccontextmanager
async def watching(reloader: Reloader) -> AsyncIterator[None]:
    """Edited files are taken over when they change, and at once on SIGHUP."""
    loop, asked = asyncio.get_running_loop(), set[asyncio.Task[Reload]]()

    def ask() -> None:
        task = loop.create_task(reloader.reload())
        asked.add(task)
        task.add_done_callback(asked.discard)

    loop.add_signal_handler(signal.SIGHUP, ask)
    watch = loop.create_task(reloader.watch())
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        for task in (watch, *asked):
            task.cancel()
        await asyncio.gather(watch, *asked, return_exceptions=True)


def _doors(desk: Desk, public: str) -> Iterator[str]:
    """Where prospects, or the platforms they write on, find each channel."""
    kinds = channel_kinds()
    for name, settings in desk.channels.items():
        yield kinds[kind_of(settings)].where.format(public=public, channel=name)
