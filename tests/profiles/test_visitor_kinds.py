"""Who does not buy, in many voices; and buyers who tell of others' troubles in the same words."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from core.understanding import Act, Intent, VisitorType
from profiles.visitor_meaning import VisitorHead, VisitorMeaningFile

KINDS = [
    ("Our widget has been down since the release, account number 8812", VisitorType.CUSTOMER),
    ("mein Passwort funktioniert nicht, ich komme nicht mehr rein", VisitorType.CUSTOMER),
    ("nous sommes bloqués: impossible de se connecter", VisitorType.CUSTOMER),
    ("quiero un reembolso, me cobraron dos veces", VisitorType.CUSTOMER),
    ("ich studiere BWL und schreibe darüber eine Arbeit", VisitorType.STUDENT),
    ("I'm a journalist working on a story about bots", VisitorType.STUDENT),
    ("vocês estão contratando analistas?", VisitorType.JOB_SEEKER),
    ("zoeken jullie nog stagiairs of andere collega's?", VisitorType.JOB_SEEKER),
    ("we also make a similar product, just having a look", VisitorType.COMPETITOR),
    ("Bonjour, nous aimerions vous proposer nos services de traduction", VisitorType.VENDOR),
]
BUYERS = [
    "our customers can't log in and write to us all day",
    "candidates who ask about open positions get no answer at night",
    "most of our mails are about lost parcels: where is my order",
    "we teach at a university and want to answer students who write about their thesis",
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_who_does_not_buy_says_so(talk: Any, text: str, kind: VisitorType) -> None:
    said = talk.hears(text)
    assert said.visitor_type is kind
    assert said.intent is Intent.NONE


@pytest.mark.parametrize("text", BUYERS)
def test_what_others_do_makes_nobody_one_of_them(talk: Any, text: str) -> None:
    said = talk.hears(text)
    assert said.visitor_type in {VisitorType.BUYER, VisitorType.UNKNOWN}
    assert said.intent is Intent.EVALUATING


def test_who_finds_it_is_nothing_for_them_turns_away(talk: Any) -> None:
    said = talk.hears("that's a shame, then it is not for us", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING)
    assert Act.TURNS_AWAY in said.acts
    assert said.intent is Intent.NONE


def test_a_bare_answer_goes_on_with_what_went_before(talk: Any) -> None:
    assert talk.hears("nine", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING).intent is Intent.EVALUATING
    assert talk.hears("thanks", intent=Intent.EVALUATING, intent_peak=Intent.EVALUATING).intent is Intent.LOOKING


def test_a_message_is_of_a_kind_only_where_it_is_clearly_closer_to_it_than_to_a_buyers() -> None:
    data = VisitorMeaningFile(
        closest=0.5,
        ahead=0.2,
        aloof=2.0,
        own=("i",),
        kinds={VisitorType.STUDENT: ("a", "b"), VisitorType.VENDOR: ("c", "d")},
        buyer=("e", "f"),
    )
    vectors = [array("f", one) for one in ([1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1])]
    head = VisitorHead(data, vectors)
    assert head.kind([array("f", [0.9, 0.1, 0.1])]) is VisitorType.STUDENT
    assert head.kind([array("f", [0.1, 0.9, 0.1])]) is VisitorType.VENDOR
    assert head.kind([array("f", [0.6, 0.1, 0.3])]) is VisitorType.STUDENT
    assert head.kind([array("f", [0.6, 0.1, 0.3])], aloof=True) is None
    assert head.kind([array("f", [0.6, 0.0, 0.6])]) is None
    assert head.kind([array("f", [0.3, 0.0, 0.0])]) is None
    assert head.kind([array("f", [0.9, 0.1, 0.1]), array("f", [0.1, 0.1, 0.9])]) is None
