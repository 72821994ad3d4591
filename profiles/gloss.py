"""What somebody says in another language, word for word in English: enough to compare what is meant, not to be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from profiles.resources import Resource

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)")
_LONGEST_PHRASE = 4
_SHORTEST_PREFIX = 3
_SHORTEST_PART = 4
"""Letters a part of a compound needs."""
_BETWEEN_PARTS = ("", "s", "n", "en", "e")


class GlossFile(Resource):
    """`gloss.yaml`."""

    languages: tuple[str, ...]
    compounds: tuple[str, ...]
    words: dict[str, tuple[str, ...]]


class Gloss:
    """One language."""

    def __init__(self, forms: Mapping[str, str], *, compounds: bool) -> None:
        """`forms`: what is said -> English; a form ending in * stands for all words that begin so."""
        self._compounds = compounds
        self._starts = {form[:-1]: english for form, english in forms.items() if form.endswith("*")}
        self._whole = {form.replace("_", " "): english for form, english in forms.items() if not form.endswith("*")}

    def english(self, text: str) -> str:
        """The words that are known, in their order; "" where none is."""
        words = _WORD.findall(_plain(_ELIDED.sub(" ", text.lower())))
        said: list[str] = []
        place = 0
        while place < len(words):
            length, english = self._at(words, place)
            said += [one for one in english if one not in said[-1:]]
            place += length
        return " ".join(said)

    def _at(self, words: list[str], place: int) -> tuple[int, list[str]]:
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 1, -1):
            english = self._whole.get(" ".join(words[place : place + length]))
            if english is not None:
                return length, [english]
        word = words[place]
        known = self._known(word)
        return 1, [known] if known else list(self._parts(word)) if self._compounds else []

    def _known(self, word: str) -> str:
        if word in self._whole:
            return self._whole[word]
        beginnings = (word[:length] for length in range(len(word), _SHORTEST_PREFIX - 1, -1))
        return next((self._starts[one] for one in beginnings if one in self._starts), "")

    def _parts(self, word: str) -> Iterator[str]:
        """Both halves of a compound, as far as they are known: "Lieferzeiten" tells of deliveries."""
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            head, tail = word[:cut], self._known(word[cut:])
            heads = (self._known(head.removesuffix(one)) for one in _BETWEEN_PARTS if head.endswith(one))
            first = next(filter(None, heads), "") if tail else ""
            if first and tail:
                yield from (first, tail)
                return


class Glosses:
    """Every language of the file."""

    def __init__(self, data: GlossFile) -> None:
        self._glosses = {
            language: Gloss(
                {form: english for english, cells in data.words.items() for form in cells[number].split()},
                compounds=language in data.compounds,
            )
            for number, language in enumerate(data.languages)
        }

    def knows(self, language: str) -> bool:
        """Whether there is anything for a language, by its code."""
        return language in self._glosses

    def english(self, text: str, language: str) -> str:
        """A text of the language in English words; the text itself where the language is none of the file's."""
        gloss = self._glosses.get(language)
        return gloss.english(text) if gloss else text


def _plain(text: str) -> str:
    """Without accents."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("ß", "ss")
