"""Cutting a long text into messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.splitting import split, utf8_bytes, utf16_units

TEXT = st.text(alphabet=st.sampled_from("ab .\n,ä😀"), max_size=300)


@given(TEXT, st.integers(min_value=4, max_value=60), st.sampled_from([len, utf16_units, utf8_bytes]))
def test_that_pieces_fit_and_together_are_the_text(text: str, limit: int, measure: object) -> None:
    assert callable(measure)
    pieces = split(text, limit, measure)
    assert all(0 < measure(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_that_sentences_stay_whole_where_they_can() -> None:
    assert split("One is short. Two is a bit longer. Three.", 36) == ("One is short. Two is a bit longer.", "Three.")
    assert split("First part\n\nSecond part follows", 25) == ("First part\n\nSecond part", "follows")
    assert split("abcdefghij", 4) == ("abcd", "efgh", "ij")


def test_how_platforms_count() -> None:
    assert (utf16_units("a😀"), utf8_bytes("ä😀")) == (3, 6)
