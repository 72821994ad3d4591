"""Untrusted words on their way into Slack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.slack.text import clip, escape, join_some, mrkdwn, plain, units


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("e\u0301 " + "a" + "\u0301" * 40, "\u00e9 \u00e1" + "\u0301" * 4),
        ("lone \ud83d half", "lone \ufffd half"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
        ("mail @here now, not@heretic", "mail @\u2060here now, not@heretic"),
        ("@Channel", "@\u2060Channel"),
        ("\x00\x1b[31mred\x7f", "[31mred"),
        ("  ", ""),
    ],
)
def test_that_plain_text_keeps_words_and_drops_tricks(given_text: str, expected: str) -> None:
    assert plain(given_text, 200) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("*bold* ~gone~ `code`", "\u2217bold\u2217 \u223cgone\u223c \u02cbcode\u02cb"),
        ("_slanted_ but snake_case stays", "\u02cdslanted\u02cd but snake_case stays"),
        ("<https://evil.example|bank>", "&lt;https://evil.example|bank&gt;"),
    ],
)
def test_that_formatting_marks_lose_their_power(given_text: str, expected: str) -> None:
    assert mrkdwn(given_text, 200) == expected


@given(text=st.text(max_size=300), limit=st.integers(2, 120))
def test_that_nothing_is_longer_than_its_limit(text: str, limit: int) -> None:
    for shown in (plain(text, limit), mrkdwn(text, limit)):
        assert len(shown.encode("utf-16-le", "surrogatepass")) // 2 <= limit
        assert "\n" not in shown


@given(text=st.text(alphabet="ab&<😀", max_size=60), limit=st.integers(2, 40))
def test_that_a_cut_never_splits_an_entity(text: str, limit: int) -> None:
    shown = escape(clip(text, limit))
    assert units(clip(text, limit)) <= limit
    assert shown.replace("&amp;", "").replace("&lt;", "").count("&") == 0
    assert clip(text, limit) == text or clip(text, limit).endswith("…")


@given(items=st.lists(st.text(alphabet="xyz😀", min_size=1, max_size=20), max_size=200))
def test_that_a_list_says_how_many_were_left_out(items: list[str]) -> None:
    shown = join_some(items, 80)
    assert len(shown.encode("utf-16-le")) // 2 <= 80
    parts = shown.split(", ") if shown else []
    left = int(parts[-1][1:].split()[0]) if parts and parts[-1].endswith(" more") else 0
    assert len(parts) - bool(left) + left == len(items)
    assert parts[: len(parts) - bool(left)] == items[: len(items) - left]


def test_that_a_million_characters_are_not_all_read() -> None:
    assert len(plain("x" * 1_000_000, 50)) == 50
