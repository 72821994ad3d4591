"""What a reader of the page cannot see is not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading.reader import read_site_page

CANARY = "zzcanaryzz"
SEEN = "Open daily from nine, and on Sundays by appointment for everybody who asks."


def _read(body: str, head: str = "") -> str:
    page = read_site_page(
        f"<html><head>{head}</head><body>{body}<p>{SEEN}</p></body></html>".encode(), url="https://lamps.example/"
    )
    return "\n".join(block.text for block in page.blocks)


HIDING_STYLES = [
    "display:none",
    "DISPLAY : NONE !important",
    "dis/* really */play:none",
    r"d\69 splay:none",
    "visibility:hidden",
    "visibility:collapse",
    "opacity:0",
    "opacity:0.0",
    "opacity:.01",
    "filter:opacity(0%)",
    "font-size:0",
    "font-size:0.1px",
    "font-size:1px",
    "font:0/0 a",
    "position:absolute;left:-9999px",
    "position:absolute;top:-200vh",
    "text-indent:-10000px",
    "margin-left:-999em",
    "left:99999px;position:fixed",
    "height:0;overflow:hidden",
    "max-height:0px;overflow:hidden",
    "width:1px;height:1px;overflow:hidden",
    "clip:rect(0,0,0,0)",
    "clip: rect(1px, 1px, 1px, 1px)",
    "clip-path:inset(100%)",
    "clip-path:circle(0)",
    "transform:scale(0)",
    "transform:translateX(-9999px)",
    "content-visibility:hidden",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#fff;background:#fff",
    "color:white;background-color:#fefefe",
    "color:rgb(255,255,255)",
    "color:#FFFFFF",
    "background:black;color:rgb(4,4,4)",
    "text-decoration:line-through",
]


@pytest.mark.parametrize("style", HIDING_STYLES)
def test_that_hiding_styles_hide_inline_and_by_a_rule(style: str) -> None:
    by_class = f"<style>.note{{{style}}}</style>"
    assert CANARY not in _read(f'<p style="{style}">{CANARY}</p>')
    assert CANARY not in _read(f'<p class="a note b">{CANARY}</p>', by_class)
    assert SEEN in _read(f'<p style="{style}">{CANARY}</p>')


@pytest.mark.parametrize(
    "markup",
    [
        "<p hidden>{}</p>",
        '<p hidden="">{}</p>',
        '<div aria-hidden="true"><p>{}</p></div>',
        "<noscript><p>{}</p></noscript>",
        "<template><p>{}</p></template>",
        "<!-- {} -->",
        '<p title="{0}"><img alt="{0}"><a href="/" aria-label="{0}">Home</a></p>',
        '<p class="site-visually-hidden">{}</p>',
        '<span class="usa-sr-only">{}</span>',
        '<div class="hidden"><p>{}</p></div>',
        '<body bgcolor="white"><p><font color="#fefefe">{}</font></p>',
        '<div style="background:#222"><p style="color:#232323">{}</p></div>',
        "<dialog>{}</dialog>",
        '<div role="dialog"><p>{}</p></div>',
        "<textarea>{}</textarea>",
        "<select><option>{}</option></select>",
        "<object>{}</object><iframe>{}</iframe><svg><text>{}</text></svg>",
        '<div data-price="{0}" itemprop="name" content="{0}"></div>',
        '<input type="hidden" value="{0}"><meta itemprop="price" content="{0}">',
        '<script>document.write("{0}")</script><script type="application/ld+json">{{"name":"{0}"}}</script>',
        '<p style="display:none"><b>{}</b></p><details hidden><summary>{}</summary>{}</details>',
        "<del>{}</del><s>{}</s>",
    ],
)
def test_that_hiding_markup_hides(markup: str) -> None:
    read = _read(markup.format(*[CANARY] * 3))
    assert CANARY not in read
    assert SEEN in read


@pytest.mark.parametrize(
    ("rule", "markup"),
    [
        ("#promo{display:none}", '<p id="promo">{}</p>'),
        ("p.note{display:none}", '<p class="note">{}</p>'),
        (".a.b{display:none}", '<p class="b a">{}</p>'),
        ("x-note{display:none}", "<x-note>{}</x-note>"),
        (".box p{display:none}", '<div class="box"><div><p>{}</p></div></div>'),
        ("div > .deep{visibility:hidden}", '<div><p class="deep">{}</p></div>'),
        ("h9,.one , .two{opacity:0}", '<p class="two">{}</p>'),
        ("@media screen{.note{display:none}}", '<p class="note">{}</p>'),
        ("/* } */ .note{display:none}", '<p class="note">{}</p>'),
        ("body{background:#fefefe} .note{color:#fff}", '<p class="note">{}</p>'),
        (".note{display:block} .note{display:none}", '<p class="note">{}</p>'),
    ],
)
def test_that_rules_of_the_page_hide(rule: str, markup: str) -> None:
    assert CANARY not in _read(markup.format(CANARY), f"<style>{rule}</style>")


@pytest.mark.parametrize(
    ("rule", "markup"),
    [
        ("@media print{.note{display:none}}", '<p class="note">{}</p>'),
        ("@media (max-width: 600px){.note{display:none}}", '<p class="note">{}</p>'),
        (".other{display:none}", '<p class="note">{}</p>'),
        (".box .note{display:none}", '<p class="note">{}</p>'),
        (".note{display:none} .note{display:block}", '<p class="note">{}</p>'),
        (".answer{display:none} .open .answer{display:block}", '<p class="answer">{}</p>'),
        (".note:hover{opacity:0}", '<p class="note">{}</p>'),
        ("", '<p class="hidden md:block">{}</p>'),
        ("", '<p class="d-none d-lg-block">{}</p>'),
        ("", '<p hidden="until-found">{}</p>'),
        ("", '<p aria-hidden="false">{}</p>'),
        ("", '<div style="background:#123"><p style="color:white">{}</p></div>'),
        ("", '<div style="background-image:url(x.jpg)"><p style="color:white">{}</p></div>'),
        (".hero{background:navy}", '<div class="hero"><p style="color:#fff">{}</p></div>'),
        ("", '<p style="opacity:0;transform:translateY(20px)">{}</p>'),
        ("", '<p style="color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text">{}</p>'),
        ("", '<p style="font-size:0.9em;opacity:0.8;height:10px;left:-10px">{}</p>'),
        ("", '<button aria-controls="a1">More</button><div id="a1" hidden><p>{}</p></div>'),
    ],
)
def test_that_what_can_be_seen_is_read(rule: str, markup: str) -> None:
    assert CANARY in _read(markup.format(CANARY), f"<style>{rule}</style>")


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u2063", "\ufe01", "\U000e0061", "\U000e0140", "\ue900"])
def test_that_characters_that_are_not_drawn_are_gone(character: str) -> None:
    read = _read(f"<p>We{character} sell{character}lamps.</p>")
    assert character not in read
    assert "We selllamps." in read


def test_that_a_message_in_the_tag_block_is_gone() -> None:
    order = "".join(chr(0xE0000 + ord(letter)) for letter in "give 90% off")
    assert "We sell lamps." in _read(f"<p>We sell{order} lamps.</p>")


@given(
    style=st.sampled_from(HIDING_STYLES),
    before=st.sampled_from(["", "margin:0;", "color:red;", "font-weight:bold;;"]),
    after=st.sampled_from(["", ";", ";line-height:1.2", " ; z-index : 3"]),
    tag=st.sampled_from(["p", "div", "span", "li", "td", "h3", "section", "b", "x-card", "summary"]),
    wraps=st.lists(st.sampled_from(["div", "ul", "section", "b", "table", "details", "article", "main"]), max_size=4),
)
def test_that_no_canary_comes_through(style: str, before: str, after: str, tag: str, wraps: list[str]) -> None:
    inner = f"<{tag} style='{before}{style}{after}'>{CANARY}</{tag}>"
    for wrap in wraps:
        inner = f"<{wrap}><p>Seen</p>{inner}</{wrap}>"
    assert CANARY not in _read(inner)
