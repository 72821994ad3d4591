"""Facts in words, as they are said back to the visitor and shown to sales."""

from __future__ import annotations

import pytest

from config.phrases import shipped_phrases
from core.fact import Fact, FactValue, Field, Quantity
from core.wording import facts_in_words, label_in_words, listed, number_in_words, quantity_in_words, value_in_words
from tests.core.pieces import count, fact
from tests.core.talking import english


@pytest.mark.parametrize(
    ("number", "words"), [(100.0, "100"), (2.5, "2.5"), (12_000.0, "12,000"), (1234.5, "1,234.5"), (0.0, "0")]
)
def test_numbers(number: float, words: str) -> None:
    assert number_in_words(number, english()) == words


@pytest.mark.parametrize(
    ("language", "words"), [("de", "12.000,5"), ("fr", "12\u202f000,5"), ("es", "12.000,5"), ("pt", "12.000,5")]
)
def test_numbers_are_set_apart_as_the_language_does_it(language: str, words: str) -> None:
    assert number_in_words(12_000.5, shipped_phrases(language)) == words


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (count(100, "tickets", "day"), "100 tickets a day"),
        (Quantity(low=10, high=20, unit="agents"), "10–20 agents"),
        (Quantity(low=500, high=None), "at least 500"),
        (Quantity(low=None, high=500, unit="tickets", period="month"), "up to 500 tickets a month"),
        (count(200_000, currency="EUR", period="year"), "200,000 EUR a year"),
        (count(40, "phone_calls", "week"), "40 phone calls a week"),
        (count(5, "emails", "fortnight"), "5 emails"),
        (count(1, "tickets", "day"), "one ticket a day"),
        (count(1, "chats", "day"), "1 chats a day"),
        (Quantity(low=None, high=None, unit="tickets"), ""),
    ],
)
def test_quantities(quantity: Quantity, words: str) -> None:
    assert quantity_in_words(quantity, english()) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [("soc2", "SOC 2"), ("3-6m", "in three to six months"), ("order_status", "order status"), ("Node.js", "Node.js")],
)
def test_labels(label: str, words: str) -> None:
    assert label_in_words(label, english()) == words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Field.COMPANY_SIZE, count(25, "employees"), "a team of 25 people"),
        (Field.COMPANY_SIZE, count(1, "employees"), "a team of one"),
        (Field.TEAM_SIZE, count(1, "agents"), "one agent"),
        (Field.BUDGET, count(300, currency="USD", period="month"), "a budget of 300 USD a month"),
        (Field.BUDGET, "none", "no fixed budget"),
        (Field.TIMELINE, "none", "no fixed date"),
        (Field.TIMELINE, "now", "within a month"),
        (Field.COMPANY, "none", "none"),
    ],
)
def test_values_as_people_say_them(field: Field, value: FactValue, words: str) -> None:
    assert value_in_words(field, value, english()) == words


@pytest.mark.parametrize(
    ("items", "words"),
    [((), ""), (("", "a"), "a"), (("a", "a"), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_lists(items: tuple[str, ...], words: str) -> None:
    assert listed(items, english()) == words


STACK: tuple[Fact, ...] = tuple(fact(Field.TECH_STACK, name) for name in ("Vue", "Go", "Redis"))


def test_facts_stand_in_the_order_of_the_fields_and_what_was_inferred_is_not_said() -> None:
    facts = (*STACK[:1], fact(Field.PAINS, "slow_answers"), fact(Field.NAME, "Ann"))
    assert facts_in_words(facts, english()) == "Ann and Vue"
    assert facts_in_words(facts, english(), fields=(Field.PAINS,)) == "slow answers"
    assert facts_in_words((), english()) == ""


def test_no_more_facts_are_named_than_wanted() -> None:
    assert facts_in_words((*STACK, STACK[0]), english(), most=2) == "Vue and Go"
