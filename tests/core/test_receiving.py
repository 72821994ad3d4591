"""Taking a burst in: what arrived, where from, and where the request for an address stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.ids import MessageId
from core.message import MessageKind, Page
from core.receiving import (
    EMAIL_CONFIRMATION,
    EMAIL_QUESTION,
    PAGES_LIMIT,
    VISIT_GAP,
    absorb,
    begin,
    receive,
    spoken,
    with_broken_address,
)
from core.session import SAID_LIMIT, EmailAsking
from core.understanding import Act, EmailReading, EmailVerdict, Intent, Understanding, VisitorType
from tests.core.pieces import message, session

HOME, PLANS = Page(url="https://harbour.example/"), Page(url="https://harbour.example/plans/", title="Plans")


def reading(verdict: EmailVerdict, suggestion: str = "") -> EmailReading:
    return EmailReading(address="kim@oak.example", verdict=verdict, quote="kim@oak.example", suggestion=suggestion)


def test_a_conversation_begins_empty() -> None:
    state = begin(message("hi", at=5.0))
    assert (state.session.turns, state.session.started_at, state.facts, state.lead) == (0, 5.0, (), None)


def test_a_burst_is_one_turn_of_several_messages() -> None:
    burst = (message("hi", at=1.0), message("we are 10", id=MessageId("m2"), at=2.0))
    taken = receive(session(), burst)
    assert (taken.turns, taken.messages, taken.last_at) == (1, 2, 2.0)
    assert (taken.said, taken.first_message) == ("hi\nwe are 10", "hi")


@pytest.mark.parametrize("kind", [MessageKind.OPENED, MessageKind.TIMER])
def test_what_nobody_said_is_no_turn(kind: MessageKind) -> None:
    silent = (message("session_15m", kind),)
    taken = receive(session(said="before"), silent)
    assert (spoken(silent), taken.turns, taken.messages, taken.said) == ((), 0, 0, "before")


def test_pages_are_kept_in_order_without_standing_still_and_with_a_limit() -> None:
    taken = session()
    for number, page in enumerate((HOME, HOME, PLANS, HOME)):
        taken = receive(taken, (message("x", page=page, at=float(number)),))
    assert taken.pages == (HOME.url, PLANS.url, HOME.url)
    assert (taken.first_page, taken.page) == (HOME, HOME)
    for number in range(3 * PAGES_LIMIT):
        taken = receive(taken, (message("x", page=Page(url=f"https://harbour.example/{number}")),))
    assert len(taken.pages) == PAGES_LIMIT


def test_a_message_without_a_page_stays_on_the_last_one() -> None:
    taken = receive(session(page=PLANS, first_page=HOME), (message("x"),))
    assert (taken.page, taken.first_page) == (PLANS, HOME)


def test_only_the_newest_words_are_kept() -> None:
    taken = receive(session(said="old " * SAID_LIMIT), (message("the newest"),))
    assert len(taken.said) == SAID_LIMIT
    assert taken.said.endswith("the newest")


def test_a_long_silence_is_another_visit_and_an_earlier_clock_changes_nothing() -> None:
    before = session(turns=1, last_at=100.0)
    assert receive(before, (message("x", at=101.0 + VISIT_GAP),)).visits == 2
    assert receive(before, (message("x", at=100.0 + VISIT_GAP),)).visits == 1
    back = receive(before, (message("x", at=1.0),))
    assert (back.visits, back.last_at) == (1, 100.0)


def test_what_a_burst_meant_is_absorbed() -> None:
    said = Understanding(
        language="de", intent=Intent.EVALUATING, questions=("Preis?", "Wann?"), acts=frozenset({Act.WANTS_HUMAN})
    )
    taken = absorb(session(intent_peak=Intent.ACTING, questions_asked=1), said)
    assert (taken.language, taken.intent, taken.intent_peak) == ("de", Intent.EVALUATING, Intent.ACTING)
    assert (taken.questions_asked, taken.human_asked) == (3, True)


def test_a_kind_of_visitor_once_known_is_not_forgotten() -> None:
    student = session(visitor_type=VisitorType.STUDENT)
    assert absorb(student, Understanding()).visitor_type is VisitorType.STUDENT
    assert absorb(student, Understanding(visitor_type=VisitorType.BUYER)).visitor_type is VisitorType.BUYER


@pytest.mark.parametrize(
    ("pending", "acts", "refused"),
    [
        ("", {Act.REFUSES_EMAIL}, True),
        (EMAIL_QUESTION, {Act.DENIES}, True),
        (EMAIL_CONFIRMATION, {Act.DENIES}, False),  # "no, not that spelling"
        ("volume", {Act.DENIES}, False),
        (EMAIL_QUESTION, {Act.ASKS}, False),
    ],
)
def test_what_counts_as_a_refusal(*, pending: str, acts: set[Act], refused: bool) -> None:
    taken = absorb(session(pending_question=pending), Understanding(acts=frozenset(acts)))
    assert taken.email.refused is refused


def test_a_refusal_holds_until_an_address_is_offered() -> None:
    refused = session(email=EmailAsking(refused=True))
    assert absorb(refused, Understanding(acts=frozenset({Act.AFFIRMS}))).email.refused
    assert absorb(refused, Understanding(email=reading(EmailVerdict.INVALID))).email.refused
    assert not absorb(refused, Understanding(email=reading(EmailVerdict.VALID))).email.refused


def test_a_spelling_waits_for_its_confirmation_for_one_answer() -> None:
    mistyped = Understanding(email=reading(EmailVerdict.MISTYPED, suggestion="kim@oak.test"))
    waiting = absorb(session(), mistyped)
    assert (waiting.email.to_confirm, waiting.email.corrections) == ("kim@oak.test", 1)
    asked = replace(waiting, pending_question=EMAIL_CONFIRMATION)
    assert absorb(asked, Understanding()).email.to_confirm == ""
    assert absorb(waiting, Understanding()).email.to_confirm == "kim@oak.test"


@pytest.mark.parametrize(
    ("pending", "text", "quote"),
    [
        (EMAIL_QUESTION, "sure kim@@oak.example !", "kim@@oak.example"),
        (EMAIL_CONFIRMATION, "kim@", "kim@"),
        (EMAIL_QUESTION, "@kim on chat", ""),
        (EMAIL_QUESTION, "kim at oak", ""),
        ("volume", "kim@@oak.example", ""),
        ("", "kim@@oak.example", ""),
    ],
)
def test_an_unreadable_address_is_noticed_when_one_was_asked_for(pending: str, text: str, quote: str) -> None:
    seen = with_broken_address(Understanding(), session(pending_question=pending), (message(text),)).email
    assert (seen.quote if seen else "") == quote
    if seen:
        assert seen.verdict is EmailVerdict.INVALID
        assert seen.quote in text


def test_an_address_that_was_read_is_left_alone() -> None:
    read = Understanding(email=reading(EmailVerdict.VALID))
    assert with_broken_address(read, session(pending_question=EMAIL_QUESTION), (message("x@@y"),)) is read
