from __future__ import annotations

import pytest

from core.moves import quote, quote_within
from core.passage import Finding, Passage, read_aloud

TEXT = "All our boats\nBoat\tPer day\tSkipper\t\nSkiff\t$40\tno\nYawl\t\tyes, at $90 a day.\nFuel is extra."
PASSAGE = Passage(url="/boats", title="Boats", headings=(), text=TEXT, hash="h")


def _finding(*sentences: str) -> Finding:
    return Finding(passage=PASSAGE, sentences=sentences, score=0.9)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Skiff\t$40\tno", "Skiff: Per day $40, Skipper – no."),
        ("Yawl\t\tyes, at $90 a day.", "Yawl – Skipper: yes, at $90 a day."),
        ("Boat\tPer day\tSkipper", "Boat Per day Skipper"),
        ("Fuel is extra.", "Fuel is extra."),
        ("Gig\t$20\tno", "Gig $20 no"),
    ],
)
def test_a_row_is_said_with_the_heads_of_its_columns(sentence: str, told: str) -> None:
    assert read_aloud(sentence, TEXT) == told


def test_a_reply_says_the_row_and_cites_it_as_it_stands() -> None:
    move = quote(_finding("Skiff\t$40\tno", "Fuel is extra."), 2)
    assert move.text == "Skiff: Per day $40, Skipper – no. Fuel is extra."
    assert move.citation is not None
    assert move.citation.quote in TEXT


def test_one_row_in_a_few_words() -> None:
    move = quote_within([_finding("Skiff\t$40\tno")], 8)
    assert move is not None
    assert move.text.startswith("Skiff: Per day")


def test_the_head_of_a_table_is_never_said_but_the_rows_under_it() -> None:
    move = quote(_finding("Boat\tPer day\tSkipper", "Fuel is extra."), 3)
    assert move.text == "Skiff: Per day $40, Skipper – no. Yawl – Skipper: yes, at $90 a day. Fuel is extra."
    assert move.citation is not None
    assert move.citation.quote in TEXT


def test_what_stands_without_an_end_is_said_with_one() -> None:
    assert quote(_finding("All our boats", "Fuel is extra."), 2).text == "All our boats. Fuel is extra."
