"""As much of JSON Schema as the schemas beside this file use; a keyword that is not known here is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

_KINDS: dict[str, type[Any]] = {"object": dict, "array": list, "string": str, "boolean": bool}
_SILENT = {"$schema", "title", "$defs", "properties", "items", "additionalProperties"}
_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda value, kind: isinstance(value, _KINDS[kind]),
    "const": lambda value, wanted: bool(value == wanted),
    "enum": lambda value, allowed: value in allowed,
    "required": lambda value, names: set(names) <= set(value),
    "minLength": lambda value, most: len(value) >= most,
    "maxLength": lambda value, most: len(value) <= most,
    "minItems": lambda value, most: len(value) >= most,
    "maxItems": lambda value, most: len(value) <= most,
    "uniqueItems": lambda value, wanted: not wanted or len(value) == len({str(one) for one in value}),
    "pattern": lambda value, pattern: re.search(pattern, value) is not None,
}


def problems(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "") -> Iterator[str]:
    """Every way in which the value is not what the schema wants."""
    root = root or schema
    if "$ref" in schema:
        yield from problems(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, at)
        return
    for word, wanted in schema.items():
        if word not in _SILENT and not _CHECKS[word](value, wanted):
            yield f"{at or 'the whole'}: {word} {wanted!r}"
    known = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        yield from (f"{at}/{name}: not known" for name in value if name not in known)
    for name in known.keys() & value.keys() if isinstance(value, dict) else ():
        yield from problems(value[name], known[name], root, f"{at}/{name}")
    for place, one in enumerate(value if "items" in schema else ()):
        yield from problems(one, schema["items"], root, f"{at}/{place}")
