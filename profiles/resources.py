"""Loading of the data beside the code. Every file has a pydantic schema; phrases and weights never live in code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

Model = TypeVar("Model", bound=BaseModel)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Resource(BaseModel):
    """Frozen, and strict about unknown keys: a typing slip in a resource must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_yaml(name: str) -> Any:
    """The content of `profiles/resources/<name>`."""
    text = files("profiles").joinpath("resources").joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader)  # noqa: S506  the C twin of SafeLoader where it is built in


@cache
def _loaded(name: str, model: type[BaseModel]) -> BaseModel:
    return model.model_validate(parse_yaml(name))


def load(name: str, model: type[Model]) -> Model:
    """A resource file as its schema; parsed once a process."""
    found = _loaded(name, model)
    if not isinstance(found, model):
        raise TypeError(name)
    return found
