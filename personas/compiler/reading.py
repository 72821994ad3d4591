"""A page as the compiler sees it: what kind of page it is, what stands below what, and which side each block takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from knowledge.polarity import polarities
from knowledge.reading.blocks import PARAGRAPH, Block
from knowledge.reading.page import SitePage
from personas.compiler.phrasebook import Phrasebook

_TITLE = 1
_LONGEST_ITEM = 300
_MAX_ITEMS = 60
_CUT_TITLE = re.compile(r"\s+[|–—·•»]\s+|\s+-\s+|\s*[|·•]\s*|:\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """`sides` holds the polarity of every block, `above` the places of the headings over it, outermost first.

    `folders` are the parts of its address, its own last; `weight` is how much the page counts, 0 for none at all.
    """

    page: SitePage
    number: int
    folders: tuple[str, ...]
    weight: float
    sides: tuple[int, ...]
    above: tuple[tuple[int, ...], ...]
    home: bool = False

    @property
    def heading(self) -> str:
        """The page's own heading; its title where it has none."""
        return next((block.text for block in self.page.blocks if block.level == _TITLE and block.text), "")

    def section(self, heading: int) -> range:
        """The places of the blocks below a heading, up to the next of its level or above."""
        blocks = self.page.blocks
        level = blocks[heading].level
        end = heading + 1
        while end < len(blocks) and not 0 < blocks[end].level <= level:
            end += 1
        return range(heading + 1, end)

    def items(self, opening: int) -> tuple[int, ...]:
        """The places of the lines that stand one by one below a heading or an opening line."""
        blocks = self.page.blocks
        found: list[int] = []
        for place in range(opening + 1, min(opening + 1 + _MAX_ITEMS, len(blocks))):
            block = blocks[place]
            if block.level != PARAGRAPH or len(block.text) > _LONGEST_ITEM:
                break
            if found and block.text.endswith(".") and not blocks[found[0]].text.endswith("."):
                break  # a sentence after a list of labels is no part of it
            found.append(place)
        return tuple(found)


def read_pages(pages: Sequence[SitePage], phrases: Phrasebook) -> tuple[PageReading, ...]:
    """Every page once, in the order of their addresses, so that the order of a crawl changes nothing."""
    unique = {page.url: page for page in sorted(pages, key=lambda page: (page.url, page.hash))}
    roots = min((len(_folders(url)) for url in unique), default=0)
    return tuple(
        _reading(page, number, phrases, home=len(_folders(page.url)) == roots)
        for number, page in enumerate(unique.values())
    )


def title_parts(title: str) -> tuple[str, ...]:
    """The parts of a page's title, which often holds the site's name beside the page's."""
    return tuple(part.strip() for part in _CUT_TITLE.split(title) if part.strip())


def address_parts(url: str) -> tuple[str, ...]:
    """The folders of an address in lower case, the page's own last; file names lose their ending."""
    return _folders(url)


def _reading(page: SitePage, number: int, phrases: Phrasebook, *, home: bool) -> PageReading:
    folders = _folders(page.url)
    return PageReading(
        page=page,
        number=number,
        folders=folders,
        weight=phrases.home_weight if home else _weight(folders, phrases),
        sides=polarities(page.blocks),
        above=_above(page.blocks),
        home=home,
    )


def _folders(url: str) -> tuple[str, ...]:
    path = unquote(urlsplit(url).path)[:2_000].casefold()
    parts = [part for part in path.split("/") if part]
    if parts and parts[-1].partition(".")[0] in {"index", "default", "home"}:
        parts.pop()
    return tuple(re.sub(r"\.(?:html?|php|aspx?)$", "", part).replace("_", "-") for part in parts)


def _weight(folders: Sequence[str], phrases: Phrasebook) -> float:
    weight = next((rule.weight for rule in phrases.prominence if not set(rule.paths).isdisjoint(folders)), 1.0)
    if folders and not phrases.rival_words.isdisjoint(folders[-1].split("-")):
        return weight * phrases.rival_weight
    if weight and folders and not phrases.introducing.isdisjoint(folders[-1].split("-")):
        return max(weight, phrases.introducing_weight)
    return weight


def _above(blocks: Sequence[Block]) -> tuple[tuple[int, ...], ...]:
    path: list[int] = []
    paths: list[tuple[int, ...]] = []
    for place, block in enumerate(blocks):
        if block.level != PARAGRAPH:
            path = [one for one in path if blocks[one].level < block.level]
        paths.append(tuple(path))
        if block.level != PARAGRAPH and block.text:
            path.append(place)
    return tuple(paths)
