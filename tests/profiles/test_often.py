from __future__ import annotations

import pytest

from profiles.interpreter import LocalInterpreter
from profiles.often import told_often
from profiles.reading import Reading
from tests.profiles.conftest import message


@pytest.mark.parametrize(
    ("said", "often"),
    [
        ("two thirds of the calls are about the opening times", 1),
        ('"is the pool heated" forty times a day', 1),
        ("can I bring my cat, can I pay later. easily 60%", 1),
        ("wann kommt der Monteur, den ganzen Tag", 1),
        ("cuándo abrís, todo el santo día", 1),
        ("half of our rooms look out on the sea", 0),
        ("could you tell me how long it takes? I ask that every day", 0),
        ("we are open all day", 0),
        ("80% of them live in Wales", 0),
    ],
)
def test_what_is_asked_again_and_again(interpreter: LocalInterpreter, said: str, often: int) -> None:
    reading = Reading(message(said), interpreter._lexicon)
    assert len(list(told_often(reading))) == often
