"""`frontdesk replay`: recorded conversations through the engine."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TextIO

from core.errors import ConfigError
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from frontdesk.mind import learned_mind
from frontdesk.replay import ReplayClock, as_line, conversations_in, replay

NOON = time(12, tzinfo=UTC)


def run(options: argparse.Namespace) -> int:
    """Write one prediction a visitor turn to `--out`."""
    desk = read_desk(options.config)
    clock = ReplayClock(seconds=starting_at(options.now))
    conversations = conversations_in(options.file)

    async def work() -> int:
        lines = 0
        async with learned_mind(desk, clock=clock, channel="replay") as mind:
            with _writing(options.out) as out:
                for number, conversation in enumerate(conversations, 1):
                    clock.seconds = starting_at(options.now)
                    async for row in replay(conversation, mind.engine, clock, mind.questions):
                        print(as_line(row), file=out)
                        lines += 1
                    _progress(number, len(conversations))
        return lines

    lines = run_async(work())
    print(f"{len(conversations)} conversations, {lines} turns -> {options.out}")
    return 0


def _writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file that can be written with --out") from None


def starting_at(date: str) -> float:
    """Noon of a date in seconds since the epoch; now without one. Raises `ConfigError`."""
    if not date:
        return SystemClock().now()
    try:
        return datetime.combine(datetime.fromisoformat(date), NOON).timestamp()
    except ValueError:
        raise ConfigError(f"--now {date!r} is no date; write it like 2026-03-01") from None


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{of} conversations", end="" if done < of else "\n", file=sys.stderr, flush=True)
