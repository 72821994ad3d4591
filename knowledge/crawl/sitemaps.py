"""Sitemaps: which pages a site lists itself. Reading is bounded, and a document type is refused before it is read."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from knowledge.crawl.decoding import unpacked
from knowledge.crawl.guard import Fetched
from knowledge.crawl.ranking import Found, worth
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.settings import SITEMAP_LIMIT

MAX_LOCATIONS = 10_000
MAX_FILES = 12
MAX_NESTING = 2
_PIECE = 65_536
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST = 2_000
_ENDS = ("end",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A page, or another sitemap where `index` is True; `modified` as the site wrote it."""

    url: str
    modified: str = ""
    index: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the sitemaps named, and those that could not be read."""

    locations: tuple[Location, ...] = ()
    failures: tuple[tuple[str, Unfetched], ...] = ()


def locations(body: bytes) -> tuple[Location, ...]:
    """The entries of a sitemap: XML, gzipped XML, or one address a line; broken XML as far as it goes.

    Raises `Unfetched` for a document type (entities, external files) and for a file that unpacks without end.
    """
    text = unpacked(body, limit=SITEMAP_LIMIT)
    if _DOCTYPE.search(text) or _DOCTYPE.search(text.replace(b"\x00", b"")):
        raise Unfetched(Reason.UNREADABLE, "a sitemap with a document type")
    lines = text.lstrip(b"\xef\xbb\xbf\r\n\t ")
    return tuple(_of_xml(text)) if not lines.startswith(b"http") else tuple(_of_lines(lines))


async def read_sitemaps(
    starts: tuple[str, ...], fetch: Callable[[str], Awaitable[Fetched]], *, host: str, language: str
) -> Listing:
    """Every page the sitemaps name, nested ones included, those that promise most first. Bounded in every direction."""
    waiting = [(url, 0) for url in starts]
    seen = set(starts)
    pages: dict[str, Location] = {}
    failures: list[tuple[str, Unfetched]] = []
    for _ in range(MAX_FILES):
        if not waiting or len(pages) >= MAX_LOCATIONS:
            break
        url, depth = waiting.pop(0)
        try:
            found = locations((await fetch(url)).body)
        except Unfetched as failure:
            failures.append((url, failure))
            continue
        nested = [one for one in found if one.index and one.url not in seen and depth < MAX_NESTING]
        nested.sort(key=lambda one: -worth(Found(url=one.url), host=host, language=language))
        seen.update(one.url for one in nested)
        waiting.extend((one.url, depth + 1) for one in nested)
        pages.update((one.url, one) for one in found if not one.index)
    return Listing(locations=tuple(pages.values())[:MAX_LOCATIONS], failures=tuple(failures))


def _of_xml(text: bytes) -> Iterator[Location]:
    """Element by element, each forgotten once read, so that size and nesting cost nothing."""
    parser = etree.XMLPullParser(
        events=_ENDS, recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    url, modified, number = "", "", 0
    for element in _elements(parser, text):
        name = _local(element)
        if name == "loc":
            url = (element.text or "").strip()[:_LONGEST]
        elif name == "lastmod":
            modified = (element.text or "").strip()[:40]
        elif name in {"url", "sitemap"}:
            if url.startswith(("http://", "https://")):
                yield Location(url=url, modified=modified, index=name == "sitemap")
                number += 1
            url, modified = "", ""
            element.clear()
        if number >= MAX_LOCATIONS:
            return


def _elements(parser: etree.XMLPullParser, text: bytes) -> Iterator[etree._Element]:
    for start in range(0, len(text), _PIECE):
        try:
            parser.feed(text[start : start + _PIECE])
        except etree.XMLSyntaxError:
            return
        yield from (element for _, element in parser.read_events())


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _of_lines(text: bytes) -> Iterator[Location]:
    for line in text.decode("utf-8", errors="replace").splitlines()[:MAX_LOCATIONS]:
        if line.strip().startswith(("http://", "https://")):
            yield Location(url=line.strip()[:_LONGEST])
