"""Sites that mean harm or are broken beyond sense: each crawl ends within its budget, says why, and touches no trap."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import DependencyError
from knowledge.crawl.outcome import Crawled
from knowledge.crawl.reasons import Reason
from tests.knowledge.crawl.conftest import Crawling
from tests.knowledge.crawl.fake_site import Answer, Asked, FakeSite, Script, html, moved

SECONDS = 5.0
"""What one hostile site may cost in these tests; the budget given to the crawl is 6."""
XML = {"Content-Type": "application/xml"}
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
HOME = html("We rent cargo bikes.", links={"/pricing": "Prices", "/bad": "More"}, menu=True)
PRICING = html("A bike costs 90 euros a month.")
counter = itertools.count()


async def crawled(
    crawling: Crawling, pages: dict[str, Script], otherwise: Script | None = None, **more: Any
) -> Crawled:
    async with FakeSite({"/": HOME, "/pricing": PRICING, **pages}, otherwise=otherwise) as site:
        return await timed(crawling, site, **more)


async def timed(crawling: Crawling, site: FakeSite, **more: Any) -> Crawled:
    began = time.monotonic()
    result = await crawling(site.url, retry_pause=0.0, **more)
    assert time.monotonic() - began < SECONDS
    return result


def reason(result: Crawled, path: str) -> Reason | None:
    return next((one.reason for one in result.skipped if one.url.endswith(path)), None)


def texts(result: Crawled) -> str:
    return "\n".join(block.text for page in result.pages for block in page.blocks)


BAD_PAGES: dict[str, tuple[Script, Reason]] = {
    "tarpit": (Answer(body=b"<p>" + b"x" * 99, drip=0.1), Reason.TIMEOUT),
    "silence": (Answer(silent=True), Reason.TIMEOUT),
    "wrong length": (Answer(body=b"<p>hi", length=9_000), Reason.BROKEN_OFF),
    "megabyte of cookies": (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=" + b"x" * 1_000_000 + b"\r\n\r\n<p>hi",
        Reason.HEADERS,
    ),
    "gzip bomb": (Answer(body=gzip.compress(bytes(30_000_000)), headers={"Content-Encoding": "gzip"}), Reason.BOMB),
    "brotli": (Answer(body=b"\x0b\x02\x80hi\x03", headers={"Content-Encoding": "br"}), Reason.ENCODING),
    "pdf as html": (Answer(body=b"%PDF-1.7\n" + b"x" * 1_000), Reason.NOT_HTML),
    "image as html": (Answer(body=b"\x89PNG\r\n\x1a\n" + b"x" * 1_000), Reason.NOT_HTML),
    "empty 403": (Answer(status=403), Reason.STATUS),
    "redirect chain of six": (moved("/hop/1"), Reason.REDIRECTS),
    "redirect to itself": (moved("/bad"), Reason.REDIRECTS),
    "redirect to a file": (moved("file:///etc/passwd"), Reason.SCHEME),
    "redirect to gopher": (moved("gopher://127.0.0.1:70/"), Reason.SCHEME),
    "redirect to data": (moved("data:text/html,<p>hi"), Reason.SCHEME),
    "redirect to ftp": (moved("ftp://127.0.0.1/"), Reason.SCHEME),
    "redirect with a user": (moved("http://user@127.0.0.1/"), Reason.USERINFO),
    "not http": (b"SSH-2.0-OpenSSH\r\n", Reason.BROKEN_ANSWER),
    "hang up": (b"", Reason.BROKEN_OFF),
    "negative length": (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhi", Reason.BROKEN_ANSWER),
    "unasked 304": (Answer(status=304), Reason.BROKEN_ANSWER),
    "later, please": (Answer(status=503, headers={"Retry-After": "86400"}), Reason.SLOW_DOWN),
    "no text": (html(""), Reason.EMPTY),
}


@pytest.mark.parametrize("name", BAD_PAGES)
async def test_that_one_bad_page_costs_only_itself(crawling: Crawling, name: str) -> None:
    script, expected = BAD_PAGES[name]
    hops: dict[str, Script] = {f"/hop/{number}": moved(f"/hop/{number + 1}") for number in range(1, 7)}
    result = await crawled(crawling, {"/bad": script, **hops})
    assert reason(result, "/bad") is expected
    assert [page.url.rpartition("/")[2] for page in result.pages] == ["", "pricing"]


ODD_PAGES: dict[str, Answer] = {
    "ten megabytes": Answer(body=b"<h1>Odd</h1>" + b"<p>word word</p>" * 600_000),
    "endless body": Answer(body=b"<h1>Odd</h1>", endless=True),
    "two hundred thousand links": Answer(body=b"<h1>Odd</h1>" + b"<a href=/l/%d>x</a>" * 100_000),
    "utf-7": Answer(body=b"<h1>Odd</h1>+ADw-script+AD4-", headers={"Content-Type": "text/html; charset=utf-7"}),
    "header lies": Answer(body="<h1>Ödd</h1>".encode(), headers={"Content-Type": "text/html; charset=nonsense"}),
    "invalid bytes": Answer(body=b"<h1>Odd \xff\xfe\xfa</h1><p>text</p>"),
    "no type at all": Answer(body=b"<h1>Odd</h1><p>text</p>", headers={"Content-Type": ""}),
}


@pytest.mark.parametrize("name", ODD_PAGES)
async def test_that_an_odd_page_is_read_as_far_as_it_goes(crawling: Crawling, name: str) -> None:
    result = await crawled(crawling, {"/bad": ODD_PAGES[name]}, max_pages=4)
    assert any(page.url.endswith("/bad") and page.blocks for page in result.pages)


def _calendar(asked: Asked) -> Answer:
    number = next(counter)
    month = f"/calendar/{2000 + number // 12}/{number % 12 + 1:02d}"
    return html(f"Nothing happens ({number}).", links={f"{month}/": "Next month", f"{asked.path}?day={number}": "Day"})


def _facets(asked: Asked) -> Answer:
    number = next(counter)
    names = ("sort", "color", "brand", "material", "view", "offer")
    return html(f"Shelf {number}.", links={f"/shop?{name}={value}": name for name in names for value in "abcdef"})


def _sessions(asked: Asked) -> Answer:
    number = next(counter)
    return html(
        f"Welcome {number}.",
        links={f"/s/{number:08x}f00dfeedbeefcafe01234567/home": "Home", f"/a;jsessionid={number}": "A"},
    )


def _climbing(asked: Asked) -> Answer:
    return html(f"Level {next(counter)}.", links={"a/../b/c/": "Down", "../x/y/": "Across", "z/": "On"})


def _numbered(asked: Asked) -> Answer:
    number = next(counter)
    return html(f"Entry {number}.", links={f"/page/{number + n}": "Next" for n in range(20)})


def _always_the_same(asked: Asked) -> Answer:
    return html("Sorry, we could not find that.", links={f"{asked.path.rstrip('/')}/n{n}": "Try" for n in range(5)})


def _new_names(asked: Asked) -> Answer:
    number = next(counter)
    letters = "".join(chr(97 + (number >> shift) % 16) for shift in (0, 4, 8))
    return html(f"About {letters} {number}.", links={f"/{letters}{c}/{letters}{d}": c for c in "abcd" for d in "ef"})


@pytest.mark.parametrize("maze", [_calendar, _facets, _sessions, _climbing, _numbered, _always_the_same, _new_names])
async def test_that_a_maze_ends(crawling: Crawling, maze: Callable[[Asked], Answer]) -> None:
    most = 60
    result = await crawled(crawling, {}, otherwise=maze, max_pages=most, pause=0.0)
    assert any(page.url.endswith("/pricing") for page in result.pages)
    assert len(result.fetched) <= (most if maze in {_new_names, _climbing} else 45)
    assert result.fetched[1].endswith("/pricing")


ROBOTS: dict[str, tuple[Answer | bytes, int]] = {
    "five megabytes": (Answer(body=b"# filler\n" * 600_000), 2),
    "html": (html("Not found"), 2),
    "redirect loop": (moved("/robots.txt"), 2),
    "gone": (Answer(status=410), 2),
    "server error": (Answer(status=500), 0),
    "tarpit": (Answer(body=b"x" * 99, drip=0.1), 0),
    "hang up": (b"", 0),
    "bomb": (Answer(body=gzip.compress(bytes(30_000_000)), headers={"Content-Encoding": "gzip"}), 0),
}


@pytest.mark.parametrize("name", ROBOTS)
async def test_that_any_robots_txt_is_survived(crawling: Crawling, name: str) -> None:
    robots, pages = ROBOTS[name]
    if pages:
        assert len((await crawled(crawling, {"/robots.txt": robots})).pages) == pages
        return
    with pytest.raises(DependencyError, match=r"robots\.txt that cannot be read now"):
        await crawled(crawling, {"/robots.txt": robots})


def _nested(asked: Asked) -> Answer:
    number = next(counter)
    lines = "".join(
        f"<sitemap><loc>http://{asked.headers['host']}/map-{number}-{n}.xml</loc></sitemap>" for n in range(50)
    )
    return Answer(body=f"<sitemapindex {NS}>{lines}</sitemapindex>".encode(), headers=XML)


def _many(asked: Asked) -> Answer:
    lines = "".join(f"<url><loc>http://{asked.headers['host']}/gone-{n}</loc></url>" for n in range(50_000))
    return Answer(body=f"<urlset {NS}>{lines}</urlset>".encode(), headers=XML)


SITEMAPS: dict[str, Script] = {
    "nested without end": _nested,
    "fifty thousand": _many,
    "billion laughs": Answer(
        body=b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        headers=XML,
    ),
    "external file": Answer(
        body=b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        headers=XML,
    ),
    "gzip bomb": Answer(body=gzip.compress(b"<urlset>" + bytes(40_000_000))),
    "not xml": Answer(body=b"\x00\x01\x02" * 1_000),
    "tarpit": Answer(body=b"<" * 99, drip=0.1),
    "elsewhere": Answer(body=f"<urlset {NS}><url><loc>http://169.254.169.254/latest</loc></url></urlset>".encode()),
}


@pytest.mark.parametrize("name", SITEMAPS)
async def test_that_any_sitemap_is_survived(crawling: Crawling, name: str) -> None:
    async with FakeSite({"/": HOME, "/pricing": PRICING}, otherwise=SITEMAPS[name]) as site:
        site.pages["/bad"] = PRICING
        site.pages |= {f"/gone-{n}": Answer(status=404) for n in range(50)}
        site.pages["/robots.txt"] = Answer(body=f"Sitemap: {site.url}/map.xml".encode())
        result = await timed(crawling, site, max_pages=12)
    assert "90 euros" in texts(result)


async def test_that_no_link_redirect_refresh_or_map_reaches_a_trap(crawling: Crawling) -> None:
    async with FakeSite(otherwise=html("secret")) as trap, FakeSite() as site:
        targets = [
            trap.url,
            f"http://localhost:{trap.port}/",
            f"http://[::ffff:127.0.0.1]:{trap.port}/",
            f"http://2130706433:{trap.port}/",
            f"http://0x7f.1:{trap.port}/",
            f"http://127.1:{trap.port}/",
            f"http://①②⑦.0.0.1:{trap.port}/",
            f"http://user@127.0.0.1:{trap.port}/",
            f"//127.0.0.1:{trap.port}/",
            f"http://127.0.0.1:{site.port}@127.0.0.1:{trap.port}/",
        ]
        named = {f"/go-{letter}": target for letter, target in zip("abcdefghijkl", targets, strict=False)}
        site.pages["/"] = html("Hello.", links={**{one: one for one in targets}, **{path: path for path in named}})
        for path, target in named.items():
            refresh = html("", head=f'<meta http-equiv="refresh" content="0; url={target}">')
            site.pages[path] = refresh if path > "/go-e" else _raw_redirect(target)
        lines = "".join(f"<url><loc>{target}</loc></url>" for target in targets)
        site.pages["/sitemap.xml"] = Answer(body=f"<urlset>{lines}</urlset>".encode(), headers=XML)
        site.pages["/robots.txt"] = Answer(body=f"Sitemap: {trap.url}/map.xml".encode())
        result = await timed(crawling, site)
        assert trap.connections == 0
    assert "secret" not in texts(result)
    assert len(result.pages) == 1


def _raw_redirect(to: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + to.encode() + b"\r\n\r\n"


async def test_that_a_canonical_address_never_leads_away_or_hides_a_page(crawling: Crawling) -> None:
    everywhere = '<link rel="canonical" href="/"><meta property="og:url" content="https://evil.example/">'
    foreign = '<link rel="canonical" href="https://evil.example/pricing">'
    pages: dict[str, Script] = {
        "/": html("Hello.", links={"/a1": "A", "/b1": "B"}, head=everywhere),
        "/a1": html("The a page.", head=everywhere),
        "/b1": html("The b page.", head=foreign),
    }
    async with FakeSite(pages) as site:
        result = await timed(crawling, site)
    assert [page.url.rpartition("/")[2] for page in result.pages] == ["", "a1", "b1"]


async def test_that_a_server_that_breaks_down_is_left_alone(crawling: Crawling) -> None:
    links = {f"/part-{a}{b}": "x" for a in "abcdefgh" for b in "ijkl"}
    pages: dict[str, Script] = {"/": html("Hello.", links=links), "/robots.txt": Answer(status=404)}
    async with FakeSite(pages, otherwise=Answer(status=500)) as site:
        result = await timed(crawling, site)
        assert len(site.asked()) <= 1 + 8 + 4
    assert Reason.HOST_DOWN in {one.reason for one in result.skipped}


async def test_that_unicode_and_long_addresses_are_harmless(crawling: Crawling) -> None:
    odd = [
        "/ä ö",
        "/\u202egnp.exe",
        "/" + "é" * 900,
        "/%",
        "/%zz",
        "/\x00",
        "http://",
        "//",
        "?",
        "#",
        "/a b\n/c",
        "/🚲",
    ]
    page = "".join(f'<a href="{one}">x</a>' for one in odd).encode("utf-8", "surrogatepass")
    result = await crawled(crawling, {"/bad": Answer(body=b"<h1>Links</h1>" + page)}, otherwise=html("Found it."))
    assert "Links" in texts(result)
