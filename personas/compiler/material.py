"""Everything the site says about one kind of customer: their own pages, their cards, and sentences that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from core.site import SiteSource
from knowledge.polarity import EXCLUDED
from knowledge.reading.blocks import PARAGRAPH
from knowledge.sentences import split_sentences
from personas.compiler.evidence import Ground
from personas.compiler.merging import Group, Keys
from personas.compiler.phrasebook import phrasebook
from personas.compiler.places import Places
from personas.compiler.reading import PageReading

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<![\w/])\+?\(?\d[\d()\s./-]{7,}\d(?!\w)")
"""E-mail addresses and telephone numbers."""
_NAMED = re.compile(r"^[—–-]?\s*((?:[A-Z][\w'’-]+\.?\s+){1,3}[A-Z][\w'’-]+)\s*[,–—|]\s*(?=[A-Za-z])")
_MOST_NAME_WORDS = 4
_MAX_LINES = 600
_MOST_SEEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence or heading. `headings` are the texts above it, outermost first; `own`: its page is theirs alone.

    `card` marks what stands in their part of a page that speaks to others too, `mention` a sentence that names them.
    """

    text: str
    page: PageReading
    place: int
    level: int
    headings: tuple[str, ...]
    own: bool = False
    card: bool = False
    mention: bool = False

    def source(self, *fields: str) -> SiteSource:
        return SiteSource(url=self.page.page.url, quote=self.text, hash=self.page.page.hash, fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """`lines` in the order of trust: cards, sentences that name them, then their own pages."""

    group: Group
    lines: tuple[Line, ...]
    own: tuple[PageReading, ...]

    @property
    def own_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.own or line.card)


class Gatherer:
    """Collects material. `people` are the names of persons the site mentions: no line that holds one is taken."""

    def __init__(self, readings: Sequence[PageReading], keys: Keys, places: Places) -> None:
        self._readings = readings
        self._keys = keys
        self._places = places
        self._people = frozenset(people_of(readings))

    def material(self, group: Group) -> Material:
        numbers = {one.own for one in group.evidence if one.own is not None}
        own = tuple(self._readings[number] for number in sorted(numbers))
        lines = [*self._cards(group), *self._mentions(group), *self._rows(group)]
        lines += [line for reading in own for line in self._page(reading)]
        kept: dict[tuple[str, str], Line] = {}
        for line in lines[:_MAX_LINES]:
            # A sentence that names them is none the less one of their own page.
            told = replace(line, own=True) if line.page.number in numbers else line
            kept.setdefault((line.page.page.url, line.text), told)
        return Material(group=group, lines=tuple(kept.values()), own=own)

    def seen(self, group: Group) -> tuple[SiteSource, ...]:
        """Where a name was seen, for customers of whom nothing else is said: at most three places."""
        pages = (self._readings[one.page].page for one in group.evidence)
        told = (
            SiteSource(url=page.url, quote=one.quote, hash=page.hash, fields=("name",))
            for page, one in zip(pages, group.evidence, strict=True)
            if not self.is_private(one.quote)
        )
        return tuple(dict.fromkeys(told))[:_MOST_SEEN]

    def is_private(self, text: str) -> bool:
        """Whether a text holds an e-mail address, a telephone number or somebody's name."""
        if _CONTACT.search(text) or _quoted().search(text):
            return True
        return any(name in text for name in self._people)

    def sentences(self, reading: PageReading, places: Iterable[int], **marks: bool) -> Iterator[Line]:
        """The lines of some blocks of a page, without private ones and without what is denied."""
        blocks = reading.page.blocks
        for place in places:
            if reading.sides[place] == EXCLUDED or any(reading.sides[one] == EXCLUDED for one in reading.above[place]):
                continue
            headings = tuple(blocks[one].text for one in reading.above[place])
            block = blocks[place]
            texts = split_sentences(block.text) if block.level == PARAGRAPH else (block.text,)
            for text in texts:
                if text and not self.is_private(text) and not block.cells and not block.only_link:
                    yield Line(text=text, page=reading, place=place, level=block.level, headings=headings, **marks)

    def _page(self, reading: PageReading) -> Iterator[Line]:
        return self.sentences(reading, range(len(reading.page.blocks)), own=True)

    def _cards(self, group: Group) -> Iterator[Line]:
        for one in group.evidence:
            if not one.ground.structural or one.place < 0 or one.own is not None:
                continue
            reading = self._readings[one.page]
            block = reading.page.blocks[one.place]
            if block.level == PARAGRAPH:
                yield from self.sentences(reading, (one.place,), mention=True)
            elif one.ground is not Ground.OWN_PAGE:
                yield from self.sentences(reading, reading.section(one.place), card=True)

    def _mentions(self, group: Group) -> Iterator[Line]:
        for one in group.evidence:
            reading = self._readings[one.page]
            if one.place < 0:
                continue
            yield from (line for line in self.sentences(reading, (one.place,), mention=True) if line.text == one.quote)

    def _rows(self, group: Group) -> Iterator[Line]:
        for reading in self._readings:
            if not reading.weight:
                continue
            for place, block in enumerate(reading.page.blocks):
                if not block.cells or self.is_private(block.text) or reading.sides[place] == EXCLUDED:
                    continue
                names = self._places.label(block.cells[0])
                if names and any(self._keys.of(name) in group.keys for name in names):
                    headings = tuple(reading.page.blocks[one].text for one in reading.above[place])
                    yield Line(
                        text=block.text, page=reading, place=place, level=PARAGRAPH, headings=headings, mention=True
                    )


def people_of(readings: Sequence[PageReading]) -> Iterator[str]:
    """Names of persons: what stands before a post in a line of its own ("Ada Kern, Head of Care at Oakfield")."""
    for reading in readings:
        for block in reading.page.blocks:
            match = _NAMED.match(block.text)
            if match and _is_post(block.text[match.end() :]):
                name = match.group(1)
                words = name.split()
                # "Microsoft Teams" is nobody: names of persons hold no everyday word.
                if len(words) <= _MOST_NAME_WORDS and phrasebook().common.isdisjoint(name.casefold().split()):
                    yield name


def _is_post(text: str) -> bool:
    return len(text) <= _LONGEST_POST and _post().search(text) is not None and _SENTENCE.search(text) is None


_LONGEST_POST = 120
_SENTENCE = re.compile(r"\b(?:is|are|was|were|has|have|uses?|used)\b", re.IGNORECASE)


@cache
def _post() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrasebook().post_words)})\b", re.IGNORECASE)


@cache
def _quoted() -> re.Pattern[str]:
    says = "|".join(phrasebook().saying_words)
    return re.compile(rf"\b(?:{says}) [A-Z]\w+|\b[A-Z]\w+ (?:{says})\b")
