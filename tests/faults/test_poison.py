"""A message that kills whatever process answers it is set aside with an apology; everybody else is answered."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from random import Random

import pytest

from core.tenure import MAX_ATTEMPTS
from tests.core.talking import english
from tests.faults.figures import Figures
from tests.faults.invariants import Observer, nothing_lost_or_doubled, visitor_sees_everything
from tests.faults.workshop import Lineage, Workshop, eventually, slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

POISON = "xyzzy-unsayable"
INNOCENT = 12


@pytest.mark.parametrize(("seed", "poisoned"), [(1, 1), (2, 1), (3, 2), (4, 3)])
async def test_that_poison_is_set_aside_and_nobody_else_suffers(
    workshop: Workshop, seed: int, poisoned: int, figures: Figures
) -> None:
    """All in one shard, all at once, so that the innocent are in hand whenever the process dies."""
    about = f"seed {seed}, {poisoned} poisoned, log {workshop.hubs.log}"
    rng = Random(seed)
    async with AsyncExitStack() as stack:
        _, address = await stack.enter_async_context(slack_stand_in())
        order = workshop.order(address, shards=1, poison=POISON)
        lineage = await stack.enter_async_context(Lineage(workshop, order))
        await eventually(lineage.serves, within=20, what=f"{about}: no hub")
        visitors = await stack.enter_async_context(visiting([lineage.door] * (INNOCENT + poisoned)))
        outside = await stack.enter_async_context(Observer(workshop.store, order.tenant, order.shards))
        await asyncio.wait_for(asyncio.gather(*(visitor.answered(0) for visitor in visitors)), 20)
        rng.shuffle(visitors)
        bad, good = visitors[:poisoned], visitors[poisoned:]

        together = sorted(visitors, key=lambda _: rng.random())
        said = [visitor.say(POISON if visitor in bad else "Do you integrate with Zendesk?") for visitor in together]
        seqs = dict(zip(together, await asyncio.wait_for(asyncio.gather(*said), 30), strict=True))
        answers = asyncio.gather(*(visitor.answered(seqs[visitor]) for visitor in visitors))
        await outside.settled(answers, visitors, within=60, about=about)

        letters = await outside.dead_letters()
        buried = [json.loads(letter[b"m"])["conversation"] for letter in letters]
        assert sorted(buried) == sorted(visitor.conversation for visitor in bad), f"{about}: dead letters"
        for visitor in good:
            seen = await outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, ["Do you integrate with Zendesk?"], about)
            await visitor_sees_everything(visitor, seen, about)
        for visitor in bad:
            apologies = [line["text"] for line in visitor.lines if line["seq"] > seqs[visitor]]
            assert apologies == [english().say("error")], f"{about}: what the poisoner hears"
            seq = await asyncio.wait_for(visitor.say("Is there an audit log?"), 20)
            await asyncio.wait_for(visitor.answered(seq), 20)
        deaths = lineage.killed_at["poison"]
        assert deaths <= poisoned * (MAX_ATTEMPTS + 1), f"{about}: {deaths} processes died"
    figures.note("poison", runs=1, poisoned=poisoned, deaths=deaths, innocents_answered=len(good))
