from __future__ import annotations

from collections import Counter
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from knowledge.crawl.frontier import Frontier
from knowledge.crawl.ranking import Found, worth
from knowledge.crawl.reasons import Reason
from knowledge.crawl.sites import Site

HOME = "https://shop.example.com"


def frontier(*paths: str, depth: int = 1) -> Frontier:
    made = Frontier(Site(HOME), max_depth=6)
    made.enter(HOME, "en")
    for path in paths:
        made.offer(Found(url=path if "://" in path else HOME + path, depth=depth))
    return made


def drained(one: Frontier, most: int = 10_000) -> list[str]:
    taken: list[str] = []
    while len(taken) < most and (found := one.take()) is not None:
        taken.append(URL(found.url).raw_path_qs)
    return taken


def score(path: str, text: str = "", *, menu: bool = False, language: str = "en") -> float:
    return worth(Found(url=HOME + path, text=text, menu=menu), host="shop.example.com", language=language)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/pricing", "/blog"),
        ("/preise", "/impressum"),
        ("/tarifs", "/mentions-legales"),
        ("/precios", "/noticias/2024"),
        ("/prijzen", "/nieuws"),
        ("/planos", "/imprensa"),
        ("/solutions/freight-forwarders", "/help/reset-password"),
        ("/branchen/handwerk", "/datenschutz"),
        ("/for-dentists", "/legal/dpa"),
        ("/pour-les-associations", "/actualites"),
        ("/who-we-help", "/careers"),
        ("/customers/a-clinic", "/changelog"),
        ("/use-cases/returns", "/docs/api/v2/webhooks"),
        ("/faq", "/tag/faq"),
        ("/features", "/blog/features-we-love"),
        ("/security", "/blog/2024/05/security"),
        ("/about", "/page/7"),
        ("/anything", "/de/anything"),
        ("/list", "/list?page=3"),
        ("/plans", "/docs/plans"),
    ],
)
def test_that_selling_pages_come_before_the_rest(better: str, worse: str) -> None:
    assert score(better) > score(worse)
    assert drained(frontier(worse, better))[0] == better


def test_that_links_and_menus_count() -> None:
    assert score("/x1", "For care homes") > score("/x1", "Read more")
    assert score("/x1", "Plans and prices") > score("/x1", "What we think about winter")
    assert score("/x1", menu=True) > score("/x1")


def test_that_a_better_link_raises_a_page_and_a_page_is_given_once() -> None:
    one = frontier("/a1", "/b1")
    one.offer(Found(url=f"{HOME}/b1/", text="Pricing"))
    one.offer(Found(url="http://www.shop.example.com/b1", text="Preise"))
    assert drained(one) == ["/b1", "/a1"]


def test_that_every_section_gets_its_turn() -> None:
    sections = ("news", "docs", "guides", "press", "video")
    one = frontier(*(f"/solutions/case-{letter}{n}" for n in range(40) for letter in "ab"),
                   *(f"/{name}/item-{letter}" for name in sections for letter in "xy"))  # fmt: skip
    first = Counter(path.split("/")[1] for path in drained(one, most=45))
    assert all(first[name] for name in sections)
    assert first["solutions"] > 30


def test_that_forty_pages_of_a_large_site_hold_nearly_all_that_sells() -> None:
    names = ("bakeries", "law-firms", "logistics", "museums", "startups", "dental", "hotels", "charities")
    selling = [*(f"/industries/{name}" for name in names), "/pricing", "/plans/enterprise", "/faq", "/product/overview"]
    selling += [*(f"/customers/story-{name}" for name in names), "/why-us", "/security", "/integrations", "/about-us"]
    noise = [f"/blog/{year}/{month:02d}/post-{n}" for year in (2021, 2022) for month in range(1, 13) for n in range(8)]
    noise += [f"/docs/{part}/topic-{n}" for part in ("api", "admin", "cli", "sdk") for n in range(40)]
    noise += [*(f"/tag/word-{n}" for n in range(80)), *(f"/jobs/opening-{n}" for n in range(30)), "/privacy", "/terms"]
    first = set(drained(frontier(*noise, *selling), most=40))
    assert len(first & set(selling)) >= 0.9 * len(selling)


def test_that_another_host_of_the_site_comes_later_and_other_sites_never() -> None:
    one = frontier("https://status.shop.example.com/x1", "/x1", "https://other.example.org/", "mailto:a@b.example")
    assert drained(one) == ["/x1", "/x1"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/brochure.pdf", Reason.NOT_HTML),
        ("/wp-json/x", Reason.NOT_HTML),
        ("/a/b/a/b/a", Reason.TRAP),
        ("/x/x/x", Reason.TRAP),
        ("/1/2/3/4/5/6/7/8/9/10/11", Reason.TRAP),
        ("/search?q=shoes", Reason.TRAP),
        ("/p?a=1&b=2&c=3&d=4&e=5", Reason.TRAP),
        ("/" + "x" * 700, Reason.TRAP),
    ],
)
def test_that_files_loops_and_searches_are_refused(path: str, reason: Reason) -> None:
    one = frontier(path, path)
    assert one.take() is None
    assert [refusal.reason for refusal in one.refused] == [reason]


def test_that_pages_too_many_links_away_are_refused() -> None:
    one = frontier("/deep", depth=7)
    assert one.take() is None
    assert one.refused[0].reason is Reason.DEPTH


@pytest.mark.parametrize(
    ("paths", "most"),
    [
        ([f"/events/{year}/{month:02d}" for year in range(2000, 2090) for month in range(1, 13)], 3),
        ([f"/calendar?month={n}" for n in range(500)], 3),
        ([f"/agenda/2026-01-{n:02d}" for n in range(1, 32)], 3),
        ([f"/archive/page/{n}" for n in range(500)], 8),
        ([f"/list?page={n}" for n in range(500)], 8),
        ([f"/view/{n}" for n in range(500)], 8),
        ([f"/s/{n:032x}/home" for n in range(10**20, 10**20 + 300)], 5),
        ([f"/item?id={n}" for n in range(500)], 8),
        ([f"/list?sort=key{n}" for n in range(500)], 1),
    ],
)
def test_that_endless_patterns_end(paths: list[str], most: int) -> None:
    one = frontier(*paths, "/pricing")
    taken = drained(one)
    assert "/pricing" in taken
    assert len(taken) <= most + 1


def test_that_named_pages_with_numbers_are_no_pattern() -> None:
    paths = [f"/solutions/top-{n}-reasons-{word}" for n, word in enumerate("abcdefghijklmnop")]
    assert len(drained(frontier(*paths))) == len(paths)


def test_that_a_folder_that_says_nothing_new_is_given_up() -> None:
    one = frontier(*(f"/mirror/page-{letter}" for letter in "abcdefghijklmnopqrst"), "/about")
    for _ in range(6):
        found = one.take()
        assert found is not None
        one.learned(found.url, new="mirror" not in found.url)
    assert [path for path in drained(one) if "mirror" in path] == []


def test_that_a_language_told_late_reorders_what_waits() -> None:
    one = Frontier(Site(HOME), max_depth=6)
    for path in ("/en/pricing", "/de/preise"):
        one.offer(Found(url=HOME + path))
    one.enter(HOME, "de")
    assert drained(one) == ["/de/preise", "/en/pricing"]


words = st.text(alphabet="abcxyz0123456789-_.~/%?&=;#ü", max_size=40)


@given(st.lists(words, max_size=60))
def test_that_every_address_ends_up_taken_or_refused_once(paths: list[str]) -> None:
    one = frontier(*(f"/{path}" for path in paths))
    taken = drained(one)
    assert len(set(taken)) == len(taken)
    assert len(one) == 0
    assert len(taken) + len(one.refused) <= len(paths)


@given(st.lists(words, max_size=40))
def test_that_the_same_offers_give_the_same_order(paths: list[str]) -> None:
    offers = [f"/{quote(path)}" for path in paths]
    assert drained(frontier(*offers)) == drained(frontier(*offers))


def test_that_what_is_left_can_be_listed_and_known() -> None:
    one = frontier("/a1", "/pricing")
    assert len(one) == 2
    assert next(one.drain()).endswith("/pricing")
    assert one.knows(f"{HOME}/a1")
    assert one.done(f"{HOME}/a1")
    assert not one.done(f"{HOME}/a1")
    assert len(one) == 1
