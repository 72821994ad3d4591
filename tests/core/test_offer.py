"""Approved offers: made word for word, once, while they hold, to those they are for, and never to press somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.fact import Field
from core.ids import PersonaId
from core.ledger import fold
from core.offer import Offer, against_doubts, as_next_step
from core.persona import PersonaGuess
from core.reply import Mode
from core.research import Research
from core.situation import Situation
from core.understanding import Act, Understanding, VisitorType
from tests.core.pieces import fact, session, view

TODAY = datetime.fromtimestamp(view().now, UTC).date()
CHEAPER = Offer(id="cheaper", texts={"en": "The first quarter is free.", "de": "Gratis."}, objections=("price",))
PILOT = Offer(id="pilot", texts={"en": "We run a pilot with you."})
DEAR = fact(Field.OBJECTIONS, "price")


def day(from_today: int | None) -> date | None:
    return None if from_today is None else TODAY + timedelta(days=from_today)


def situation(*acts: Act, known: tuple[Any, ...] = (DEAR,), mode: Mode = Mode.SALES, **talk: Any) -> Situation:
    turn = view("well", session=session(turns=2, mode=mode, **talk), understanding=Understanding(acts=frozenset(acts)))
    return Situation(
        view=turn,
        known=fold(known),
        before=fold(()),
        research=Research(),
        mode=mode,
        entered_sales=False,
        pending="",
    )


def made(offer: Offer, given: Situation) -> str:
    move = (against_doubts if offer.objections else as_next_step)([offer], given)
    return move.text if move else ""


def test_an_offer_answers_its_doubt_in_either_mode_and_no_other() -> None:
    assert made(CHEAPER, situation()) == made(CHEAPER, situation(mode=Mode.LEAD)) == "The first quarter is free."
    assert not made(CHEAPER, situation(known=()))
    assert not made(CHEAPER, situation(known=(fact(Field.OBJECTIONS, "timing"),)))


def test_an_offer_without_a_doubt_waits_for_the_address() -> None:
    assert made(PILOT, situation(known=()))
    assert not made(PILOT, situation(known=(), mode=Mode.LEAD))


def test_it_is_made_once() -> None:
    assert not made(CHEAPER, situation(used_phrases=(CHEAPER.tag,)))


@pytest.mark.parametrize(("language", "said"), [("de", "Gratis."), ("fr", "The first quarter is free.")])
def test_it_is_made_in_the_visitors_language_or_in_the_first(language: str, said: str) -> None:
    assert made(CHEAPER, situation(language=language)) == said


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(0, 0, True), (-3, None, True), (None, 3, True), (1, None, False), (None, -1, False)],
)
def test_both_its_days_are_included(since: int | None, until: int | None, *, holds: bool) -> None:
    offer = Offer(id="one", texts={"en": "Now."}, since=day(since), until=day(until))
    assert bool(made(offer, situation())) is holds


def test_it_is_for_its_personas_only() -> None:
    for_growers = Offer(id="g", texts={"en": "Seeds for free."}, personas=(PersonaId("grower"),))
    assert not made(for_growers, situation())
    assert made(for_growers, situation(guess=PersonaGuess(chosen=PersonaId("grower"))))


@pytest.mark.parametrize("act", [Act.COMPLAINS, Act.LEAVES, Act.WANTS_HUMAN, Act.REFUSES_EMAIL, Act.INSTRUCTS_BOT])
def test_nobody_is_pressed(act: Act) -> None:
    assert not made(CHEAPER, situation(act))


@pytest.mark.parametrize("kind", [VisitorType.STUDENT, VisitorType.COMPETITOR, VisitorType.CUSTOMER])
def test_who_does_not_buy_is_offered_nothing(kind: VisitorType) -> None:
    assert not made(CHEAPER, situation(visitor_type=kind))
