"""Words, their stems, and phrases that mean one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import Generic, TypeVar

import snowballstemmer

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PLURAL_ACRONYM = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,5}s")
"""PDFs, SDKs: stemmers take an ending off only after a vowel."""
_CACHED_STEMS = 16_384
_LONGEST_TOKEN = 40
_SHORTEST_PLURAL = 3
_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _TOKEN.findall(text.casefold())


@cache
def _algorithm(name: str) -> Callable[[str], str]:
    """Shared by all stemmers of a language: an edited file has everything learned anew, with much the same words."""
    algorithm, alone = snowballstemmer.stemmer(name), Lock()  # it keeps the word in itself while it works

    def stem(word: str) -> str:
        with alone:
            return str(algorithm.stemWord(word))

    return lru_cache(_CACHED_STEMS)(stem)


class Stemmer:
    """Stems of one language (ISO 639-1), remembered; words of a language without a stemmer stay as they are.

    `forms` are words whose endings do not tell what they are forms of, each with the word it stands for.
    """

    def __init__(self, language: str = "en", forms: Mapping[str, str] | None = None) -> None:
        name = _LANGUAGES.get(language)
        self._forms = forms or {}
        self._stem_of = _algorithm(name) if name else str
        self.stem = lru_cache(_CACHED_STEMS)(self._stem)

    def stems(self, text: str) -> list[str]:
        """The stem of every word, in order. Letter case, apostrophes and punctuation do not count."""
        stem = self.stem
        return [stem(token) for token in words_of(text)]

    def _stem(self, token: str) -> str:
        word = re.split(r"['’]", token, maxsplit=1)[0][:_LONGEST_TOKEN] or token[:_LONGEST_TOKEN]
        if word.isdecimal():
            return word
        if _PLURAL_ACRONYM.fullmatch(word):
            return word[:-1]
        return self._stem_of(self._forms.get(word, word))


class Singulars(Stemmer):
    """Takes only the plural ending off, for words whose stems would meet those of others (hospital, hospitality)."""

    def __init__(self) -> None:
        super().__init__("")

    def _stem(self, token: str) -> str:
        word = super()._stem(token)
        return word[:-1] if len(word) > _SHORTEST_PLURAL and word.endswith("s") and word[-2] not in "siu" else word


LabelT = TypeVar("LabelT")


class Phrases(Generic[LabelT]):
    """Finds phrases in a list of stems: the longest at each place, with all labels given to it."""

    def __init__(self, stemmer: Stemmer, phrases: Mapping[str, Sequence[LabelT]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[LabelT, ...]]]] = {}
        merged: dict[tuple[str, ...], tuple[LabelT, ...]] = {}
        for phrase, labels in phrases.items():
            stems = tuple(stemmer.stems(phrase))
            if stems:
                known = merged.get(stems, ())
                merged[stems] = known + tuple(label for label in labels if label not in known)
        for stems in sorted(merged, key=len, reverse=True):
            self._by_first.setdefault(stems[0], []).append((stems, merged[stems]))

    def at(self, stems: Sequence[str], place: int) -> tuple[int, tuple[LabelT, ...]]:
        """How many stems the longest phrase that begins at `place` takes, and its labels; (0, ()) for none."""
        for phrase, labels in self._by_first.get(stems[place], ()):
            length = len(phrase)
            if length == 1 or tuple(stems[place : place + length]) == phrase:
                return length, labels
        return 0, ()

    def found(self, stems: Sequence[str]) -> Iterable[LabelT]:
        """The labels of every phrase in the list, overlapping ones included."""
        for place in range(len(stems)):
            yield from self.at(stems, place)[1]
