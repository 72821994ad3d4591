"""A note is due when a rep would act otherwise, and not for every word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.ids import ConversationId, LeadId, VisitorId
from core.lead import Criterion, Lead, Readiness, ScoreLine
from core.news import worth_telling

WARM = Readiness(level="medium", score=45, probability=0.3, receipt=())
NEED = Criterion(id="need", name="Need", answer="fewer calls")
BUDGET = Criterion(id="budget", name="Budget", answer="")
LEAD = Lead(
    id=LeadId("lead.c"),
    conversation=ConversationId("c"),
    visitor=VisitorId("v"),
    channel="web",
    created_at=1.0,
    updated_at=1.0,
    revision=1,
    email="kim@oak.example",
    readiness=WARM,
    qualification=(NEED, BUDGET),
    reasons=("email_captured",),
)


def test_that_a_criterion_answered_for_the_first_time_is_told() -> None:
    after = replace(LEAD, qualification=(NEED, replace(BUDGET, answer="$500 a month")))
    assert worth_telling(LEAD, after) == ("Budget: $500 a month",)


def test_that_another_answer_is_told_and_one_that_says_more_is_not() -> None:
    more = replace(LEAD, qualification=(replace(NEED, answer="fewer calls, shorter waits"), BUDGET))
    assert worth_telling(LEAD, more) == ()
    other = replace(LEAD, qualification=(replace(NEED, answer="order tracking"), BUDGET))
    assert worth_telling(LEAD, other) == ("Need: order tracking",)


def test_that_an_answer_taken_back_is_left_to_the_card() -> None:
    assert worth_telling(LEAD, replace(LEAD, qualification=(replace(NEED, answer=""), BUDGET))) == ()


@pytest.mark.parametrize("level", ["low", "high"])
def test_that_a_new_level_of_readiness_is_told_by_its_key(level: str) -> None:
    assert worth_telling(LEAD, replace(LEAD, readiness=replace(WARM, level=level))) == (f"level.{level}",)


def test_that_a_wish_for_a_person_comes_first() -> None:
    after = replace(
        LEAD,
        reasons=("email_captured", "hot_signal", "human_requested"),
        readiness=replace(WARM, level="high"),
        qualification=(NEED, replace(BUDGET, answer="none")),
    )
    assert worth_telling(LEAD, after) == ("human_requested", "hot_signal", "level.high", "Budget: none")


@pytest.mark.parametrize(
    "quiet",
    [
        {"revision": 2, "pages": ("https://oak.example/pricing",)},
        {"readiness": replace(WARM, score=49, receipt=(ScoreLine(reason="more", points=49),))},
        {"requirements": (("volume", "30 a day"),)},
        {"objections": ("price",)},
        {"next_step": "Call"},
    ],
    ids=["pages", "score", "requirement", "objection", "step"],
)
def test_that_what_the_card_shows_by_itself_is_no_news(quiet: dict[str, object]) -> None:
    assert worth_telling(LEAD, replace(LEAD, **quiet)) == ()  # type: ignore[arg-type]


def test_that_nothing_is_told_of_a_lead_that_is_closed() -> None:
    closed = replace(LEAD, verdict="won")
    assert worth_telling(closed, replace(closed, readiness=replace(WARM, level="high"))) == ()
