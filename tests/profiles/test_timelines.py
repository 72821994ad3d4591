from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field

# The messages are written on 4 May 2026.
STATED = [
    ("we need it asap", "now"),
    ("we want to go live this month", "now"),
    ("ready to start in two weeks", "now"),
    ("we'd like to launch next month", "1-3m"),
    ("we plan to roll out in 6 weeks", "1-3m"),
    ("need something running within 3 months", "1-3m"),
    ("we should be live by July", "1-3m"),
    ("the plan is to start in September", "3-6m"),
    ("hoping to launch next quarter", "3-6m"),
    ("must be live before Black Friday", "6-12m"),
    ("we aim to go live in Q4", "6-12m"),
    ("rollout is planned for next year", "12m+"),
    ("we'd start in January", "6-12m"),
    ("our contract ends in 8 months, then we switch", "6-12m"),
    ("we won't buy for more than a year", "12m+"),
    ("no rush, just exploring for now", "none"),
    ("there's no deadline", "none"),
    ("wir wollen in 2 Monaten starten", "1-3m"),
    ("queremos lanzar el próximo mes", "1-3m"),
    ("on veut démarrer dès que possible", "now"),
    ("go live by the end of the year", "6-12m"),
]
NOT_STATED = [
    "we were founded in March",
    "can we have a call next week?",
    "may I ask something?",
    "we used Intercom until last year",
    "I was on vacation in April",
    "if we started in June, what would it cost?",
]


@pytest.mark.parametrize(("text", "label"), STATED)
def test_times_become_labels(talk: Any, text: str, label: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TIMELINE) == label


@pytest.mark.parametrize("text", NOT_STATED)
def test_other_dates_are_no_timeline(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TIMELINE) is None


AT_ONCE = [
    "I'd sign tomorrow if the price were right",
    "we could start tomorrow with five seats",
    "I would switch it on today",
    "lo activo hoy mismo si funciona",
]
NOTHING_BEFORE = [
    "nothing will happen before 2028 on our side",
    "vor 2028 wird das nichts bei uns",
    "avant 2028 rien ne bougera",
    "antes de 2028 no haremos nada",
    "er gebeurt niets voor 2028",
]
TODAY_AND_NOTHING = [
    "we start today at nine with the early shift",
    "I signed it yesterday and today it is broken",
    "hoy mismo llamó un cliente enfadado",
    "heute noch kein Paket da",
    "nothing moves in my cart, the page hangs",
    "rien ne change dans nos tickets",
    "no decision on your refund before two weeks, they said",
]


@pytest.mark.parametrize("text", AT_ONCE)
def test_that_who_would_begin_today_is_ready_now(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TIMELINE) == "now"


@pytest.mark.parametrize("text", NOTHING_BEFORE)
def test_that_nothing_before_a_year_is_a_plan_for_that_year(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TIMELINE) == "12m+"


@pytest.mark.parametrize("text", TODAY_AND_NOTHING)
def test_that_today_and_nothing_alone_are_no_plan(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TIMELINE) is None
