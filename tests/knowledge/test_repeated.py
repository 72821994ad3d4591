from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading.page import SitePage
from knowledge.reading.passages import MAX_WORDS, digest, site_passages
from knowledge.reading.reader import read_site_page
from knowledge.reading.repeated import without_repeated

PROMISE = "Every lamp comes with a guarantee of five years."
OFFER = "Save 20 euro on brass lamps until May."
NEWSLETTER = "Sign up for our newsletter and hear of new lamps first."


def _page(path: str, *lines: str, title: str = "", language: str = "en", head: str = "") -> SitePage:
    body = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines)
    html = f"<html lang={language}><head><title>{title}</title>{head}</head><body><main>{body}</main></body></html>"
    return read_site_page(html.encode(), url=f"https://lamps.example{path}")


def _site(count: int = 6) -> list[SitePage]:
    shops = [
        _page(f"/lamp-{number}", f"Lamp {number} is made of oak.", PROMISE, OFFER, NEWSLETTER)
        for number in range(count)
    ]
    return [*shops, _page("/guarantee", "<h1>Our guarantee</h1>", PROMISE, title="The guarantee of lamps")]


def test_that_what_every_page_says_is_kept_where_it_fits_best() -> None:
    said = {passage.url: passage.text for passage in site_passages(_site())}
    assert said["https://lamps.example/guarantee"] == PROMISE
    assert said["https://lamps.example/lamp-0"] == f"Lamp 0 is made of oak.\n{OFFER}"
    assert said["https://lamps.example/lamp-3"] == "Lamp 3 is made of oak."
    assert not any("newsletter" in text for text in said.values())


def test_that_two_pages_may_say_the_same() -> None:
    pages = [_page("/a", "Oak.", PROMISE), _page("/b", "Brass.", PROMISE), _page("/c", "Iron.")]
    assert [passage.text for passage in site_passages(pages)] == [f"Oak.\n{PROMISE}", f"Brass.\n{PROMISE}", "Iron."]


def test_that_on_a_large_site_a_few_pages_may_say_the_same() -> None:
    pages = [_page(f"/lamp-{number}", f"Lamp {number}.", *([PROMISE] if number < 4 else [])) for number in range(40)]
    assert without_repeated(pages) == tuple(pages)


def test_that_headings_and_rows_stay_where_they_are() -> None:
    table = "<h2>Prices of lamps</h2><table><tr><th>Lamp<th>Price</tr><tr><td>Oak<td>9 euro</tr></table>"
    pages = [_page(f"/{number}", table, f"Number {number}.") for number in range(5)]
    assert without_repeated(pages) == tuple(pages)


def test_that_repeated_invitations_are_nobody_s_statement() -> None:
    pages = [_page(f"/{number}", f"Lamp {number} is new.", "Talk to sales now") for number in range(4)]
    assert not any("Talk" in passage.text for passage in site_passages(pages))


def test_that_languages_are_counted_apart() -> None:
    german = [
        _page(f"/de/{number}", f"Lampe {number}.", "Fünf Jahre Garantie auf alle Lampen.", language="de")
        for number in range(3)
    ]
    passages = site_passages([*_site(30), *german])
    assert sum("Garantie" in passage.text for passage in passages) == 1
    assert {passage.language for passage in passages} == {"en", "de"}


def test_that_every_passage_comes_once_and_in_order() -> None:
    pages = [_page("/a", "<h2>One</h2>", "Same text."), _page("/b", "<h2>Two</h2>", "Same text."), _page("/c", "More.")]
    passages = site_passages(pages)
    assert [(passage.url[-2:], passage.text) for passage in passages] == [("/a", "Same text."), ("/c", "More.")]
    assert all(passage.hash == digest(passage.text) for passage in passages)
    assert passages == site_passages(pages)


def test_that_pages_not_to_be_indexed_say_nothing() -> None:
    hidden = _page("/x", "Secret plan.", head='<meta name="robots" content="noindex">')
    assert site_passages([hidden]) == ()
    assert site_passages([]) == ()


@given(
    st.lists(
        st.lists(st.sampled_from([PROMISE, OFFER, NEWSLETTER, "Oak.", "Costs 9 euro.", "word " * 90]), max_size=4),
        max_size=8,
    )
)
def test_that_nothing_with_a_figure_is_lost(lines: list[list[str]]) -> None:
    pages = [_page(f"/{number}", *one) for number, one in enumerate(lines)]
    passages = site_passages(pages)
    said = "\n".join(passage.text for passage in passages)
    for line in {line for one in lines for line in one} & {PROMISE, OFFER, "Costs 9 euro."}:
        assert line in said
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)
