from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.passage import CELL, is_head, read_aloud
from knowledge.reading.passages import MAX_WORDS, digest, page_hash, passages_of
from knowledge.reading.reader import read_site_page
from knowledge.sentences import split_sentences

PAGE = """<!doctype html><html lang="de-CH"><head><title> Lamps &amp;\n more </title><style>p{}</style></head><body>
<nav>Home Shop</nav><header>Logo</header><main>
<header><h1>All <em>lamps</em></h1><p>We sell&nbsp;lamps.</p></header>
<section><h2>Prices</h2>
<article><h3>Small</h3><p class="price">€ 9.50 <small>a piece</small></p></article>
<p>Prices hold until May.</p>
<table><caption>Stock</caption><tr><th>Lamp</th><th>Left</th></tr><tr><td>Oak</td><td><p>12</p></td></tr></table>
<ul><li>Free return</li><li><a href="/x">Blog</a></li></ul><a class="button" href="/buy">Buy now</a>
<dl><dt>Weight</dt><dd>Two kilos.</dd></dl><p>After the list.</p>
<details><summary>Is it bright?</summary>Yes, very.<script>steal()</script></details>
<aside>Advert</aside></section></main><footer>Imprint</footer></body></html>"""

TABLE = (
    "<table><tr><th>Boat</th><th>Per day</th><th>Skipper</th></tr><tr><td>Skiff</td><td>$40</td><td>no</td></tr>"
    "<tr><td>Yawl</td><td></td><td>yes</td></tr></table><p>Fuel is extra.</p>"
)


def _texts(html: str | bytes) -> list[str]:
    return [passage.text for passage in passages_of(html, "/")]


def test_a_page_becomes_lines_under_their_headings() -> None:
    read = [(passage.headings, passage.text) for passage in passages_of(PAGE, "/lamps/")]
    assert read == [
        (("All lamps",), "We sell lamps."),
        (("All lamps", "Prices", "Small"), "€ 9.50 a piece"),
        (("All lamps", "Prices"), "Prices hold until May.\nStock\nLamp\tLeft\t\nOak\t12\nFree return\nBlog"),
        (("All lamps", "Prices", "Weight"), "Two kilos."),
        (("All lamps", "Prices"), "After the list."),
        (("All lamps", "Prices", "Is it bright?"), "Yes, very."),
    ]


def test_a_row_is_read_aloud_with_the_heads_of_its_columns() -> None:
    (passage,) = passages_of(TABLE, "/rates/")
    header, row, short, note = passage.text.split("\n")
    assert read_aloud(row, passage.text) == "Skiff: Per day $40, Skipper – no."
    assert read_aloud(short, passage.text) == "Yawl: Skipper – yes."
    assert read_aloud(header, passage.text) == "Boat Per day Skipper"
    assert is_head(header, passage.text)
    assert not any(is_head(one, passage.text) for one in (row, short, note))
    assert read_aloud(note, passage.text) == note == "Fuel is extra."


def test_a_row_with_sentences_in_its_cells_is_one_statement() -> None:
    row = "Skiff\tYes. Ask at the pier.\tNo"
    assert split_sentences(row) == (row,)


def test_cells_stand_on_the_page_as_they_are() -> None:
    (passage,) = passages_of(TABLE, "/rates/")
    cells = [cell for line in passage.text.split("\n") for cell in line.split(CELL) if cell]
    assert all(f">{cell}<" in TABLE for cell in cells)


def test_a_table_without_heads_is_lines_of_text() -> None:
    assert _texts("<table><tr><td>Oak</td><td>12</td></tr><tr><td>Elm</td><td>3</td></tr></table>") == ["Oak 12\nElm 3"]


def test_title_language_and_hash_come_along() -> None:
    passage = passages_of(PAGE, "/lamps/")[0]
    assert (passage.title, passage.language, passage.url) == ("Lamps & more", "de", "/lamps/")
    assert passage.hash == digest(passage.text)


def test_the_page_hash_follows_the_visible_text_only() -> None:
    before = page_hash(passages_of(PAGE, "/"))
    assert page_hash(passages_of(PAGE.replace("Advert", "Other advert"), "/")) == before
    assert page_hash(passages_of(PAGE.replace("until May", "until June"), "/")) != before


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>90% off</p>",
        '<p aria-hidden="true">90% off</p>',
        '<p style="display: none">90% off</p>',
        '<p style="visibility:hidden">90% off</p>',
        '<p style="opacity:0">90% off</p>',
        '<p style="font-size: 0px">90% off</p>',
        '<p style="position:absolute;left:-9999px">90% off</p>',
        '<p style="height:0px;overflow:hidden">90% off</p>',
        '<p style="clip: rect(0,0,0,0)">90% off</p>',
        '<p class="note sr-only">90% off</p>',
        "<template>90% off</template>",
        "<noscript>90% off</noscript>",
        "<!-- 90% off -->",
        '<div role="navigation">90% off</div>',
        "<p>\U000e0039\U000e0030</p>",
    ],
)
def test_what_a_reader_cannot_see_is_not_read(hidden: str) -> None:
    assert _texts(f"<main><p>Open daily.</p>{hidden}</main>") == ["Open daily."]


def test_text_after_a_dropped_element_stays() -> None:
    assert _texts("<p>Before <script>x()</script>after <b hidden>x</b>all.</p>") == ["Before after all."]


def test_a_page_that_asks_not_to_be_indexed_is_left_alone() -> None:
    html = '<html><head><meta name="robots" content="noindex"></head><body><p>Secret plan.</p></body></html>'
    assert passages_of(html, "/") == ()


def test_long_paragraphs_are_cut_between_sentences() -> None:
    sentences = [f"This is sentence number {number} of a long and winding paragraph." for number in range(30)]
    texts = _texts(f"<p>{' '.join(sentences)}</p>")
    assert len(texts) > 1
    assert all(len(text.split()) <= MAX_WORDS for text in texts)
    assert " ".join(texts) == " ".join(sentences)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<p>größer</p>".encode(), "größer"),
        ('<meta charset="iso-8859-1"><p>größer</p>'.encode("latin-1"), "größer"),
        ("<p>größer</p>".encode("utf-16"), "größer"),
        (b'<meta charset="utf-7"><p>+ADw-b+AD4- ok</p>', "+ADw-b+AD4- ok"),
        (b"<p>a\xffb\x00c</p>", "aÿbc"),
    ],
)
def test_encodings_are_told_by_the_bytes(data: bytes, expected: str) -> None:
    assert _texts(data) == [expected]


def test_that_text_of_lone_surrogates_is_read() -> None:
    assert _texts("<p>Oak \ud800\udfff lamps\x00</p>") == ["Oak ?? lamps"]


@given(
    st.text(max_size=300),
    st.lists(st.sampled_from(["p", "div", "li", "h2", "td", "tr", "summary", "a", "nav"]), max_size=8),
)
def test_any_markup_gives_folded_lines(text: str, tags: list[str]) -> None:
    html = "".join(f"<{tag}>{text}" for tag in tags) + text
    for passage in passages_of(html, "/"):
        lines = passage.text.split("\n")
        assert all(line and line == " ".join(line.split()) for line in lines)
        assert len(passage.text.split()) <= MAX_WORDS


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(data: bytes) -> None:
    assert read_site_page(data, url="/").language.isalpha()
