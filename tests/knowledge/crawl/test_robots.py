from __future__ import annotations

import pytest

from knowledge.crawl.guard import Fetched, Order
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.robots import Robots, RobotsRules

HERE = "https://shop.example"


async def rules_for(answer: bytes | Unfetched) -> RobotsRules:
    async def fetch(url: str, order: Order) -> Fetched:
        assert url == f"{HERE}/robots.txt"
        if isinstance(answer, Unfetched):
            raise answer
        return Fetched(url=url, status=200, headers={}, body=answer[: order.limit])

    return await Robots(fetch, token="FrontdeskBot", longest_delay=10).rules(f"{HERE}/pricing")


def allows(rules: RobotsRules, path: str) -> Reason | None:
    try:
        rules.check(f"{HERE}{path}", "FrontdeskBot")
    except Unfetched as failure:
        return failure.reason
    return None


async def test_that_rules_for_us_and_for_everybody_hold() -> None:
    rules = await rules_for(b"User-agent: *\nDisallow: /\n\nUser-agent: frontdeskbot\nDisallow: /private\nAllow: /\n")
    assert allows(rules, "/pricing") is None
    assert allows(rules, "/private/x") is Reason.ROBOTS
    closed = await rules_for(b"User-agent: *\nDisallow: /*?print\nDisallow: /internal$\n")
    assert allows(closed, "/a?print=1") is Reason.ROBOTS
    assert allows(closed, "/internal") is Reason.ROBOTS
    assert allows(closed, "/internal/x") is None


@pytest.mark.parametrize(
    "answer",
    [
        Unfetched(Reason.STATUS, "404", status=404),
        Unfetched(Reason.STATUS, "403", status=403),
        Unfetched(Reason.REDIRECTS),
        Unfetched(Reason.OTHER_SITE),
        b"",
        b"<!doctype html><html><body>Not found. Disallow nothing.</body></html>",
        b"\xff\xfe\x00garbage\x00" * 100,
        b"User-agent: *\nDisallow:\n",
        b"\xef\xbb\xbfUser-agent: other\nDisallow: /\n",
    ],
)
async def test_that_a_missing_or_meaningless_file_allows(answer: bytes | Unfetched) -> None:
    assert allows(await rules_for(answer), "/pricing") is None


@pytest.mark.parametrize(
    "failure",
    [
        Unfetched(Reason.STATUS, "500", status=500),
        Unfetched(Reason.SLOW_DOWN, "429", status=429),
        Unfetched(Reason.SLOW_DOWN, "503", status=503),
        Unfetched(Reason.TIMEOUT),
        Unfetched(Reason.BROKEN_OFF),
        Unfetched(Reason.HEADERS),
        Unfetched(Reason.BOMB),
    ],
)
async def test_that_a_failing_server_allows_nothing_for_now(failure: Unfetched) -> None:
    assert allows(await rules_for(failure), "/") is Reason.ROBOTS_UNREACHABLE


async def test_that_what_the_whole_host_suffers_from_is_said_as_it_is() -> None:
    assert allows(await rules_for(Unfetched(Reason.NO_SUCH_HOST)), "/") is Reason.NO_SUCH_HOST


async def test_that_five_megabytes_are_cut_and_still_mean_something() -> None:
    body = b"User-agent: *\nDisallow: /closed\n" + b"# filler line of a very long file\n" * 150_000
    rules = await rules_for(body)
    assert allows(rules, "/closed") is Reason.ROBOTS
    assert allows(rules, "/open") is None


async def test_that_delays_are_capped_and_sitemaps_listed() -> None:
    body = b"User-agent: *\nCrawl-delay: 3600\nSitemap: https://shop.example/a.xml\n" + b"Sitemap: /b.xml\n" * 3
    rules = await rules_for(body)
    assert rules.delay == 10
    assert rules.sitemaps[0] == "https://shop.example/a.xml"
    assert (await rules_for(b"User-agent: *\nCrawl-delay: soon\n")).delay == 0


async def test_that_a_host_is_asked_once() -> None:
    asked = 0

    async def fetch(url: str, order: Order) -> Fetched:
        nonlocal asked
        asked += 1
        return Fetched(url=url, status=200, headers={})

    robots = Robots(fetch, token="FrontdeskBot", longest_delay=10)
    for path in ("/a", "/b", "/c?x=1"):
        await robots.rules(HERE + path)
    assert asked == 1
