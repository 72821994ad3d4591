from __future__ import annotations

from dataclasses import replace

from core.ids import PersonaId
from core.message import MessageKind
from core.openers import opener, telling_openers
from core.persona import Persona
from tests.core.pieces import message

NURSERY = Persona(
    id=PersonaId("nursery"),
    name="Nurseries",
    pains=("Seedlings dry out before the weekend.",),
    features=("Moisture alarms at night",),
    openers=(
        "Do your seedlings dry out, too?",
        "What brings you here today?",
        "Would an alarm for moisture help you sleep?",
    ),
)


def test_lines_that_suit_everybody_are_left_out() -> None:
    assert telling_openers(NURSERY) == (NURSERY.openers[0], NURSERY.openers[2])
    assert telling_openers(replace(NURSERY, pains=(), features=())) == ()
    assert telling_openers(None) == ()


def test_the_first_line_that_fits_and_is_new_is_taken() -> None:
    long, short = "one two three four", "one two"
    assert opener((long, short), words=4) == long
    assert opener((long, short), words=3) == short
    assert opener((long, short), words=4, later=True) == short
    assert opener((long,), words=4, later=True) == long
    read = replace(message("", MessageKind.OPENED), prompt=f"Hello. {long}")
    assert opener((long, short), words=4, messages=(read,)) == ""
    assert opener((long,), words=3) == ""
    assert opener((), words=9) == ""
