"""Two hub processes over one server: an event delivered four times happens once, and order holds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import pairwise
from random import Random

import pytest

from tests.faults.figures import Figures
from tests.faults.invariants import (
    Observer,
    facts_recorded_once,
    nothing_lost_or_doubled,
    one_card,
    visitor_sees_everything,
)
from tests.faults.visitor import Visitor
from tests.faults.workshop import Lineage, Workshop, eventually, slack_stand_in, tabs, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

SEED = 20_261
VISITORS = 25
CONVERSATIONS, MESSAGES = 50, 40
TEXTS = (
    "Hi, we sell garden furniture and answer everything by hand.",
    "We are 8 people, with about 60 mails a day.",
    "A quote would be good: tove@gardenry.example",
    "We need an integration with WooCommerce.",
)
NUMBERED = re.compile(r"point (\d+) of")


async def test_that_an_event_delivered_four_times_to_two_processes_happens_once(
    workshop: Workshop, figures: Figures
) -> None:
    about = f"seed {SEED}, log {workshop.hubs.log}"
    async with AsyncExitStack() as stack:
        slack, address = await stack.enter_async_context(slack_stand_in())
        order = workshop.order(address)
        one, two = await pair(stack, workshop, address, order.tenant)
        visitors = await stack.enter_async_context(visiting([one.door] * VISITORS))
        outside = await stack.enter_async_context(Observer(workshop.store, order.tenant, order.shards))
        await asyncio.wait_for(begun(visitors), 30)
        others = await stack.enter_async_context(tabs(visitors, [two.door] * VISITORS))
        rng = Random(SEED)
        pairs = zip(visitors, others, strict=True)
        talks = asyncio.gather(*(fourfold(a, b, Random(rng.random())) for a, b in pairs))
        await outside.settled(talks, visitors, within=60, about=about)
        for visitor, other in zip(visitors, others, strict=True):
            seen = await outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, TEXTS, about)
            assert len(seen.replies) <= len(TEXTS) + 1, f"{about}: more replies than messages and the greeting"
            await facts_recorded_once(outside, seen, visitor.visitor, about)
            await one_card(outside, slack, visitor.conversation, about)
            for tab in (visitor, other):
                await visitor_sees_everything(tab, seen, about)
    figures.note(
        "every event four times, two processes", events=VISITORS * len(TEXTS), deliveries=4 * VISITORS * len(TEXTS)
    )


@pytest.mark.parametrize("killed", [False, True], ids=["calm", "one worker killed"])
async def test_that_order_holds_over_two_processes(workshop: Workshop, figures: Figures, *, killed: bool) -> None:
    about = f"killed {killed}, log {workshop.hubs.log}"
    async with AsyncExitStack() as stack:
        _, address = await stack.enter_async_context(slack_stand_in())
        order = workshop.order(address, shards=8)
        one, two = await pair(stack, workshop, address, order.tenant, shards=8)
        visitors = await stack.enter_async_context(visiting([one.door] * CONVERSATIONS))
        outside = await stack.enter_async_context(Observer(workshop.store, order.tenant, order.shards))
        await asyncio.wait_for(begun(visitors), 30)
        others = await stack.enter_async_context(tabs(visitors, [two.door] * CONVERSATIONS))
        started = asyncio.get_running_loop().time()
        talks = asyncio.gather(*(alternate(a, b) for a, b in zip(visitors, others, strict=True)))
        if killed:
            await eventually(lambda: halfway(visitors), within=60, what=f"{about}: never half-way")
            assert two.hub is not None
            await two.hub.kill()
        await outside.settled(talks, visitors, within=120, about=about)
        took = asyncio.get_running_loop().time() - started
        inversions = 0
        for visitor in visitors:
            seen = await outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, list(map(numbered, range(MESSAGES))), about)
            turned = [int(number) for number in NUMBERED.findall(seen.state.session.said)]
            inversions += sum(later <= earlier for earlier, later in pairwise(turned))
            assert turned == list(range(MESSAGES)), f"{about}: order in which messages were taken into turns"
        assert await outside.dead_letters() == [], f"{about}: dead letters"
    case = "order, two processes, one killed half-way" if killed else "order, two processes"
    figures.note(case, messages=CONVERSATIONS * MESSAGES, inversions=inversions, seconds=took)


async def pair(
    stack: AsyncExitStack, workshop: Workshop, slack: str, tenant: str, *, shards: int = 4
) -> tuple[Lineage, Lineage]:
    """Two hubs of one tenant, both serving."""
    lineages = [
        await stack.enter_async_context(Lineage(workshop, workshop.order(slack, tenant=tenant, shards=shards)))
        for _ in range(2)
    ]
    for lineage in lineages:
        await eventually(lineage.serves, within=20, what="a hub did not begin to serve")
    return lineages[0], lineages[1]


async def begun(visitors: Sequence[Visitor]) -> None:
    for visitor in visitors:
        await visitor.answered(0)  # the greeting


async def fourfold(one: Visitor, two: Visitor, rng: Random) -> None:
    """Each message twice at the same moment, once at each process, and twice more a little later."""
    for number, text in enumerate(TEXTS):
        client_id = f"fourfold-{number:04d}"
        seqs = list(await asyncio.gather(one.say(text, client_id=client_id), two.say(text, client_id=client_id)))
        await asyncio.sleep(rng.uniform(0, 0.02))
        seqs += await asyncio.gather(one.say(text, client_id=client_id), two.say(text, client_id=client_id))
        assert len(set(seqs)) == 1, f"acknowledged as different lines: {seqs}"
        await one.answered(seqs[0])


def numbered(number: int) -> str:
    return f"point {number} of my list"


async def alternate(one: Visitor, two: Visitor) -> None:
    """One message after the other, each once the one before is acknowledged, by turns at either process."""
    seq = 0
    for number in range(MESSAGES):
        tab = (one, two)[number % 2]
        seq = await tab.say(numbered(number), client_id=f"alternate-{number:04d}")
    await one.answered(seq)


async def halfway(visitors: Sequence[Visitor]) -> bool:
    return sum(len(visitor.acknowledged) for visitor in visitors) >= CONVERSATIONS * MESSAGES / 4
