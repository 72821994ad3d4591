"""Whole crawls of well-meant sites: what is kept, in which order, and what a second crawl asks for."""

from __future__ import annotations

import pytest

from core.errors import DependencyError
from knowledge.crawl.addresses import AddressRules
from knowledge.crawl.crawler import crawl
from knowledge.crawl.guard import GuardedClient
from knowledge.crawl.outcome import Crawled, CrawlPorts
from knowledge.crawl.reasons import Reason
from knowledge.crawl.records import by_address
from knowledge.crawl.sites import BadAddress
from tests.knowledge.crawl.conftest import SHORT, Crawling, read
from tests.knowledge.crawl.fake_site import Answer, Asked, FakeSite, html, moved


def kept(crawled: Crawled) -> list[str]:
    return ["/" + page.url.split("/", 3)[3] for page in crawled.pages]


def reasons(crawled: Crawled) -> dict[str, Reason]:
    return {"/" + one.url.split("/", 3)[3]: one.reason for one in crawled.skipped}


def small_site() -> FakeSite:
    return FakeSite(
        {
            "/": html(
                "We rent cargo bikes.", links={"/pricing": "Prices", "/who": "For bakeries", "/gone": "Old"}, menu=True
            ),
            "/pricing": html("A bike costs 90 euros a month.", links={"/": "Home", "/deep/er": "More"}),
            "/who": html("Bakeries deliver with our bikes."),
            "/deep/er": html("The fine print of insurance."),
        }
    )


async def test_that_a_small_site_is_read_whole(crawling: Crawling) -> None:
    async with small_site() as site:
        crawled = await crawling(site.url)
    assert kept(crawled) == ["/", "/deep/er", "/pricing", "/who"]
    assert reasons(crawled) == {"/gone": Reason.STATUS}
    assert crawled.stopped == "complete"
    assert crawled.language == "en"
    assert site.asked()[:3] == ["/", "/pricing", "/who"]
    assert [told.pages for told in crawling.told] == sorted(told.pages for told in crawling.told)
    assert crawling.told[-1].words > 15


async def test_that_the_same_site_gives_the_same_result_and_no_pause_is_made_at_home(crawling: Crawling) -> None:
    links = {f"/part-{a}/page-{b}": f"Page {b}" for a in "abcd" for b in "wxyz"}
    pages = {url: html(f"This is {url}.", links={f"{url}/more": "More"}) for url in links}
    async with FakeSite({"/": html("Hello.", links=links), **pages}, otherwise=_saying_its_path) as site:
        runs = [await crawling(site.url, max_pages=17) for _ in range(3)]
    assert runs[0].fetched == runs[1].fetched == runs[2].fetched
    assert runs[0].pages == runs[1].pages == runs[2].pages
    assert runs[0].stopped == "pages"
    assert len(runs[0].fetched) == 17
    assert Reason.BUDGET in reasons(runs[0]).values()
    assert crawling.time.slept == []


def _saying_its_path(asked: Asked) -> Answer:
    return html(f"More of {asked.path}.") if asked.path.startswith("/part") else Answer(status=404)


async def test_that_a_second_crawl_asks_for_changes_only(crawling: Crawling) -> None:
    edited = False

    def page(asked: Asked) -> Answer:
        tag = '"2"' if edited else '"1"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(status=304)
        text = "Bikes cost 95 now." if edited else "Bikes cost 90."
        return Answer(body=html(text, links={"/since": "Since"}).body, headers={"ETag": tag})

    def since(asked: Asked) -> Answer:
        day = "Sat, 01 Aug 2026 00:00:00 GMT"
        if asked.headers.get("if-modified-since") == day:
            return Answer(status=304)
        return Answer(body=html("Since 2019.", links={"/plain": "Plain"}).body, headers={"Last-Modified": day})

    async with FakeSite({"/": page, "/since": since, "/plain": html("No headers.")}) as site:
        first = await crawling(site.url)
        again = await crawling(site.url, known=by_address(first.records))
        assert again.records == first.records
        edited = True
        third = await crawling(site.url, known=by_address(again.records))
    assert kept(first) == ["/", "/plain", "/since"]
    assert third.pages[0] != first.pages[0]
    assert third.pages[1:] == first.pages[1:]


async def test_that_sitemaps_reach_what_nothing_links_to(crawling: Crawling) -> None:
    async with FakeSite({"/": html("Hello."), "/hidden": html("For bakeries.")}) as site:
        lines = f"<urlset><url><loc>{site.url}/hidden</loc></url><url><loc>https://evil.example/</loc></url></urlset>"
        site.pages["/robots.txt"] = Answer(body=f"Sitemap: {site.url}/map.xml".encode())
        site.pages["/map.xml"] = Answer(body=lines.encode(), headers={"Content-Type": "application/xml"})
        assert kept(await crawling(site.url)) == ["/", "/hidden"]


async def test_that_robots_hold_for_links_and_redirects(crawling: Crawling) -> None:
    links = {"/closed/a": "A", "/door": "Door", "/open": "Open"}
    async with FakeSite(
        {"/": html("Hello.", links=links), "/open": html("Open."), "/door": moved("/closed/b")}
    ) as site:
        site.pages["/robots.txt"] = Answer(body=b"User-agent: FrontdeskBot\nDisallow: /closed")
        crawled = await crawling(site.url)
        assert not [path for path in site.asked() if path.startswith("/closed")]
    assert reasons(crawled) == {"/closed/a": Reason.ROBOTS, "/door": Reason.ROBOTS}


async def test_that_robots_words_on_pages_and_in_headers_hold(crawling: Crawling) -> None:
    links = {"/noindex": "N", "/header": "H", "/nofollow": "F", "/none": "O", "/other-bot": "B"}
    pages = {
        "/": html("Hello.", links=links),
        "/noindex": html("Not for you.", head='<meta name="robots" content="noindex">', links={"/via-noindex": "V"}),
        "/header": Answer(body=html("Nor this.").body, headers={"X-Robots-Tag": "noindex"}),
        "/nofollow": Answer(
            body=html("Stop.", links={"/x": "X"}).body, headers={"X-Robots-Tag": "frontdeskbot: nofollow"}
        ),
        "/none": Answer(body=html("None.", links={"/y": "Y"}).body, headers={"X-Robots-Tag": "none"}),
        "/other-bot": Answer(body=html("Fine.").body, headers={"X-Robots-Tag": "otherbot: noindex, nofollow"}),
        "/via-noindex": html("Found through it."),
    }
    async with FakeSite(pages) as site:
        crawled = await crawling(site.url)
    assert kept(crawled) == ["/", "/nofollow", "/other-bot", "/via-noindex"]
    assert reasons(crawled) == dict.fromkeys(("/noindex", "/header", "/none"), Reason.NOINDEX)


async def test_that_redirects_refreshes_and_copies_give_a_page_once(crawling: Crawling) -> None:
    links = {"/old": "Old", "/jump": "Jump", "/copy": "Copy", "/loop": "Loop", "/new/": "New"}
    pages = {
        "/": html("Hello.", links=links),
        "/old": moved("/new"),
        "/new": html("The new page."),
        "/new/": html("The new page."),
        "/jump": html("", head='<meta http-equiv="refresh" content="0; url=/landed">'),
        "/landed": html("Landed."),
        "/copy": html("The new page."),
        "/loop": html("", head='<meta http-equiv="refresh" content="0; url=/loop2">'),
        "/loop2": html("", head='<meta http-equiv="refresh" content="0; url=/loop">'),
    }
    async with FakeSite(pages) as site:
        crawled = await crawling(site.url)
    assert [path.rstrip("/") for path in kept(crawled)] == ["", "/landed", "/new"]


async def test_that_translations_are_left_out_where_the_original_is_read(crawling: Crawling) -> None:
    both = '<link rel="alternate" hreflang="en" href="/en-page"><link rel="alternate" hreflang="de" href="/de/seite">'
    german = Answer(
        body=html("Guten Tag.", head=both, links={"/de/nur": "Nur"}).body.replace(
            b'<html lang="en"', b'<html lang="de"'
        )
    )
    only = Answer(body=html("Nur auf Deutsch.").body.replace(b'<html lang="en"', b'<html lang="de"'))
    pages = {
        "/": html("Hello.", links={"/de/seite": "Deutsch", "/de/nur": "Nur"}),
        "/en-page": html("Good day.", head=both),
    }
    async with FakeSite({**pages, "/de/seite": german, "/de/nur": only}) as site:
        crawled = await crawling(site.url)
    assert kept(crawled) == ["/", "/de/nur", "/en-page"]
    assert reasons(crawled) == {"/de/seite": Reason.TRANSLATION}


async def test_that_budgets_end_a_crawl(crawling: Crawling) -> None:
    links = {f"/page-{letter}": letter for letter in "abcdefghijklmnop"}
    pages = {path: html(f"{path} " + "word " * 2_000) for path in links}
    async with FakeSite({"/": html("Hello.", links=links), **pages}) as site:
        crawled = await crawling(site.url, max_bytes=40_000)
        assert crawled.stopped == "bytes"
        assert len(crawled.pages) <= 6
        crawled = await crawling(site.url, max_pages=1)
        assert (crawled.stopped, len(crawled.pages)) == ("pages", 1)


async def test_that_depth_is_bounded(crawling: Crawling) -> None:
    pages = {f"/{'x' * n}": html(f"Level {n}.", links={f"/{'x' * (n + 1)}": "Deeper"}) for n in range(1, 20)}
    async with FakeSite({"/": html("Hello.", links={"/x": "Down"}), **pages}) as site:
        crawled = await crawling(site.url, max_depth=3)
    assert kept(crawled) == ["/", "/x", "/xx", "/xxx"]
    assert reasons(crawled) == {"/xxxx": Reason.DEPTH}


async def test_that_a_fetched_address_without_scheme_is_tried_both_ways(crawling: Crawling) -> None:
    async with small_site() as site:
        crawled = await crawling(f"127.0.0.1:{site.port}", retry_pause=0.0)
    assert len(crawled.pages) == 4


async def test_that_a_start_that_only_sends_on_is_followed(crawling: Crawling) -> None:
    for start in (moved("/de/"), html("", head='<meta http-equiv="refresh" content="0; url=/de/">')):
        german = html("Guten Tag.", links={"/de/preise": "Preise", "/en/prices": "Prices"})
        home = Answer(body=german.body.replace(b'<html lang="en"', b'<html lang="de"'))
        pages = {"/": start, "/de/": home, "/de/preise": html("90 Euro."), "/en/prices": html("90 euros.")}
        async with FakeSite(pages) as site:
            crawled = await crawling(site.url)
        assert crawled.language == "de"
        assert crawled.start.endswith("/de/")
        assert [url.rpartition("/")[2] for url in crawled.fetched][-2:] == ["preise", "prices"]


async def test_that_an_unreachable_site_says_what_was_tried(crawling: Crawling) -> None:
    async with FakeSite() as site:
        port = site.port
    with pytest.raises(DependencyError) as caught:
        await crawling(f"127.0.0.1:{port}")
    text = str(caught.value)
    assert f"https://127.0.0.1:{port}/ cannot be connected to" in text
    assert f"http://127.0.0.1:{port}/ cannot be connected to" in text
    assert "nothing was written" in text


@pytest.mark.parametrize(
    ("home", "said"),
    [
        (Answer(body=b""), "holds no text"),
        (html("", head="<script>draw()</script>"), "holds no text"),
        (html("x", head='<meta name="robots" content="noindex">'), "asks not to be indexed"),
        (Answer(status=403, body=b""), "403"),
        (moved("https://new.example.com/"), "leads to another site (https://new.example.com)"),
        (Answer(body=b"%PDF-1.7"), "is no HTML page"),
    ],
)
async def test_that_an_empty_site_says_why(crawling: Crawling, home: Answer, said: str) -> None:
    async with FakeSite({"/": home}) as site:
        with pytest.raises(DependencyError) as caught:
            await crawling(site.url, retry_pause=0.0)
    assert said in str(caught.value)


async def test_that_robots_closing_everything_is_said(crawling: Crawling) -> None:
    async with FakeSite({"/robots.txt": Answer(body=b"User-agent: *\nDisallow: /"), "/": html("Hello.")}) as site:
        with pytest.raises(DependencyError, match=r"closed by robots\.txt"):
            await crawling(site.url)
        assert site.asked() == []


async def test_that_private_addresses_need_to_be_allowed(crawling: Crawling) -> None:
    async with small_site() as site:
        with pytest.raises(DependencyError, match="--allow-private-hosts"):
            await crawling(site.url, allow_private_hosts=False)
        assert site.connections == 0


async def test_that_nonsense_is_no_website(crawling: Crawling) -> None:
    with pytest.raises(BadAddress):
        await crawling("ftp://shop.example")


async def test_that_time_runs_out_while_a_page_is_waited_for(crawling: Crawling) -> None:
    links = {"/slow": "Slow"}
    async with FakeSite({"/": html("Hello.", links=links), "/slow": Answer(silent=True)}) as site:

        class Rushing:
            """The budget is over shortly after the first page."""

            def __init__(self) -> None:
                self.calls = 0

            def now(self) -> float:
                return 0.0 if not crawling.told else 5.8

        async with GuardedClient(agent="x", rules=AddressRules(private=True)) as client:
            ports = CrawlPorts(
                client=client, read=read, clock=Rushing(), sleep=crawling.time.sleep, progress=crawling.told.append
            )
            crawled = await crawl(site.url, SHORT, ports)
    assert crawled.stopped == "time"
    assert kept(crawled) == ["/"]
