"""The words of the eight business aspects, read once from `resources/aspects.yaml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.aspects import Aspect, Aspects, AspectTerms, Terms
from core.reply import MAX_BUTTON_LENGTH

Words = tuple[Annotated[str, Field(min_length=1)], ...]
Labels = tuple[Annotated[str, Field(min_length=2, max_length=MAX_BUTTON_LENGTH)], ...]


class AspectEntry(BaseModel):
    """One aspect in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    queries: Annotated[Words, Field(min_length=1)]
    cues: Annotated[Words, Field(min_length=1)]
    pains: Labels
    features: Labels
    requirements: Labels


class LanguageEntry(BaseModel):
    """All aspects in one language; `core.aspects.Terms` says what is what. Single words may be written as one text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dangling: Words
    pointing: Words = ()
    unfit: Words
    problems: Words
    aside: Words
    manuals: Words
    stories: Words
    links: Words
    loose: Words = ()
    addressed: Words
    aspects: dict[Aspect, AspectEntry]

    @field_validator(
        "dangling", "pointing", "problems", "aside", "manuals", "stories", "links", "loose", "addressed", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("aspects")
    @classmethod
    def _all(cls, value: dict[Aspect, AspectEntry]) -> dict[Aspect, AspectEntry]:
        missing = [aspect.value for aspect in Aspect if aspect not in value]
        if missing:
            raise ValueError(f"these aspects have no words: {', '.join(missing)}")
        return value

    def to_terms(self) -> Terms:
        return Terms(
            aspects=tuple(
                AspectTerms(aspect=aspect, **{name: getattr(entry, name) for name in type(entry).model_fields})
                for aspect, entry in self.aspects.items()
            ),
            **{name: getattr(self, name) for name in type(self).model_fields if name != "aspects"},
        )


class AspectsFile(BaseModel):
    """The whole of `aspects.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: dict[str, LanguageEntry]


@cache
def aspects() -> Aspects:
    """The shipped words."""
    text = resources.files("personas").joinpath("resources/aspects.yaml").read_text(encoding="utf-8")
    file = AspectsFile.model_validate(yaml.safe_load(text))
    return Aspects(languages={language: entry.to_terms() for language, entry in file.languages.items()})
