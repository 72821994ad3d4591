"""Looking back at a ledger: as it stood, without a message, and where it disagrees with itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fact import Fact, FactValue, Field, Operation, Quantity, Source, Standing
from core.history import INDEPENDENT_AFTER, as_of, contradictions, corroborated, without_messages
from core.ids import FactId, MessageId
from core.ledger import fold


def people(low: float, high: float | None = None) -> Quantity:
    return Quantity(low=low, high=low if high is None else high, unit="employees")


def fact(
    field: Field, value: FactValue, *, at: float = 0.0, operation: Operation = Operation.SET, corrects: bool = False
) -> Fact:
    return Fact(
        id=FactId(f"{at}:{field.value}:{value}"),
        field=field,
        value=value,
        operation=operation,
        quote="q",
        message=MessageId(f"m{at:g}"),
        channel="web",
        at=at,
        corrects=corrects,
    )


FACTS = st.lists(
    st.builds(
        fact,
        st.sampled_from([Field.ROLE, Field.COMPANY, Field.TIMELINE]),
        st.sampled_from(["x", "y", "x y"]),
        at=st.integers(0, 9).map(float),
        operation=st.sampled_from([Operation.SET, Operation.CLEAR, Operation.REMOVE]),
        corrects=st.booleans(),
    ),
    max_size=14,
).map(lambda facts: sorted(facts, key=lambda fact: fact.at))


@given(FACTS, st.integers(0, 9).map(float))
def test_an_as_of_view_is_what_replaying_up_to_then_gave(facts: list[Fact], at: float) -> None:
    assert fold(as_of(facts, at)) == fold([fact for fact in facts if fact.at <= at])
    assert as_of(facts, 9.0) == tuple(facts)


@given(FACTS, st.sets(st.integers(0, 9)))
def test_erased_messages_leave_nothing_behind(facts: list[Fact], numbers: set[int]) -> None:
    gone = {MessageId(f"m{number}") for number in numbers}
    left = without_messages(facts, gone)
    assert all(fact.message not in gone for held in fold(left).values() for fact in held)
    assert [fact for fact in facts if fact.message not in gone] == list(left)


@given(FACTS)
def test_a_contradiction_names_the_value_that_holds(facts: list[Fact]) -> None:
    known = fold(facts)
    for found in contradictions(facts):
        assert known[found.field][-1].value == found.later.value
        assert found.earlier.value != found.later.value


def test_two_figures_that_cannot_both_hold_contradict_each_other() -> None:
    found = contradictions([fact(Field.COMPANY_SIZE, people(40)), fact(Field.COMPANY_SIZE, people(65), at=1.0)])
    assert [(one.earlier.value, one.later.value) for one in found] == [(people(40), people(65))]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (people(40), people(42)),
        (people(10, 50), people(38)),
        ("Nell", "Nell Ortega"),
        ("CTO", "cto"),
        (Quantity(low=40, high=40, unit="tickets", period="day"), people(900)),
    ],
)
def test_saying_it_more_exactly_is_no_contradiction(earlier: FactValue, later: FactValue) -> None:
    assert contradictions([fact(Field.NAME, earlier), fact(Field.NAME, later, at=1.0)]) == ()


def test_a_correction_and_a_withdrawal_settle_it() -> None:
    disputed = [fact(Field.COMPANY_SIZE, people(40)), fact(Field.COMPANY_SIZE, people(65), at=1.0)]
    corrected = fact(Field.COMPANY_SIZE, people(60), at=2.0, corrects=True)
    assert contradictions([*disputed, corrected]) == ()
    assert contradictions([*disputed, fact(Field.COMPANY_SIZE, "", at=2.0, operation=Operation.CLEAR)]) == ()
    assert contradictions([disputed[0], replace(disputed[1], corrects=True)]) == ()


def test_the_same_words_again_earn_belief_only_when_they_are_independent() -> None:
    said = fact(Field.COMPANY_SIZE, people(40))
    again = replace(said, id=FactId("b"), at=60.0)
    elsewhere = replace(again, channel="telegram")
    by_rep = replace(again, source=Source.REP)
    next_day = replace(again, at=INDEPENDENT_AFTER)

    assert corroborated([said, again]) == (said, again)
    for witness in (elsewhere, by_rep, next_day):
        earned = corroborated([said, witness])[-1]
        assert earned.standing is Standing.CORROBORATED
        assert earned.confidence == pytest.approx(1 - 0.2 * 0.2)


def test_what_was_taken_back_is_no_witness() -> None:
    said = fact(Field.COMPANY_SIZE, people(40))
    cleared = fact(Field.COMPANY_SIZE, "", at=1.0, operation=Operation.CLEAR)
    later = replace(said, id=FactId("c"), at=2 * INDEPENDENT_AFTER)
    assert corroborated([said, cleared, later])[-1] == later


def test_a_verified_fact_stays_verified() -> None:
    said = fact(Field.EMAIL, "ada@example.com")
    shown = replace(said, id=FactId("v"), standing=Standing.VERIFIED, channel="telegram")
    assert corroborated([said, shown])[-1].standing is Standing.VERIFIED


def test_that_a_fuller_form_settles_a_contradiction_or_takes_its_place() -> None:
    told = [fact(Field.ROLE, "x"), fact(Field.ROLE, "y", at=1.0)]
    assert contradictions([*told, fact(Field.ROLE, "x y", at=2.0)]) == ()
    [found] = contradictions([*told, fact(Field.ROLE, "y z", at=2.0)])
    assert (found.earlier.value, found.later.value) == ("x", "y z")
