from __future__ import annotations

from math import inf

import pytest

from core.fact import Quantity
from core.ids import PersonaId
from core.persona import Persona
from personas.lexicon import lexicon
from personas.sizes import Employees, from_quantity, stated, usual_size


@pytest.mark.parametrize(
    ("description", "sizes", "expected"),
    [
        ("Shops with 10 to 300 employees.", ("enterprise",), Employees(least=10, most=300)),
        ("Groups with more than 1,000 employees.", (), Employees(least=1000, most=inf)),
        ("Some companies.", ("solo",), Employees(least=1, most=1)),
        ("Some companies.", ("startup", "mid_market"), Employees(least=2, most=1000)),
        ("Some companies.", ("mid_market", "enterprise"), Employees(least=51, most=inf)),
        ("Some companies.", (), None),
    ],
)
def test_the_usual_size_is_stated_or_follows_from_labels(
    description: str, sizes: tuple[str, ...], expected: Employees | None
) -> None:
    persona = Persona(id=PersonaId("p"), name="P", description=description, company_sizes=sizes)
    assert usual_size(persona, frozenset(sizes), lexicon().sizes) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("we're a 10-person team", 10),
        ("about 1,200 employees", 1200),
        ("5k people work here", 5000),
        ("first 8 people, now 12 people", 12),
        ("40 agents and 300 tickets", None),
        ("", None),
    ],
)
def test_people_are_counted_in_words(text: str, number: float | None) -> None:
    found = stated(text)
    assert (found.least if found else None) == number


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(10, 10, "10 employees"), (20, 50, "20 to 50 employees"), (1000, None, "at least 1,000 employees")],
)
def test_numbers_are_put_into_words(low: float | None, high: float | None, words: str) -> None:
    found = from_quantity(Quantity(low=low, high=high))
    assert found is not None
    assert found.words == words


def test_a_quantity_without_ends_says_nothing() -> None:
    assert from_quantity(Quantity(low=None, high=None)) is None


def test_distance_is_counted_in_doublings() -> None:
    usual = Employees(least=10, most=40)
    assert Employees(least=20, most=20).doublings_from(usual) == 0
    assert Employees(least=160, most=160).doublings_from(usual) == 2
    assert Employees(least=5, most=5).doublings_from(usual) == 1
    assert Employees(least=30, most=inf).doublings_from(usual) == 0
