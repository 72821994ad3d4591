"""Long names with a slip of the finger in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{5,20}")
_LONG = 7
"""Letters from which one wrong letter still leaves no doubt; shorter names only ever lack or double a letter."""
_MEDIUM = 6
_REMEMBERED = 4_096
_TWICE = re.compile(r"(.)\1")


class Misspellings:
    """Finds names of one word by what is left when any one letter is taken out. A microsecond a long word."""

    def __init__(self, names: Mapping[str, str], words: Collection[str] = ()) -> None:
        """`names`: each spelling with the name that it stands for; `words` are no slips of one, however close."""
        single = {spelling.lower(): name for spelling, name in names.items() if spelling.isalpha()}
        self._right = frozenset((*single, *words))
        self._halved = {_halved(one): name for one, name in single.items() if len(one) >= _MEDIUM}
        self._short: dict[str, str] = {}
        for one, name in single.items():
            if len(one) >= _LONG:
                self._short |= dict.fromkeys((one, *_shortened(one)), name)
        self._meant = lru_cache(_REMEMBERED)(self._mean)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and the name meant, for each word that is almost one."""
        for match in _WORD.finditer(text):
            word = match[0].lower()
            name = self._meant(word)
            if name:
                yield match.start(), match.end(), name

    def _mean(self, word: str) -> str:
        if word in self._right:
            return ""
        if name := self._halved.get(_halved(word)):
            return name
        if len(word) < _LONG - 1 or (word.endswith("s") and word[:-1] in self._right):
            return ""
        for left in (word, *_shortened(word)):
            name = self._short.get(left, "")
            if name and name[0].lower() == word[0] and abs(len(name) - len(word)) <= 1:
                return name
        return ""


def _halved(word: str) -> str:
    return _TWICE.sub(r"\1", word)


def _shortened(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
