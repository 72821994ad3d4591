"""robots.txt as RFC 9309 has it: 4xx allows everything, a server that fails or does not answer allows nothing now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from knowledge.crawl.guard import Fetched, Order
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import ROBOTS_LIMIT

MAX_SITEMAPS = 20
_SERVER_ERROR = 500
_UNAVAILABLE = frozenset({Reason.REDIRECTS, Reason.OTHER_SITE, Reason.NOT_HTML, Reason.USERINFO, Reason.SCHEME})
"""Redirects that cannot be followed count as "no robots.txt" (RFC 9309, 2.3.1.2)."""
_OF_THE_HOST = frozenset(
    {Reason.PRIVATE_ADDRESS, Reason.PORT, Reason.NO_SUCH_HOST, Reason.CONNECTION, Reason.CERTIFICATE, Reason.ADDRESS}
)
"""What a page of the host would meet as well: said as it is."""

Fetch = Callable[[str, Order], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """The rules of one host. `refusal` is set while nothing may be read; `delay` is in seconds, 0 for none."""

    rules: Protego | None = None
    refusal: Unfetched | None = None
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def check(self, url: str, token: str) -> None:
        """Raises `Unfetched` for an address that must not be read."""
        if (refusal := self.refusal) is not None:
            if refusal.reason in _OF_THE_HOST:
                raise Unfetched(refusal.reason, refusal.detail, final=True)
            raise Unfetched(Reason.ROBOTS_UNREACHABLE, str(refusal))
        if self.rules is not None and not self.rules.can_fetch(url, token):
            raise Unfetched(Reason.ROBOTS)


class Robots:
    """The rules of every host asked about, each read once."""

    def __init__(self, fetch: Fetch, *, token: str, longest_delay: float) -> None:
        self._fetch = fetch
        self._token = token
        self._longest_delay = longest_delay
        self._hosts: dict[str, asyncio.Task[RobotsRules]] = {}

    async def rules(self, url: str) -> RobotsRules:
        """The rules of the host of an address. Never raises."""
        origin = str(URL(url).origin())
        if origin not in self._hosts:
            self._hosts[origin] = asyncio.create_task(self._read(origin))
        return await asyncio.shield(self._hosts[origin])

    async def _read(self, origin: str) -> RobotsRules:
        try:
            fetched = await self._fetch(f"{origin}/robots.txt", Order(limit=ROBOTS_LIMIT))
        except Unfetched as failure:
            return RobotsRules(refusal=failure if _forbids(failure) else None)
        return self._parsed(fetched.body.decode("utf-8", errors="replace"))

    def _parsed(self, text: str) -> RobotsRules:
        rules = Protego.parse(text.removeprefix("\ufeff"))
        delay = rules.crawl_delay(self._token) or 0.0
        sitemaps = tuple(dict.fromkeys(rules.sitemaps))[:MAX_SITEMAPS]
        return RobotsRules(rules=rules, delay=min(max(delay, 0.0), self._longest_delay), sitemaps=sitemaps)


def _forbids(failure: Unfetched) -> bool:
    if failure.status:
        return failure.status >= _SERVER_ERROR or failure.reason is Reason.SLOW_DOWN
    return failure.reason not in _UNAVAILABLE
