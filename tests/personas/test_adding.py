"""One more persona in the admin's file: comments and every other line stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from core.errors import ConfigError
from core.ids import PersonaId
from core.persona import Persona
from personas.file import FILE, add

FARMS = Persona(id=PersonaId("dairy_farms"), name='Dairy farms: "big" & small #1', cues=("cows", "milk - and more"))
TEXT = """\
# ours
personas:
  - id: clinics  # the first we had
    name: Clinics
    cues: [clinic]

# what is sold
site:
  plans:
    - {name: Starter}
"""


def test_that_a_persona_is_added_and_every_other_line_stays(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(TEXT)
    add(tmp_path, FARMS)
    text = file.read_text()
    entries = yaml.safe_load(text)["personas"]
    assert entries[0]["id"] == "clinics"
    assert entries[1] == {
        "id": "dairy_farms",
        "name": FARMS.name,
        "kind": "segment",
        "cues": ["cows", "milk - and more"],
    }
    assert set(TEXT.splitlines()) <= set(text.splitlines())


@pytest.mark.parametrize("text", ["personas: []\n", "personas:\n"])
def test_that_the_first_persona_can_be_added(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    add(tmp_path, FARMS)
    assert [one["id"] for one in yaml.safe_load((tmp_path / FILE).read_text())["personas"]] == ["dairy_farms"]


def test_that_nothing_is_written_where_it_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not there"):
        add(tmp_path, FARMS)
    for text, told in (
        (TEXT.replace("clinics", "dairy_farms"), "already"),
        ("personas: [", "YAML"),
        ("personas: x\n", "list"),
    ):
        (tmp_path / FILE).write_text(text)
        with pytest.raises(ConfigError, match=told):
            add(tmp_path, FARMS)
        assert (tmp_path / FILE).read_text() == text
