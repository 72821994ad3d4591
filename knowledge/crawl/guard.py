"""The one client every request of the crawl goes through: what may be connected to, and how much may come back.

The address rules are asked when a socket is about to be opened, about the address it will be opened to. Whatever a
link, a redirect or a name server says before that does not matter, and nothing can change between check and use.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from knowledge.crawl.addresses import AddressRules
from knowledge.crawl.decoding import ACCEPTED, Unpacker
from knowledge.crawl.failures import ClosedSocket, translated
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import PAGE_LIMIT, Timeouts

MAX_REDIRECTS = 5
MAX_ADDRESS = 2_000
"""Characters of an address."""
MAX_HEADER = 16_384
"""Bytes of one header line."""
_CONNECTIONS = 8
_HOST = re.compile(r"[a-z0-9_.:-]+", re.IGNORECASE)
"""A name in its ASCII form, or a numeric address."""
_HTML = frozenset({"", "text/html", "application/xhtml+xml"})
_BINARY = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF", b"%!PS")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_SLOW_DOWN = frozenset({429, 503})
_MAX_RETRY_AFTER = 86_400

AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
Admit = Callable[[str], Awaitable[None]]
"""Asked before each request, redirects included; raises `Unfetched` for an address that must not be requested."""


async def anywhere(_: str) -> None:
    """Admits every address; the address rules hold all the same."""


def unconditional(_: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted of one fetch. `conditional` gives the If-... headers for an address; `limit` is in bytes."""

    limit: int = PAGE_LIMIT
    html_only: bool = False
    admit: Admit = anywhere
    conditional: Callable[[str], Mapping[str, str]] = unconditional


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer. `url` is where it came from after redirects; header names are lower case; `cut` at the limit.

    A status other than 200 to 299 is 304, and then there is no body.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    cut: bool = False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


class GuardedClient:
    """An async context manager. Keeps no cookies, heeds no proxy of the environment, follows redirects by hand."""

    def __init__(
        self,
        *,
        agent: str,
        rules: AddressRules,
        timeouts: Timeouts | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._agent = agent
        self._rules = rules
        self._timeouts = timeouts or Timeouts()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=_CONNECTIONS, resolver=self._resolver, socket_factory=self._open, ttl_dns_cache=60
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.5"},
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self._timeouts.connect, sock_read=self._timeouts.silence
            ),
            auto_decompress=False,
            trust_env=False,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, order: Order) -> Fetched:
        """The answer to a GET of `url`. Raises `Unfetched` with a reason for everything else, and nothing else."""
        address = url
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._request(self._checked(address), order)
            if isinstance(answer, Fetched):
                return answer
            address = answer
        raise Unfetched(Reason.REDIRECTS, f"more than {MAX_REDIRECTS}")

    def _checked(self, address: str) -> URL:
        """What can be told from the address alone."""
        url = parsed(address)
        if url.user is not None or url.password is not None:
            raise Unfetched(Reason.USERINFO)
        if reason := self._rules.port_objection(url.port or 0):
            raise Unfetched(reason, str(url.port))
        return url

    async def _request(self, url: URL, order: Order) -> Fetched | str:
        """The answer, or where it redirects to."""
        await order.admit(str(url))
        headers = {"Accept-Encoding": ACCEPTED, **order.conditional(str(url))}
        try:
            async with (
                asyncio.timeout(self._timeouts.total),
                self._opened().get(url, allow_redirects=False, headers=headers) as response,
            ):
                return await _answer(url, response, order)
        except (aiohttp.ClientError, OSError, RuntimeError, ValueError) as error:
            raise translated(error) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise TypeError("the client is used inside `async with`")
        return self._session

    def _open(self, info: AddressInfo) -> socket.socket:
        """Called by the connector for the very socket it is about to connect."""
        family, kind, protocol, _, place = info
        if reason := self._rules.objection(str(place[0]), int(str(place[1]))):
            raise ClosedSocket(reason)
        return socket.socket(family=family, type=kind, proto=protocol)


def parsed(address: str) -> URL:
    """An http(s) address with a host. Raises `Unfetched`."""
    if len(address) > MAX_ADDRESS:
        raise Unfetched(Reason.ADDRESS, "too long")
    try:
        url = URL(address).with_fragment(None)
        scheme, host, _ = url.scheme, url.raw_host or "", url.port
    except (ValueError, TypeError) as error:
        raise Unfetched(Reason.ADDRESS) from error
    if scheme not in {"http", "https"}:
        raise Unfetched(Reason.SCHEME, scheme[:20])
    if not _HOST.fullmatch(host):
        raise Unfetched(Reason.ADDRESS)
    return url.with_path("/", keep_query=True) if url.raw_path == "/" else url


async def _answer(url: URL, response: aiohttp.ClientResponse, order: Order) -> Fetched | str:
    location = response.headers.get("Location", "")
    if response.status in _REDIRECTS and location:
        return _joined(url, location)
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status == _NOT_MODIFIED:
        return Fetched(url=str(url), status=_NOT_MODIFIED, headers=headers)
    if not response.ok or response.status in _REDIRECTS:
        raise _refused(response)
    if order.html_only and _media_type(headers) not in _HTML:
        raise Unfetched(Reason.NOT_HTML, _media_type(headers)[:60])
    body, cut = await _body(response, order)
    if order.html_only and body.startswith(_BINARY):
        raise Unfetched(Reason.NOT_HTML, "binary")
    return Fetched(url=str(url), status=response.status, headers=headers, body=body, cut=cut)


async def _body(response: aiohttp.ClientResponse, order: Order) -> tuple[bytes, bool]:
    unpacker = Unpacker(response.headers.get("Content-Encoding", ""), limit=order.limit)
    async for piece in response.content.iter_any():
        unpacker.feed(piece)
        if unpacker.full:
            response.close()
            break
    return bytes(unpacker.data), unpacker.full


def _refused(response: aiohttp.ClientResponse) -> Unfetched:
    reason = Reason.SLOW_DOWN if response.status in _SLOW_DOWN else Reason.STATUS
    return Unfetched(reason, str(response.status), status=response.status, retry_after=_retry_after(response))


def _retry_after(response: aiohttp.ClientResponse) -> float:
    """Seconds; a date is not worth a clock here and counts as unknown."""
    text = response.headers.get("Retry-After", "").strip()
    return float(min(int(text), _MAX_RETRY_AFTER)) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0  # noqa: PLR2004


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _joined(url: URL, location: str) -> str:
    try:
        return urljoin(str(url), location)
    except ValueError as error:
        raise Unfetched(Reason.ADDRESS) from error
