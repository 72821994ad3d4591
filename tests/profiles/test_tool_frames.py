"""How well the role of a named tool is told, over messages of many voices in seven languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.fact import Field
from profiles.interpreter import LocalInterpreter

FRAMES = yaml.safe_load((Path(__file__).parent / "data" / "tool_frames.yaml").read_text(encoding="utf-8"))
ROLES = {"u": Field.TECH_STACK, "w": Field.INTEGRATIONS, "c": Field.COMPETITORS}


def test_that_most_roles_are_told_and_few_are_wrong(talk: Any, interpreter: LocalInterpreter) -> None:
    right = wrong = missed = 0
    for text, told in FRAMES:
        fresh = type(talk)(interpreter)
        fresh.hears(text)
        for key, field in ROLES.items():
            wanted, found = set(told.get(key, ())), set(fresh.knows(field))
            right, wrong, missed = (
                right + len(wanted & found),
                wrong + len(found - wanted),
                missed + len(wanted - found),
            )
    assert right / (right + wrong) >= 0.9
    assert right / (right + missed) >= 0.8


CORRECTED = [
    ("our headcount is 80", "actually we are nearer 30 than 80", Field.COMPANY_SIZE, 30),
    ("Wir sind 40 Leute", "Moment, 44", Field.COMPANY_SIZE, 44),
    ("On est 25 salariés", "ah non, 35 plutôt", Field.COMPANY_SIZE, 35),
    ("Somos 30 funcionários", "opa, 13", Field.COMPANY_SIZE, 13),
    ("We zijn met 20 medewerkers", "nee wacht, 22", Field.COMPANY_SIZE, 22),
    ("Siamo 18 dipendenti", "anzi 28", Field.COMPANY_SIZE, 28),
    ("We are 10 people", "actually, can we get a demo for 3 colleagues?", Field.COMPANY_SIZE, 10),
    ("Wir sind 20 Leute", "Moment, ich frage in 5 Minuten nach", Field.COMPANY_SIZE, 20),
]


@pytest.mark.parametrize(("first", "then", "field", "figure"), CORRECTED)
def test_a_figure_is_put_right_by_an_interjection_but_not_by_any_other_figure(
    talk: Any, first: str, then: str, field: Field, figure: int
) -> None:
    talk.hears(first)
    talk.hears(then)
    assert talk.knows(field).low == figure


@pytest.mark.parametrize("repair", ["no, miento, es Freshdesk", "I meant Freshdesk", "desculpa, é o Freshdesk"])
def test_a_tool_named_bare_in_a_correction_takes_the_role_of_its_kind(talk: Any, repair: str) -> None:
    talk.hears("we use Zendesk")
    talk.hears(repair)
    assert talk.knows(Field.TECH_STACK) == ("Freshdesk",)


@pytest.mark.parametrize(
    "text",
    [
        "one of our customers handles 10k tickets a month with you",
        "the agency that built our site has 12 people",
        "we deliver to 900 restaurants",
    ],
)
def test_what_is_told_of_others_is_no_fact_of_the_visitor(talk: Any, text: str) -> None:
    talk.hears(text)
    assert [talk.knows(one) for one in (Field.VOLUME, Field.COMPANY_SIZE, Field.INDUSTRY)] == [None, None, None]
