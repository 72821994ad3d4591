from __future__ import annotations

import asyncio
from collections import Counter

from core.ids import LeadId
from core.lead_ports import Candidate
from core.rep import RepId
from core.store_ports import Store
from tests.contracts.builders import new_conversation

NOW = 1_800_000_000.0


def some(*names: str, capacity: int = 1_000) -> tuple[Candidate, ...]:
    return tuple(Candidate(rep=RepId(name), capacity=capacity) for name in names)


def fresh(kind: str) -> str:
    return f"{kind}-{new_conversation()}"


def people(count: int) -> list[str]:
    """Reps nobody has counted yet: what one has is counted over all teams."""
    return [fresh("U") for _ in range(count)]


async def test_that_leads_at_the_same_moment_are_shared_out_evenly(store: Store) -> None:
    team, reps = fresh("team"), people(3)
    leads = [LeadId(fresh("lead")) for _ in range(32)]
    taken = await asyncio.gather(*(store.rota.take(team, lead, some(*reps), now=NOW) for lead in leads))
    counts = Counter(taken)
    assert set(counts) == set(reps)
    assert max(counts.values()) - min(counts.values()) <= 1
    again = await asyncio.gather(*(store.rota.take(team, lead, some(*reps), now=NOW) for lead in leads))
    assert list(again) == list(taken)


async def test_that_nobody_is_given_more_than_they_may_have(store: Store) -> None:
    team, reps = fresh("team"), people(2)
    leads = [LeadId(fresh("lead")) for _ in range(5)]
    taken = [await store.rota.take(team, lead, some(*reps, capacity=2), now=NOW) for lead in leads]
    assert Counter(taken) == {reps[0]: 2, reps[1]: 2, None: 1}
    await store.rota.settle(leads[0], None, now=NOW)
    await store.rota.settle(leads[0], None, now=NOW)  # told twice, counted once
    assert await store.rota.take(team, leads[4], some(*reps, capacity=2), now=NOW) == taken[0]
    assert await store.rota.take(team, LeadId(fresh("lead")), some(*reps, capacity=2), now=NOW) is None


async def test_that_who_was_away_is_not_given_everything_that_came_meanwhile(store: Store) -> None:
    team, (ann, bob, new) = fresh("team"), people(3)
    for _ in range(20):
        await store.rota.take(team, LeadId(fresh("lead")), some(ann, bob), now=NOW)
    taken = [await store.rota.take(team, LeadId(fresh("lead")), some(ann, bob, new), now=NOW) for _ in range(9)]
    assert max(Counter(taken).values()) - min(Counter(taken).values()) <= 1
    assert set(taken) == {ann, bob, new}


async def test_that_the_next_rep_takes_over_from_those_who_did_not_come(store: Store) -> None:
    team, (ann, bob) = fresh("team"), people(2)
    lead = LeadId(fresh("lead"))
    first = await store.rota.take(team, lead, some(ann, bob), now=NOW)
    assert first is not None
    second = await store.rota.take(team, lead, some(ann, bob), now=NOW, excluding=[first])
    assert {first, second} == {ann, bob}
    assert await store.rota.take(team, lead, some(ann, bob), now=NOW, excluding=[RepId(ann), RepId(bob)]) is None
    assert await store.rota.take(team, lead, some(ann, bob), now=NOW) == second  # it stays where it is


async def test_that_a_lead_counts_for_whoever_has_it(store: Store) -> None:
    team, (ann, bob) = fresh("team"), people(2)
    lead = LeadId(fresh("lead"))
    assert await store.rota.take(team, lead, some(ann, capacity=1), now=NOW) == ann
    await store.rota.settle(lead, RepId(bob), now=NOW)  # claimed by a colleague
    assert await store.rota.order(team, some(ann, bob, capacity=1)) == (ann,)
    await store.rota.settle(lead, None, now=NOW)
    assert await store.rota.order(team, some(ann, bob, capacity=1)) == (bob, ann)
    assert await store.rota.order(team, ()) == ()


async def test_that_the_order_says_whose_turn_is_next(store: Store) -> None:
    team, reps = fresh("team"), people(3)
    for _ in range(7):
        expected = (await store.rota.order(team, some(*reps)))[0]
        assert await store.rota.take(team, LeadId(fresh("lead")), some(*reps), now=NOW) == expected
