"""Whether a sentence shuts somebody out ("cannot use", "not for") or addresses somebody. Pure; several languages.

The words are data: `resources/polarity.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.reading.blocks import PARAGRAPH, Block

EXCLUDED = -1
SILENT = 0
ADDRESSED = 1

_BETWEEN = r"(?:\S+ ){0,3}"
_LONGEST = 2_000
"""Letters of a sentence that are read: nothing longer is one."""
_LONGEST_ITEM = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a sentence that takes one side; `start` and `end` are places in the sentence."""

    start: int
    end: int
    polarity: int


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    expand: tuple[tuple[str, str], ...]
    excludes: tuple[str, ...]
    harmless: tuple[str, ...]
    includes: tuple[str, ...]
    parts: str
    excluding_intros: tuple[str, ...]
    including_intros: tuple[str, ...]


class _Reader:
    def __init__(self, words: _Words) -> None:
        self.parts = re.compile(words.parts, re.IGNORECASE)
        self._expand = [(re.compile(short), long) for short, long in words.expand]
        self._harmless = _any_of(words.harmless)
        self._excludes = _any_of(words.excludes)
        self._includes = _any_of(words.includes)
        self._excluding = _any_of((*words.excluding_intros, *words.excludes))
        self._including = _any_of((*words.including_intros, *words.includes))

    def of(self, text: str) -> int:
        plain = self._plain(text)
        if self._excludes.search(plain):
            return EXCLUDED
        return ADDRESSED if self._includes.search(plain) else SILENT

    def of_intro(self, text: str) -> int:
        plain = self._plain(text)
        if self._excluding.search(plain):
            return EXCLUDED
        return ADDRESSED if self._including.search(plain) else SILENT

    def _plain(self, text: str) -> str:
        plain = " ".join(text[:_LONGEST].casefold().replace("’", "'").split())
        for short, long in self._expand:
            plain = short.sub(long, plain)
        return self._harmless.sub("-", plain)


def polarity(sentence: str) -> int:
    """-1 where somebody is shut out, 1 where somebody is addressed and nobody shut out, else 0.

    "Not only", "not-for-profit", "you do not need" and what a relative clause denies ("teams that cannot ...") shut
    nobody out.
    """
    sides = {part.polarity for part in parts(sentence)}
    return EXCLUDED if EXCLUDED in sides else max(sides, default=SILENT)


def parts(sentence: str) -> tuple[Part, ...]:
    """The sentence part by part, for those that say both ("for agencies, but not for freelancers")."""
    reader, starts = _reader(), [0]
    starts += [match.end() for match in _reader().parts.finditer(sentence[:_LONGEST])]
    ends = [*starts[1:], len(sentence)]
    told = [Part(start=s, end=e, polarity=reader.of(sentence[s:e])) for s, e in zip(starts, ends, strict=True)]
    if len(told) > 1 and reader.of(sentence) == EXCLUDED and all(part.polarity != EXCLUDED for part in told):
        return (Part(start=0, end=len(sentence), polarity=EXCLUDED),)
    return tuple(told)


def intro_polarity(line: str) -> int:
    """The side of a heading, or of a line that opens a list: "Who it is not for", "The following cannot join:"."""
    return _reader().of_intro(line)


def polarities(blocks: Sequence[Block]) -> tuple[int, ...]:
    """The side each block of a page takes, where a heading or the opening line of its list counts for it too.

    -1 comes down from headings and openings to everything below them; 1 only to what denies nothing itself.
    """
    return tuple(_sides(blocks))


def _sides(blocks: Sequence[Block]) -> Iterator[int]:
    headings: list[tuple[int, int]] = []
    opened = SILENT
    for place, block in enumerate(blocks):
        if block.level != PARAGRAPH:
            headings = [(level, side) for level, side in headings if level < block.level]
            opened = SILENT
            side = intro_polarity(block.text) if block.text else SILENT
            above = EXCLUDED if any(one == EXCLUDED for _, one in headings) else SILENT
            if block.text:
                headings.append((block.level, side))
            yield above or side
            continue
        own = polarity(block.text)
        above = EXCLUDED if any(one == EXCLUDED for _, one in headings) else SILENT
        if opens_list(block, blocks[place + 1 : place + 2]):
            opened = intro_polarity(block.text)
            yield above or opened
            continue
        if opened and not _item(block):
            opened = SILENT
        yield above or (EXCLUDED if EXCLUDED in (own, opened) else max(own, opened))


def opens_list(block: Block, following: Sequence[Block]) -> bool:
    """Whether a block is the line before a list: it ends with a colon and a block that is no heading follows."""
    return block.text.endswith((":", "：")) and bool(following) and following[0].level == PARAGRAPH


def _item(block: Block) -> bool:
    return len(block.text) <= _LONGEST_ITEM and not block.text.casefold().startswith(("however", "but "))


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one.replace('~ ', _BETWEEN)})" for one in patterns))


@cache
def _reader() -> _Reader:
    text = resources.files("knowledge").joinpath("resources/polarity.yaml").read_text(encoding="utf-8")
    return _Reader(_Words.model_validate(yaml.safe_load(text)))
