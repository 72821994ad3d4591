"""What the kernel and the store know about a process: CPU seconds and the store's own counters. Needs Linux."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(process: int) -> float:
    """User and system time of a process and its threads so far, in steps of 10 ms."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * _PAGE


def pin(core: int) -> bool:
    """Keep this process and what it starts on one core; False where that cannot be done."""
    if not hasattr(os, "sched_setaffinity") or core not in os.sched_getaffinity(0):
        return False
    os.sched_setaffinity(0, {core})
    return True


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """Scripts that clients ran, and microseconds the server spent in them."""

    scripts: int
    script_us: int


async def store_counts(redis: Redis) -> StoreCounts:
    """The store's counters now; take two and subtract."""
    counted = (await redis.info("commandstats")).get("cmdstat_evalsha", {"calls": 0, "usec": 0})
    return StoreCounts(scripts=counted["calls"], script_us=counted["usec"])
