"""What buyers ask again and again, in whatever words: the question as a page would put it, and what answers it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from knowledge.search.index import Entry

_ACCENTS = re.compile(r"[\u0300-\u036f]")
_MOST = 2
"""Topics that one question may touch."""


class TopicEntry(BaseModel):
    """An entry of `topics.yaml`, where the fields are explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_: str = Field(alias="is")
    asks: tuple[tuple[str, ...], ...]
    told: tuple[str, ...]
    strict: bool = False
    required: bool = False
    ours: bool = False
    covers: bool = False
    narrows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`question` is in the words of a page; `told` matches what answers it; `strict`: nothing else does.

    What `covers` speaks for whatever a question names: "42 languages" answers it of each. `narrows`: the wider one.
    """

    question: str
    asks: tuple[tuple[re.Pattern[str], ...], ...]
    told: re.Pattern[str]
    strict: bool
    required: bool
    ours: bool
    covers: bool = False
    narrows: str = ""

    def asked_in(self, text: str) -> str:
        """The words by which a text without accents and capitals asks for it, "" where it does not."""
        for group in self.asks:
            found = [[match[0] for match in one.finditer(text)] for one in group]
            if all(found):
                return " ".join(words or "-" for matches in found for words in matches)
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A topic that a text asks for, and the words by which it does; `clearly`: by all that it means, too."""

    topic: Topic
    words: str
    clearly: bool = False


class Topics:
    """Tells which topics a text of any language touches. Holds data only."""

    def __init__(self, entries: Iterable[TopicEntry]) -> None:
        self._topics = [
            Topic(
                question=entry.is_,
                asks=tuple(tuple(map(re.compile, group)) for group in entry.asks),
                told=re.compile("|".join(entry.told)),
                strict=entry.strict,
                required=entry.required,
                ours=entry.ours,
                covers=entry.covers,
                narrows=entry.narrows,
            )
            for entry in entries
        ]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics)

    def of(self, text: str) -> tuple[Touched, ...]:
        """The topics that a question asks for, () for most."""
        plain = next((topic for topic in self._topics if topic.question == text), None)
        if plain is not None:
            return (Touched(topic=plain, words=bare(text)),)
        return tuple(islice(self._touched(bare(text)), _MOST))

    def required(self, text: str) -> tuple[str, ...]:
        """The questions behind what a statement names and a site should speak of, as in "we need SSO"."""
        touched = (one.topic for one in self._touched(bare(text)))
        return tuple(topic.question for topic in touched if topic.required)[:_MOST]

    def _touched(self, text: str) -> Iterator[Touched]:
        asked = ((topic, topic.asked_in(text)) for topic in self._topics)
        return (Touched(topic=topic, words=words) for topic, words in asked if words)


def telling(topic: Topic, entries: Sequence[Entry]) -> dict[int, frozenset[int]]:
    """Where a site tells of a topic: passage -> the places of its statements that do.

    Under a question about the topic it is the first statement, whatever its words.
    """
    found = {
        number: frozenset(
            place
            for place, sentence in enumerate(entry.sentences)
            if topic.told.search(sentence.text) or (place == 0 and _asks_for(entry, topic))
        )
        for number, entry in enumerate(entries)
    }
    return {number: places for number, places in found.items() if places}


def tells_of(topic: Topic, entry: Entry, sentences: Sequence[str]) -> bool:
    """Whether statements of a passage tell of a topic."""
    return _asks_for(entry, topic) or any(map(topic.told.search, sentences))


def _asks_for(entry: Entry, topic: Topic) -> bool:
    return entry.heading.endswith("?") and bool(topic.told.search(entry.heading) or topic.asked_in(bare(entry.heading)))


def bare(text: str) -> str:
    """A text without capitals and accents, as the expressions of `topics.yaml` read it."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


@cache
def topics() -> tuple[TopicEntry, ...]:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/topics.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[TopicEntry, ...]).validate_python(yaml.safe_load(text))
