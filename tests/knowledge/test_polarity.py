from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.polarity import intro_polarity, parts, polarities, polarity
from knowledge.reading.blocks import Block


@pytest.mark.parametrize(
    "sentence",
    [
        "Phone shops are not able to use Kestrel at the moment.",
        "Kestrel isn't built for banks.",
        "We don’t serve gambling sites.",
        "Private landlords cannot join.",
        "Not suitable for veterinary practices.",
        "Kestrel is the wrong choice for very large fleets.",
        "Traders that need telephone support should look elsewhere.",
        "Kestrel ist nicht für Privatpersonen geeignet.",
        "Kestrel n'est pas destiné aux banques.",
        "No es para particulares.",
        "Kestrel is niet geschikt voor scholen.",
        "Este plano não é para bancos.",
    ],
)
def test_somebody_is_shut_out(sentence: str) -> None:
    assert polarity(sentence) == -1


@pytest.mark.parametrize(
    "sentence",
    [
        "Not only for developers: clerks like it, too, and it is made for them.",
        "Built for teams that can't afford a day without water.",
        "Not-for-profit clubs use Kestrel without a fee.",
        "For farms that do not have an office.",
        "Nicht nur für Bäckereien, auch für Konditoreien.",
    ],
)
def test_what_looks_like_a_denial_shuts_nobody_out(sentence: str) -> None:
    assert polarity(sentence) == 1


@pytest.mark.parametrize("sentence", ["Reports are ready on Monday.", "You do not need to be an expert.", "", "  "])
def test_most_sentences_take_no_side(sentence: str) -> None:
    assert polarity(sentence) == 0


def test_a_sentence_with_two_sides_is_read_part_by_part() -> None:
    sentence = "Kestrel is made for clubs, but not for professional leagues."
    sides = {sentence[part.start : part.end]: part.polarity for part in parts(sentence)}
    assert sides == {"Kestrel is made for clubs, but ": 1, "not for professional leagues.": -1}


def test_headings_and_opening_lines_speak_for_what_stands_below() -> None:
    blocks = [
        Block(text="Who Kestrel is not for", level=2),
        Block(text="Airlines"),
        Block(text="Prices", level=2),
        Block(text="The following cannot use Kestrel:"),
        Block(text="Casinos"),
        Block(text="Who uses Kestrel", level=2),
        Block(text="Clubs"),
        Block(text="Schools use Kestrel for sports days."),
    ]
    assert polarities(blocks) == (-1, -1, 0, -1, -1, 1, 0, 1)
    assert intro_polarity("Who should not buy Kestrel?") == -1


@given(st.text(max_size=400))
def test_any_text_has_a_side_and_its_parts_cover_it(text: str) -> None:
    assert polarity(text) in {-1, 0, 1}
    assert "".join(text[part.start : part.end] for part in parts(text)) == text


def test_a_very_long_line_is_no_trouble() -> None:
    assert polarity("not for " * 50_000) in {-1, 0, 1}
