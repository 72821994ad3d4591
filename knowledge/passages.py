"""One HTML page to passages: short blocks under their headings, verbatim. Pure; a crawl and a folder use the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from core.passage import Passage
from knowledge.blocks import PARAGRAPH, Block, PageText, read_page
from knowledge.sentences import split_sentences

MAX_WORDS = 80
"""Words of a passage: about what can be read at a glance and quoted whole."""
_INVITATION_WORDS = 8


def passages_of(html: str | bytes, url: str) -> tuple[Passage, ...]:
    """The passages of one page in document order.

    `text` holds one line a paragraph, list item or table row, as rendered with white space folded; a line never spans
    two of them. Navigation, hidden elements and buttons are left out, and so is a page that asks not to be indexed.
    """
    page = read_page(html)
    if not page.indexable:
        return ()
    return tuple(
        Passage(url=url, title=page.title, headings=headings, text=text, hash=digest(text), language=page.language)
        for headings, text in _grouped(page)
    )


def digest(text: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def page_hash(passages: Iterable[Passage]) -> str:
    """The hash of everything a page says: it changes when, and only when, its visible text does."""
    return digest("\n\n".join(passage.text for passage in passages))


def _grouped(page: PageText) -> Iterator[tuple[tuple[str, ...], str]]:
    path: list[Block] = []
    lines: list[str] = []
    for block in page.blocks:
        if block.level != PARAGRAPH:
            yield from _chunks(path, lines)
            path = [one for one in path if one.level < block.level] + ([block] if block.text else [])
            lines = []
        elif not _invites(block):
            lines.extend(_lines(block.text))
    yield from _chunks(path, lines)


def _invites(block: Block) -> bool:
    return block.only_link and len(block.text.split()) <= _INVITATION_WORDS


def _lines(text: str) -> Iterator[str]:
    """A paragraph longer than a passage is cut, between sentences where it has any."""
    if len(text.split()) <= MAX_WORDS:
        yield text
        return
    for chunk in _packed(piece for sentence in split_sentences(text) for piece in _pieces(sentence)):
        yield " ".join(chunk)


def _pieces(sentence: str) -> Iterator[str]:
    words = sentence.split()
    for start in range(0, len(words), MAX_WORDS):
        yield " ".join(words[start : start + MAX_WORDS])


def _chunks(path: list[Block], lines: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    headings = tuple(block.text for block in path)
    for chunk in _packed(lines):
        yield headings, "\n".join(chunk)


def _packed(pieces: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    words = 0
    for piece in pieces:
        length = len(piece.split())
        if chunk and words + length > MAX_WORDS:
            yield chunk
            chunk, words = [], 0
        chunk.append(piece)
        words += length
    if chunk:
        yield chunk
