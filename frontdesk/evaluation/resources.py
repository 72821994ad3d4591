"""Data of the scorer: names of one product, how a reply says "I do not know", a baseline's patterns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from profiles.resources import load
from profiles.technologies import TechnologyFile, tools_of


class _Resource(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Abstention(_Resource):
    phrases: tuple[str, ...]


class BaselineData(_Resource):
    """Patterns by slot, each with one group that holds the value; words that tell an intent; names of tools."""

    patterns: Mapping[str, str]
    currencies: Mapping[str, str]
    tools: tuple[str, ...]
    acting: tuple[str, ...]
    evaluating: tuple[str, ...]
    nothing: tuple[str, ...]


@cache
def product_names() -> Mapping[str, str]:
    """The usual name of a product by each of its spellings, all in lower case: those of the shipped list of tools."""
    spelled = tools_of(load("technologies.yaml", TechnologyFile))[1]
    return {one.casefold(): name.casefold() for name, spellings in spelled.items() for one in spellings}


@cache
def load_abstentions() -> tuple[str, ...]:
    """Regular expressions, any of which says that the site does not tell."""
    return _Abstention.model_validate(_content("abstention.yaml")).phrases


@cache
def load_baseline() -> BaselineData:
    return BaselineData.model_validate(_content("baseline.yaml"))


def _content(name: str) -> Any:
    return yaml.safe_load(files("frontdesk.evaluation").joinpath("resources", name).read_text(encoding="utf-8"))
