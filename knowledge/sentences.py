"""Splitting a line of text into sentences, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from core.passage import CELL

_BOUNDARY = re.compile(
    r"""(?<=[.!?…])(?P<close>["'”’»)\]]{0,2})\s+(?=["'“‘«(\[¿¡]?[^\W_a-zß-ÿ]|[$€£¥])"""
    r"|(?<=[。！？])(?=\S)",
)
_ABBREVIATIONS = frozenset(
    {
        "e.g", "i.e", "etc", "vs", "cf", "inc", "ltd", "corp", "co", "dr", "mr", "mrs", "ms", "prof", "st",
        "nr", "art", "sec", "fig", "approx", "est", "dept", "min", "max", "incl", "excl", "u.s", "u.k", "a.m",
        "p.m", "z.b", "d.h", "u.a", "bzw", "ca", "ggf", "inkl", "zzgl", "mwst", "usw", "evtl", "sog", "p.ex",
        "env", "sr", "sra", "ej",
    },
)  # fmt: skip

_LONGEST_STATEMENT = 45
"""Words of sentences taken together; more would not fit a reply."""
_SHORT_ANSWER = 3
"""Words: "No." and "Yes, always." say nothing without the sentence after them."""
_EARLY = 9
"""Words from the start of a sentence in which a pronoun points back rather than at the sentence itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """Words in small letters by which a sentence leans on the one before it."""

    openings: Collection[str]  # as its first word
    conditions: Collection[str]  # as its first word, with a pronoun soon after
    pronouns: Collection[str]

    def leans(self, sentence: str) -> bool:
        """Whether a sentence is not understood without the one before it."""
        words = [word.strip("\"'“”‘’(),;:.!?").casefold() for word in sentence.split()[:_EARLY]]
        if not words:
            return False
        return words[0] in self.openings or (words[0] in self.conditions and not set(self.pronouns).isdisjoint(words))


def split_statements(line: str, leaning: Leaning) -> tuple[str, ...]:
    """The sentences of one line, those that do not stand alone together with their neighbours; each a substring of it.

    A sentence that leans on the one before stays with it, a bare "No." with the one after, while both are short enough.
    """
    spans: list[tuple[int, int]] = []
    place = 0
    for sentence in split_sentences(line):
        start = line.index(sentence, place)
        place = start + len(sentence)
        if spans and _belong(line[slice(*spans[-1])], sentence, leaning):
            spans[-1] = (spans[-1][0], place)
        else:
            spans.append((start, place))
    return tuple(line[start:end] for start, end in spans)


def _belong(before: str, sentence: str, leaning: Leaning) -> bool:
    length = len(before.split())
    if length + len(sentence.split()) > _LONGEST_STATEMENT or before.endswith("?"):
        return False
    return length <= _SHORT_ANSWER or leaning.leans(sentence)


def split_sentences(line: str) -> tuple[str, ...]:
    """The sentences of one line, in order; each is a substring of it. Prices, decimals and abbreviations stay whole.

    A row of a table is one, whatever its cells hold.
    """
    if CELL in line:
        return (line.strip(),)
    sentences: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(line):
        end = boundary.end("close") if boundary.group("close") is not None else boundary.start()
        if _abbreviated(line[start:end]):
            continue
        sentences.append(line[start:end].strip())
        start = boundary.end()
    sentences.append(line[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def _abbreviated(sentence: str) -> bool:
    if not sentence.endswith("."):
        return False
    last = sentence.rsplit(maxsplit=1)[-1].strip("(\"'“‘.").casefold()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())
