"""How long people wait: for the first answer after a command, for `--help`, and for the widget to download."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from time import perf_counter

import aiohttp

from adapters.web.assets import load_assets
from benchmarks.servers import ROOT, end, printed_address
from benchmarks.talkers import SocketTalker

COMMAND = str(Path(sys.executable).with_name("frontdesk"))
QUESTION = "Hello, which plan fits a team of twelve people?"


async def first_answer(*command: str) -> float:
    """Seconds from the start of `frontdesk COMMAND` to the first answered message, over the widget's protocol."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(COMMAND, *command, cwd=ROOT, stdin=DEVNULL, stdout=PIPE)
    try:
        address = await printed_address(process)
        async with aiohttp.ClientSession() as http:
            talker = SocketTalker(http, address, "first", origin=address)
            await talker.open()
            await talker.say(QUESTION)
            took = perf_counter() - began
            await talker.close()
        return took
    finally:
        await end(process)


async def help_seconds() -> float:
    """Seconds of `frontdesk --help`."""
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(COMMAND, "--help", cwd=ROOT, stdout=DEVNULL)
    await process.wait()
    return perf_counter() - began


def widget_kilobytes() -> tuple[float, float]:
    """The loader and all modules of the app together, as sent (gzip), in units of 1,000 bytes."""
    assets = load_assets()
    return len(assets.loader.packed) / 1000, sum(len(module.packed) for module in assets.modules.values()) / 1000
