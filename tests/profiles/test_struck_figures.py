"""Figures that are taken back by naming them, and those that take their place."""

from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field


@pytest.mark.parametrize(
    ("first", "then", "field", "left"),
    [
        ("around 700 chats monthly", "the 700 was a guess, ignore it please", Field.VOLUME, None),
        ("there are 60 of us, budget 400 euros a month", "drop the 400, nobody agreed to it", Field.BUDGET, None),
        ("the contact centre has 210 agents", "strike the 210, that's before the regrade. 190.", Field.TEAM_SIZE, 190),
        ("we have 12 agents", "one thing back: two of those agents left in autumn, so it is ten.", Field.TEAM_SIZE, 10),
        ("wir kriegen 130 mails am tag", "ne quatsch das war vor ostern. jetzt so 55", Field.VOLUME, 55),
        ("nous recevons 2000 mails par mois", "les 2 000, oubliez-les, c'était juin. Plutôt 900.", Field.VOLUME, 900),
        ("we're 25 people", "no, that was last year. 41 now", Field.COMPANY_SIZE, 41),
        ("we get 100 tickets a day", "no thats her guess. its 40 a day, i counted", Field.VOLUME, 40),
    ],
)
def test_a_struck_figure_is_gone(talk: Any, first: str, then: str, field: Field, left: float | None) -> None:
    talk.hears(first)
    assert talk.knows(field) is not None
    talk.hears(then)
    value = talk.knows(field)
    assert (value and value.low) == left


@pytest.mark.parametrize(
    ("first", "then", "field", "left"),
    [
        ("we have 70 agents", "what's the monthly for 70 on the one with scheduling in it", Field.TEAM_SIZE, 70),
        ("we have 20 agents", "that was quick. do you support 5 languages?", Field.TEAM_SIZE, 20),
        ("500 chats a week", "we sit in 3 time zones now and it was hard", Field.VOLUME, 500),
        ("we get 50 tickets a day", "now that you ask, how do you count a ticket?", Field.VOLUME, 50),
    ],
)
def test_other_talk_of_what_was_strikes_nothing(talk: Any, first: str, then: str, field: Field, left: float) -> None:
    talk.hears(first)
    talk.hears(then)
    assert talk.knows(field).low == left


def test_a_supposition_ends_where_the_present_is_told(talk: Any) -> None:
    talk.hears("if we ever hit 9k tickets we'd need more people, right now it's 240 a month")
    assert (talk.knows(Field.VOLUME).low, talk.knows(Field.VOLUME).period) == (240, "month")


def test_whoever_counts_what_comes_in_is_no_mere_customer(talk: Any) -> None:
    talk.hears("where is my parcel, it should have come on friday")
    talk.hears("and we get 120 mails a day at our own shop")
    assert talk.knows(Field.VOLUME).low == 120


@pytest.mark.parametrize(
    ("first", "then", "field"),
    [
        ("we're 35 staff", "and please don't store that", Field.COMPANY_SIZE),
        ("my phone is +44 7700 900456", "actually rather not by phone. remove it", Field.PHONE),
        ("budget is 9k", "please don't write the budget down", Field.BUDGET),
    ],
)
def test_that_takes_back_what_was_said_last(talk: Any, first: str, then: str, field: Field) -> None:
    talk.hears(first)
    assert talk.knows(field) is not None
    talk.hears(then)
    assert talk.knows(field) is None


@pytest.mark.parametrize(
    ("said", "field", "read"),
    [
        ("black friday week we do 4000 chats, any normal week it's more like 700", Field.VOLUME, 700),
        ("our biggest client gets 9k calls a month, we ourselves maybe 300", Field.VOLUME, 300),
        ("if we merged with the other branch we'd be 95, today we are 43", Field.COMPANY_SIZE, 43),
        ("how much for 50 agents? we only have 8", Field.TEAM_SIZE, 8),
        ("we had 40 people before the layoffs, there's 26 of us left", Field.COMPANY_SIZE, 26),
    ],
)
def test_a_number_borrows_the_noun_said_before(talk: Any, said: str, field: Field, read: float) -> None:
    talk.hears(said)
    assert talk.knows(field).low == read


@pytest.mark.parametrize(
    ("said", "heads"), [("it's me and Priya", 2), ("four full time and two students", 6), ("me, Ana and the intern", 3)]
)
def test_people_who_answer_are_counted(talk: Any, said: str, heads: int) -> None:
    talk.hears(said, pending_question="team_size")
    assert talk.knows(Field.TEAM_SIZE).low == heads
