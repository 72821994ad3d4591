"""The reference of the admin's files in Markdown, read off their JSON Schemas so that it cannot lag behind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_ENVIRONMENT = "${env:"
_SECRET = "secret-reference"  # noqa: S105 (the name of a format)
_LONGEST_LIST = 12
_EMPTY: tuple[object, ...] = (None, "", [], {})


def reference_page(name: str, schema: Schema) -> str:
    """Every key of one file: what it says, which values it takes, its default and an example.

    `schema` is one of `config.schema.schemas()`. Sections follow in the order in which the file can reach them; each is
    described once and linked from every key that holds it.
    """
    sections = dict(_sections(schema))
    lines = [f"# `{name}`", "", _sentence(schema.get("description", "")), "", *_table(schema, sections)]
    for title, section in sections.items():
        lines += [f"## {title}", "", _sentence(section.get("description", "")), "", *_table(section, sections)]
    return "\n".join(lines)


def _sections(schema: Schema) -> Iterator[tuple[str, Schema]]:
    known, waiting, seen = schema.get("$defs", {}), list(_references(schema.get("properties", {}))), set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        waiting += _references(known[name])
        if "properties" in known[name]:
            yield name, known[name]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, Mapping):
        if "$ref" in node:
            yield _target(node)
        for key, value in node.items():
            if key != "$ref":
                yield from _references(value)


def _target(node: Schema) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _table(schema: Schema, sections: Mapping[str, Schema]) -> list[str]:
    required = set(schema.get("required", ()))
    rows = [_row(key, node, sections, required=key in required) for key, node in schema.get("properties", {}).items()]
    return ["| key | what it says | values |", "|---|---|---|", *rows, ""]


def _row(key: str, node: Schema, sections: Mapping[str, Schema], *, required: bool) -> str:
    facts = [_values(node, sections)]
    if required:
        facts.append("**required**")
    elif node.get("default") not in _EMPTY:
        facts.append(f"default {_code(node['default'])}")
    facts += [f"e.g. {_code(example)}" for example in node.get("examples", ())[:1]]
    return f"| `{key}` | {_cell(_described(node, sections))} | {'<br>'.join(facts)} |"


def _described(node: Schema, sections: Mapping[str, Schema]) -> str:
    section = sections.get(_target(node), {}) if "$ref" in node else {}
    return _sentence(node.get("description", section.get("description", "")))


def _values(node: Schema, sections: Mapping[str, Schema]) -> str:
    if "$ref" in node:
        target = _target(node)
        return f"[{target}](#{target.lower()})" if target in sections else "text"
    if choices := node.get("anyOf") or node.get("oneOf"):
        told = dict.fromkeys(_values(one, sections) for one in choices if _is_of_interest(one))
        return " or ".join(told)
    return _plain(node, sections)


def _is_of_interest(node: Schema) -> bool:
    """Whether a choice is more than an empty value or a reference, which every single value may be."""
    return node.get("type") != "null" and not str(node.get("pattern", "")).startswith(
        "\\" + _ENVIRONMENT.replace("{", "\\{")
    )


def _plain(node: Schema, sections: Mapping[str, Schema]) -> str:
    if "const" in node:
        return _code(node["const"])
    if "enum" in node and len(node["enum"]) <= _LONGEST_LIST:
        return ", ".join(_code(value) for value in node["enum"])
    if node.get("format") == _SECRET:
        return "a reference to a secret"
    kind = _KINDS.get(str(node.get("type", "")), "a value")
    if "items" in node:
        return f"{kind}: {_values(node['items'], sections)}"
    if isinstance(node.get("additionalProperties"), Mapping):
        return f"{kind} to {_values(node['additionalProperties'], sections)}"
    return kind + _bounds(node)


def _bounds(node: Schema) -> str:
    low, high = node.get("minimum", node.get("exclusiveMinimum")), node.get("maximum", node.get("exclusiveMaximum"))
    if low is None and high is None:
        longest = node.get("maxLength")
        return f", at most {longest:,} characters" if longest else ""
    if high is None:
        return f", from {low}"
    return f", up to {high}" if low is None else f", {low} to {high}"


def _code(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{_cell(text)}`" if text else '`""`'


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
