"""What was said long ago counts less, where such things change."""

from __future__ import annotations

import pytest

from core.fact import Fact, Field, Operation
from core.ids import FactId, MessageId
from core.ledger import fold
from profiles.freshness import confidence_at, stale_fields

DAY = 86_400.0
HALF_LIVES = {Field.TIMELINE: 30.0, Field.ROLE: 600.0}


def fact(field: Field, value: str, *, confidence: float = 0.8) -> Fact:
    return Fact(
        id=FactId(f"f:{field.value}"),
        field=field,
        value=value,
        operation=Operation.SET,
        quote=value,
        message=MessageId("m"),
        channel="web",
        at=0.0,
        confidence=confidence,
    )


@pytest.mark.parametrize(("days", "confidence"), [(0, 0.8), (30, 0.4), (60, 0.2), (-5, 0.8)])
def test_belief_halves_with_every_half_life(days: float, confidence: float) -> None:
    assert confidence_at(fact(Field.TIMELINE, "now"), days * DAY, HALF_LIVES) == pytest.approx(confidence)


def test_a_name_does_not_age() -> None:
    assert confidence_at(fact(Field.NAME, "Ada"), 9_000 * DAY, HALF_LIVES) == 0.8


def test_only_what_was_believed_once_goes_stale() -> None:
    known = fold([fact(Field.TIMELINE, "now"), fact(Field.ROLE, "CTO"), fact(Field.NAME, "Ada")])
    assert stale_fields(known, 0.0, HALF_LIVES) == ()
    assert stale_fields(known, 40 * DAY, HALF_LIVES) == (Field.TIMELINE,)
    guess = fold([fact(Field.TIMELINE, "now", confidence=0.3)])
    assert stale_fields(guess, 40 * DAY, HALF_LIVES) == ()
