"""Products of other vendors that a site names where it says what it works with or what its customers use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from personas.compiler.material import Material
from personas.compiler.phrasebook import Phrasebook
from personas.lexicon import lexicon

_NAME = re.compile(r"(?<![\w.])[A-Z][\w.]*\w(?: [A-Z][\w.]*\w){0,2}")
_ROW = re.compile(r"(?:,|\bor\b|\band\b|\bwith\b|\bto\b|\bin\b|\bon\b|\buse\b|\boften\b|\bvia\b|\bthrough\b)\s*$")
_MOST = 5
_SHARED = 0.5


def tools_of_all(
    materials: Sequence[Material], phrases: Phrasebook, silent: frozenset[str]
) -> tuple[tuple[str, ...], ...]:
    """The tools on each persona's own pages, most often named first; `silent` are names that are none.

    A tool most personas share comes last, for it tells nobody apart.
    """
    counts = [Counter(_tools(material, phrases, silent)) for material in materials]
    spread = Counter(tool for one in counts for tool in one)
    shared = max(1, int(_SHARED * len(materials)))
    return tuple(
        tuple(sorted(one, key=lambda tool: (spread[tool] > shared, -one[tool], tool)))[:_MOST] for one in counts
    )


def _tools(material: Material, phrases: Phrasebook, silent: frozenset[str]) -> Iterator[str]:
    for line in material.own_lines:
        if line.level or (line.headings and phrases.says("proof_headings", line.headings[-1])):
            continue
        if not phrases.says("tool_sentences", line.text):
            continue
        names = [name for name in _named(line.text) if silent.isdisjoint(name.casefold().split())]
        if len(names) > 1 or any(name.casefold() in _known() for name in names):
            yield from names


def _named(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        name = match.group().rstrip(".")
        known = name.casefold() in _known()
        if known or (_ROW.search(text[: match.start()]) and not name.isupper() and not name[-1].isdigit()):
            yield name


@cache
def _known() -> frozenset[str]:
    return frozenset(name for group in lexicon().tools for name in group.names)
