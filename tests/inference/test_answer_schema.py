"""Answers against schemas."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from inference.answer_schema import misfit


@pytest.mark.parametrize(
    ("value", "schema", "reason"),
    [
        ("x", {"type": "string"}, ""),
        (True, {"type": "integer"}, "answer: is not integer"),
        (1.0, {"type": "integer"}, "answer: is not integer"),
        (float("inf"), {"type": "number"}, "answer: is not number"),
        (None, {"type": ["string", "null"]}, ""),
        (3, {"type": ["string", "null"]}, "answer: is not string or null"),
        ("c", {"enum": ["a", "b"]}, "answer: is not among the allowed values"),
        (True, {"enum": [1]}, "answer: is not among the allowed values"),
        ("a", {"const": "a"}, ""),
        ("abc", {"maxLength": 2}, "answer: is outside the limit 2"),
        ("", {"minLength": 1}, "answer: is outside the limit 1"),
        ([1, 2, 3], {"maxItems": 2}, "answer: is outside the limit 2"),
        (11, {"maximum": 10, "minimum": 0}, "answer: is outside the limit 10"),
        ("ab", {"pattern": "^a$"}, "answer: does not match its pattern"),
        ([1, "x"], {"items": {"type": "integer"}}, "answer[1]: is not integer"),
        (
            {"a": {"b": 1}},
            {"properties": {"a": {"properties": {"b": {"type": "string"}}}}},
            "answer.a.b: is not string",
        ),
        ({"z": 1}, {"additionalProperties": {"type": "string"}}, "answer.*: is not string"),
        ({"z": 1}, {"additionalProperties": False}, "answer: 1 unknown properties"),
        (5, {"anyOf": [{"type": "string"}, {"type": "null"}]}, "answer: fits none of the alternatives"),
        (None, {"anyOf": [{"type": "string"}, {"type": "null"}]}, ""),
    ],
)
def test_that_each_keyword_is_checked(value: Any, schema: dict[str, Any], reason: str) -> None:
    assert misfit(value, schema) == reason


class Item(BaseModel):
    kind: Literal["link", "button"]
    label: str = Field(max_length=20)


class Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: str
    note: str | None
    items: list[Item] = Field(max_length=3)


def test_that_pydantic_schemas_are_understood() -> None:
    schema = Written.model_json_schema()
    item = {"kind": "link", "label": "Prices"}
    good = {"reply": "x", "note": None, "items": [item]}
    assert misfit(good, schema) == ""
    assert misfit({**good, "items": [{"kind": "image", "label": "x"}]}, schema) == (
        "answer.items[0].kind: is not among the allowed values"
    )
    assert misfit({**good, "items": [item] * 4}, schema) == "answer.items: is outside the limit 3"
    assert misfit({**good, "more": 1}, schema) == "answer: 1 unknown properties"


def test_that_endless_recursion_ends() -> None:
    schema = {"$ref": "#/$defs/node", "$defs": {"node": {"properties": {"next": {"$ref": "#/$defs/node"}}}}}
    value: dict[str, Any] = {}
    for _ in range(200):
        value = {"next": value}
    assert misfit(value, schema).endswith("too deep")


def test_that_an_unknown_keyword_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="oneOf"):
        misfit({}, {"oneOf": []})
