"""Addresses of one site: what belongs to it, how an address is spelled, and when two spellings mean one page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl

from courlan import clean_url
from tld import get_tld
from yarl import URL

from core.errors import ConfigError
from knowledge.crawl.guard import parsed
from knowledge.crawl.reasons import Unfetched
from knowledge.crawl.vocabulary import vocabulary

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NO_WEB = re.compile(r"^(?:about|data|file|javascript|mailto|tel|ftp|gopher|ws|wss):", re.IGNORECASE)
_PATH_PARAMETER = re.compile(r";[^/]*")
_COOKIELESS = re.compile(r"/\([A-Z]\([^/]*\)\)(?=/)")
"""A session ASP.NET writes into the path."""
_INDEX = re.compile(r"/(?:index|default|home)\.[a-z]{3,5}$", re.IGNORECASE)
_PLAIN_PORTS = frozenset({80, 443})
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
"""Reserved for private use by RFC 6761, 6762, 8375 and ICANN, or never delegated because of such use."""


class BadAddress(ConfigError):
    """What was given as a website is none."""


@dataclass(frozen=True, slots=True)
class Site:
    """All hosts below one registrable domain; one without (an IP address, localhost) is a site with its port."""

    start: str

    def covers(self, address: str) -> bool:
        """Whether an address belongs to the site."""
        return site_name(address) == site_name(self.start) != ""

    def spelled(self, address: str) -> str:
        """An address as the crawl asks for it, "" for what cannot be a page.

        It is cleaned, has no session and sorting parameters, and is https where the site speaks it.
        """
        url = _cleaned(address)
        if url is None:
            return ""
        if self.start.startswith("https:") and url.scheme == "http" and url.port in _PLAIN_PORTS:
            url = url.with_scheme("https").with_port(None)
        return str(url)


@lru_cache(maxsize=4_096)
def site_name(address: str) -> str:
    """The registrable domain, with private suffixes heeded (two tenants of a host are two sites); "" for no address."""
    try:
        url = URL(address)
        host, port = (url.host or "").lower().rstrip("."), url.port
    except ValueError:
        return ""
    if not host or url.scheme not in {"http", "https"}:
        return ""
    found = None if is_numeric(host) else get_tld(f"https://{host}/", True, True, search_private=True)
    domain = getattr(found, "fld", "")
    if domain:
        return str(domain)
    return host.removeprefix("www.") + ("" if port in _PLAIN_PORTS else f":{port}")


def is_local(address: str) -> bool:
    """Whether a host is an IP address or a name no public domain has: a machine of one's own."""
    host = (URL(address).host or "").lower().rstrip(".")
    return is_numeric(host) or "." not in host or host.endswith(_PRIVATE_ENDINGS)


def is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=16_384)
def page_key(address: str) -> str:
    """Equal for spellings of one page: scheme, `www.`, a trailing slash and index files do not count."""
    url = URL(address)
    host = (url.raw_host or "").removeprefix("www.")
    port = "" if url.port in _PLAIN_PORTS else f":{url.port}"
    path = _INDEX.sub("/", url.raw_path).rstrip("/")
    return f"{host}{port}{path}?{url.raw_query_string}"


def starts(given: str) -> tuple[str, ...]:
    """The addresses to try for what somebody typed, best first. Raises `BadAddress`."""
    text = given.strip()
    bare = not _SCHEME.match(text)
    if _NO_WEB.match(text):
        raise BadAddress(f"{given!r} is no website; give an address like https://www.example.com")
    try:
        url = parsed(f"https://{text}" if bare else text)
    except Unfetched as error:
        raise BadAddress(f"{given!r} {error}; give an address like https://www.example.com") from error
    if url.user is not None or url.password is not None:
        raise BadAddress("the address carries a user name; give it without one")
    tried = [url]
    if bare or url.scheme == "http":
        tried.append(url.with_scheme("http" if bare else "https").with_port(url.explicit_port))
    if bare and not is_local(str(url)) and not (url.host or "").startswith("www."):
        tried.insert(1, url.with_host(f"www.{url.host}"))
    return tuple(dict.fromkeys(str(one) for one in tried))


@lru_cache(maxsize=16_384)
def _cleaned(address: str) -> URL | None:
    cleaned = clean_url(address)
    if not cleaned:
        return None
    try:
        url = parsed(cleaned)
    except Unfetched:
        return None
    path = _COOKIELESS.sub("", _PATH_PARAMETER.sub("", url.path))
    return url.with_path(path or "/").with_query(_query(parse_qsl(url.raw_query_string)))


def _query(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    words = vocabulary()
    return [(name, value) for name, value in pairs if not words.is_noise(name)]
