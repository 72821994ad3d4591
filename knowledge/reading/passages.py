"""One HTML page to passages: short blocks under their headings, verbatim. Pure; a crawl and a folder use the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.passage import CELL, Passage
from knowledge.reading.blocks import PARAGRAPH, Block
from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page
from knowledge.reading.repeated import without_repeated
from knowledge.sentences import split_sentences

MAX_WORDS = 80
"""Words of a passage: about what can be read at a glance and quoted whole."""
_INVITATION_WORDS = 8
_HEADER_WORDS = 30


class _Line(NamedTuple):
    """One line, and that of the table's header above it if it is a row."""

    text: str
    above: str = ""


def passages_of(html: str | bytes, url: str) -> tuple[Passage, ...]:
    """The passages of one page in document order.

    `text` holds one line a paragraph, list item or table row, as rendered with white space folded; a line never spans
    two of them. `core.passage.CELL` stands between the cells of a row, and of the heads of its columns. Navigation,
    hidden elements and buttons are left out, and so is a page that asks not to be indexed.
    """
    data = html.encode("utf-8", "replace") if isinstance(html, str) else html
    return tuple(page_passages(read_site_page(data, url=url)))


def site_passages(pages: Sequence[SitePage]) -> tuple[Passage, ...]:
    """The passages of a whole site, page by page in the order given, each once.

    A line that stands on page after page is kept where it fits best, see `knowledge.reading.repeated`.
    """
    kept: dict[str, Passage] = {}
    for page in without_repeated(pages):
        for passage in page_passages(page):
            kept.setdefault(passage.hash, passage)
    return tuple(kept.values())


def page_passages(page: SitePage) -> Iterator[Passage]:
    """The passages of one page that was read, at most `MAX_WORDS` words each; none where robots may not index it."""
    if not page.indexable:
        return
    for headings, text in _grouped(page):
        yield Passage(
            url=page.url, title=page.title, headings=headings, text=text, hash=digest(text), language=page.language
        )


def digest(text: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def page_hash(passages: Iterable[Passage]) -> str:
    """The hash of everything a page says: it changes when, and only when, its visible text does."""
    return digest("\n\n".join(passage.text for passage in passages))


def _grouped(page: SitePage) -> Iterator[tuple[tuple[str, ...], str]]:
    path: list[Block] = []
    lines: list[_Line] = []
    for block in page.blocks:
        if block.level != PARAGRAPH:
            yield from _chunks(path, lines)
            path = [one for one in path if one.level < block.level] + ([block] if block.text else [])
            lines = []
        elif not _invites(block):
            lines.extend(_lines_of(block))
    yield from _chunks(path, lines)


def _lines_of(block: Block) -> Iterator[_Line]:
    """A row of a table whose columns have heads is kept with its cells apart, unless it is longer than a passage."""
    above = f"{CELL.join(block.columns)}{CELL}" if block.columns else ""
    short = len(block.text.split()) <= MAX_WORDS
    if block.heads and short:
        yield _Line(f"{CELL.join(block.cells)}{CELL}")
    elif above and short and len(block.cells) <= len(block.columns):
        yield _Line(CELL.join(block.cells).rstrip(CELL), above)
    else:
        yield from (_Line(text, above) for text in _lines(block.text))


def _invites(block: Block) -> bool:
    return block.only_link and len(block.text.split()) <= _INVITATION_WORDS


def _lines(text: str) -> Iterator[str]:
    """A paragraph longer than a passage is cut, between sentences where it has any."""
    if len(text.split()) <= MAX_WORDS:
        yield text
        return
    pieces = (_Line(piece) for sentence in split_sentences(text) for piece in _pieces(sentence))
    for chunk in _packed(pieces):
        yield " ".join(chunk)


def _pieces(sentence: str) -> Iterator[str]:
    words = sentence.split()
    for start in range(0, len(words), MAX_WORDS):
        yield " ".join(words[start : start + MAX_WORDS])


def _chunks(path: list[Block], lines: list[_Line]) -> Iterator[tuple[tuple[str, ...], str]]:
    headings = tuple(block.text for block in path)
    for chunk in _packed(lines):
        yield headings, "\n".join(chunk)


def _packed(lines: Iterable[_Line]) -> Iterator[list[str]]:
    """Lines together as far as they fit. A table that is cut has the line of its header on every part."""
    chunk: list[str] = []
    words = 0
    for line in lines:
        length = len(line.text.split())
        if chunk and words + length > MAX_WORDS:
            yield chunk
            header = len(line.above.split())
            chunk, words = ([line.above], header) if 0 < header <= min(_HEADER_WORDS, MAX_WORDS - length) else ([], 0)
        chunk.append(line.text)
        words += length
    if chunk:
        yield chunk
