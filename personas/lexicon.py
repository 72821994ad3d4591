"""The language data and the weights of persona detection, read once from `resources/`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Band(BaseModel):
    """Employees of a size of company; None is an open end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: int = 1
    most: int | None = None


class ToolGroup(BaseModel):
    """Tools, and what kind of company uses them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    industries: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    technical: bool = False


class Lexicon(BaseModel):
    """Words, tools and numbers that say something about a company. Phrases are compared by their stems."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sizes: dict[str, Band]
    size_words: dict[str, tuple[str, ...]]
    industries: dict[str, tuple[str, ...]]
    of_many_kinds: tuple[str, ...]
    tools: tuple[ToolGroup, ...]
    everyday: str
    outsiders: tuple[str, ...]
    others: tuple[str, ...]
    own: tuple[str, ...]
    negations: tuple[str, ...]
    makers: tuple[str, ...]
    servants: tuple[str, ...]
    users: tuple[str, ...]
    served: tuple[str, ...]
    speakers: tuple[str, ...]
    anybody: tuple[str, ...]
    toward: tuple[str, ...]


class Caution(BaseModel):
    """When a persona is likely enough, and far enough from the next, to be chosen or to stay chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float = Field(gt=0)
    sure: float
    sure_again: float
    margin: float
    margin_again: float


class MeaningWeights(BaseModel):
    """How the meaning of what was said is weighed against words and facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: float
    doubt: float
    closeness: float
    head: float
    none: float
    none_closeness: float
    none_head: float
    buyer: float
    settled: float
    caution: Caution


class Weights(BaseModel):
    """How much each kind of evidence counts, in logits; explained one by one in `resources/weights.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    none: float
    phrase: float
    phrase_power: float = Field(ge=1)
    word: float
    pair: float
    trade: float
    foreign_trade: float
    industry_word: float
    size_word: float
    tool: float
    technical_tool: float
    outsider: float
    again: float = Field(ge=0, lt=1)
    text_cap: float = Field(gt=0)
    size_fits: float
    size_slope: float
    size_cap: float
    unsized: float
    size_defines: float
    serves: float
    topic: float
    industry_fact: float
    foreign_industry: float
    role_fact: float
    technical_fact: float
    page: float
    earlier: float
    others: float
    buyer: float
    caution: Caution
    meaning: MeaningWeights


@cache
def lexicon() -> Lexicon:
    """The shipped words."""
    return Lexicon.model_validate(_read("lexicon.yaml"))


@cache
def weights() -> Weights:
    """The shipped weights."""
    return Weights.model_validate(_read("weights.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load(resources.files("personas").joinpath(f"resources/{name}").read_text(encoding="utf-8"))
