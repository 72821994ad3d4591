from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading.blocks import Block, fold
from knowledge.reading.page import Link, SitePage
from knowledge.reading.passages import MAX_WORDS, page_passages
from knowledge.reading.reader import BY_VISITORS, DRAWN_BY_SCRIPTS, NOT_A_PAGE, read_site_page, with_scripts

SITE = Path(__file__).parents[2] / "examples" / "site"
URL = "https://lamps.example/shop/"
FILLER = (
    "<p>We build lamps of oak and brass in a small town by the sea, and send them to eleven countries and beyond.</p>"
)


def _page(body: str, head: str = "", url: str = URL) -> SitePage:
    return read_site_page(f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode(), url=url)


def _texts(body: str) -> list[str]:
    return [block.text for block in _page(body).blocks if block.text]


def _levels(blocks: Sequence[Block]) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in blocks]


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p><span>$</span><span>49</span><span>/mo</span></p>", ["$49/mo"]),
        ("<p>\n <span> $ </span>\n <b>49</b>\n <small>/mo</small>\n</p>", ["$49/mo"]),
        ("<p><span>CHF</span> <span>1'200</span></p>", ["CHF1'200"]),
        ("<p>Only <sup>$</sup>49<sup>99</sup> now</p>", ["Only $49 99 now"]),
        ("<p>from € 9.50 a piece</p>", ["from € 9.50 a piece"]),
        ("<div>$49</div><div>per month</div>", ["$49", "per month"]),
        ("<p><s>$99</s> $49</p>", ["$49"]),
        ("<p>A&nbsp;lamp\u2003of\u202foak</p>", ["A lamp of oak"]),
        ("<p>Light for<br>your desk</p>", ["Light for your desk"]),
        ("<p>We deliver.<br>We mend.</p>", ["We deliver.", "We mend."]),
        ("<p>Berlin<br><br>Oslo</p>", ["Berlin", "Oslo"]),
        ("<p>Ours:<br>- oak<br>- brass</p>", ["Ours:", "- oak", "- brass"]),
        ("<h2>Light<br>and air</h2>", ["Light and air"]),
        ("<p>super<wbr>long</p>", ["superlong"]),
    ],
)
def test_that_lines_are_those_a_reader_sees(markup: str, seen: list[str]) -> None:
    assert _texts(markup) == seen


def test_that_the_rows_of_a_table_know_their_header() -> None:
    page = _page(
        "<table><caption>Plans</caption><tr><th>Feature<th>Small<th colspan=2>Large</tr>"
        "<tr><th>Price<td><p>$9</p><td>$19<td>$29</tr><tr><td>Seats<td colspan=9000000000000000>3</tr></table>"
    )
    rows = [(block.text, block.cells, block.columns) for block in page.blocks if block.cells]
    header = ("Feature", "Small", "Large", "")
    assert rows == [
        ("Feature Small Large", header, ()),
        ("Price $9 $19 $29", ("Price", "$9", "$19", "$29"), header),
        ("Seats 3", ("Seats", "3"), header),
    ]


def test_that_every_part_of_a_long_table_repeats_its_header() -> None:
    rows = "".join(f"<tr><td>Part {number}<td>{number} euro a piece, in stock</tr>" for number in range(40))
    passages = list(page_passages(_page(f"<table><tr><th>Part<th>Price</tr>{rows}</table>")))
    assert len(passages) > 2
    assert all(passage.text.split("\n")[0] == "Part\tPrice\t" for passage in passages)
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)


def test_that_a_table_that_places_things_is_no_table() -> None:
    assert _texts("<table><tr><td><h2>Small</h2><p>$9</p></td><td><h2>Large</h2><p>$19</p></td></tr></table>") == [
        "Small", "$9", "Large", "$19",
    ]  # fmt: skip


def test_that_what_a_card_says_ends_with_the_card() -> None:
    cards = '<div class="card"><h3>Small</h3><p>$9</p></div><div class="card"><h3>Large</h3><p>$19</p></div>'
    passages = page_passages(_page(f"<h2>Plans</h2><div>{cards}</div><p>Prices hold until May.</p>"))
    assert [(passage.headings, passage.text) for passage in passages] == [
        (("Plans", "Small"), "$9"),
        (("Plans", "Large"), "$19"),
        (("Plans",), "Prices hold until May."),
    ]


def test_that_a_whole_card_may_be_a_link_and_still_says_something() -> None:
    page = _page('<a href="/agencies/"><h3>Agencies</h3><p>Many clients, one desk</p></a><a href="/x">Read on</a>')
    assert [passage.text for passage in page_passages(page)] == ["Many clients, one desk"]
    assert page.links[0] == Link(
        url="https://lamps.example/agencies/", text="Agencies Many clients, one desk".replace(" Many", "Many")
    )


def test_that_questions_that_open_are_headings_of_their_answers() -> None:
    page = _page(
        '<h2>Questions</h2><h3><button aria-expanded="false" aria-controls="a1">Is it bright?</button></h3>'
        '<div id="a1" hidden><p>Yes, very.</p></div>'
        '<button aria-controls="a2">Is it heavy?</button><div id="a2" style="display:none">Two kilos.</div>'
        "<p>Ask us.</p>"
        "<details><summary><h4>Is it loud?</h4></summary><p>No.</p></details>"
        '<div role="heading" aria-level="2">After</div><p>All.</p><button>Buy</button>'
    )
    read = [(passage.headings[-1], passage.text) for passage in page_passages(page)]
    assert read == [
        ("Is it bright?", "Yes, very."),
        ("Is it heavy?", "Two kilos."),
        ("Questions", "Ask us."),
        ("Is it loud?", "No."),
        ("After", "All."),
    ]


def test_that_menus_are_links_and_no_text() -> None:
    page = _page(
        '<header><a href="/">Lamps Ltd</a><nav><ul><li><a href="../agencies/#top">For agencies</a></li>'
        '<li>More<ul hidden><li><a href="/a">A</a></li><li><a href="/b">B</a></li></ul></li>'
        '<li hidden><a href="/trap">90% off</a></li></ul></nav></header>'
        f'<main>{FILLER}<p>See <a href="oak.html?x=1" rel="nofollow">oak lamps</a>.</p><a href="mailto:a@b.c">Mail</a>'
        '<div style="display:none"><a href="/trap2">cheap</a></div></main>'
        '<footer>Imprint <a href="/imprint">Imprint</a></footer>'
    )
    assert [block.text for block in page.blocks][1:] == ["See oak lamps.", "Mail"]
    assert [(link.url, link.text, link.nav, link.follow) for link in page.links] == [
        ("https://lamps.example/shop/oak.html?x=1", "oak lamps", False, False),
        ("https://lamps.example/", "Lamps Ltd", True, True),
        ("https://lamps.example/agencies/", "For agencies", True, True),
        ("https://lamps.example/a", "A", True, True),
        ("https://lamps.example/b", "B", True, True),
        ("https://lamps.example/imprint", "Imprint", True, True),
    ]


def test_that_the_head_says_where_else_the_page_stands() -> None:
    page = _page(
        FILLER,
        '<title>Lamps\n</title><base href="/de/"><meta name=description content="Oak &amp; brass">'
        '<link rel=canonical href="lampen"><link rel=alternate hreflang="FR-ch" href="../fr/">'
        '<link rel=alternate hreflang="not a tag!" href="/x"><meta http-equiv=refresh content="3; URL=\'neu/\'">'
        '<meta name=robots content="noarchive"><meta name=robots content="nofollow">',
    )
    assert (page.title, page.description) == ("Lamps", "Oak & brass")
    assert page.canonical == "https://lamps.example/de/lampen"
    assert page.alternates == {"fr-ch": "https://lamps.example/fr/"}
    assert page.refresh == "https://lamps.example/de/neu/"
    assert (page.indexable, page.followable) == (True, False)


def test_that_a_canonical_address_elsewhere_is_ignored() -> None:
    assert _page(FILLER, '<link rel=canonical href="https://evil.example/">').canonical == ""
    assert _page(FILLER, '<link rel=canonical href="https://www.lamps.example/a">').canonical != ""


def test_that_a_refresh_for_readers_without_scripts_leads_nowhere() -> None:
    assert _page(FILLER, '<noscript><meta http-equiv=refresh content="0;url=/js"></noscript>').refresh == ""
    assert _page(FILLER, '<meta http-equiv=refresh content="0;url=javascript:x()">').refresh == ""
    assert _page(FILLER, '<meta http-equiv=refresh content="300">').refresh == ""


def test_that_a_page_that_asks_not_to_be_indexed_has_no_text() -> None:
    page = _page(FILLER + '<a href="/x">x</a>', '<meta name="ROBOTS" content="NONE">')
    assert (page.blocks, page.indexable, page.followable, len(page.links)) == ((), False, False, 1)


@pytest.mark.parametrize(
    "banner",
    [
        '<div id="shop-cookie-banner"><p>We use cookies.</p></div>',
        '<div role="region" aria-label="Cookie banner"><p>We use cookies.</p></div>',
        '<div class="CookieConsent_popup"><p>We use cookies.</p></div>',
        '<section id="onetrust-consent-sdk"><p>We use cookies.</p></section>',
        '<div role="dialog"><p>We use cookies.</p></div>',
    ],
)
def test_that_cookie_banners_are_left_out(banner: str) -> None:
    assert not any("cookies" in text for text in _texts(banner + FILLER))


def test_that_a_page_about_cookies_is_read() -> None:
    prose = f"<p>{'A cookie is a small file that a page leaves behind. ' * 40}</p>"
    assert any("small file" in text for text in _texts(f'<div class="cookie-settings-panel">{prose}</div>'))


TABLE = "<table><tr><th>Plan<th>Price</tr><tr><td>All<td>$1</tr></table>"


@pytest.mark.parametrize(
    "area",
    [
        '<section id="comments"><p>{}</p></section>',
        '<ol class="comment-list"><li>{}</li></ol>',
        '<div class="customerReviews">{}</div>',
        '<div class="product_reviews__list">{}</div>',
        '<div itemscope itemtype="https://schema.org/Review"><p>{}</p></div>',
        '<div itemprop="reviewBody">{}</div>',
        '<div id="disqus_thread">{}</div>',
        "<h2>12 Comments</h2><h3>Eve says</h3>{}<h4>Reply</h4><p>Yes</p>",
        "<h3>Kundenbewertungen (3)</h3>{}",
    ],
)
def test_that_what_visitors_wrote_is_no_statement_of_the_company(area: str) -> None:
    page = _page(FILLER + area.format(TABLE) + "<h2>About us</h2><p>Since 1990.</p>")
    read = " ".join(block.text for block in page.blocks)
    assert "$1" not in read
    assert "Since 1990." in read


def test_that_forums_are_left_out_as_a_whole() -> None:
    page = _page(FILLER + TABLE, url="https://lamps.example/forum/thread-12")
    assert (page.blocks, page.missing) == ((), BY_VISITORS)
    assert _page(FILLER, url="https://lamps.example/forum/").blocks


def test_that_a_main_part_that_says_nothing_is_not_the_page() -> None:
    assert "Our lamps" in " ".join(_texts(f"<main><div id=map></div></main><div><h2>Our lamps</h2>{FILLER}</div>"))
    assert _texts(f"<main hidden>{FILLER}</main><main><p>{'Seen. ' * 30}</p></main>") == ["Seen. " * 29 + "Seen."]


STATE = """{"props":{"seo":{"description":"words for robots only"},"hero":{"title":"Payroll for clinics","subtitle":
"Pay nurses and locums on time, every month, with the rules of your country built in."},"draft":{"draft":true,"text":
"This is not out yet, do not show it"},"plans":[{"id":"starter-plan","name":"Starter","price":"$49/mo","features":
["Up to 20 people","E-mail support on weekdays"]}],"html":"<p>Seen.</p><p hidden>Unseen words</p>","url":"/a/b"}}"""


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{STATE}</script>',
        f"<script>window.__S__ = {STATE};</script>",
    ],
)
def test_that_a_page_drawn_by_scripts_is_read_from_its_data(script: str) -> None:
    page = _page(f'<div id="__next"></div>{script}')
    assert page.missing == ""
    assert [(passage.headings, passage.text) for passage in page_passages(page)] == [
        (
            ("Payroll for clinics",),
            "Pay nurses and locums on time, every month, with the rules of your country built in.",
        ),
        (("Starter",), "$49/mo\nUp to 20 people\nE-mail support on weekdays"),
        ((), "Seen."),
    ]


FACTS = """<script type="application/ld+json">[{"@type":"FAQPage","mainEntity":[{"name":"Is there a trial?",
"acceptedAnswer":{"text":"<p>Yes, for 14 days, without a card, as often as your team needs to try it in full.</p>"}}]},
{"@type":"Product","name":"Desk","description":"A desk for teams of up to forty people.",
"offers":{"price":"49.00","priceCurrency":"EUR"}},
{"@type":"Review","name":"Eve","reviewBody":"It costs one euro."}]</script>"""


def test_that_linked_data_are_read_only_where_the_page_itself_says_nothing() -> None:
    drawn = [block.text for block in _page(f'<div id="root"></div>{FACTS}').blocks]
    assert "Is there a trial?" in drawn
    assert "49.00 EUR" in drawn
    assert not any("one euro" in text for text in drawn)
    assert not any("49.00" in text for text in _texts(f"{FILLER}{FACTS}"))
    assert not any("49.00" in text for text in _texts(f"<p>Hello.</p>{FACTS}"))


def test_that_missing_text_is_said_and_can_be_brought() -> None:
    page = _page(
        '<app-root>Loading</app-root><script src="/app.js"></script><script src="https://cdn.example/x.js"></script>'
    )
    assert (page.missing, page.scripts) == (DRAWN_BY_SCRIPTS, ("https://lamps.example/app.js",))
    source = b"""const P=[{name:"Starter",price:"$49 per month",note:"For teams of five who need the basics\\u2026"},
    {"name":'Pro',"text":'Single sign-on, audit logs and a person to call, for the whole of your company'}];
    x={type:"text/css"}"""
    read = with_scripts(page, [source])
    assert read.missing == ""
    assert read.hash != page.hash
    assert _levels(read.blocks)[1:] == [
        (3, "Starter"),
        (0, "$49 per month"),
        (0, "For teams of five who need the basics…"),
        (3, "Pro"),
        (0, "Single sign-on, audit logs and a person to call, for the whole of your company"),
    ]
    assert with_scripts(page, [b"", b"\xff\0{", b"[" * 100_000, b'{"a":' * 50_000]).missing == DRAWN_BY_SCRIPTS


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "text/html"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "text/html; charset=utf-8"),
        (b"\x1f\x8b\x08", ""),
        (b"<p>Hello</p>", "application/pdf"),
        (b"<p>Hello</p>", "image/svg+xml"),
    ],
)
def test_that_other_things_than_pages_are_told(data: bytes, content_type: str) -> None:
    page = read_site_page(data, url=URL, content_type=content_type)
    assert (page.missing, page.blocks, page.links) == (NOT_A_PAGE, (), ())


def test_that_the_hash_follows_the_visible_text_only() -> None:
    before = _page(f"<h2>Lamps</h2>{FILLER}<nav>Menu</nav>").hash
    assert _page(f'<h2 class="x">Lamps</h2>{FILLER}<nav>Other</nav><script>1</script>').hash == before
    assert _page(f"<h2>Lights</h2>{FILLER}").hash != before


def test_that_an_article_without_landmarks_loses_what_stands_around_it() -> None:
    article = "".join(
        f"<p>Part {number} of this long story tells how lamps were built in old times, which wood was taken, who lit "
        "them in the evening when the boats came home and the nets were hung up to dry.</p>"
        for number in range(15)
    )
    page = _page(f"<div class=wrap><h1>Lamps</h1>{article}</div><div class=share>Share on a network of friends</div>")
    texts = [block.text for block in page.blocks]
    assert sum(text.startswith("Part ") for text in texts) == 15
    assert not any("network of friends" in text for text in texts)


@pytest.mark.parametrize("file", sorted(SITE.rglob("*.html")), ids=lambda file: str(file.parent.name))
def test_that_every_line_stands_on_the_page_letter_for_letter(file: Path) -> None:
    from lxml import html

    tree = html.fromstring(file.read_bytes().decode())
    rendered = "".join("".join(tree.itertext()).split())
    for passage in page_passages(read_site_page(file.read_bytes(), url="/")):
        assert all("".join(line.split()) in rendered for line in passage.text.split("\n"))


TAGS = [
    "p",
    "div",
    "b",
    "span",
    "li",
    "ul",
    "h2",
    "td",
    "tr",
    "table",
    "summary",
    "details",
    "a",
    "br",
    "section",
    "main",
    "sup",
]


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.text("ab $9€/.\u200b", max_size=8), st.booleans()), max_size=14))
def test_that_lines_are_verbatim_whatever_the_markup(pieces: list[tuple[str, str, bool]]) -> None:
    markup = "".join(f"<{tag}>{text}" + (f"</{tag}>" if closed else "") for tag, text, closed in pieces)
    said = "".join(fold("".join(text for _, text, _ in pieces)).split())
    for passage in page_passages(_page(markup)):
        assert all("".join(line.split()) in said for line in passage.text.split("\n"))


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-16", "text/html;charset=x", "a/b"]))
def test_that_any_bytes_can_be_read(data: bytes, content_type: str) -> None:
    page = read_site_page(data, url=URL, content_type=content_type)
    assert page.language.isalpha()
    assert page.url == URL
