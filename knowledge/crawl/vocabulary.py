"""What words in an address or on a link say about the page behind it, read once from `resources/frontier.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

_WORD = re.compile(r"[^\W_]+")
_LONGEST_TEXT = 300
_ARRAY = re.compile(r"\[.*$")
"""`f[0]`, `filter[color]`: parameters that are lists."""


class Topic(BaseModel):
    """A kind of page: `weight` is its worth. A word with a final * stands for every word that begins so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: float
    words: str = ""
    phrases: tuple[str, ...] = ()


class Weights(BaseModel):
    """How the worth of a page is put together; the resource says what each is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unknown: float
    addressed: float
    menu: float
    path_depth: float
    link_depth: float
    second: float
    ancestor: float
    section: float
    subsection: float
    translation: float
    dated: float
    paging: float
    other_host: float


class FrontierFile(BaseModel):
    """The whole resource. Lists of words are space-separated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Weights
    topics: dict[str, Topic]
    addressing: str
    languages: str
    noise: str
    paging: str
    searching: str
    calendar: str
    files: str
    stubs: str


class Vocabulary:
    """The resource, ready to be asked."""

    def __init__(self, file: FrontierFile) -> None:
        self.weights = file.weights
        self.addressing = frozenset(file.addressing.split())
        self.languages = frozenset(file.languages.split())
        self.files = frozenset(file.files.split())
        self.stubs = frozenset(file.stubs.split())
        self.paging = frozenset(file.paging.split())
        self.searching = frozenset(file.searching.split())
        self.calendar = frozenset(file.calendar.split())
        self._noise = frozenset(file.noise.split())
        self._words = dict(_plain(file.topics))
        self._beginnings = tuple(_beginnings(file.topics))
        self._phrases = {tuple(words_in(phrase)): one.weight for one in file.topics.values() for phrase in one.phrases}
        self._longest = max(map(len, self._phrases))

    def is_noise(self, parameter: str) -> bool:
        """Whether a parameter changes nothing about what a page says."""
        return _ARRAY.sub("", parameter.lower()) in self._noise

    def worths(self, words: Sequence[str]) -> list[float]:
        """The weights of all topics the words name, in no order."""
        single = [worth for word in words for worth in self._of_word(word)]
        return single + [self._phrases[phrase] for phrase in self._runs(words) if phrase in self._phrases]

    def _of_word(self, word: str) -> Iterator[float]:
        if word in self._words:
            yield self._words[word]
            return
        for beginning, weight in self._beginnings:
            if word.startswith(beginning):
                yield weight
                return

    def _runs(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        for start in range(len(words)):
            for length in range(2, self._longest + 1):
                yield tuple(words[start : start + length])


@cache
def vocabulary() -> Vocabulary:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/frontier.yaml").read_text(encoding="utf-8")
    return Vocabulary(FrontierFile.model_validate(yaml.safe_load(text)))


@lru_cache(maxsize=16_384)
def words_in(text: str) -> tuple[str, ...]:
    """The words of a text without accents and letter case, of its first few hundred characters."""
    bare = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT].casefold())
    return tuple(_WORD.findall("".join(mark for mark in bare if not unicodedata.combining(mark))))


def _plain(topics: Mapping[str, Topic]) -> Iterator[tuple[str, float]]:
    """A word of two topics belongs to the first."""
    for topic in reversed(list(topics.values())):
        yield from ((word, topic.weight) for word in topic.words.split() if not word.endswith("*"))


def _beginnings(topics: Mapping[str, Topic]) -> Iterator[tuple[str, float]]:
    for topic in topics.values():
        yield from ((word[:-1], topic.weight) for word in topic.words.split() if word.endswith("*"))
