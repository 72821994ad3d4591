"""Ports for a prober, over a session of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from adapters.probing import ProbePorts
from core.health import Diagnosis
from tests.adapters.web.harness import HandClock


@asynccontextmanager
async def probe_ports(name: str, **more: Any) -> AsyncIterator[ProbePorts]:
    async with aiohttp.ClientSession() as http:
        yield ProbePorts(**{"name": name, "public_url": "", "http": http, "clock": HandClock(), **more})


def levels(found: Sequence[Diagnosis]) -> list[str]:
    return [one.level.value for one in found]


def told(found: Sequence[Diagnosis]) -> str:
    """Everything that was said."""
    return "\n".join(f"{one.what} -> {one.next_step}" for one in found)
