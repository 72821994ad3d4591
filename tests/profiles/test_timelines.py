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
