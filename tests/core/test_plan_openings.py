"""The first reply: what it is, what it knows of page and audiences, and how who comes back is greeted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.aspects import Aspect
from core.message import MessageKind, Page
from core.plan import PERSONA_QUESTION
from core.reply import UNASKED_WORDS
from core.suggestion import Suggestion
from tests.core.pieces import finding, message
from tests.core.plans import (
    GROWER,
    PRICE,
    found,
    opened,
    phrases_in,
    planned,
    planner,
    said_in,
)

AUDIENCES = ("Growers", "Florists", "Gardeners", "Farmers")


def test_the_greeting_says_what_it_is_offers_a_person_and_knows_page_and_audiences() -> None:
    brief = planned(opened(audiences=AUDIENCES))
    reply = said_in(brief)
    assert "automated assistant" in reply.main_text
    assert "person" in reply.main_text
    assert "“Our plans”" in reply.main_text
    assert reply.buttons == AUDIENCES[:3]
    assert brief.awaiting == PERSONA_QUESTION
    assert "How can I help" not in reply.main_text
    assert len(reply.main_text.split()) <= 30


def test_the_greeting_quotes_a_short_sentence_of_the_page() -> None:
    brief = planned(opened(research=found(" ".join(["word"] * 30), PRICE), audiences=AUDIENCES))
    assert PRICE in said_in(brief).main_text
    assert said_in(brief).citations[0].quote == PRICE


def test_who_reads_a_page_for_one_audience_is_not_asked_which_it_is() -> None:
    brief = planned(opened(audiences=AUDIENCES, likely=GROWER))
    assert brief.question is None
    assert said_in(brief).buttons == ("Seeds", "Soil", "Prices")


LINE = "Does this sound familiar: seedlings dry out before the weekend?"
OTHER_LINE = "Is it the same with you: nobody waters at night?"


def test_a_kind_of_customer_is_opened_with_a_line_of_their_own() -> None:
    page = found("We keep seedlings moist for three days.")
    brief = planned(opened(likely=GROWER, openers=(LINE,), research=page))
    assert LINE in said_in(brief).main_text
    assert "seedlings moist" not in said_in(brief).main_text
    assert len(said_in(brief).main_text.split()) <= UNASKED_WORDS


def test_the_invitation_and_the_greeting_after_it_begin_differently() -> None:
    offer = Suggestion(aspect=Aspect.GROWTH, finding=finding("We keep seedlings moist."), buttons=("Seeds",))
    given = opened(likely=GROWER, openers=(LINE, OTHER_LINE))
    invited = said_in(planner().invitation(given, offer)).main_text
    assert LINE in invited
    assert len(invited.split()) <= UNASKED_WORDS
    assert OTHER_LINE in said_in(planned(given)).main_text
    pressed = (replace(message("", MessageKind.OPENED), prompt=invited),)
    after = replace(given, openers=(LINE,), view=replace(given.view, messages=pressed))
    assert LINE not in said_in(planned(after)).main_text


def test_lines_that_are_too_long_or_for_who_comes_back_are_left_out() -> None:
    page = found("We keep seedlings moist for three days.")
    assert "seedlings moist" in said_in(planned(opened(openers=(f"{LINE} " * 3,), research=page))).main_text
    assert LINE not in said_in(planned(opened(openers=(LINE,), research=page, returning=True))).main_text


@pytest.mark.parametrize(
    "given", [{"returning": True}, {"talk": {"turns": 4, "introduced": True}}, {"talk": {"introduced": True}}]
)
def test_who_comes_back_is_greeted_as_such(given: dict[str, Any]) -> None:
    brief = planned(opened(**given))
    assert phrases_in(brief)[0] == "greet.again"
    assert brief.question is None


def test_the_companys_name_is_no_news_about_the_page() -> None:
    home = Page(url="https://harbour.example/", title="Harbour Desk")
    assert phrases_in(planned(opened(talk={"page": home}))) == ["greet.hello"]
    assert phrases_in(planned(opened(talk={"page": None}))) == ["greet.hello"]


def test_an_endless_title_is_cut() -> None:
    page = Page(url="https://harbour.example/", title="plans " * 100)
    assert len(said_in(planned(opened(talk={"page": page}))).main_text) < 200


def test_the_greetings_fallback_is_a_greeting() -> None:
    assert planned(opened()).fallback.phrase == "greet.hello"
