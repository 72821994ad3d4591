"""A worker stopped for longer than its lease and continued: what it had begun is thrown away, nobody is answered twice.

The worker stops itself with SIGSTOP at a boundary; another process takes its shards over and answers; then it goes on.

Not among the boundaries: the instant between the fence and the request that posts a lead's card. Slack has no
idempotency key, so a process that sleeps through its lease exactly there posts a second card; see `core.delivery`.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

import pytest

from tests.faults.boundaries import Kill
from tests.faults.figures import Figures
from tests.faults.invariants import (
    Observer,
    Outside,
    facts_recorded_once,
    nothing_lost_or_doubled,
    one_card,
    visitor_sees_everything,
)
from tests.faults.visitor import Visitor
from tests.faults.workshop import Lineage, Workshop, eventually, slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

VISITORS = 10
SHARDS = 16
STOPS = [
    *((f"{when} conversations.load", 1) for when in ("before", "after")),
    *((f"{when} engine.respond", 1) for when in ("before", "after")),
    *((f"{when} conversations.commit", 1) for when in ("before", "after")),
    *((f"{when} ledger.append", 1) for when in ("before", "after")),
    *((f"{when} leads.record_posting", 1) for when in ("before", "after")),  # a post has begun
    *((f"{when} leads.record_posting", 2) for when in ("before", "after")),  # and was answered
    *((f"{when} outbox.delivered", 1) for when in ("before", "after")),
]
TEXTS = (
    "We need an API integration; please send a quote to lin@papierhaus.example.",
    "Is there an audit log?",
)


async def say_in_turn(visitors: list[Visitor], text: str, outside: Outside) -> None:
    """One after the other, so that at most one lead is on its way when the worker stops."""
    for visitor in visitors:
        await visitor.answered(await visitor.say(text))
        await outside.settled(asyncio.sleep(0), visitors, within=20, about="in turn")


@pytest.mark.parametrize(("boundary", "nth"), STOPS)
async def test_that_a_worker_stopped_past_its_lease_commits_nothing_stale(
    workshop: Workshop, boundary: str, nth: int, figures: Figures
) -> None:
    about = f"stopped at passage {nth} {boundary}, log {workshop.hubs.log}"
    async with AsyncExitStack() as stack:
        slack, address = await stack.enter_async_context(slack_stand_in())
        order = workshop.order(address, shards=SHARDS)
        other = workshop.order(address, shards=SHARDS, tenant=order.tenant)
        awake = await stack.enter_async_context(Lineage(workshop, other))
        await eventually(awake.serves, within=20, what=f"{about}: no hub")
        visitors = await stack.enter_async_context(visiting([awake.door] * VISITORS))
        outside = await stack.enter_async_context(Observer(workshop.store, order.tenant, SHARDS))
        await asyncio.wait_for(asyncio.gather(*(visitor.answered(0) for visitor in visitors)), 20)

        kill = Kill(boundary=boundary, nth=nth, by=signal.SIGSTOP)
        sleeper = await stack.enter_async_context(Lineage(workshop, order, [kill]))
        await eventually(sleeper.serves, within=20, what=f"{about}: the second hub did not begin")

        async def shared() -> bool:
            owned: list[int] = [(await hub.health())["shards"] for hub in (awake, sleeper)]
            return sum(owned) == SHARDS and min(owned) > 0

        await eventually(shared, within=10, what=f"{about}: the shards are not shared out")
        await outside.settled(say_in_turn(visitors, TEXTS[0], outside), visitors, within=30, about=about)
        assert sleeper.hub is not None
        await asyncio.sleep(2 * order.pace.lease)
        stopped = bool(sleeper.hub.killed_at)
        sleeper.hub.signal(signal.SIGCONT)
        await asyncio.sleep(2 * order.pace.lease)
        await outside.settled(say_in_turn(visitors, TEXTS[1], outside), visitors, within=30, about=about)

        for visitor in visitors:
            seen = await outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, TEXTS, about)
            assert len(seen.replies) == len(TEXTS) + 1, f"{about}: greeting and one reply each"
            await visitor_sees_everything(visitor, seen, about)
            await facts_recorded_once(outside, seen, visitor.visitor, about)
            await one_card(outside, slack, visitor.conversation, about)
        assert not sleeper.hub.status.done(), f"{about}: the hub that was stopped ended"
    figures.note("SIGSTOP past the lease", runs=1, stopped=stopped, second_replies=0)
    assert stopped, f"{about}: the boundary was never reached"
