"""What a site says again on page after page: banners, invitations, boxes. Said once is enough."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from knowledge.reading.blocks import PARAGRAPH, Block
from knowledge.reading.marks import page_marks
from knowledge.reading.page import SitePage
from knowledge.words import words_of

FEWEST_PAGES = 3
"""Pages a line must stand on before it counts as repeated."""
SHARE = 0.25
"""Share of the pages of its language that a line must stand on, where the site is larger than a handful of pages."""
_FEWEST_WORDS = 5
"""A repeated line of fewer words that names no figure is an invitation or a label."""
_FIGURE = re.compile(r"\d")


def without_repeated(pages: Sequence[SitePage]) -> tuple[SitePage, ...]:
    """The pages with every repeated line on one of them only: the one whose address and title speak most of it.

    Rows of tables and headings stay where they are. Lines about cookies, newsletters and the like, and repeated
    invitations, are dropped from all.
    """
    where = _places(pages)
    limits = {language: _limit(count) for language, count in Counter(page.language for page in pages).items()}
    repeated = {key: places for key, places in where.items() if len(places) >= limits[key[0]]}
    homes = {key: _home(key[1], places, pages) for key, places in repeated.items()}
    return tuple(
        replace(page, blocks=tuple(_kept(page, number, homes))) if page.blocks else page
        for number, page in enumerate(pages)
    )


def _places(pages: Sequence[SitePage]) -> Mapping[tuple[str, str], Sequence[int]]:
    """The pages on which every line stands, by language and line."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        for text in dict.fromkeys(block.text for block in page.blocks if _may_repeat(block)):
            where[page.language, text].append(number)
    return where


def _may_repeat(block: Block) -> bool:
    return block.level == PARAGRAPH and not block.cells


def _limit(pages: int) -> int:
    return max(FEWEST_PAGES, round(pages * SHARE))


def _home(text: str, places: Sequence[int], pages: Sequence[SitePage]) -> int | None:
    """The page a repeated line stays on, None for none."""
    words = words_of(text)
    if len(words) < _FEWEST_WORDS and not _FIGURE.search(text):
        return None
    if page_marks().chores.search(text):
        return None
    said = set(words)
    return max(places, key=lambda number: (_fit(said, pages[number]), -number))


def _fit(said: set[str], page: SitePage) -> int:
    return len(said.intersection(words_of(f"{page.url} {page.title}".replace("-", " ").replace("/", " "))))


def _kept(page: SitePage, number: int, homes: Mapping[tuple[str, str], int | None]) -> Iterator[Block]:
    seen: set[str] = set()
    for block in page.blocks:
        key = (page.language, block.text)
        if not _may_repeat(block) or key not in homes:
            yield block
        elif homes[key] == number and block.text not in seen:
            seen.add(block.text)
            yield block
