"""One HTML page to a `SitePage`. Pure and bounded; never raises on content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from knowledge.reading.addresses import Addresses
from knowledge.reading.blocks import Block
from knowledge.reading.body import parse, read_body, says_enough
from knowledge.reading.encoding import as_utf8
from knowledge.reading.head import base_of, read_head
from knowledge.reading.marks import page_marks
from knowledge.reading.page import SitePage
from knowledge.reading.script_data import page_scripts, script_addresses, script_blocks, script_root

NOT_A_PAGE = "not an HTML page"
BY_VISITORS = "written by visitors"
EMPTY = "no text"
DRAWN_BY_SCRIPTS = "drawn by scripts"
_MOST_SCRIPTS = 50


def read_site_page(html: bytes, *, url: str, content_type: str = "") -> SitePage:
    """Reads one page; `url` is where it stands, `content_type` the HTTP header.

    What cannot be read yields no blocks and says why in `missing`. Text that asks not to be indexed, that a reader does
    not see, or that visitors wrote is left out.
    """
    if _is_other(html, content_type):
        return SitePage(url=url, missing=NOT_A_PAGE)
    data = as_utf8(html, content_type)
    root = parse(data)
    if root is None:
        return SitePage(url=url, missing=EMPTY)
    return _read(root, data, url)


def text_hash(blocks: Iterable[Block]) -> str:
    """SHA-256 over the lines of a page: it changes when, and only when, the visible text does."""
    return hashlib.sha256("\n".join(block.text for block in blocks if block.text).encode()).hexdigest()


def with_scripts(page: SitePage, sources: Iterable[bytes]) -> SitePage:
    """A page drawn by scripts, with the text that its `scripts` hold, whose contents are `sources`."""
    if page.missing != DRAWN_BY_SCRIPTS or not page.indexable:
        return page
    blocks = page.blocks + script_blocks(as_utf8(source).decode() for source in sources)
    missing = "" if says_enough(blocks) else DRAWN_BY_SCRIPTS
    return replace(page, blocks=blocks, missing=missing, hash=text_hash(blocks))


def _read(root: Any, data: bytes, url: str) -> SitePage:
    addresses = base_of(root, Addresses(url))
    head = read_head(root, addresses)
    body = read_body(root, data, addresses)
    blocks, missing, scripts = _said(root, body.blocks, addresses) if head.indexable else ((), "", ())
    if _by_visitors(url):
        blocks, missing, scripts = (), BY_VISITORS, ()
    return SitePage(
        url=url,
        title=head.title,
        description=head.description,
        language=head.language,
        blocks=blocks,
        links=body.links,
        canonical=head.canonical,
        alternates=head.alternates,
        refresh=head.refresh,
        indexable=head.indexable,
        followable=head.followable,
        missing=missing,
        scripts=scripts,
        hash=text_hash(blocks),
    )


def _said(root: Any, blocks: tuple[Block, ...], addresses: Addresses) -> tuple[tuple[Block, ...], str, tuple[str, ...]]:
    """The blocks of a page, what is missing, and where its scripts stand if they draw it."""
    if says_enough(blocks) or next(root.iter("script"), None) is None:
        return blocks, "", ()
    if script_root(root) is not None:
        blocks += script_blocks(page_scripts(root))
        if says_enough(blocks):
            return blocks, "", ()
    elif blocks:
        return blocks, "", ()
    scripts = (addresses.same_site(written) for written in script_addresses(root)[:_MOST_SCRIPTS])
    return blocks, DRAWN_BY_SCRIPTS, tuple(script for script in scripts if script)


def _by_visitors(url: str) -> bool:
    try:
        first = urlsplit(url).path.strip("/").lower().split("/")
    except ValueError:
        return False
    return len(first) > 1 and first[0] in page_marks().visitor_paths


_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
    b"\x00\x00\x01\x00",
)
_MAGIC_WITHIN = 64
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", ""})


def _is_other(html: bytes, content_type: str) -> bool:
    """Pictures, archives and documents are not read, whatever the server calls them."""
    kind = content_type.partition(";")[0].strip().lower()
    return html[:_MAGIC_WITHIN].lstrip().startswith(_MAGIC) or kind not in _PAGE_TYPES
