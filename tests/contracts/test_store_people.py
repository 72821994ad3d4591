from __future__ import annotations

from core.ids import PersonId
from core.people import Link, Proof, same_person
from core.store_ports import Store

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
