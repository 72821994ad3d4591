"""Questions by their form: without a mark, several in a sentence, in the middle of what somebody tells."""

from __future__ import annotations

from typing import Any

import pytest

ASKED = [
    ("we run two bakeries, do you deliver on sundays", ("do you deliver on sundays",)),
    ("evening, how many trays does one van take", ("evening, how many trays does one van take",)),
    ("right so roughly, whats a pallet to Leeds", ("whats a pallet to Leeds",)),
    ("is there parking and how late are you open?", ("is there parking", "how late are you open?")),
    (
        "I must find out two things: whether you file in Utah, and what a second shop costs.",
        ("whether you file in Utah", "what a second shop costs."),
    ),
    (
        "need to know (a) if you pick up and (b) whether we sign for a year",
        ("if you pick up", "whether we sign for a year"),
    ),
    ("is that real or is there a catch", ("is that real or is there a catch",)),
    ("What sort of contract do you want and which plan would we need", None),
    ("das ist gut, und wo stehen eure Server", ("wo stehen eure Server",)),
    ("bom. em qual plano entra", ("em qual plano entra",)),
    ("and for thirty drivers", ("and for thirty drivers",)),
    ("予約の変更もできますか。うちは三店舗です。", ("予約の変更もできますか。",)),
]
TOLD = [
    "my brother, who is also our accountant, reads along",
    "Customers keep asking where their parcel is",
    "would like it in before the summer",
    "it moved to a new system, which the till would have to talk to",
    "three of those vans were sold, so it is nine",
    "do book me a demo",
    "let me think about it",
]


@pytest.mark.parametrize(("text", "questions"), ASKED)
def test_that_a_question_is_found_wherever_it_stands(talk: Any, text: str, questions: tuple[str, ...] | None) -> None:
    found = talk.hears(text).questions
    assert found == questions if questions else len(found) == 2


@pytest.mark.parametrize("text", TOLD)
def test_that_what_is_told_is_no_question(talk: Any, text: str) -> None:
    assert talk.hears(text).questions == ()
