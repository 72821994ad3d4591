"""What a model expects at each place of a file, read from its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from config.tree import KeyPath

VERBATIM = "verbatim"
"""JSON Schema format of texts taken from elsewhere (quotes, hashes): never searched for tokens or references."""

UNIQUE_BY = "x-unique-by"
"""JSON Schema extension on a list: the key that no two items may share."""

Schema = Mapping[str, Any]


class Shape:
    """All schemas that may apply at one place; empty where nothing is expected."""

    __slots__ = ("_definitions", "_options")

    def __init__(self, options: tuple[Schema, ...], definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._options = tuple(flat for option in options for flat in self._flatten(option))

    def _flatten(self, schema: Schema) -> tuple[Schema, ...]:
        if isinstance(reference := schema.get("$ref"), str):
            target = self._definitions.get(reference.rpartition("/")[2], {})
            return self._flatten({**target, **{key: value for key, value in schema.items() if key != "$ref"}})
        choices = [choice for word in ("anyOf", "oneOf", "allOf") for choice in schema.get(word, ())]
        if not choices:
            return (schema,)
        outer = {key: value for key, value in schema.items() if key in {"description", "examples"}}
        return tuple(flat for choice in choices for flat in self._flatten({**choice, **outer}))

    def at(self, path: KeyPath) -> Shape:
        """The shape a path leads to from here."""
        shape = self
        for step in path:
            shape = shape.step(step)
        return shape

    def step(self, step: str | int) -> Shape:
        """The shape under one key or index."""
        found = [_under(option, step) for option in self._options]
        return Shape(tuple(schema for schema in found if schema is not None), self._definitions)

    def names(self) -> tuple[str, ...]:
        """The keys a mapping may have here, in the model's order."""
        return tuple(dict.fromkeys(key for option in self._options for key in option.get("properties", ())))

    def requires(self, key: str) -> bool:
        return any(key in option.get("required", ()) for option in self._options)

    def formats(self) -> frozenset[str]:
        return frozenset(str(option["format"]) for option in self._options if "format" in option)

    def types(self) -> frozenset[str]:
        """The JSON types that may stand here besides null; empty when that is left open."""
        if not all(isinstance(option.get("type"), str) for option in self._options):
            return frozenset()
        return frozenset(str(option["type"]) for option in self._options) - {"null"}

    def unique_by(self) -> tuple[str, ...]:
        """The keys that no two items of a list may share."""
        return tuple(str(option[UNIQUE_BY]) for option in self._options if UNIQUE_BY in option)

    def description(self) -> str:
        return next((str(option["description"]) for option in self._options if option.get("description")), "")

    def example(self) -> object:
        """The first example, None when there is none."""
        return next((option["examples"][0] for option in self._options if option.get("examples")), None)


def _under(schema: Schema, step: str | int) -> Schema | None:
    if isinstance(step, int):
        items = schema.get("items")
        return items if isinstance(items, Mapping) else None
    properties = schema.get("properties", {})
    if step in properties:
        found = properties[step]
        return found if isinstance(found, Mapping) else None
    rest = schema.get("additionalProperties")
    return rest if isinstance(rest, Mapping) else None


@lru_cache(maxsize=64)
def shape_of(model: type[BaseModel]) -> Shape:
    """The shape of a whole file."""
    schema = model.model_json_schema()
    return Shape((schema,), schema.get("$defs", {}))
