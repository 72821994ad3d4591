"""Reading JSON from strangers: strict, and bounded in size, depth and number of values."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from core.errors import Refused

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_INTEGER = 2**63
_LONGEST_INTEGER = len(str(MAX_INTEGER)) + 1


def parse(raw: bytes | str, *, limit: int) -> Any:
    """Decode one JSON value of at most `limit` bytes (characters, for text that is decoded already).

    Raises `Refused`: `too_large` (413), `bad_encoding`, or `bad_json` for anything that is not JSON, nests deeper than
    32, holds more than 10,000 values, an integer beyond 2^63, a number that is not finite, or one key twice.
    """
    if len(raw) > limit:
        raise Refused("too_large", status=413)
    text = raw if isinstance(raw, str) else _decode(raw)
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise Refused("bad_json") from None
    openings = text.count("[") + text.count("{")
    if openings > MAX_DEPTH or openings + text.count(",") > MAX_NODES:
        _check_shape(value)
    return value


def parse_object(raw: bytes | str, *, limit: int) -> dict[str, Any]:
    """`parse`, and refuse (`bad_json`) a value that is not an object."""
    value = parse(raw, limit=limit)
    if not isinstance(value, dict):
        raise Refused("bad_json")
    return value


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("bad_encoding") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER or abs(value := int(digits)) > MAX_INTEGER:
        raise ValueError("an integer is too large")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is not finite")
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
)


def _check_shape(value: Any) -> None:
    nodes = 1
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        children = [child for parent in level for child in (parent.values() if isinstance(parent, dict) else parent)]
        nodes += len(children)
        level = [child for child in children if isinstance(child, dict | list)]
        if not level or nodes > MAX_NODES:
            break
    if level or nodes > MAX_NODES:
        raise Refused("bad_json")
