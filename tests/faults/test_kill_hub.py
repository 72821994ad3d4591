"""Killing the hub with -9 at each step of a message's way: nothing acknowledged is lost, nothing happens twice.

`FRONTDESK_KILL_RUNS` is the number of seeded runs (default 208), `FRONTDESK_KILL_SEED` the first seed (default 1).
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from tests.faults.boundaries import BOUNDARIES, Kill
from tests.faults.figures import Figures
from tests.faults.invariants import (
    Observer,
    facts_recorded_once,
    nothing_lost_or_doubled,
    one_card,
    visitor_sees_everything,
)
from tests.faults.visitor import Visitor
from tests.faults.workshop import Lineage, Workshop, failures, slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

RUNS = int(os.environ.get("FRONTDESK_KILL_RUNS", "208"))
FIRST_SEED = int(os.environ.get("FRONTDESK_KILL_SEED", "1"))
BATCH = 26
AT_ONCE = 4
QUIET_WITHIN = 30.0

SCRIPTS = (
    (
        "Good morning! We run a small web shop and drown in support mail.",
        "We are 12 people, use Django, and see about 80 tickets a day.",
        "We need an API integration. Please send me a quote: mara@lindenwerk.example",
        "Do you offer single sign-on?",
        "We also work with Zendesk today.",
    ),
    (
        "Hello there",
        "our team of 40 agents answers 900 calls a week",
        "can I have a demo? my address is jon@northfold.example",
        "Is there an audit log?",
        "and we would like to start next month.",
    ),
)


def kills_of(seed: int) -> list[Kill]:
    """Two or three; the first walks through all boundaries as the seeds go on.

    A fourth could fall on a message that three processes had begun, which is what sets a message aside as poison.
    """
    rng = Random(seed)
    boundaries = [BOUNDARIES[seed % len(BOUNDARIES)], *(rng.choice(BOUNDARIES) for _ in range(rng.randint(1, 2)))]
    return [
        Kill(boundary=one, nth=rng.randint(1, 2), delay=rng.uniform(1e-5, 4e-3) if one.startswith("during") else 0.0)
        for one in boundaries
    ]


async def talk(visitor: Visitor, texts: Sequence[str], rng: Random) -> None:
    seq = 0
    for text in texts:
        seq = await visitor.say(text)
        if rng.random() < 0.7:  # else the next one follows at once
            await visitor.answered(seq)
    await visitor.answered(seq)


async def one_run(workshop: Workshop, seed: int) -> Counter[str]:
    about = f"seed {seed}, log {workshop.hubs.log}"
    rng = Random(-seed)
    texts = rng.choice(SCRIPTS)
    async with slack_stand_in() as (slack, address):
        order = workshop.order(address, tenant=f"kill-{seed}")
        async with (
            Lineage(workshop, order, kills_of(seed)) as lineage,
            visiting([lineage.door]) as [visitor],
            Observer(workshop.store, order.tenant, order.shards) as outside,
        ):
            await outside.settled(talk(visitor, texts, rng), [visitor], within=QUIET_WITHIN, about=about)
            seen = await outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, texts, about)
            await visitor_sees_everything(visitor, seen, about)
            await facts_recorded_once(outside, seen, visitor.visitor, about)
            await one_card(outside, slack, visitor.conversation, about)
            assert await outside.dead_letters() == [], f"{about}: dead letters"
    return lineage.killed_at


@pytest.mark.parametrize(
    "seeds",
    [range(first, min(first + BATCH, FIRST_SEED + RUNS)) for first in range(FIRST_SEED, FIRST_SEED + RUNS, BATCH)],
    ids=lambda seeds: f"seeds {seeds[0]}-{seeds[-1]}",
)
async def test_that_a_hub_killed_anywhere_loses_and_doubles_nothing(
    workshop: Workshop, seeds: range, figures: Figures
) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def in_turn(seed: int) -> Counter[str]:
        async with slots:
            return await one_run(workshop, seed)

    results = await asyncio.gather(*(in_turn(seed) for seed in seeds), return_exceptions=True)
    if failed := failures(seeds, results):
        pytest.fail(failed)
    killed = sum((result for result in results if isinstance(result, Counter)), Counter[str]())
    figures.note("kill -9 of the hub", runs=len(seeds), kills=killed.total())
    figures.note("kill -9 of the hub, by boundary", **killed)
    assert killed.total() >= len(seeds), f"seeds {seeds}: too few kills for these runs to mean anything: {killed}"
