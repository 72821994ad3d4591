"""The language data of search, read once from `resources/search.yaml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict


class AnswerKind(BaseModel):
    """Phrases that ask for a kind of thing, and the kind a sentence must hold to answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: tuple[str, ...]
    holds: Literal["money", "number", "duration", "contact", "person", "place", "frequency"]


class StrictKind(BaseModel):
    """Expressions of questions for which no statement will do but one that holds such a thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: tuple[str, ...]
    holds: Literal["identifier", "person", "place", "people"]


class PageRole(BaseModel):
    """First words of a path, the weight of such pages, and their weight for somebody who states a need."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...]
    weight: float
    need: float


class Lexicon(BaseModel):
    """Everything search knows of language. Word lists are space-separated, phrases are lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stopwords: dict[str, str]
    faint: str
    modifiers: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    related: dict[str, tuple[str, ...]]
    answers: tuple[AnswerKind, ...]
    addressing: tuple[str, ...]
    needs: tuple[str, ...]
    requirements: tuple[str, ...]
    demands: tuple[str, ...]
    overviews: tuple[str, ...]
    asides: tuple[str, ...]
    pages: tuple[PageRole, ...]
    bills: tuple[str, ...]
    own: tuple[str, ...]
    asking: tuple[str, ...]
    negations: tuple[str, ...]
    leaning: tuple[str, ...]
    conditions: tuple[str, ...]
    pronouns: tuple[str, ...]
    light: str
    capitals: dict[str, str]
    cheapest: tuple[str, ...]
    dearest: tuple[str, ...]
    instructions: tuple[str, ...]
    irregular: dict[str, dict[str, str]]
    places: tuple[str, ...]
    yes_or_no: tuple[str, ...]
    no_designators: tuple[str, ...]
    elliptic: tuple[str, ...]
    pointing: tuple[str, ...]
    product: tuple[str, ...]
    capitalised_nouns: tuple[str, ...]
    open_questions: tuple[str, ...]
    next_steps: tuple[str, ...]
    conjunctions: tuple[str, ...]
    patterns: dict[str, tuple[str, ...]]
    troubles: tuple[str, ...]
    relieved: str
    strict: tuple[StrictKind, ...]

    def forms(self, language: str) -> dict[str, str]:
        """The irregular forms of a language (ISO 639-1): form -> the word it stands for."""
        return {form: word for word, forms in self.irregular.get(language, {}).items() for form in forms.split()}


@cache
def lexicon() -> Lexicon:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/search.yaml").read_text(encoding="utf-8")
    return Lexicon.model_validate(yaml.safe_load(text))
