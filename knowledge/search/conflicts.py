"""Statements of two pages that say the same thing with different figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.passage import Finding
from knowledge.search.index import Entry, Sentence

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEAST_TERMS = 4
"""Telling words of a statement; with fewer, two pages may speak of different things in the same few words."""


class Contradictions:
    """Finds, for a statement, those of other pages that tell the same with other figures."""

    def __init__(self, entries: Sequence[Entry], says_little: Callable[[str], bool]) -> None:
        self._entries = entries
        self._says_little = says_little
        self._alike: dict[frozenset[str], list[tuple[int, Sentence]]] = {}
        for number, entry in enumerate(entries):
            for sentence in entry.sentences:
                key = self._key(sentence)
                if key:
                    self._alike.setdefault(key, []).append((number, sentence))

    def of(self, entry: Entry, sentence: str) -> tuple[Finding, ...]:
        """The statements that contradict one, one for each other set of figures; () for most."""
        own = next((one for one in entry.sentences if one.text == sentence), None)
        found: dict[tuple[str, ...], Finding] = {}
        for number, other in self._alike.get(self._key(own), ()) if own else ():
            passage = self._entries[number].passage
            figures = _figures(other.text)
            if self._entries[number].path != entry.path and _differ(_figures(sentence), figures):
                found.setdefault(figures, Finding(passage=passage, sentences=(other.text,), score=1.0))
        return tuple(found.values())

    def _key(self, sentence: Sentence) -> frozenset[str]:
        if not sentence.stated or not _FIGURE.search(sentence.text):
            return frozenset()
        telling = frozenset(term for term in sentence.terms if not term.startswith("@") and not self._says_little(term))
        return telling if len(telling) >= _LEAST_TERMS else frozenset()


def _figures(text: str) -> tuple[str, ...]:
    return tuple(_FIGURE.findall(text))


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if sorted(one) == sorted(other):
        return False  # the same figures, told in another order
    pairs = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    years = any(_YEAR.fullmatch(figure) for pair in pairs for figure in pair)
    return len(one) == len(other) and bool(pairs) and not years
