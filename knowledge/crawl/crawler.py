"""The crawl of one site: the most promising pages first, within its budgets, the same site giving the same result."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from yarl import URL

from core.errors import DependencyError
from knowledge.crawl.advice import nothing_read
from knowledge.crawl.fetching import PoliteClient
from knowledge.crawl.frontier import Frontier
from knowledge.crawl.kept import Kept
from knowledge.crawl.outcome import Crawled, CrawlPorts, CrawlProgress, PageRecord, Skipped
from knowledge.crawl.ranking import Found
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import CrawlSettings
from knowledge.crawl.sitemaps import read_sitemaps
from knowledge.crawl.sites import Site, starts
from knowledge.crawl.visiting import Visit, Visitor, words_of_page
from knowledge.reading.page import SitePage

COMPLETE, PAGES, BYTES, TIME = "complete", "pages", "bytes", "time"
_SETTLED = frozenset(
    {
        Reason.PRIVATE_ADDRESS, Reason.PORT, Reason.ROBOTS, Reason.OTHER_SITE,
        Reason.NOINDEX, Reason.EMPTY, Reason.NOT_HTML,
    }
)  # fmt: skip
"""What another spelling of the start would meet as well."""
_GUESS = 0.5
"""Seconds a page takes, before any was read."""


class _Flight(NamedTuple):
    found: Found
    task: asyncio.Task[Visit]


async def crawl(
    start: str, settings: CrawlSettings, ports: CrawlPorts, *, known: Mapping[str, PageRecord] | None = None
) -> Crawled:
    """Read a site from `start`, asking only for what changed since `known`.

    Raises `BadAddress` for what is no website, and `DependencyError` where no page with text could be read.
    """
    tried: list[Skipped] = []
    deadline = ports.clock.now() + settings.time
    for address in starts(start):
        run = _Crawl(address, settings, ports, known=known or {}, deadline=deadline)
        crawled = await run.whole()
        if crawled.pages:
            return crawled
        tried.extend(crawled.skipped[:1])
        if tried and tried[-1].reason in _SETTLED:
            break
    raise DependencyError(nothing_read(start, tried))


class _Crawl:
    def __init__(
        self,
        start: str,
        settings: CrawlSettings,
        ports: CrawlPorts,
        *,
        known: Mapping[str, PageRecord],
        deadline: float,
    ) -> None:
        site = Site(start)
        self._start = Found(url=start, depth=0)
        self._settings = settings
        self._ports = ports
        self._deadline = deadline
        self._began = ports.clock.now()
        self._client = PoliteClient(ports.client, site, settings, clock=ports.clock, sleep=ports.sleep)
        self._visitor = Visitor(self._client, ports.read, known)
        self._frontier = Frontier(site, max_depth=settings.max_depth)
        self._kept = Kept(self._frontier, settings.token)
        self._fetched: list[str] = []
        self._bytes = 0
        self._words = 0

    async def whole(self) -> Crawled:
        """The start page first: it tells the language and the menu. Then the sitemaps, then by promise."""
        self._frontier.done(self._start.url)
        first = iter((self._start,))
        stopped = await self._drive(lambda: next(first, None))
        if self._kept.entry:
            await self._list()
            stopped = await self._drive(self._frontier.take)
        return self._kept.result(stopped=stopped, fetched=tuple(self._fetched))

    async def _drive(self, supply: Callable[[], Found | None]) -> str:
        """Keep a few pages in flight; results are taken in the order of asking, so that chance decides nothing."""
        flights: deque[_Flight] = deque()
        try:
            while True:
                stopped = self._over()
                while not stopped and len(flights) < self._settings.concurrency and (found := supply()):
                    flights.append(self._depart(found))
                    stopped = self._over()
                if not flights:
                    return stopped or COMPLETE
                if stopped in {BYTES, TIME} or not await self._land(flights.popleft()):
                    return stopped or TIME
        finally:
            await _cancelled(flights)

    def _depart(self, found: Found) -> _Flight:
        self._fetched.append(found.url)
        return _Flight(found, asyncio.create_task(self._visitor.visit(found.url)))

    async def _land(self, flight: _Flight) -> bool:
        """Take one page in; False when the time is up before it is here."""
        left = self._deadline - self._ports.clock.now()
        done, _ = await asyncio.wait([flight.task], timeout=max(left, 0.0))
        if not done:
            await _cancelled([flight])
            self._kept.skip(flight.found.url, Reason.BUDGET, "out of time")
            return False
        page = await self._taken_in(flight)
        self._words += words_of_page(page) if page else 0
        self._report(flight.found.url, page)
        return True

    async def _taken_in(self, flight: _Flight) -> SitePage | None:
        """The page if it is kept."""
        try:
            visit = await self._drawn(flight.task.result())
        except Unfetched as failure:
            self._kept.skip(flight.found.url, failure.reason, failure.detail)
            return None
        self._bytes += visit.size
        return visit.page if self._kept.take(flight.found, visit) else None

    async def _drawn(self, visit: Visit) -> Visit:
        """With what scripts draw, one page after the other, so that which page gets a shared file is no chance."""
        left = max(self._deadline - self._ports.clock.now(), 0.0)
        try:
            async with asyncio.timeout(left):
                return await self._visitor.drawn(visit)
        except TimeoutError:
            return visit

    async def _list(self) -> None:
        """Offer what the site's sitemaps name; of equally promising pages the one changed last comes first."""
        if self._over():
            return
        named = await self._client.sitemaps(self._kept.entry)
        begin = named or (_beside(self._kept.entry),)
        left = max(self._deadline - self._ports.clock.now(), 0.0)
        try:
            async with asyncio.timeout(left):
                listing = await read_sitemaps(begin, self._client.file, **self._kept.home())
        except TimeoutError:
            return
        for one in sorted(listing.locations, key=lambda location: location.modified, reverse=True):
            self._frontier.offer(Found(url=one.url))
        for url, failure in listing.failures if named else ():
            self._kept.skip(url, failure.reason, failure.detail)

    def _over(self) -> str:
        if self._ports.clock.now() >= self._deadline:
            return TIME
        if self._bytes >= self._settings.max_bytes:
            return BYTES
        return PAGES if len(self._fetched) >= self._settings.max_pages and len(self._frontier) else ""

    def _report(self, url: str, page: SitePage | None) -> None:
        now, done = self._ports.clock.now(), len(self._fetched)
        pace = (now - self._began) / done if done else _GUESS
        to_come = min(len(self._frontier), self._settings.max_pages - done)
        self._ports.progress(
            CrawlProgress(
                pages=len(self._kept),
                words=self._words,
                queued=len(self._frontier),
                seconds_left=max(min(pace * to_come, self._deadline - now), 0.0),
                url=url,
                page=page,
            )
        )


def _beside(start: str) -> str:
    return str(URL(start).origin() / "sitemap.xml")


async def _cancelled(flights: deque[_Flight] | list[_Flight]) -> None:
    tasks = [flight.task for flight in flights]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
