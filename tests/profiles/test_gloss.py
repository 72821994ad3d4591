from __future__ import annotations

import pytest

from profiles.gloss import Gloss, Glosses, GlossFile
from profiles.resources import load


@pytest.fixture(scope="module")
def glosses() -> Glosses:
    return Glosses(load("gloss.yaml", GlossFile))


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("de", "Die Kunden warten tagelang auf ihr Paket.", {"customers", "wait", "days", "parcel"}),
        ("de", "unsere Lieferzeiten, Kundenanfragen", {"our", "delivery", "customers"}),
        ("fr", "les clients n'attendent pas leur colis", {"customers", "not", "wait", "parcel"}),
        ("es", "los huéspedes preguntan de noche", {"guests", "ask"}),
        ("pt", "os hóspedes não aparecem", {"guests"}),
        ("nl", "klanten wachten uren", {"customers", "wait", "hours"}),
    ],
)
def test_telling_words_come_out_in_english(glosses: Glosses, language: str, said: str, told: set[str]) -> None:
    assert told <= set(glosses.english(said, language).split())


def test_little_and_unknown_words_are_left_out(glosses: Glosses) -> None:
    assert glosses.english("xyzzy der die das", "de") == ""


def test_another_language_stays_as_it_is(glosses: Glosses) -> None:
    assert glosses.english("gdzie jest paczka", "pl") == "gdzie jest paczka"
    assert not glosses.knows("pl")


def test_phrases_go_before_words_and_compounds_are_taken_apart() -> None:
    gloss = Gloss({"zu": "shut", "zu_viel": "too much", "tor*": "gate", "wart*": "wait"}, compounds=True)
    assert gloss.english("zu viel, zu") == "too much shut"
    assert gloss.english("Torwarte") == "gate"
    assert Gloss({"gate": "tor", "wart*": "wait"}, compounds=True).english("gateswarten") == "tor wait"


def test_every_row_has_a_cell_for_each_language() -> None:
    data = load("gloss.yaml", GlossFile)
    assert {len(cells) for cells in data.words.values()} == {len(data.languages)}
