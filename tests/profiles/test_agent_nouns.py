from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field

JOBS = [
    ("hi, I'm a glazier in Hull", "Glazier"),
    ("I work as an upholsterer", "Upholsterer"),
    ("ich bin Werkstudentin im Lager", "Werkstudentin"),
    ("je suis carreleuse à Brest", "Carreleuse"),
    ("soy fontanera", "Fontanera"),
    ("sou confeiteira", "Confeiteira"),
    ("ik ben de slager van het dorp", "Slager"),
    ("our glazier told me", None),
    ("I'm a regular user", None),
    ("ich bin leider unsicher", None),
    ("je suis curieuse", None),
    ("soy extranjera", None),
    ("ik ben hier weer", None),
]


@pytest.mark.parametrize(("said", "role"), JOBS)
def test_a_job_on_no_list_is_told_by_how_its_word_is_built(talk: Any, said: str, role: str | None) -> None:
    talk.hears(said)
    assert talk.knows(Field.ROLE) == role
