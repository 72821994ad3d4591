"""Does a model's answer fit the JSON Schema it was asked for? Covers the keywords structured output allows.

The keywords are those of the providers' "supported schemas" lists. One that is not known here is an error in
our own prompt and raises `ValueError`, so that no check is skipped unnoticed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

MAX_DEPTH = 32

Schema = Mapping[str, Any]

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
}
_ANNOTATIONS = frozenset({"title", "description", "default", "examples", "$schema", "$defs", "$id"})


def misfit(value: Any, schema: Schema) -> str:
    """The first thing in `value` that does not fit, as `path: reason` without the value's words; "" when it fits."""
    return next(_misfits(value, schema, schema, "answer", 0), "")


def _misfits(value: Any, schema: Schema, root: Schema, path: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        yield f"{path}: too deep"
        return
    if reference := schema.get("$ref"):
        yield from _misfits(value, _resolved(reference, root), root, path, depth + 1)
    for keyword, wanted in schema.items():
        if keyword in _NESTED:
            yield from _NESTED[keyword](value, schema, root, path, depth + 1)
        elif keyword in _SIMPLE:
            if problem := _SIMPLE[keyword](value, wanted):
                yield f"{path}: {problem}"
        elif keyword not in _ANNOTATIONS and keyword != "$ref":
            raise ValueError(f"the keyword {keyword!r} is not supported in an answer's schema")


def _resolved(reference: str, root: Schema) -> Schema:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    schema: Schema = found
    return schema


def _properties(value: Any, schema: Schema, root: Schema, path: str, depth: int) -> Iterator[str]:
    for name, part in schema["properties"].items():
        if isinstance(value, dict) and name in value:
            yield from _misfits(value[name], part, root, f"{path}.{name}", depth)


def _additional(value: Any, schema: Schema, root: Schema, path: str, depth: int) -> Iterator[str]:
    allowed, known = schema["additionalProperties"], schema.get("properties", {})
    extra = [name for name in value if name not in known] if isinstance(value, dict) else []
    if allowed is False and extra:
        yield f"{path}: {len(extra)} unknown properties"
    elif isinstance(allowed, Mapping):
        for name in extra:
            yield from _misfits(value[name], allowed, root, f"{path}.*", depth)


def _items(value: Any, schema: Schema, root: Schema, path: str, depth: int) -> Iterator[str]:
    for at, item in enumerate(value if isinstance(value, list) else ()):
        yield from _misfits(item, schema["items"], root, f"{path}[{at}]", depth)


def _any_of(value: Any, schema: Schema, root: Schema, path: str, depth: int) -> Iterator[str]:
    if all(next(_misfits(value, one, root, path, depth), "") for one in schema["anyOf"]):
        yield f"{path}: fits none of the alternatives"


def _type(value: Any, wanted: str | list[str]) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return "" if any(_TYPES[name](value) for name in names) else f"is not {' or '.join(names)}"


def _required(value: Any, names: list[str]) -> str:
    missing = [name for name in names if isinstance(value, dict) and name not in value]
    return f"lacks {', '.join(missing)}" if missing else ""


def _enum(value: Any, allowed: list[Any]) -> str:
    return (
        "" if any(value == one and type(value) is type(one) for one in allowed) else "is not among the allowed values"
    )


def _bound(
    kind: type | tuple[type, ...], measure: Callable[[Any], float], fits: Callable[[float, float], bool]
) -> Callable[[Any, Any], str]:
    def check(value: Any, limit: float) -> str:
        return "" if not isinstance(value, kind) or fits(measure(value), limit) else f"is outside the limit {limit}"

    return check


def _pattern(value: Any, wanted: str) -> str:
    return "" if not isinstance(value, str) or re.search(wanted, value) else "does not match its pattern"


def _at_least(one: float, limit: float) -> bool:
    return one >= limit


def _at_most(one: float, limit: float) -> bool:
    return one <= limit


_NESTED: Mapping[str, Callable[[Any, Schema, Schema, str, int], Iterator[str]]] = {
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "anyOf": _any_of,
}
_SIMPLE: Mapping[str, Callable[[Any, Any], str]] = {
    "type": _type,
    "required": _required,
    "enum": _enum,
    "const": lambda value, wanted: _enum(value, [wanted]),
    "minLength": _bound(str, len, _at_least),
    "maxLength": _bound(str, len, _at_most),
    "minItems": _bound(list, len, _at_least),
    "maxItems": _bound(list, len, _at_most),
    "minimum": _bound((int, float), float, _at_least),
    "maximum": _bound((int, float), float, _at_most),
    "pattern": _pattern,
}
