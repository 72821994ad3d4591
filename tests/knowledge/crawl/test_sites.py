from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.crawl.sites import BadAddress, Site, is_local, page_key, site_name, starts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://shop.example.com/a", "http://www.example.com/b", True),
        ("https://example.co.uk", "https://docs.example.co.uk:443/x", True),
        ("https://one.co.uk", "https://two.co.uk", False),
        ("https://one.github.io", "https://two.github.io", False),
        ("https://example.com", "https://example.com.evil.com", False),
        ("https://example.com", "https://notexample.com", False),
        ("https://EXAMPLE.com", "https://example.com.", True),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8002", False),
        ("http://localhost:8001/a", "http://localhost:8001/b", True),
        ("http://[::1]:80/", "https://[::1]/x", True),
        ("https://www.shop.example", "https://shop.example", True),
        ("https://bücher.de", "https://xn--bcher-kva.de/x", True),
        ("https://example.com", "ftp://example.com", False),
        ("https://example.com", "https://", False),
    ],
)
def test_that_a_site_is_a_registrable_domain(one: str, other: str, *, same: bool) -> None:
    assert Site(one).covers(other) is same


@pytest.mark.parametrize(
    ("address", "spelled"),
    [
        ("https://shop.example/a?utm_source=x&gclid=1#top", "https://shop.example/a"),
        ("http://shop.example/a", "https://shop.example/a"),
        ("https://SHOP.example/a/../b/./c", "https://shop.example/b/c"),
        ("https://shop.example/a;jsessionid=1A2B?sid=9", "https://shop.example/a"),
        ("https://shop.example/(S(lit3py55t21z5v55vlm25s55))/orders", "https://shop.example/orders"),
        ("https://shop.example/list?sort=price&order=asc&page=2", "https://shop.example/list?page=2"),
        ("https://shop.example/list?filter[color]=red&id=7", "https://shop.example/list?id=7"),
        ("https://shop.example:443/x", "https://shop.example/x"),
        ("https://shop.example", "https://shop.example/"),
        ("mailto:a@shop.example", ""),
        ("javascript:void(0)", ""),
        ("", ""),
    ],
)
def test_that_addresses_are_spelled_one_way(address: str, spelled: str) -> None:
    assert Site("https://shop.example").spelled(address) == spelled


def test_that_spellings_of_one_page_share_a_key() -> None:
    keys = {
        page_key(f"{start}{path}")
        for start in ("https://shop.example", "http://shop.example", "https://www.shop.example")
        for path in ("/pricing", "/pricing/", "/pricing/index.html")
    }
    assert len(keys) == 1
    assert page_key("https://shop.example/a?b=1") != page_key("https://shop.example/a")
    assert page_key("http://127.0.0.1:1/a") != page_key("http://127.0.0.1:2/a")


@example("?={")
@example("?a=%7B&b=+ %2B")
@given(st.text(max_size=60))
def test_that_any_text_is_handled(text: str) -> None:
    site = Site("https://shop.example")
    for address in (text, f"https://shop.example/{text}", f"https://{text}.example/"):
        spelled = site.spelled(address)
        assert not spelled or site.spelled(spelled) == spelled
        assert site_name(address) is not None
        assert site.covers(address) in {True, False}


def test_that_what_was_typed_becomes_addresses() -> None:
    assert starts("shop.example") == ("https://shop.example/", "https://www.shop.example/", "http://shop.example/")
    assert starts(" https://www.shop.example/en#x ") == ("https://www.shop.example/en",)
    assert starts("http://shop.example/") == ("http://shop.example/", "https://shop.example/")
    assert starts("localhost:8080") == ("https://localhost:8080/", "http://localhost:8080/")
    assert starts("127.0.0.1:8080/a") == ("https://127.0.0.1:8080/a", "http://127.0.0.1:8080/a")


@pytest.mark.parametrize(
    "given_address",
    [
        "",
        "   ",
        "ftp://shop.example",
        "file:///etc/passwd",
        "https://",
        "https://a@b.example",
        "mailto:a@b.example",
        "http://[x",
    ],
)
def test_that_what_is_no_website_is_refused_with_advice(given_address: str) -> None:
    with pytest.raises(BadAddress, match="give"):
        starts(given_address)


def test_that_machines_of_ones_own_are_told_apart() -> None:
    assert is_local("http://127.0.0.1:80/")
    assert is_local("http://intranet/")
    assert is_local("http://wiki.corp/")
    assert not is_local("https://shop.example.com/")
