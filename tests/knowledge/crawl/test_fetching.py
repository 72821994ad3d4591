from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from knowledge.crawl.fetching import PoliteClient
from knowledge.crawl.guard import Fetched, Order, unconditional
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import CrawlSettings
from knowledge.crawl.sites import Site
from tests.knowledge.crawl.conftest import FakeTime

HOME = "https://shop.example.com"
Script = Callable[[int], Unfetched | None]


class Line:
    """A client whose failures are scripted by the number of the request; it asks for admission as the real one does."""

    def __init__(self, time: FakeTime, script: Script, robots: bytes = b"") -> None:
        self.at: list[float] = []
        self._time = time
        self._script = script
        self._robots = robots

    async def fetch(self, url: str, order: Order) -> Fetched:
        await order.admit(url)
        if url.endswith("/robots.txt"):
            return Fetched(url=url, status=200, headers={}, body=self._robots)
        self.at.append(self._time.now())
        if failure := self._script(len(self.at)):
            raise failure
        return Fetched(url=url, status=200, headers={}, body=b"hi")


def polite(script: Script = lambda _: None, *, robots: bytes = b"") -> tuple[PoliteClient, Line, FakeTime]:
    time = FakeTime()
    line = Line(time, script, robots)
    client = PoliteClient(line, Site(HOME), CrawlSettings(), clock=time, sleep=time.sleep)
    return client, line, time


async def test_that_a_host_is_asked_once_a_second() -> None:
    client, line, _ = polite()
    for number in range(4):
        await client.page(f"{HOME}/{number}", unconditional)
    assert [at - line.at[0] for at in line.at] == [0, 1, 2, 3]


async def test_that_pages_asked_for_together_take_turns() -> None:
    client, line, _ = polite()
    await asyncio.gather(*(client.page(f"{HOME}/{number}", unconditional) for number in range(4)))
    assert max(at - line.at[0] for at in line.at) >= 3


async def test_that_a_crawl_delay_is_heeded_up_to_a_limit() -> None:
    client, line, _ = polite(robots=b"User-agent: *\nCrawl-delay: 4\n")
    for number in range(3):
        await client.page(f"{HOME}/{number}", unconditional)
    assert [at - line.at[0] for at in line.at] == [0, 4, 8]


async def test_that_a_passing_failure_is_tried_again_later_each_time() -> None:
    client, line, time = polite(lambda number: Unfetched(Reason.CONNECTION) if number < 3 else None)
    assert (await client.page(f"{HOME}/a", unconditional)).body == b"hi"
    assert len(line.at) == 3
    assert [pause for pause in time.slept if pause in {1.0, 2.0}] == [1.0, 2.0]


async def test_that_retry_after_is_honoured() -> None:
    failure = Unfetched(Reason.SLOW_DOWN, "429", status=429, retry_after=20)
    client, line, _ = polite(lambda number: failure if number == 1 else None)
    await client.page(f"{HOME}/a", unconditional)
    assert line.at[1] - line.at[0] >= 20


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [
        (Unfetched(Reason.CONNECTION), 3),
        (Unfetched(Reason.TIMEOUT), 2),
        (Unfetched(Reason.STATUS, "404", status=404), 1),
        (Unfetched(Reason.STATUS, "502", status=502), 3),
        (Unfetched(Reason.PRIVATE_ADDRESS), 1),
        (Unfetched(Reason.SLOW_DOWN, "429", status=429, retry_after=3_600), 1),
    ],
)
async def test_that_trying_ends(failure: Unfetched, attempts: int) -> None:
    client, line, _ = polite(lambda _: failure)
    with pytest.raises(Unfetched) as caught:
        await client.page(f"{HOME}/a", unconditional)
    assert caught.value.reason is failure.reason
    assert len(line.at) == attempts


async def test_that_a_host_that_keeps_failing_is_left_alone() -> None:
    client, line, _ = polite(lambda _: Unfetched(Reason.STATUS, "500", status=500))
    reasons = []
    for number in range(20):
        with pytest.raises(Unfetched) as caught:
            await client.page(f"{HOME}/{number}", unconditional)
        reasons.append(caught.value.reason)
    assert reasons[-1] is Reason.HOST_DOWN
    assert len(line.at) == 8


async def test_that_other_sites_and_closed_paths_are_never_asked() -> None:
    client, line, _ = polite(robots=b"User-agent: *\nDisallow: /closed\n")
    for url, reason in (("https://other.example.org/", Reason.OTHER_SITE), (f"{HOME}/closed/x", Reason.ROBOTS)):
        with pytest.raises(Unfetched) as caught:
            await client.page(url, unconditional)
        assert caught.value.reason is reason
    assert line.at == []
