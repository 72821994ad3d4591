from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.fact import Fact
from core.ids import PersonId, VisitorId
from core.people import Link, Proof, merged, proved_link, same_person, taken_back
from core.people_ports import Claim
from core.recognising import known_of
from core.store_ports import Store
from store.open import open_store
from tests.contracts.builders import fact
from tests.contracts.stores import SHARDS, new_tenant

WEB, PHONE, DESK, STRANGER = map(PersonId, ("web.p1", "telegram.p2", "slack.p3", "web.p4"))


def link(id_: str, left: PersonId, right: PersonId, *, at: float, holds: bool = True) -> Link:
    return Link(id=id_, left=left, right=right, holds=holds, proof=Proof.SIGNED_TOKEN, at=at, by="")


async def test_that_links_are_found_from_both_ends_and_through_others(store: Store) -> None:
    first, second = link("l1", WEB, PHONE, at=1.0), link("l2", PHONE, DESK, at=2.0)
    for one in (first, second, first):
        await store.people.link(one)

    for person in (WEB, PHONE, DESK):
        links = await store.people.links(person)
        assert links == (first, second)
        assert same_person(person, links) == tuple(sorted((WEB, PHONE, DESK)))
    assert await store.people.links(STRANGER) == ()


async def test_that_taking_a_link_back_is_recorded_beside_it(store: Store) -> None:
    left, right = PersonId("web.p5"), PersonId("web.p6")
    made, undone = link("l3", left, right, at=1.0), link("l4", left, right, at=2.0, holds=False)
    await store.people.link(made)
    await store.people.link(undone)

    links = await store.people.links(left)

    assert links == (made, undone)
    assert same_person(left, links) == (left,)


async def test_that_everybody_s_ledger_comes_with_the_links(store: Store) -> None:
    one, other, third = (PersonId(f"acquainted.{name}") for name in "abc")
    await store.ledger.append(one, [fact("f-one")])
    await store.ledger.append(third, [fact("f-third")])
    made, more = link("la", one, other, at=1.0), link("lb", other, third, at=2.0, holds=False)
    for each in (made, more):
        await store.people.link(each)

    for start in ((one,), (one, other), (third, one, other)):
        met = await store.people.acquaintances(start)
        assert met.links == (made, more)
        assert met.ledgers == {one: (fact("f-one"),), other: (), third: (fact("f-third"),)}
    alone = await store.people.acquaintances((STRANGER,))
    assert (alone.links, alone.ledgers) == ((), {STRANGER: ()})


async def test_that_a_token_is_used_by_one_visitor_who_is_one_user(store: Store) -> None:
    visitor, thief, user, other = (PersonId(f"claiming.{name}") for name in ("v", "t", "user", "other"))
    for _ in range(2):
        assert await store.people.claim(visitor, user, token="one", life=60.0) is Claim.HELD
    assert await store.people.claim(thief, user, token="one", life=60.0) is Claim.REPLAYED
    assert await store.people.claim(thief, other, token="two", life=60.0) is Claim.HELD, "a replay binds nobody"
    assert await store.people.claim(visitor, other, token="three", life=60.0) is Claim.SOMEBODY_ELSE
    assert await store.people.claim(PersonId("claiming.new"), other, token="three", life=60.0) is Claim.HELD


async def test_that_of_two_claims_at_once_one_holds(store: Store) -> None:
    visitor, *users = (PersonId(f"racing.{name}") for name in ("v", "a", "b", "c"))
    claims = (store.people.claim(visitor, user, token=f"race-{user}", life=60.0) for user in users)
    found = await asyncio.gather(*claims)
    assert sorted(found) == [Claim.HELD, Claim.SOMEBODY_ELSE, Claim.SOMEBODY_ELSE]
    holder = users[found.index(Claim.HELD)]
    assert await store.people.claim(visitor, holder, token=f"race-{holder}", life=60.0) is Claim.HELD


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left=st.lists(st.integers(0, 30), max_size=5, unique=True),
    right=st.lists(st.integers(0, 30), max_size=5, unique=True),
)
def test_that_unmerging_restores_both_through_the_store(
    embedded_server: str, left: list[int], right: list[int]
) -> None:
    async def there_and_back() -> None:
        opened = await open_store(embedded_server, tenant=new_tenant(), shards=SHARDS)
        store, people = opened.store, (PersonId("v.left"), PersonId("user:right"))
        try:
            for person, numbers in zip(people, (left, right), strict=True):
                await store.ledger.append(
                    person, [replace(fact(f"{person}.{n}"), at=float(n)) for n in sorted(numbers)]
                )
            before = [await _known(store, person) for person in people]
            made = proved_link(VisitorId("v.left"), people[1], at=50.0)
            await store.people.link(made)
            assert {await _known(store, person) for person in people} == {
                merged(dict(zip(people, before, strict=True)))
            }
            await store.people.link(taken_back(made, at=51.0, by="Ada"))
            await store.people.link(made)
            assert [await _known(store, person) for person in people] == before
        finally:
            await opened.close()

    asyncio.run(there_and_back())


async def _known(store: Store, person: PersonId) -> tuple[Fact, ...]:
    return known_of(person, await store.people.acquaintances((person,)))
