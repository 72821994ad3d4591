"""Yes or no, before the statement that says so: only where it settles the question beyond doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from core.passage import CELL
from knowledge.search.language import Language
from knowledge.search.weighing import Weighed
from knowledge.words import words_of

Verdict = Literal["", "yes", "no"]
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_MEANT = 0.9
"""How well a word of the statement must stand for one of the question."""
_SEVERAL = 2
"""Things asked about from which a statement that holds them all is believed to be about them."""
_OURS = re.compile(r"\W*(?:we|our|you|your|every plan|all plans)\b", re.IGNORECASE)
_LONGEST = 16
"""Words of a question; a longer one holds conditions."""


class VerdictData(BaseModel):
    """`verdicts.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: tuple[str, ...]
    before: str
    open: str
    offering: str
    but: str
    negations: str
    reach: int


class Verdicts:
    """Tells whether a statement answers a question with yes or with no. `weigh` is that of the site's scales."""

    def __init__(self, language: Language, weigh: Callable[[str], Weighed]) -> None:
        data = verdict_data()
        self._language = language
        self._weigh = weigh
        self._asks = re.compile("|".join(data.asks), re.IGNORECASE)
        self._before, self._open = re.compile(data.before, re.IGNORECASE), re.compile(data.open, re.IGNORECASE)
        self._but, self._negations = re.compile(data.but, re.IGNORECASE), re.compile(data.negations, re.IGNORECASE)
        self._offering = frozenset(map(language.stemmer.stem, data.offering.split()))
        self._reach = data.reach

    def of(self, said: str, question: str, statement: str) -> Verdict:
        """The verdict of a statement on a question, as it was `said` and in the language of the site; "" for most."""
        if CELL in statement or self._but.search(statement) or not self._wants_one(said):
            return ""
        things = self._things(question)
        if not things or self._negations.search(question):
            return ""
        if len(things) < _SEVERAL and not self._is_ours(statement):
            return ""  # a customer's story may hold the one word that is asked about
        denied = self._negations.search(statement)
        part = statement[denied.end() :] if denied else statement
        words = words_of(part)[: self._reach] if denied else words_of(part)
        return ("no" if denied else "yes") if self._speaks_of_all(things, " ".join(words)) else ""

    def _wants_one(self, said: str) -> bool:
        apart = unicodedata.normalize("NFKD", said.strip())
        bare = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
        bare = self._before.sub("", self._before.sub("", bare))
        short = len(bare.split()) <= _LONGEST
        return short and self._asks.search(bare) is not None and not self._open.search(bare)

    def _is_ours(self, statement: str) -> bool:
        """Whether a statement is the company's of itself: it names it, or says "we"."""
        ours = _OURS.match(statement) is not None
        return ours or any(self._weigh(part).company for part in self._language.read(statement).parts)

    def _things(self, question: str) -> list[Weighed]:
        """What a question is about: all its words but those that say no more than that something is there."""
        parts = self._language.read(question).parts
        return [self._weigh(part) for part in parts if not self._only_offers(part)]

    def _only_offers(self, part: str) -> bool:
        words = [word for word in words_of(part) if not self._language.is_little(word)]
        stem = self._language.stemmer.stem
        return self._weigh(part).company or all(stem(word) in self._offering for word in words)

    def _speaks_of_all(self, things: list[Weighed], words: str) -> bool:
        terms = set(self._language.terms(words))
        return all(any(term in terms and strength >= _MEANT for term, strength in one.terms) for one in things)


@cache
def verdict_data() -> VerdictData:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/verdicts.yaml").read_text(encoding="utf-8")
    return VerdictData.model_validate(yaml.safe_load(text))
