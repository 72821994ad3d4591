"""Pages of one site, asked for with manners: robots.txt, a pause between requests, retries, and an end to trying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from yarl import URL

from core.ports import Clock
from knowledge.crawl.guard import Fetched, Order
from knowledge.crawl.pace import Pace, Sleep
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.robots import Robots
from knowledge.crawl.settings import SCRIPT_LIMIT, SITEMAP_LIMIT, CrawlSettings
from knowledge.crawl.sites import Site, is_local

LONGEST_RETRY_AFTER = 30.0
"""Seconds a host may ask us to wait for one page; a longer wish ends the attempt."""
_FAILURES_UNTIL_DOWN = 8
"""Failures in a row after which a host is left alone."""


class PageClient(Protocol):
    async def fetch(self, url: str, order: Order) -> Fetched:
        """See `guard.GuardedClient.fetch`."""
        ...


class PoliteClient:
    """Fetches what belongs to one site. Raises `Unfetched`, and nothing else."""

    def __init__(self, client: PageClient, site: Site, settings: CrawlSettings, *, clock: Clock, sleep: Sleep) -> None:
        self._client = client
        self._site = site
        self._settings = settings
        self._pace = Pace(clock, sleep)
        self._sleep = sleep
        self._robots = Robots(self._once, token=settings.token, longest_delay=settings.longest_pause)
        self._failures: Counter[str] = Counter()

    async def page(self, url: str, conditional: Callable[[str], Mapping[str, str]]) -> Fetched:
        """A page, or 304 with no body where `conditional` headers still hold."""
        return await self._tried(url, Order(html_only=True, admit=self._admit, conditional=conditional))

    async def file(self, url: str) -> Fetched:
        """A sitemap."""
        return await self._tried(url, Order(limit=SITEMAP_LIMIT, admit=self._admit))

    async def script(self, url: str) -> Fetched:
        """A script or data file of a page, asked for once; its failure tells nothing about the host's pages."""
        origin = URL(url).origin()

        async def admit(address: str) -> None:
            if URL(address).origin() != origin:
                raise Unfetched(Reason.OTHER_SITE, str(URL(address).origin()))
            await self._admit(address)

        return await self._client.fetch(url, Order(limit=SCRIPT_LIMIT, admit=admit))

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps the host of an address names in its robots.txt."""
        return (await self._robots.rules(url)).sitemaps

    async def _admit(self, url: str) -> None:
        """Asked before every request, redirects included."""
        self._admit_host(url)
        host = URL(url).host or ""
        if self._failures[host] >= _FAILURES_UNTIL_DOWN:
            raise Unfetched(Reason.HOST_DOWN)
        rules = await self._robots.rules(url)
        rules.check(url, self._settings.token)
        await self._pace.turn(host, max(rules.delay, self._pause(url)))

    def _admit_host(self, url: str) -> None:
        if not self._site.covers(url):
            raise Unfetched(Reason.OTHER_SITE, str(URL(url).origin()))

    async def _tried(self, url: str, order: Order) -> Fetched:
        """With a few attempts where the failure may pass, each later than the one before."""
        for attempt in range(1, self._settings.attempts + 1):
            try:
                fetched = await self._client.fetch(url, order)
            except Unfetched as failure:
                self._count(url, failure)
                await self._before_next(url, failure, attempt)
            else:
                self._failures[URL(url).host or ""] = 0
                return fetched
        raise Unfetched(Reason.CONNECTION)

    async def _before_next(self, url: str, failure: Unfetched, attempt: int) -> None:
        """Wait, or raise the failure when there is no next attempt. What timed out is tried once more only."""
        most = min(self._settings.attempts, 2) if failure.reason is Reason.TIMEOUT else self._settings.attempts
        if not failure.passing or attempt >= most or failure.retry_after > LONGEST_RETRY_AFTER:
            raise failure
        wait = max(failure.retry_after, self._settings.retry_pause * 2 ** (attempt - 1))
        if failure.reason is Reason.SLOW_DOWN:
            self._pace.hold(URL(url).host or "", wait)
        await self._sleep(wait)

    def _count(self, url: str, failure: Unfetched) -> None:
        if failure.passing or failure.status >= 500:  # noqa: PLR2004  the server's own errors
            self._failures[URL(url).host or ""] += 1

    async def _once(self, url: str, order: Order) -> Fetched:
        """robots.txt itself: no rules before it, the same site only, one more attempt where that may help."""

        async def admit(address: str) -> None:
            self._admit_host(address)

        for last in (False, True):
            try:
                return await self._client.fetch(url, Order(limit=order.limit, admit=admit))
            except Unfetched as failure:
                if last or not failure.passing or failure.reason is Reason.TIMEOUT:
                    raise
                await self._sleep(min(max(failure.retry_after, self._settings.retry_pause), LONGEST_RETRY_AFTER))
        raise Unfetched(Reason.CONNECTION)

    def _pause(self, url: str) -> float:
        return 0.0 if self._settings.allow_private_hosts and is_local(url) else self._settings.pause
