"""When a reply asks for the address, what it does with one, and how a person is fetched."""

from __future__ import annotations

from typing import Any

import pytest

from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION
from core.reply import Mode
from core.research import Research
from core.session import EmailAsking
from core.situation import Situation
from core.understanding import Act, EmailReading, EmailVerdict, Intent, VisitorType
from tests.core.pieces import finding
from tests.core.plans import ADDRESS, NEEDS, NOTHING, PRICE, found, phrases_in, planned, said_in, situation


def reading(verdict: EmailVerdict, suggestion: str = "", address: str = "kim@oak.example") -> EmailReading:
    return EmailReading(address=address, verdict=verdict, quote=address, suggestion=suggestion)


def test_the_request_says_why_and_offers_a_way_out() -> None:
    brief = planned(situation(news=NEEDS, intent=Intent.EVALUATING, research=found(PRICE), talk={"turns": 3}))
    reply = said_in(brief)
    assert reply.email_prompt is not None
    assert "100 tickets a day and Shopify" in reply.email_prompt
    assert "only used" in reply.email_prompt
    assert (reply.buttons, brief.awaiting, brief.question) == (("Not now",), EMAIL_QUESTION, None)


def test_a_request_has_something_before_it() -> None:
    brief = planned(situation(intent=Intent.ACTING, talk={"turns": 3, "used_quotes": ("q",)}))
    assert phrases_in(brief) == ["email.lead_in"]
    assert brief.email_prompt is not None


@pytest.mark.parametrize("act", [Act.COMPLAINS, Act.INSTRUCTS_BOT, Act.REFUSES_EMAIL])
def test_some_moments_are_wrong_for_the_request(act: Act) -> None:
    assert planned(situation(act, intent=Intent.ACTING, research=found(PRICE))).email_prompt is None


@pytest.mark.parametrize("acts", [{Act.REFUSES_EMAIL}, {Act.DENIES}, {Act.DENIES, Act.REFUSES_EMAIL}])
def test_a_refusal_is_accepted_without_another_question(acts: set[Act]) -> None:
    state = {"email": EmailAsking(asked=1, asked_turn=1, refused=True)}
    brief = planned(situation(*acts, pending=EMAIL_QUESTION, talk=state))
    assert phrases_in(brief) == ["email.refused"]
    assert (brief.question, brief.email_prompt, brief.awaiting) == (None, None, "")


def test_who_acts_after_a_refusal_hears_once_how_it_goes_on() -> None:
    state: dict[str, Any] = {"email": EmailAsking(asked=1, asked_turn=1, refused=True), "turns": 8}
    first = planned(situation(intent=Intent.ACTING, talk=state))
    assert "email.how" in phrases_in(first)
    assert first.email_prompt is None
    second = planned(situation(intent=Intent.ACTING, talk={**state, "used_phrases": ("email.how#0",)}))
    assert "email.how" not in phrases_in(second)


def test_a_slip_in_the_domain_is_asked_back() -> None:
    brief = planned(situation(email=reading(EmailVerdict.MISTYPED, "kim@oak.test")))
    reply = said_in(brief)
    assert "kim@oak.test" in reply.main_text
    assert (reply.buttons, brief.awaiting) == (("Yes", "No"), EMAIL_CONFIRMATION)


def test_a_no_to_our_spelling_asks_for_theirs() -> None:
    brief = planned(situation(Act.DENIES, pending=EMAIL_CONFIRMATION))
    assert phrases_in(brief) == ["email.again"]
    assert brief.awaiting == EMAIL_QUESTION
    refused = planned(situation(Act.DENIES, Act.REFUSES_EMAIL, pending=EMAIL_CONFIRMATION))
    assert phrases_in(refused) == ["email.refused"]


def test_unusable_addresses_are_sent_back_twice_and_then_done_without() -> None:
    for corrections, phrase in ((1, "email.invalid"), (2, "email.invalid"), (3, "email.kept_as_is")):
        state = {"email": EmailAsking(corrections=corrections)}
        brief = planned(situation(email=reading(EmailVerdict.INVALID, address="kim@oak"), talk=state), NOTHING)
        assert phrases_in(brief) == [phrase]
        assert brief.awaiting == (EMAIL_QUESTION if phrase == "email.invalid" else "")
    assert "“kim@oak”" in said_in(planned(situation(email=reading(EmailVerdict.INVALID, address="kim@oak")))).main_text


def test_a_question_beside_an_unusable_address_is_answered() -> None:
    given = situation(Act.ASKS, questions=("cost?",), email=reading(EmailVerdict.INVALID), research=found(PRICE))
    assert phrases_in(planned(given)) == ["text", "email.invalid"]


def captured(*acts: Act, **more: Any) -> Situation:
    given = {
        "email": reading(EmailVerdict.VALID),
        "news": (ADDRESS,),
        "mode": Mode.SALES,
        "entered_sales": True,
        **more,
    }
    return situation(*acts, **{"intent": Intent.ACTING, **given})


def test_the_address_is_thanked_for_and_what_is_known_summed_up() -> None:
    brief = planned(captured(before=NEEDS, research=found(PRICE)))
    reply = said_in(brief)
    assert "kim@oak.example" in reply.main_text
    assert "Shopify" in reply.main_text
    assert "100 tickets a day" in reply.main_text
    assert PRICE in reply.main_text
    assert reply.buttons == ("Book a demo", "Start a trial", "See pricing")
    assert reply.main_text.count("?") == 1


def test_a_question_beside_the_address_is_answered_or_said_to_be_unknown() -> None:
    both = Research(findings=(finding(PRICE),), unanswered=("any dogs?",), several=True)
    text = said_in(planned(captured(Act.ASKS, questions=("cost?", "any dogs?"), research=both))).main_text
    assert PRICE in text
    assert "“any dogs”" in text


def test_who_wanted_a_person_hears_that_it_is_passed_on() -> None:
    brief = planned(captured(Act.WANTS_HUMAN, talk={"human_asked": True}))
    assert "human.passed_on" in phrases_in(brief)
    assert "sales.propose" not in phrases_in(brief)


def test_who_does_not_buy_is_thanked_for_the_address_and_sold_nothing() -> None:
    brief = planned(captured(talk={"visitor_type": VisitorType.CUSTOMER}))
    assert phrases_in(brief) == ["email.received"]
    assert brief.buttons == ()


def test_another_address_in_sales_mode_is_noted() -> None:
    brief = planned(captured(entered_sales=False))
    assert "email.received" in phrases_in(brief)
    assert brief.email_prompt is None


def test_sales_mode_never_asks_for_the_address() -> None:
    for acts in ((), (Act.WANTS_HUMAN,), (Act.AFFIRMS,)):
        for known in ((), (ADDRESS,)):
            given = situation(
                *acts, mode=Mode.SALES, intent=Intent.ACTING, known=known, research=found(PRICE), talk={"turns": 20}
            )
            assert planned(given).email_prompt is None


# --- a person


def test_who_wants_a_person_is_asked_where_to_answer_once() -> None:
    brief = planned(situation(Act.WANTS_HUMAN, intent=Intent.ACTING))
    assert phrases_in(brief) == ["human.noted"]
    assert brief.email_prompt is not None
    assert brief.email_prompt.phrase == "human.ask_email"
    for state in (EmailAsking(asked=1, asked_turn=1), EmailAsking(refused=True)):
        again = planned(situation(Act.WANTS_HUMAN, intent=Intent.ACTING, talk={"email": state}))
        assert again.email_prompt is None
        assert "human.noted" in phrases_in(again)


def test_with_an_address_the_wish_is_passed_on() -> None:
    given = situation(Act.WANTS_HUMAN, intent=Intent.ACTING, known=(ADDRESS,), mode=Mode.SALES)
    assert phrases_in(planned(given)) == ["human.passed_on"]


# --- questions, closings, buttons
