"""Folding facts: replay gives the same answer, corrections supersede, repetition is no news."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.fact import LIST_FIELDS, Fact, Field, Operation, Quantity
from core.ids import FactId, MessageId
from core.ledger import changes, fold, quantity_of, text_of, texts_of, value_key


def fact(field: Field, value: str | Quantity, operation: Operation = Operation.SET, *, number: int = 0) -> Fact:
    return Fact(
        id=FactId(f"f{number}"),
        field=field,
        value=value,
        operation=operation,
        quote="q",
        message=MessageId("m"),
        channel="web",
        at=0.0,
    )


FACTS = st.lists(
    st.builds(
        lambda field, value, operation, number: fact(
            field,
            value,
            Operation.ADD if field in LIST_FIELDS and operation is Operation.SET else operation,
            number=number,
        ),
        st.sampled_from([Field.COMPANY, Field.ROLE, Field.TECH_STACK, Field.PAINS]),
        st.sampled_from(["a", "b", "B", "c"]),
        st.sampled_from([Operation.SET, Operation.REMOVE, Operation.CLEAR]),
        st.integers(0, 1_000),
    ),
    max_size=30,
)


@given(FACTS)
def test_folding_again_gives_the_same(facts: list[Fact]) -> None:
    assert fold(facts) == fold(tuple(facts))


@given(FACTS)
def test_what_is_known_has_no_value_twice_and_scalars_have_one(facts: list[Fact]) -> None:
    for field, held in fold(facts).items():
        assert held
        assert len({value_key(one.value) for one in held}) == len(held)
        assert field in LIST_FIELDS or len(held) == 1


@given(FACTS)
def test_only_changes_are_news_and_they_lead_to_the_same_knowledge(facts: list[Fact]) -> None:
    news = changes(facts, {})
    values = {field: {value_key(one.value) for one in held} for field, held in fold(news).items()}
    assert values == {field: {value_key(one.value) for one in held} for field, held in fold(facts).items()}


def test_a_correction_supersedes() -> None:
    ten, thirty = (Quantity(low=n, high=n, unit="employees") for n in (10.0, 30.0))
    known = fold([fact(Field.COMPANY_SIZE, ten), fact(Field.COMPANY_SIZE, thirty)])
    assert quantity_of(known, Field.COMPANY_SIZE) == thirty


def test_lists_grow_shrink_and_clear() -> None:
    add, remove = Operation.ADD, Operation.REMOVE
    grown = [fact(Field.TECH_STACK, "Vue", add), fact(Field.TECH_STACK, "Go", add), fact(Field.TECH_STACK, "vue", add)]
    assert texts_of(fold(grown), Field.TECH_STACK) == ("Vue", "Go")
    assert texts_of(fold([*grown, fact(Field.TECH_STACK, "VUE", remove)]), Field.TECH_STACK) == ("Go",)
    assert Field.TECH_STACK not in fold([*grown, fact(Field.TECH_STACK, "", Operation.CLEAR)])


def test_repetition_and_removal_of_the_unknown_are_no_news() -> None:
    known = fold([fact(Field.ROLE, "CTO")])
    assert changes([fact(Field.ROLE, "cto"), fact(Field.COMPANY, "x", Operation.CLEAR)], known) == ()
    assert text_of(known, Field.ROLE) == "CTO"
