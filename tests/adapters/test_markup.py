"""A reply's text as a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.markup import (
    Break,
    Code,
    Emphasis,
    Items,
    Link,
    Paragraph,
    Preformatted,
    Strong,
    Text,
    parse,
    plain,
    safe_link,
)


def test_that_what_a_chat_needs_is_read() -> None:
    words = "Two **plans**, *both* with `SSO`\nsee [prices](https://a.example/p)"
    markdown = f"{words}\n\n- one\n- two **bold**\n\n1. first\n\n```\nx <y>\n```"
    assert parse(markdown) == (
        Paragraph(
            (
                Text("Two "),
                Strong((Text("plans"),)),
                Text(", "),
                Emphasis((Text("both"),)),
                Text(" with "),
                Code("SSO"),
                Break(),
                Text("see "),
                Link((Text("prices"),), "https://a.example/p"),
            )
        ),
        Items(((Text("one"),), (Text("two "), Strong((Text("bold"),))))),
        Items(((Text("first"),),), ordered=True),
        Preformatted("x <y>"),
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://a.example",
        "data:text/html,x",
        "https://user@a.example",
        "//a.example",
        "https://",
    ],
)
def test_that_only_plain_https_links_are_links(url: str) -> None:
    assert not safe_link(url)
    (block,) = parse(f"[here]({url})")
    assert isinstance(block, Paragraph)
    assert not any(isinstance(node, Link) for node in block.inner)
    assert "here" in plain(block.inner)


@pytest.mark.parametrize(
    "text",
    ["<b>bold</b> & <script>", "# no heading", "> no quote", "![no](https://a.example/i.png)", "a | b\n--|--", "***"],
)
def test_that_everything_else_is_text(text: str) -> None:
    words = "\n".join(plain(block.inner) for block in parse(text) if isinstance(block, Paragraph))
    assert words.replace("no", "") == text.replace("![no](https://a.example/i.png)", "!").replace("no", "")


@given(st.text(alphabet=st.sampled_from("ab *_`[]()<>-\n1.\\"), max_size=200))
def test_that_nothing_makes_it_fail_and_no_letter_is_lost(text: str) -> None:
    blocks = parse(text)
    kept = "".join(_words(block) for block in blocks)
    if "](" not in text and "```" not in text and "~~~" not in text:
        assert [one for one in kept if one in "ab"] == [one for one in text if one in "ab"]


def _words(block: object) -> str:
    match block:
        case Paragraph(inner):
            return plain(inner)
        case Items(items):
            return "".join(map(plain, items))
        case Preformatted(text):
            return text
    raise AssertionError(block)


def test_that_deep_nesting_ends() -> None:
    assert parse("*" * 100_000)
    assert parse("[" * 20_000)
    assert parse("- " * 5_000 + "x")
