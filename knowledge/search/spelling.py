"""Mending slips of the keyboard against the words a site uses."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from knowledge.words import Stemmer, words_of

_SHORTEST = 7
"""Letters of the longer of the two spellings; shorter words lie too close to one another."""

_SHORTEST_KNOWN = 5


class Spelling:
    """Knows the words of some texts and finds the one a slip was meant to be."""

    def __init__(self, stemmer: Stemmer, texts: Iterable[str]) -> None:
        self._stemmer = stemmer
        words = sorted({word for text in texts for word in words_of(text)})
        self._stems = {stemmer.stem(word) for word in words}
        self._by_initial: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= _SHORTEST - 1 and word.isalpha():
                self._by_initial.setdefault(word[0], []).append(word)

    def knows(self, word: str) -> bool:
        """Whether a long enough word is one of the texts', in any of its forms."""
        return len(word) >= _SHORTEST_KNOWN and self._stemmer.stem(word) in self._stems

    def mend(self, word: str) -> str:
        """The word itself, unless a known one differs by a letter too many, too few, or two in the wrong order.

        A letter exchanged for another makes a different word more often than a slip.
        """
        if len(word) < _SHORTEST - 1 or not word.isalpha() or self._stemmer.stem(word) in self._stems:
            return word
        nearest = extractOne(word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=1)
        if nearest is None:
            return word
        meant = nearest[0]
        exchanged = len(meant) == len(word) and sorted(meant) != sorted(word)
        return word if exchanged or max(len(meant), len(word)) < _SHORTEST else meant
