"""Merging people: nothing moves, so everything can be undone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.fact import Fact, Field, Operation
from core.ids import FactId, MessageId, PersonId
from core.ledger import fold
from core.people import Link, Proof, merged, same_person, standing_links

PEOPLE = [PersonId(name) for name in "abcde"]


def fact(number: int, field: Field, value: str, at: float) -> Fact:
    return Fact(
        id=FactId(f"m{number}:{field.value}"),
        field=field,
        value=value,
        operation=Operation.SET,
        quote=value,
        message=MessageId(f"m{number}"),
        channel="web",
        at=at,
    )


def link(number: int, left: PersonId, right: PersonId, *, holds: bool = True) -> Link:
    return Link(id=f"l{number:03}", left=left, right=right, holds=holds, proof=Proof.REP, at=float(number), by="Ada")


LEDGERS = st.lists(
    st.builds(
        fact,
        st.integers(0, 5),
        st.sampled_from([Field.ROLE, Field.COMPANY, Field.TIMELINE]),
        st.sampled_from(["x", "y", "z"]),
        st.integers(0, 9).map(float),
    ),
    max_size=8,
)
LINKS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.booleans()), max_size=12).map(
    lambda drawn: [link(number, left, right, holds=holds) for number, (left, right, holds) in enumerate(drawn)]
)


def profile(person: PersonId, links: list[Link], ledgers: dict[PersonId, list[Fact]]) -> object:
    return fold(merged({one: ledgers.get(one, []) for one in same_person(person, links)}))


@given(LEDGERS, LEDGERS)
def test_unmerging_restores_both(left: list[Fact], right: list[Fact]) -> None:
    a, b = PEOPLE[:2]
    ledgers = {a: left, b: right}
    before = profile(a, [], ledgers), profile(b, [], ledgers)
    joined = [link(1, a, b)]

    assert profile(a, joined, ledgers) == profile(b, joined, ledgers)

    parted = [*joined, link(2, b, a, holds=False)]
    assert (profile(a, parted, ledgers), profile(b, parted, ledgers)) == before


@given(LINKS)
def test_being_the_same_person_is_mutual_and_shared_by_all_of_them(links: list[Link]) -> None:
    for person in PEOPLE:
        group = same_person(person, links)
        assert person in group
        assert all(same_person(other, links) == group for other in group)


@given(LINKS, st.randoms(use_true_random=False))
def test_the_order_in_which_links_are_read_does_not_matter(links: list[Link], random: object) -> None:
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing_links(shuffled) == standing_links(links)


@given(LEDGERS, LEDGERS, LEDGERS)
def test_merging_keeps_every_fact_and_does_not_mind_who_comes_first(
    one: list[Fact], other: list[Fact], third: list[Fact]
) -> None:
    a, b, c = PEOPLE[:3]
    together = merged({a: one, b: other, c: third})
    assert set(together) == {*one, *other, *third}
    assert together == merged({c: third, a: one, b: other})
    assert [fact.at for fact in together] == sorted(fact.at for fact in together)


def test_two_visitors_facts_with_one_id_are_both_kept() -> None:
    mine = fact(1, Field.ROLE, "CTO", 1.0)
    theirs = replace(mine, value="CFO", quote="CFO")
    assert merged({PEOPLE[0]: [mine], PEOPLE[1]: [theirs]}) == (mine, theirs)
