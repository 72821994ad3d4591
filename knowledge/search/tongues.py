"""Questions of visitors who write another language than the site: their telling words in English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

ENGLISH = "en"
_WORD = re.compile(r"[^\W_]+(?:['’&.][^\W_]+)*")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_SCRIPTS = {"ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")}
_SENTENCES = re.compile(r"(?:[^.!?;\n]|[.](?=\w))+[.!?;\n]*")
_LONGEST_PHRASE = 4
_SHORTEST_PREFIX = 3
_FEWEST = 2
"""Words of a language that tell it: one alone may be a name."""
_SHORTEST_UNKNOWN = 4
_LEAST_TOLD = 5
"""Words before the part of a sentence that asks, which may tell of the visitor; fewer name what is asked about."""


class TongueData(BaseModel):
    """Little words by language, and terms: English -> forms in the order of `languages`; a row may end early.

    `unspaced`: the terms of languages that set no spaces, in the same way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: tuple[str, ...]
    capitalised_nouns: tuple[str, ...]
    little: dict[str, str]
    terms: dict[str, tuple[str, ...]]
    unspaced: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A question in English words, in the order of the original; `unknown` are those that stayed as they were.

    `said` is the original.
    """

    text: str
    unknown: tuple[str, ...] = ()
    said: str = ""


class Tongue:
    """One language: its little words, and its telling ones with what they are in English."""

    def __init__(self, little: str, terms: Mapping[str, str], *, nouns_are_capitalised: bool = False) -> None:
        self._nouns_are_capitalised = nouns_are_capitalised
        self.little = frozenset(word for one in little.split() for word in _words(one))
        forms = [(form.strip(), english) for english, cell in terms.items() for form in cell.split("|")]
        self._prefixes = {plain(form[:-1]): english for form, english in forms if form.endswith("*")}
        whole = ((_words(form), english) for form, english in forms if not form.endswith("*"))
        self._phrases = {" ".join(words): english for words, english in whole if words}

    def at(self, words: list[str], place: int) -> tuple[int, str]:
        """How many words from `place` on are a term, and its English; (0, "") where none is."""
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            english = self._phrases.get(" ".join(words[place : place + length]))
            if english is not None:
                return length, english
        word = words[place]
        beginnings = (word[:length] for length in range(len(word), _SHORTEST_PREFIX - 1, -1))
        return next(((1, self._prefixes[one]) for one in beginnings if one in self._prefixes), (0, ""))

    def spoken_in(self, words: list[str]) -> int:
        """How many of these words are of this language."""
        return sum(word in self.little or self.at(words, place)[0] > 0 for place, word in enumerate(words))

    def asked(self, text: str) -> Translated:
        """What a text of this language asks, or all of it where it asks nothing."""
        sentences = [self.translated(part) for part in map(self._asking_part, _SENTENCES.findall(text))]
        asking = [one for one in sentences if one.text.endswith("?") and len(one.text) > 1] or sentences
        unknown = tuple(word for one in asking for word in one.unknown)
        return Translated(text=" ".join(one.text for one in asking), unknown=unknown)

    def _asking_part(self, sentence: str) -> str:
        before, comma, last = sentence.rpartition(",")
        alone = comma and sentence.rstrip().endswith("?") and self._names_something(last)
        return last if alone and len(before.split()) >= _LEAST_TOLD else sentence

    def _names_something(self, part: str) -> bool:
        words = _words(part)
        return any(self.at(words, place)[0] for place in range(len(words)))

    def translated(self, text: str) -> Translated:
        """A text word for word, without the little ones."""
        spelled = _WORD.findall(_ELIDED.sub(" ", text))
        words = [plain(word) for word in spelled]
        said: list[str] = []
        unknown: list[str] = []
        place = 0
        while place < len(words):
            length, english = self.at(words, place)
            if length == 1 and place and words[place] in self.little:
                english = ""  # "where" at the start of a question is "or" within it
            if length:
                said += [english] if english else []
            elif words[place] not in self.little:
                said.append(spelled[place])
                unknown += [words[place]] if self._may_be_thing(spelled[place]) else []
            place += length or 1
        mark = "?" if "?" in text else ""
        return Translated(text=f"{' '.join(said)}{mark}", unknown=tuple(unknown))

    def _may_be_thing(self, word: str) -> bool:
        return len(word) >= _SHORTEST_UNKNOWN and not (self._nouns_are_capitalised and word.islower())


class Unspaced:
    """A language without spaces between words: its terms, found wherever they stand."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        self._english = {form: english for english, cell in terms.items() for form in cell.split("|")}
        forms = sorted(self._english, key=len, reverse=True)
        self._found = re.compile(
            "|".join((*map(re.escape, forms), r"[a-z0-9][a-z0-9.+&'-]*(?: [a-z0-9][a-z0-9.+&'-]*)*"))
        )

    def asked(self, text: str) -> Translated:
        """What a text names, term by term, with the names and figures that it writes in Latin letters."""
        whole = unicodedata.normalize("NFKC", text)
        said = (
            self._english.get(one[0], whole[one.start() : one.end()]) for one in self._found.finditer(whole.lower())
        )
        return Translated(text=f"{' '.join(dict.fromkeys(said))}?")


class Tongues:
    """Every language of the data, and the words that tell a question to be English."""

    def __init__(self, data: TongueData, english: frozenset[str]) -> None:
        self._english = english
        self._tongues = [
            Tongue(
                data.little[language],
                {term: cells[number] for term, cells in data.terms.items() if number < len(cells)},
                nouns_are_capitalised=language in data.capitalised_nouns,
            )
            for number, language in enumerate(data.languages)
        ]
        self._unspaced = {language: Unspaced(terms) for language, terms in data.unspaced.items()}

    def in_english(self, question: str) -> Translated | None:
        """A question of another language in English words; None where it is English or of no language known here.

        Where only the last part of a sentence asks, what the visitor tells of themselves before it is left out.
        """
        for language, unspaced in self._unspaced.items():
            if _SCRIPTS[language].search(question):
                return unspaced.asked(question)
        words = _words(question)
        english = sum(word in self._english for word in words)
        if english * 2 >= len(words):
            return None
        scores = [tongue.spoken_in(words) for tongue in self._tongues]
        most = max(scores, default=0)
        if most < _FEWEST or most <= english:
            return None
        return self._tongues[scores.index(most)].asked(question)


def plain(word: str) -> str:
    """A word in small letters without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def _words(text: str) -> list[str]:
    return [plain(word) for word in _WORD.findall(_ELIDED.sub(" ", text))]


@cache
def tongue_data() -> TongueData:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/tongues.yaml").read_text(encoding="utf-8")
    return TongueData.model_validate(yaml.safe_load(text))
