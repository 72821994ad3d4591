"""When the e-mail is asked for: after intent shows and something was given, once, and never pressing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.asking import NOT_BUYERS, TURNS_BEFORE_ASKING_AGAIN, may_ask_email, may_ask_for_person
from core.fact import Fact, Field
from core.ledger import Known, fold
from core.reply import Mode
from core.session import EmailAsking, Session
from core.understanding import Intent, VisitorType
from tests.core.pieces import count, fact, session

NEEDS: tuple[Fact, ...] = (fact(Field.VOLUME, count(100, "tickets", "day")), fact(Field.INTEGRATIONS, "API"))
KNOWN = fold(NEEDS)
ADDRESS = fold((fact(Field.EMAIL, "kim@oak.example"),))
READY = session(turns=3, intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING)
ACTS = session(turns=1, intent=Intent.ACTING, intent_peak=Intent.ACTING)


def asks(given: Session, known: Known = KNOWN, *, gave: bool = True) -> bool:
    return may_ask_email(given, known, gave_something=gave)


def test_who_evaluates_is_asked_by_the_third_turn() -> None:
    assert asks(READY, {})
    assert asks(READY, {}, gave=False)
    assert asks(replace(READY, intent=Intent.LOOKING), {})  # a bare answer between two evaluating messages
    assert not asks(replace(READY, intent=Intent.NONE))


def test_one_turn_earlier_who_tells_a_need_or_asks_something() -> None:
    second = replace(READY, turns=2)
    assert asks(second)
    assert asks(second, fold(NEEDS[:1]))
    assert not asks(second, {})
    assert not asks(second, fold((fact(Field.USE_CASE, "ticket_deflection"),)))
    assert may_ask_email(second, {}, gave_something=True, engaged=True)
    assert not may_ask_email(second, KNOWN, gave_something=False, engaged=True)
    assert not may_ask_email(replace(READY, turns=1), KNOWN, gave_something=True, engaged=True)


def test_who_only_looks_around_is_not_asked() -> None:
    assert not asks(session(turns=9, intent=Intent.LOOKING, intent_peak=Intent.LOOKING))


def test_who_acts_is_asked_at_once_when_something_was_given() -> None:
    assert asks(ACTS, {})
    assert not asks(ACTS, {}, gave=False)
    assert asks(replace(ACTS, turns=2), {}, gave=False)


def test_it_is_asked_again_only_of_one_who_acts_some_turns_later_and_not_a_third_time() -> None:
    again = replace(ACTS, turns=1 + TURNS_BEFORE_ASKING_AGAIN, email=EmailAsking(asked=1, asked_turn=1))
    assert asks(again)
    assert not asks(replace(again, turns=TURNS_BEFORE_ASKING_AGAIN))
    assert not asks(replace(again, intent=Intent.EVALUATING))
    assert not asks(replace(again, turns=30, email=EmailAsking(asked=2, asked_turn=6)))


@pytest.mark.parametrize(
    "blocked",
    [
        {"email": EmailAsking(refused=True)},
        {"email": EmailAsking(to_confirm="kim@oak.example")},
        {"email": EmailAsking(corrections=3)},
        {"mode": Mode.SALES},
        {"mode": Mode.HUMAN},
        *({"visitor_type": kind} for kind in sorted(NOT_BUYERS)),
    ],
    ids=str,
)
def test_nobody_is_pressed(blocked: dict[str, Any]) -> None:
    for given in (READY, replace(ACTS, turns=9)):
        assert not asks(replace(given, **blocked))
        assert not may_ask_for_person(replace(given, **blocked), {})


def test_nobody_is_asked_for_what_is_known() -> None:
    assert not asks(ACTS, ADDRESS)
    assert not may_ask_for_person(ACTS, ADDRESS)


def test_who_wants_a_person_is_asked_once() -> None:
    assert may_ask_for_person(session(turns=1), {})
    assert not may_ask_for_person(session(turns=2, email=EmailAsking(asked=1, asked_turn=1)), {})


def test_buyers_and_the_unknown_may_be_asked() -> None:
    for kind in (VisitorType.BUYER, VisitorType.UNKNOWN):
        assert asks(replace(READY, visitor_type=kind))
