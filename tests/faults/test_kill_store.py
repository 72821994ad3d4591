"""Killing the embedded store's server with -9 under load: the supervisor brings it back, nothing is lost or doubled.

`FRONTDESK_STORE_KILL_RUNS` is the number of seeded runs (default 21), `FRONTDESK_KILL_SEED` the first seed (default 1).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from random import Random

import pytest
from redis.exceptions import RedisError

from store.connections import client_of
from tests.faults.figures import Figures
from tests.faults.invariants import (
    Observer,
    facts_recorded_once,
    nothing_lost_or_doubled,
    one_card,
    visitor_sees_everything,
)
from tests.faults.visitor import Visitor
from tests.faults.workshop import Lineage, Workshop, eventually, failures, slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

RUNS = int(os.environ.get("FRONTDESK_STORE_KILL_RUNS", "21"))
FIRST_SEED = int(os.environ.get("FRONTDESK_KILL_SEED", "1"))
ONCE_FAILED = (2012,)
BATCH = 7
AT_ONCE = 3
VISITORS = 6
KILLS = 2  # a run
QUIET_WITHIN = 30.0

TEXTS = (
    "Hello, we are 25 people and drown in mail.",
    "About 200 tickets a day, mostly about orders.",
    "Please send a quote to ola@havnemark.example, we want to start soon.",
    "We need an integration with Shopify.",
    "Is our data encrypted?",
)


async def kill_server(socket: Path) -> bool:
    """Kill the server behind the socket; False when it is away already."""
    try:
        async with client_of(f"unix://{socket}") as client:
            pid = (await client.info("server"))["process_id"]
    except (RedisError, OSError):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return True


async def answers(socket: Path) -> bool:
    try:
        async with client_of(f"unix://{socket}") as client:
            return bool(await client.ping())
    except (RedisError, OSError):
        return False


async def talk(visitor: Visitor, rng: Random) -> None:
    seq = 0
    for text in TEXTS:
        await asyncio.sleep(rng.uniform(0, 0.15))
        seq = await visitor.say(text)
        if rng.random() < 0.5:
            await visitor.answered(seq)
    await visitor.answered(seq)


async def one_run(workshop: Workshop, directory: Path, seed: int) -> int:
    about = f"seed {seed}, log {workshop.hubs.log}"
    rng = Random(seed)
    socket = directory / "valkey.sock"
    async with slack_stand_in() as (slack, address):
        order = workshop.order(address, store=f"redis+embedded://{directory}")
        async with Lineage(workshop, order) as lineage, visiting([lineage.door] * VISITORS) as visitors:
            await asyncio.wait_for(asyncio.gather(*(visitor.answered(0) for visitor in visitors)), 20)
            talks = asyncio.gather(*(talk(visitor, Random(rng.random())) for visitor in visitors))
            killed = 0
            while not talks.done() and killed < KILLS:
                await asyncio.sleep(rng.uniform(0.05, 0.3))
                killed += await kill_server(socket)
            await eventually(lambda: answers(socket), within=10, what=f"{about}: the server did not come back")
            async with Observer(f"unix://{socket}", order.tenant, order.shards) as outside:
                await outside.settled(talks, visitors, within=QUIET_WITHIN, about=about)
                for visitor in visitors:
                    seen = await outside.look(visitor.conversation)
                    nothing_lost_or_doubled(seen, TEXTS, about)
                    await visitor_sees_everything(visitor, seen, about)
                    await facts_recorded_once(outside, seen, visitor.visitor, about)
                    await one_card(outside, slack, visitor.conversation, about)
                assert await outside.dead_letters() == [], f"{about}: dead letters"
            assert lineage.hub is not None
            assert not lineage.hub.status.done(), f"{about}: the hub died with its store"
    return killed


@pytest.mark.parametrize(
    "seeds",
    [*(tuple(range(first, first + BATCH)) for first in range(FIRST_SEED, FIRST_SEED + RUNS, BATCH)), ONCE_FAILED],
    ids=lambda seeds: f"seeds {seeds[0]}-{seeds[-1]}",
)
async def test_that_a_killed_store_loses_and_doubles_nothing(
    workshop: Workshop, seeds: tuple[int, ...], tmp_path: Path, figures: Figures
) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def in_turn(seed: int) -> int:
        async with slots:
            return await one_run(workshop, tmp_path / str(seed), seed)

    results = await asyncio.gather(*(in_turn(seed) for seed in seeds), return_exceptions=True)
    if failed := failures(seeds, results):
        pytest.fail(failed)
    kills = sum(one for one in results if isinstance(one, int))
    figures.note("kill -9 of the store under load", runs=len(seeds), kills=kills)
    assert kills >= len(seeds), f"seeds {seeds}: the server was killed only {kills} times"
