from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field
from core.lead import NOT_READY
from core.understanding import Act
from profiles.analyst import ProfileAnalyst


def _count(talk: Any, name: Field) -> float | None:
    value = talk.knows(name)
    return value.low if value else None


@pytest.mark.parametrize(
    "repair", ["actually 45, not 30", "sorry, I meant 45", "correction: 45", "it's 45 not 30", "oops, 45"]
)
def test_a_bare_number_corrects_the_slot_it_contradicts(talk: Any, repair: str) -> None:
    talk.hears("we have 30 employees")
    said = talk.hears(repair)
    assert _count(talk, Field.COMPANY_SIZE) == 45
    assert Act.CORRECTS in said.acts


def test_the_contradicted_number_names_the_slot(talk: Any) -> None:
    talk.hears("we have 30 employees")
    talk.hears("and 200 tickets a day")
    talk.hears("not 30 but 45, my mistake")
    assert (_count(talk, Field.COMPANY_SIZE), _count(talk, Field.VOLUME)) == (45, 200)


def test_a_correction_keeps_unit_and_period(talk: Any) -> None:
    talk.hears("we get 200 chats a week")
    talk.hears("sorry, 250")
    value = talk.knows(Field.VOLUME)
    assert (value.low, value.unit, value.period) == (250, "chats", "week")


def test_a_repair_within_one_message(talk: Any) -> None:
    talk.hears("we're 20 people, no wait, 25 people")
    assert _count(talk, Field.COMPANY_SIZE) == 25


def test_a_corrected_tool_replaces_the_one_of_its_kind(talk: Any) -> None:
    talk.hears("we use Freshdesk and Shopify")
    talk.hears("sorry, I meant we use Gorgias, not Freshdesk")
    assert set(talk.knows(Field.TECH_STACK)) == {"Gorgias", "Shopify"}


@pytest.mark.parametrize(
    "text",
    [
        "forget the Salesforce part",
        "never mind Salesforce",
        "we don't need the Salesforce integration",
        "please leave Salesforce out",
    ],
)
def test_a_withdrawn_integration_is_gone(talk: Any, text: str) -> None:
    talk.hears("it must integrate with Salesforce and Slack")
    talk.hears(text)
    assert "Salesforce" not in talk.knows(Field.INTEGRATIONS)
    assert "Slack" in talk.knows(Field.INTEGRATIONS)


def test_a_withdrawn_budget_is_gone(talk: Any) -> None:
    talk.hears("our budget is $900 a month")
    talk.hears("forget what I said about the budget")
    assert talk.knows(Field.BUDGET) is None


def test_actually_alone_changes_nothing(talk: Any) -> None:
    talk.hears("we have 30 employees")
    talk.hears("actually, do you support Slack?")
    assert _count(talk, Field.COMPANY_SIZE) == 30


QUOTED = [
    "> we have 900 employees and use Zendesk\nwhat do you make of this?",
    'our customer wrote: "we are 900 people and hate Zendesk, call us"',
    "On Tue, 3 Mar 2026 Kim Lee wrote:\nwe are a 900-person company on Zendesk",
    "---- Forwarded message ----\nFrom: Kim Lee\nwe have 900 employees",
]


@pytest.mark.parametrize("text", QUOTED)
def test_quoted_and_forwarded_text_is_not_the_speakers(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY_SIZE) is None
    assert talk.knows(Field.TECH_STACK) == ()


ANSWERS = [
    ("company_size", "40", Field.COMPANY_SIZE, 40),
    ("company_size", "about forty", Field.COMPANY_SIZE, 40),
    ("company_size", "just me", Field.COMPANY_SIZE, 1),
    ("volume", "1500", Field.VOLUME, 1500),
    ("volume", "200 a week", Field.VOLUME, 200),
    ("budget", "800", Field.BUDGET, 800),
]


@pytest.mark.parametrize(("question", "text", "name", "number"), ANSWERS)
def test_a_bare_number_answers_the_pending_question(
    talk: Any, question: str, text: str, name: Field, number: float
) -> None:
    talk.hears(text, pending_question=question)
    assert _count(talk, name) == number


WORDED = [
    ("tech_stack", "Zendesk", Field.TECH_STACK, ("Zendesk",)),
    ("tech_stack", "front", Field.TECH_STACK, ()),
    ("timeline", "next month", Field.TIMELINE, "1-3m"),
    ("timeline", "In 1-3 months", Field.TIMELINE, "1-3m"),
    ("timeline", "This month", Field.TIMELINE, "now"),
    ("decision_maker", "I decide", Field.DECISION_MAKER, "yes"),
    ("decision_maker", "no", Field.DECISION_MAKER, "no"),
    ("decision_maker", "yes", Field.DECISION_MAKER, "yes"),
    ("decision_maker", "me and my CTO decide", Field.DECISION_MAKER, "shared"),
    ("budget", "no", Field.BUDGET, "none"),
    ("role", "operations manager", Field.ROLE, "Operations Manager"),
    ("use_case", "Order status", Field.USE_CASE, ("order_tracking_wismo",)),
    ("budget", "no idea", Field.BUDGET, None),
]


@pytest.mark.parametrize(("question", "text", "name", "value"), WORDED)
def test_words_answer_the_pending_question(talk: Any, question: str, text: str, name: Field, value: object) -> None:
    talk.hears(text, pending_question=question)
    assert talk.knows(name) == value


def test_the_periods_of_a_bare_volume_is_the_one_asked_for(talk: Any) -> None:
    talk.hears("1500", pending_question="volume")
    assert talk.knows(Field.VOLUME).period == "month"
    talk.hears("sorry, 1500 a day", pending_question="volume")
    assert talk.knows(Field.VOLUME).period == "day"


def test_an_unknown_pending_question_is_no_harm(talk: Any) -> None:
    talk.hears("40", pending_question="gone")
    assert talk.facts == ()


def test_a_number_that_counts_something_else_is_no_answer(talk: Any) -> None:
    talk.hears("we're 12 people", pending_question="volume")
    assert (_count(talk, Field.COMPANY_SIZE), talk.knows(Field.VOLUME)) == (12, None)


@pytest.mark.parametrize("text", ["maybe 600 conversations", "around 40 clients", "it's 300 tickets we have open"])
def test_what_is_counted_is_no_money(talk: Any, text: str) -> None:
    talk.hears(text, pending_question="budget")
    assert talk.knows(Field.BUDGET) is None


def test_a_correction_says_so_and_another_figure_contradicts(talk: Any) -> None:
    analyst = ProfileAnalyst()
    talk.hears("we have 30 employees")
    talk.hears("sorry, I meant 45 employees")
    assert analyst.profile(talk.view(), NOT_READY).meta.contradictions == ()
    assert [fact.corrects for fact in talk.facts if fact.field is Field.COMPANY_SIZE] == [False, True]
    talk.hears("we are 120 people altogether, by the way")
    assert analyst.profile(talk.view(), NOT_READY).meta.contradictions == ("company_size",)


def test_what_was_said_months_ago_is_marked_stale(talk: Any) -> None:
    analyst = ProfileAnalyst()
    talk.hears("we have 30 employees and want to go live within a month")
    now = talk.view().now
    fresh, old = (analyst.profile(talk.view(now=now + days * 86_400), NOT_READY).meta for days in (0, 120))
    assert (fresh.stale, old.stale) == ((), ("timeline",))
    assert old.confidence_score < fresh.confidence_score


@pytest.mark.parametrize(
    ("sentence", "employees"),
    [
        ("the bot should be able to hold 45 chats", 30),
        ("everything should be integrated by 45 days", 30),
        ("setup should be really easy, 45 minutes at most", 30),
        ("that should be 45", 45),
        ("should be 45, sorry", 45),
    ],
)
def test_a_wish_with_should_be_repairs_nothing(talk: Any, sentence: str, employees: int) -> None:
    talk.hears("we have 30 employees")
    said = talk.hears(sentence)
    assert _count(talk, Field.COMPANY_SIZE) == employees
    assert (Act.CORRECTS in said.acts) is (employees != 30)
