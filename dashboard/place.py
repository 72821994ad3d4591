"""Where the dashboard stands for a browser: its paths, its origin, and what counts as coming from itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

ROOT = "/dashboard"


class Cookie(NamedTuple):
    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`public_url` is `server.public_url`, "" when there is none: then the request's own host counts."""

    public_url: str = ""

    @property
    def prefix(self) -> str:
        """The path in front of everything, as a proxy that cuts it off has it; without a slash at its end."""
        return urlsplit(self.public_url).path.rstrip("/")

    def path(self, below: str = "") -> str:
        """A path below the dashboard, for a browser."""
        return f"{self.prefix}{ROOT}{below}"

    def address(self, request: web.Request | None, below: str) -> str:
        """The whole address of a path below the dashboard."""
        origin = self._origin() or (f"{request.scheme}://{request.host}" if request else "")
        return f"{origin}{self.path(below)}"

    def is_secure(self, request: web.Request) -> bool:
        """Whether browsers reach it by https."""
        return (urlsplit(self.public_url).scheme or request.scheme) == "https"

    def cookie(self, request: web.Request) -> Cookie:
        """What the session's cookie is called, and where it is sent.

        `__Host-` keeps neighbouring subdomains from planting one; that needs https, and nobody else on the host.
        """
        if self.is_secure(request) and not self.prefix:
            return Cookie("__Host-frontdesk", "/")
        return Cookie("frontdesk_dashboard", self.path())

    def is_own(self, request: web.Request) -> bool:
        """Whether a writing request was sent by one of our own pages. One that does not tell is refused."""
        source = request.headers.get("Origin") or request.headers.get("Referer") or ""
        try:
            parts = urlsplit(source)
        except ValueError:
            return False
        if not parts.netloc or parts.scheme not in {"http", "https"}:
            return False
        own = self._origin()
        # without a public address a proxy may have taken https off on the way: the host decides alone
        return f"{parts.scheme}://{parts.netloc}" == own if own else parts.netloc == request.host

    def onward(self, wanted: str) -> str:
        """Where to go after signing in: `wanted` when it is a path below the dashboard, its first page otherwise."""
        start = self.path()
        plain = wanted.isascii() and wanted.isprintable() and not any(one in wanted for one in ("\\", "//", ".."))
        inside = wanted == start or wanted.startswith((f"{start}/", f"{start}?"))
        return wanted if plain and inside else start

    def _origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
