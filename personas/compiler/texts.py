"""Wordings of what a compiled persona says and is asked, by language. Data: `resources/persona_texts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field

from core.reply import MAX_BUTTON_LENGTH

_FALLBACK = "en"
BUTTON_LENGTH = MAX_BUTTON_LENGTH
"""Letters a button may have."""


class Asking(BaseModel):
    """A question about `field`; `source` names where its options come from, `options` are those of every site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    text: str
    source: str = Field(alias="from")
    options: tuple[str, ...]


class Texts(BaseModel):
    """One language's wordings; what the slots mean stands at the top of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cues: Mapping[str, tuple[str, ...]]
    openers: tuple[str, ...]
    plain_openers: tuple[str, ...]
    buttons: Mapping[str, str]
    questions: tuple[Asking, ...]
    under: str
    over: str
    between: str
    articles: tuple[str, str]


@cache
def texts_for(language: str) -> Texts:
    """The wordings of a language (primary subtag); English for one without its own."""
    known = _texts()
    return known.get(language, known[_FALLBACK])


@cache
def _texts() -> Mapping[str, Texts]:
    text = resources.files("personas").joinpath("resources/persona_texts.yaml").read_text(encoding="utf-8")
    return {language: Texts.model_validate(told) for language, told in yaml.safe_load(text).items()}
