from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.crawl.guard import Fetched
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.sitemaps import MAX_FILES, MAX_LOCATIONS, Listing, Location, locations, read_sitemaps

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
HERE = "https://shop.example"


def urlset(*urls: str) -> bytes:
    lines = "".join(f"<url><loc> {url} </loc><lastmod>2026-01-02</lastmod></url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>{lines}</urlset>'.encode()


def index(*urls: str) -> bytes:
    lines = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {NS}>{lines}</sitemapindex>".encode()


async def listing(files: dict[str, bytes], *starts: str) -> tuple[Listing, list[str]]:
    asked = []

    async def fetch(url: str) -> Fetched:
        asked.append(url)
        if url not in files:
            raise Unfetched(Reason.STATUS, "404", status=404)
        return Fetched(url=url, status=200, headers={}, body=files[url])

    return await read_sitemaps(starts, fetch, host="shop.example", language="en"), asked


def test_that_entries_are_read_with_their_dates() -> None:
    found = locations(urlset(f"{HERE}/a", f"{HERE}/b?x=1&amp;y=2"))
    assert found[0] == Location(url=f"{HERE}/a", modified="2026-01-02")
    assert found[1].url == f"{HERE}/b?x=1&y=2"


def test_that_plain_text_and_gzip_are_read() -> None:
    assert [one.url for one in locations(b"\xef\xbb\xbfhttps://a.example/\r\nnonsense\nhttps://a.example/b\n")] == [
        "https://a.example/",
        "https://a.example/b",
    ]
    assert len(locations(gzip.compress(urlset(f"{HERE}/a")))) == 1


def test_that_a_broken_file_gives_what_stands_before_the_break() -> None:
    whole = urlset(*(f"{HERE}/{number}" for number in range(100)))
    assert len(locations(whole[: len(whole) // 2])) in range(40, 60)


@pytest.mark.parametrize(
    "attack",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset><loc>&b;</loc></urlset>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset/>',
        b'<!doctype x [<!ENTITY % p SYSTEM "http://127.0.0.1/x">%p;]><urlset/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><urlset/>'.encode("utf-16"),
    ],
)
def test_that_document_types_are_refused(attack: bytes) -> None:
    with pytest.raises(Unfetched) as caught:
        locations(attack)
    assert caught.value.reason is Reason.UNREADABLE


def test_that_a_packed_bomb_is_refused() -> None:
    with pytest.raises(Unfetched) as caught:
        locations(gzip.compress(b"<urlset>" + b" " * 30_000_000))
    assert caught.value.reason is Reason.BOMB


def test_that_at_most_ten_thousand_of_fifty_thousand_count() -> None:
    assert len(locations(urlset(*(f"{HERE}/{number}" for number in range(50_000))))) == MAX_LOCATIONS


def test_that_deep_nesting_is_harmless() -> None:
    assert locations(b"<urlset>" + b"<a>" * 100_000) == ()


@given(st.binary(max_size=400))
def test_that_any_bytes_are_read_or_refused(body: bytes) -> None:
    found: tuple[Location, ...] = ()
    with suppress(Unfetched):
        found = locations(body)
    assert all(one.url.startswith("http") for one in found)


async def test_that_indexes_are_followed_two_deep_and_loops_end() -> None:
    files = {
        f"{HERE}/0.xml": index(f"{HERE}/1.xml", f"{HERE}/0.xml"),
        f"{HERE}/1.xml": index(f"{HERE}/2.xml", f"{HERE}/1.xml"),
        f"{HERE}/2.xml": index(f"{HERE}/3.xml") + urlset(f"{HERE}/never"),
        f"{HERE}/3.xml": urlset(f"{HERE}/page"),
    }
    found, asked = await listing(files, f"{HERE}/0.xml")
    assert [url.rpartition("/")[2] for url in asked] == ["0.xml", "1.xml", "2.xml"]
    assert found.failures == ()


async def test_that_the_promising_parts_of_an_index_come_first_and_few_are_read() -> None:
    names = [*(f"blog-{number}.xml" for number in range(50)), "solutions.xml"]
    files = {f"{HERE}/all.xml": index(*(f"{HERE}/{name}" for name in names)), f"{HERE}/solutions.xml": urlset(HERE)}
    found, asked = await listing(files, f"{HERE}/all.xml")
    assert asked[1] == f"{HERE}/solutions.xml"
    assert len(asked) == MAX_FILES
    assert [one.url for one in found.locations] == [HERE]
    assert len(found.failures) == MAX_FILES - 2
