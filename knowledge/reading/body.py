"""A page's tree to its blocks and links: which part of it is the page's own, and what of that can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

from knowledge.reading.addresses import Addresses
from knowledge.reading.articles import article_blocks, is_article, only_article
from knowledge.reading.blocks import Block
from knowledge.reading.encoding import MAX_HTML
from knowledge.reading.hidden import Sheet, sheet_of
from knowledge.reading.marking import marked_elements
from knowledge.reading.marks import Mark
from knowledge.reading.page import Link
from knowledge.reading.walk import Walk

ENOUGH_WORDS = 25
"""Words below which a part of a page is too little to be all of it."""
_MOST_IDS = 2_000
_MOST_MAINS = 2
_LARGE = 200_000
"""Bytes of a page for which memory may be too little at all."""
_HUGE = 20_000
"""Elements of a page that no longer is an article."""


class Body(NamedTuple):
    """What a page says, and where it leads."""

    blocks: tuple[Block, ...]
    links: tuple[Link, ...]


def parse(data: bytes) -> Any | None:
    """The tree of a page in UTF-8; None when there is none. Raises `MemoryError` rather than to return half of it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        root = None
    if (root is None or len(data) > _LARGE) and any(
        entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log.filter_from_fatals()
    ):
        raise MemoryError
    return root


def says_enough(blocks: Iterable[Block]) -> bool:
    """Whether blocks are more than the remains of a page."""
    words = 0
    for block in blocks:
        words += block.text.count(" ") + 1
        if words >= ENOUGH_WORDS:
            return True
    return False


def fragment_blocks(html: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML that stands by itself."""
    data = html.encode("utf-8", "replace")[:MAX_HTML]
    root = parse(data)
    return () if root is None else read_body(root, data, Addresses("")).blocks


def read_body(root: Any, data: bytes, addresses: Addresses) -> Body:
    """Reads the main part of a page, or all of its body where that says more or less nothing.

    `data` is the page's source, to see at a glance what need not be looked for.
    """
    body = root.find("body")
    body = root if body is None else body
    elements = list(body.iter())  # kept until the end: libxml2's nodes are dressed as Python objects only once
    marks = marked_elements(elements, _sheet(root, data))
    controlled = frozenset(root.xpath("//@aria-controls")[:_MOST_IDS]) if b"aria-controls" in data else frozenset()
    mains = [main for main in _mains(root, data) if marks.get(main) is not Mark.HIDDEN]
    for main in [*mains, None]:
        walk = Walk(marks, controlled=controlled, resolve=addresses.absolute)
        walk.read(body if main is None else main)
        if main is not None:
            walk.read_menu(body, besides=main)
        if main is None or says_enough(walk.blocks):
            break
    blocks = tuple(walk.blocks)
    if len(elements) <= _HUGE:
        plain = main is None and b"<article" not in data
        blocks = _mended(blocks, body, marks, plain=plain)
    return Body(blocks, tuple(walk.links.values()))


def _mended(blocks: tuple[Block, ...], body: Any, marks: Mapping[Any, Mark], *, plain: bool) -> tuple[Block, ...]:
    """The blocks as they are, unless they are next to nothing or nothing tells an article from what surrounds it."""
    if not says_enough(blocks):
        found = article_blocks(body, marks) if _all_words(body) >= ENOUGH_WORDS else ()
        return found if says_enough(found) else blocks
    return only_article(blocks, body, marks) if plain and is_article(blocks) else blocks


def _all_words(body: Any) -> int:
    """Words of everything between the tags, menus and scripts included."""
    return len("".join(body.itertext()).split())


def _mains(root: Any, data: bytes) -> list[Any]:
    """The elements that say they hold the page's own text, the likeliest first."""
    mains = list(islice(root.iter("main"), _MOST_MAINS))
    return mains or (root.xpath("//body//*[@role='main']")[:1] if b"main" in data else [])


def _sheet(root: Any, data: bytes) -> Sheet:
    linked = b"stylesheet" in data
    texts = [style.text or "" for style in root.iter("style")]
    return sheet_of(texts, linked=linked) if texts else Sheet(linked=linked)
