"""Amounts proposed or capped, a scale said once of both ends, parts of a whole, and times told by events."""

from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Quantity


def _ends(value: Any) -> Any:
    return (value.low, value.high) if isinstance(value, Quantity) else value


@pytest.mark.parametrize(
    ("said", "field", "read"),
    [
        ("two to three hundred a day come in by mail", Field.VOLUME, (200, 300)),
        ("somewhere between 3 and 4k a year is fine", Field.BUDGET, (3000, 4000)),
        ("disons 700 euros par mois", Field.BUDGET, (700, 700)),
        (
            "our shoppers pay about 60 dollars a year each, so i can't go above 90 a month for this",
            Field.BUDGET,
            (None, 90),
        ),
        ("30 of our 140 people would use it", Field.TEAM_SIZE, (30, 30)),
        ("we zijn met 48 mensen, waarvan 6 op de klantenservice", Field.TEAM_SIZE, (6, 6)),
        ("eine Gruppe von drei Praxen mit zusammen etwa siebzig Beschäftigten", Field.COMPANY_SIZE, (70, 70)),
        ("nous sommes une agence de onze personnes", Field.COMPANY_SIZE, (11, 11)),
        ("has to run before school starts", Field.TIMELINE, "3-6m"),
        ("go live jan, so not rushing", Field.TIMELINE, "6-12m"),
        ("within the next fortnight we want to start", Field.TIMELINE, "now"),
        ("call it a year from now to be live", Field.TIMELINE, "6-12m"),
        ("Thanks, Ida Holmqvist", Field.NAME, "Ida Holmqvist"),
        ("ich heiße Jan Petri und arbeite für die Firma Ostholz GmbH", Field.COMPANY, "Ostholz GmbH"),
    ],
)
def test_that_it_is_read(talk: Any, said: str, field: Field, read: Any) -> None:
    talk.hears(said)
    assert _ends(talk.knows(field)) == read


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("there are 60 of us, what would that cost", Field.BUDGET),
        ("so your plan is up to 300 euros a month", Field.BUDGET),
        ("me and my brother are looking for something", Field.COMPANY_SIZE),
        ("two of our people left at christmas", Field.TIMELINE),
        ("hi, plumber here", Field.NAME),
        ("it should fall within their duties to start", Field.TIMELINE),
    ],
)
def test_that_it_is_not_read(talk: Any, said: str, field: Field) -> None:
    talk.hears(said)
    assert talk.knows(field) is None
