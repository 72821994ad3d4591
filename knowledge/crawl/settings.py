"""The bounds of a crawl."""

from __future__ import annotations

from dataclasses import dataclass, field

MEGABYTE = 1_000_000
PAGE_LIMIT = 2 * MEGABYTE
"""Decoded bytes of one page; the rest of a longer one is left unread."""
ROBOTS_LIMIT = 512 * 1024
"""Bytes of robots.txt that count; RFC 9309 asks for at least 500 KiB."""
SCRIPT_LIMIT = 2 * MEGABYTE
"""Decoded bytes of one script or data file; the rest of a longer one is left unread."""
SITEMAP_LIMIT = 10 * MEGABYTE
"""Decoded bytes of one sitemap; the protocol allows 50 MB, which only very large sites use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds. `total` bounds one request with its body, so that a drip of bytes ends too."""

    connect: float = 8.0
    silence: float = 10.0
    total: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """How much may be read and how fast. `agent` is the product token and version robots.txt is asked about.

    `pause` is the time between two requests to a host in seconds, `time` and `retry_pause` are seconds too.
    """

    agent: str = "FrontdeskBot"
    max_pages: int = 500
    max_bytes: int = 50 * MEGABYTE
    max_depth: int = 6
    time: float = 900.0
    concurrency: int = 4
    pause: float = 1.0
    longest_pause: float = 10.0
    attempts: int = 3
    retry_pause: float = 1.0
    allow_private_hosts: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)

    @property
    def token(self) -> str:
        """The name robots.txt uses for us: the agent without its version."""
        return self.agent.partition("/")[0]
