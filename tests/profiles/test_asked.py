"""Which of our questions another bot's message asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fact import Field
from core.receiving import EMAIL_QUESTION
from profiles.asked import QuestionSpotter

FIELDS = (
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.VOLUME,
    Field.BUDGET,
    Field.TIMELINE,
    Field.ROLE,
    Field.DECISION_MAKER,
    Field.TECH_STACK,
    Field.INTEGRATIONS,
)
SPOTTER = QuestionSpotter({field: field.value for field in FIELDS})


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Great. How many people work at your company?", "company_size"),
        ("How many agents would use it?", "team_size"),
        ("Roughly how many tickets do you handle in a month?", "volume"),
        ("Do you have a budget in mind?", "budget"),
        ("By when do you need it? We can start soon.", "timeline"),
        ("May I ask what's your role there?", "role"),
        ("Who else is involved in the decision?", "decision_maker"),
        ("Which help desk are you using today?", "tech_stack"),
        ("What should we connect it with, which integrations matter?", "integrations"),
        ("What's the best email to reach you?", EMAIL_QUESTION),
        ("Could I have your e-mail address so that we can send the details?", EMAIL_QUESTION),
        ("Wie viele Tickets bekommen Sie im Monat?", "volume"),
        ("We answer tickets in 42 languages.", ""),
        ("Hello, nice to meet you!", ""),
        ("", ""),
    ],
)
def test_the_last_question_is_recognised(text: str, asked: str) -> None:
    assert SPOTTER.spot(text) == asked


@given(st.text(max_size=300))
def test_any_text_is_harmless(text: str) -> None:
    assert SPOTTER.spot(text) in {"", EMAIL_QUESTION, *(field.value for field in FIELDS)}
