"""Other languages' words for businesses are read as English, and English stays as it is."""

from __future__ import annotations

import pytest

from personas.glossary import glossed


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Wir betreiben drei Bäckereien in Köln", "bakery"),
        ("j'ai un cabinet médical à Nantes", "clinic doctors"),
        ("somos una empresa de transporte pequeña", "haulage company trucks"),
        ("temos uma loja virtual de roupas", "online shop"),
        ("wij zijn een advocatenkantoor in Utrecht", "law firm lawyers"),
    ],
)
def test_what_somebody_is_stands_behind_their_words(said: str, english: str) -> None:
    told = glossed(said)
    assert told.startswith(f"{said} (")
    assert english in told


@pytest.mark.parametrize(
    "said", ["we run 40 trucks out of Leeds", "how much is the starter plan?", "", "our restaurant has 12 tables\nok"]
)
def test_english_stays_as_it_is(said: str) -> None:
    assert glossed(said) == said


def test_each_line_is_read_by_itself_and_a_long_one_is_not_buried_in_glosses() -> None:
    long = "Bäckerei Kanzlei Schule Spedition Fabrik Verein Apotheke Hafen"
    first, second = glossed(f"{long}\nok").split("\n")
    assert first.count(",") < 6
    assert second == "ok"
