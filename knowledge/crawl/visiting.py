"""One page: asked for, recognised where it has not changed, read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.errors import FrontdeskError
from knowledge.crawl.fetching import PoliteClient
from knowledge.crawl.guard import Fetched
from knowledge.crawl.outcome import PageReader, PageRecord
from knowledge.crawl.reasons import Reason, Unfetched
from knowledge.crawl.scripts import Scripts
from knowledge.reading.page import SitePage
from knowledge.reading.passages import digest

_NOT_MODIFIED = 304
_LONGEST_HEADER = 1_000
_DETAIL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page that was read. `size` is in decoded bytes, 0 where the server said that nothing changed.

    `fetched` is kept only where scripts draw the page, so that it can be read again with them.
    """

    record: PageRecord
    size: int
    fetched: Fetched | None = None

    @property
    def page(self) -> SitePage:
        return self.record.page


class Visitor:
    """Fetches and reads pages, with the records of the last crawl at hand."""

    def __init__(self, client: PoliteClient, read: PageReader, known: Mapping[str, PageRecord]) -> None:
        self._client = client
        self._read = read
        self._known = known
        self._scripts = Scripts(client)

    async def visit(self, url: str) -> Visit:
        """Raises `Unfetched` for whatever gives no page."""
        fetched = await self._client.page(url, self._conditions)
        known = self._known.get(fetched.url)
        if fetched.status == _NOT_MODIFIED:
            if known is None:
                raise Unfetched(Reason.BROKEN_ANSWER, "304 to a first request")
            return Visit(record=known, size=0)
        body = hashlib.sha256(fetched.body).hexdigest()
        same = known is not None and known.body == body and not known.page.scripts
        page = known.page if known is not None and same else await self._page(fetched)
        return Visit(
            record=_record(fetched, body, page), size=len(fetched.body), fetched=fetched if page.scripts else None
        )

    async def drawn(self, visit: Visit) -> Visit:
        """The same visit with the text of the scripts that draw its page; as it was where there is none to be had."""
        if visit.fetched is None or not visit.page.indexable:
            return visit
        sources = await self._scripts.of(visit.page)
        if not sources:
            return visit
        try:
            page = await self._read(visit.fetched.body, visit.fetched.url, visit.fetched.content_type, sources)
        except FrontdeskError:
            page = visit.page  # what its scripts do to the reader is not the page's fault
        return Visit(record=replace(visit.record, page=page), size=visit.size + sum(map(len, sources)))

    def _conditions(self, url: str) -> Mapping[str, str]:
        known = self._known.get(url)
        if known is None or known.page.scripts:
            return {}  # a drawn page changes with its scripts, of which its own address knows nothing
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    async def _page(self, fetched: Fetched) -> SitePage:
        if not fetched.body.strip():
            raise Unfetched(Reason.EMPTY)
        try:
            return await self._read(fetched.body, fetched.url, fetched.content_type)
        except FrontdeskError as error:
            raise Unfetched(Reason.UNREADABLE, str(error)[:_DETAIL]) from error


def fingerprint(page: SitePage) -> str:
    """Equal for pages that say the same."""
    return page.hash or digest("\n".join(block.text for block in page.blocks))


def words_of_page(page: SitePage) -> int:
    return sum(len(block.text.split()) for block in page.blocks)


def robots_words(header: str, token: str) -> frozenset[str]:
    """The rules of an X-Robots-Tag header that are meant for everybody or for us."""
    rules: set[str] = set()
    ours = True
    for part in header.lower().split(","):
        name, colon, rule = part.strip().partition(":")
        named = bool(colon) and not name.startswith(("unavailable_after", "max-"))
        if named:
            ours = name.strip() in {"*", token.lower()}
        if ours:
            rules.add((rule if named else part).strip())
    return frozenset(rules | ({"noindex", "nofollow"} if "none" in rules else set()))


def _record(fetched: Fetched, body: str, page: SitePage) -> PageRecord:
    return PageRecord(
        url=fetched.url,
        etag=_header(fetched, "etag"),
        last_modified=_header(fetched, "last-modified"),
        body=body,
        robots=_header(fetched, "x-robots-tag"),
        page=page,
    )


def _header(fetched: Fetched, name: str) -> str:
    """A header as it may be sent back: printable, and short enough to be meant."""
    value = fetched.headers.get(name, "")
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_HEADER else ""
