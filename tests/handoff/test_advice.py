"""Receipts and next steps in the team's language: everything the shipped analysis says, in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
import yaml

from core.lead import Lead, Readiness, ScoreLine
from handoff.advice import advised
from handoff.card import card_texts
from handoff.view import TeamView
from handoff.words import team_languages, team_words

OTHERS = [language for language in team_languages() if language != "en"]


def shipped() -> Iterator[str]:
    analysis = yaml.safe_load((files("profiles") / "resources" / "analysis.yaml").read_text("utf-8"))
    yield from (one["say"] for one in analysis["next_steps"])
    yield from (one["reason"] for one in (*analysis["readiness"]["rules"], *analysis["readiness"]["caps"]))
    yield from ("Most there is", "Least there is")


@pytest.mark.parametrize("language", OTHERS)
def test_that_all_the_profile_says_has_words(language: str) -> None:
    advice = team_words(language).advice
    assert set(shipped()) <= set(advice)
    for known, words in advice.items():
        assert words.strip()
        assert known.count("{") == words.count("{") <= 1
        slot = known.partition("{")[2]
        assert slot in words
        assert not slot or known.endswith("}"), "a text is found by what stands before its value"


def test_that_values_stay_and_caps_are_put_into_words() -> None:
    advice = team_words("de").advice
    assert advised("Volume known: 400 tickets a month", advice) == "Menge bekannt: 400 tickets a month"
    assert advised("Capped: no budget", advice) == "Begrenzt: Kein Budget"
    assert advised("Show how it works with Jira", advice) == "Zeigen, wie es mit Jira läuft"
    assert advised("Ask about the budget", advice) == "Nach dem Budget fragen"
    assert advised("Our own advice", advice) == "Our own advice"
    assert advised("Ask about the budget", team_words("en").advice) == "Ask about the budget"


def test_that_a_card_is_in_one_language(make_lead: Callable[..., Lead]) -> None:
    receipt = (ScoreLine(reason="Asked about prices", points=3), ScoreLine(reason="Decides alone", points=9))
    ready = Readiness(level="medium", score=12, probability=0.2, receipt=receipt)
    lead = make_lead(readiness=ready, next_step="Book the demo they asked for")
    shown = str(card_texts(lead, TeamView(words=team_words("nl"))))
    assert "De gevraagde demo plannen" in shown
    assert "Beslist alleen +9, Vroeg naar prijzen +3" in shown
