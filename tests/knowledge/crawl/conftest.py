from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from knowledge.crawl.addresses import AddressRules
from knowledge.crawl.crawler import crawl
from knowledge.crawl.guard import GuardedClient
from knowledge.crawl.outcome import Crawled, CrawlPorts, CrawlProgress, PageRecord
from knowledge.crawl.settings import CrawlSettings, Timeouts
from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page, with_scripts

SHORT = CrawlSettings(
    agent="FrontdeskBot/test",
    allow_private_hosts=True,
    max_pages=40,
    time=6.0,
    timeouts=Timeouts(connect=1.0, silence=1.0, total=1.5),
)


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


async def read(html: bytes, url: str, content_type: str, scripts: Sequence[bytes] = ()) -> SitePage:
    return with_scripts(read_site_page(html, url=url, content_type=content_type), scripts)


class Crawling:
    """Crawls with a fake clock, short budgets and the real reader."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.told: list[CrawlProgress] = []

    async def __call__(self, start: str, *, known: Mapping[str, PageRecord] | None = None, **changes: Any) -> Crawled:
        settings = replace(SHORT, **changes)
        rules = AddressRules(private=settings.allow_private_hosts)
        async with GuardedClient(agent=settings.agent, rules=rules, timeouts=settings.timeouts) as client:
            ports = CrawlPorts(
                client=client, read=read, clock=self.time, sleep=self.time.sleep, progress=self.told.append
            )
            return await crawl(start, settings, ports, known=known)


@pytest.fixture
def crawling() -> Crawling:
    return Crawling()
