"""The demo's addresses: the page and its files, the site with the widget's line, and the event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from frontdesk.demo.feed import DemoFeed
from frontdesk.demo.routes import demo_routes
from frontdesk.demo.site import widget_line, with_line
from tests.frontdesk.demo_turns import demo_feed, first_turn, serving

LINE = b'<script async src="/widget.js" data-channel="web"></script>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small site, and things beside it that are nobody's business."""
    site = tmp_path / "site"
    (site / "ferns" / "tree").mkdir(parents=True)
    (site / "bare").mkdir()
    (site / "index.html").write_text("<html><body><h1>Ferns</h1></body></html>")
    (site / "ferns" / "index.html").write_text("<html><body>All ferns</BODY ></html>")
    (site / "ferns" / "tree" / "index.html").write_text("<p>No body tag")
    (site / "plain.html").write_text("<body>Plain</body>")
    (site / "style.css").write_text("body { color: green }")
    (site / "leaf.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (site / "notes.unknown").write_text("?")
    (site / ".env").write_text("SECRET=fern")
    (tmp_path / "outside.html").write_text("SECRET=moss")
    (site / "leak.html").symlink_to(tmp_path / "outside.html")
    (site / "loop.html").symlink_to(site / "loop.html")
    return site


@pytest.fixture
def feed() -> DemoFeed:
    return demo_feed()


@pytest.fixture
async def http(folder: Path, feed: DemoFeed) -> AsyncIterator[aiohttp.ClientSession]:
    app = web.Application()
    app.add_routes(demo_routes(site=folder, feed=feed, channel="web"))
    async with serving(app) as address, aiohttp.ClientSession(address) as session:
        yield session
        feed.close()


async def test_the_page_comes_with_a_strict_policy(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        body = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "style=" not in body
    assert "<style" not in body


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("demo.js", "text/javascript; charset=utf-8"),
        ("blocks.js", "text/javascript; charset=utf-8"),
        ("demo.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
async def test_the_pages_files_have_their_types(http: aiohttp.ClientSession, name: str, kind: str) -> None:
    async with http.get(f"/demo/assets/{name}") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, kind)
        assert len(await response.read()) > 100


async def test_every_address_the_page_names_is_relative_and_served(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        page = await response.text()
    named = [part.split('"')[0] for part in page.split(' src="')[1:] + page.split(' href="')[1:]]
    assert len(named) > 5
    for address in named:
        assert not address.startswith(("/", "http"))
        async with http.get(f"/{address}") as response:
            assert response.status == 200, address


@pytest.mark.parametrize("name", ["index.html", "nothing.js", "..%2Froutes.py", "%2e%2e%2fview.py", "%00.js"])
async def test_nothing_else_is_an_asset(http: aiohttp.ClientSession, name: str) -> None:
    async with http.get(URL(f"/demo/assets/{name}", encoded=True)) as response:
        assert response.status == 404


@pytest.mark.parametrize("path", ["", "index.html", "ferns/", "ferns/index.html", "ferns/tree/", "plain.html"])
async def test_every_page_of_the_site_has_the_line_exactly_once(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(f"/site/{path}") as response:
        body = await response.read()
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.count(b"<script") == body.count(LINE) == 1


async def test_the_line_stands_before_the_end_of_the_body(http: aiohttp.ClientSession) -> None:
    async with http.get("/site/ferns/") as response:
        assert await response.read() == b"<html><body>All ferns" + LINE + b"\n</BODY ></html>"


def test_the_line_goes_before_the_last_end_of_the_body_and_never_twice() -> None:
    page = b"<body><pre></body></pre><p>x</p></body>"
    line = widget_line("web")
    once = with_line(page, line)
    assert once == b"<body><pre></body></pre><p>x</p>" + LINE + b"\n</body>"
    assert with_line(once, line) == once


def test_a_channels_name_cannot_leave_its_attribute() -> None:
    assert widget_line('a"><b') == '<script async src="/widget.js" data-channel="a&quot;&gt;&lt;b"></script>'


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("style.css", "text/css; charset=utf-8"),
        ("leaf.svg", "image/svg+xml"),
        ("notes.unknown", "application/octet-stream"),
    ],
)
async def test_other_files_come_as_they_are(http: aiohttp.ClientSession, folder: Path, path: str, kind: str) -> None:
    async with http.get(f"/site/{path}") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, kind)
        assert await response.read() == (folder / path).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "../outside.html",
        "..%2foutside.html",
        "%2e%2e/outside.html",
        "ferns/..%2f..%2foutside.html",
        "%2Fetc%2Fpasswd",
        "/etc/passwd",
        "..%5coutside.html",
        ".env",
        "ferns/../.env",
        "leak.html",
        "loop.html",
        "style.css/",
        "nothing.html",
        "bare/",
        "%00",
        "index.html%00.css",
        "a" * 5_000,
        "%ff%fe",
    ],
)
async def test_nothing_outside_or_hidden_is_given_out(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(URL(f"/site/{path}", encoded=True)) as response:
        body = await response.read()
    assert response.status == 404
    assert b"SECRET" not in body
    assert b"root:" not in body


async def test_the_sites_own_not_found_page_is_used_and_has_the_line_too(
    http: aiohttp.ClientSession, folder: Path
) -> None:
    async with http.get("/site/nothing/") as response:
        assert (await response.read()).count(LINE) == 1
    (folder / "404.html").write_text("<body>Lost among ferns</body>")
    async with http.get("/site/nothing/") as response:
        body = await response.text()
    assert response.status == 404
    assert "Lost among ferns" in body
    assert body.count("<script") == 1


@pytest.mark.parametrize(
    ("path", "there"), [("/site", "/site/"), ("/site/ferns", "/site/ferns/"), ("/site/ferns/tree", "/site/ferns/tree/")]
)
async def test_a_folder_without_its_slash_is_led_to_itself(http: aiohttp.ClientSession, path: str, there: str) -> None:
    async with http.get(path) as response:
        assert (response.status, response.url.path) == (200, there)


async def test_a_redirect_never_leads_to_another_host(http: aiohttp.ClientSession, folder: Path) -> None:
    (folder / "evil.example").mkdir()
    async with http.get(URL("/site//evil.example", encoded=True), allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "./evil.example/")


async def test_the_stream_is_an_event_stream_that_begins_with_the_snapshot(
    http: aiohttp.ClientSession, feed: DemoFeed
) -> None:
    feed.observe(*first_turn())
    async with asyncio.timeout(5), http.get("/demo/events") as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        lines = [await response.content.readline() for _ in range(5)]
        feed.close()
        rest = await response.content.read()
    assert lines[:3] == [b"retry: 1000\n", b"\n", b"event: snapshot\n"]
    assert json.loads(lines[3].removeprefix(b"data: "))["visitors"][0]["conversation"] == "c1"
    assert (lines[4], rest) == (b"\n", b"")


async def test_a_page_that_stops_reading_is_disconnected(http: aiohttp.ClientSession, feed: DemoFeed) -> None:
    async with asyncio.timeout(30), http.get("/demo/events") as response:
        await response.content.readline()
        with pytest.raises(aiohttp.ClientPayloadError):
            await _flood(feed, response)


async def _flood(feed: DemoFeed, response: aiohttp.ClientResponse) -> None:
    """More than the kernel's buffers and the queue can hold, without reading; then read to the broken end."""
    for number in range(200):
        feed.show_channel([{"ts": f"{number}.000001", "text": "x" * 200_000}])
        await asyncio.sleep(0)
    while await response.content.readany():
        pass
