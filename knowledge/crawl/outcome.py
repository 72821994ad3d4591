"""What a crawl gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.ports import Clock
from knowledge.crawl.fetching import PageClient
from knowledge.crawl.pace import Sleep
from knowledge.crawl.reasons import Reason
from knowledge.reading.page import SitePage


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An address that was not kept, and why; `detail` adds a status or another address."""

    url: str
    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        note = f" ({self.detail})" if self.detail else ""
        return f"{self.url} {self.reason.words}{note}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """A page as it was read, with what a server needs to say that it has not changed.

    `url` is the address that was answered; `body` the SHA-256 of the bytes; `robots` the X-Robots-Tag header.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body: str
    robots: str = ""
    page: SitePage

    @property
    def hash(self) -> str:
        """The page's own fingerprint."""
        return self.page.hash


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlProgress:
    """Where a crawl stands. `seconds_left` is a guess that never exceeds the time budget; `page` was just kept."""

    pages: int
    words: int
    queued: int
    seconds_left: float
    url: str
    page: SitePage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """Pages and records in the order of their addresses, the start's host first.

    `fetched` lists the pages asked for, in that order; `stopped` is complete | pages | bytes | time; `language` is
    the start page's.
    """

    pages: tuple[SitePage, ...]
    skipped: tuple[Skipped, ...]
    records: tuple[PageRecord, ...]
    stopped: str
    start: str
    language: str = "en"
    fetched: tuple[str, ...] = ()


class PageReader(Protocol):
    async def __call__(self, html: bytes, url: str, content_type: str, scripts: Sequence[bytes] = ()) -> SitePage:
        """A page, with the text of the `scripts` that draw it. Raises a `FrontdeskError` for what cannot be read."""
        ...


def _silent(_: CrawlProgress) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPorts:
    """What a crawl needs from outside. `progress` is called after every page."""

    client: PageClient
    read: PageReader
    clock: Clock
    sleep: Sleep
    progress: Callable[[CrawlProgress], None] = field(default=_silent)
