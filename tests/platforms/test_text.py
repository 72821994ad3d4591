from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platforms.text import MARKS_PER_BASE, clean_line, clean_text

ANY = st.text(alphabet=st.characters(codec=None), max_size=300)  # lone surrogates included


def longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        longest = max(longest, run)
    return longest


@given(ANY)
@example("\u0344\u0344\u0344\u0344\u0344")
@example("\u1100\u1161\x00\u11a8")
@example(" \u0301a")
def test_that_clean_text_is_safe_normalised_and_stable(raw: str) -> None:
    clean = clean_text(raw)
    text = clean.text
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text)
    assert not any("\ud800" <= character <= "\udfff" for character in text)
    assert not any(0xE0000 <= ord(character) <= 0xE007F for character in text)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff") & set(text)
    assert longest_run_of_marks(text) <= MARKS_PER_BASE
    assert text == text.strip()
    assert clean_text(text).text == text


@given(st.text(max_size=80), st.integers(min_value=1, max_value=30))
def test_that_the_limit_holds_and_a_cut_is_reported(raw: str, limit: int) -> None:
    clean = clean_text(raw, limit=limit)
    assert len(clean.text) <= limit
    if clean.cut:
        assert len(raw) > limit


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  hello  ", "hello"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("tab\tkept\x00\x07\x1b[31m", "tab\tkept[31m"),
        ("cafe\u0301", "café"),
        ("\ud83d broken \udc00", "\ufffd broken \ufffd"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("hi\U000e0041\U000e0042\U000e007f", "hi"),
        ("pri\u200bcing", "pricing"),
        ("👩‍👩‍👧‍👦 family", "👩‍👩‍👧‍👦 family"),
        ("نرم‌افزار", "نرم‌افزار"),
        ("", ""),
        (" \n\t\u3000 ", ""),
        ("\u200d\u200c\u200d", ""),
        ("\u200b\u2060\ufeff", ""),
        ("\u0301\u0302", ""),
        ('=cmd|"/C calc"!A0', '=cmd|"/C calc"!A0'),
        ("${jndi:ldap://x} {{7*7}} '; DROP TABLE", "${jndi:ldap://x} {{7*7}} '; DROP TABLE"),
    ],
)
def test_that_known_trouble_comes_out_as_expected(raw: str, expected: str) -> None:
    assert clean_text(raw).text == expected


def test_that_a_tower_of_marks_keeps_four_and_costs_little() -> None:
    clean = clean_text("x" + "\u0301\u0316" * 50_000 + " end")
    assert clean.text.startswith("x")
    assert longest_run_of_marks(clean.text) == MARKS_PER_BASE


def test_that_a_million_characters_are_cut_with_notice() -> None:
    clean = clean_text("é" * 1_000_000)
    assert (len(clean.text), clean.cut) == (4_000, True)


def test_that_ten_thousand_lines_stay_lines() -> None:
    clean = clean_text("x\n" * 10_000)
    assert clean.cut
    assert clean.text.count("\n") == 1_999


def test_that_a_line_has_no_breaks() -> None:
    assert clean_line(" Plans\n\t and \u202e pricing ", limit=80) == "Plans and pricing"
