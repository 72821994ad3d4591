"""What Slack takes, three times over: its SDK's models, the demo's checks, and a JSON Schema of the reference pages.

The schema is written from docs.slack.dev/reference/block-kit and /reference/views, for the types the team is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jsonschema_rs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from frontdesk.demo.block_kit import block_problems, view_problems

Json = dict[str, Any]


def _object(kind: str, required: Sequence[str], **properties: Any) -> Json:
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, "block_id": {"$ref": "#/$defs/id"}, **properties},
        "required": ["type", *required],
        "additionalProperties": False,
    }


def _string(longest: int, shortest: int = 1) -> Json:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def _plain(longest: int) -> Json:
    return _object("plain_text", ["text"], text=_string(longest), emoji={"type": "boolean"})


def _either(longest: int) -> Json:
    marked = _object("mrkdwn", ["text"], text=_string(longest), verbatim={"type": "boolean"})
    return {"oneOf": [_plain(longest), marked]}


def _options(most: int) -> Json:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": {"$ref": "#/$defs/option"}}


def _element(kind: str, required: Sequence[str] = (), **properties: Any) -> Json:
    return _object(kind, ["action_id", *required], action_id={"$ref": "#/$defs/id"}, **properties)


_SELECT = _element(
    "static_select",
    ["options"],
    options=_options(100),
    placeholder=_plain(150),
    initial_option={"$ref": "#/$defs/option"},
)
_BUTTON = _element(
    "button", ["text"], text=_plain(75), value=_string(2_000), url=_string(3_000), style={"enum": ["primary", "danger"]}
)
_OVERFLOW = _element("overflow", ["options"], options=_options(5))
_TYPED = _element(
    "plain_text_input",
    initial_value=_string(3_000),
    multiline={"type": "boolean"},
    focus_on_load={"type": "boolean"},
    max_length={"type": "integer", "minimum": 1, "maximum": 3_000},
)
_NUMBER = _element(
    "number_input",
    ["is_decimal_allowed"],
    is_decimal_allowed={"type": "boolean"},
    min_value={"type": "string"},
    initial_value={"type": "string", "pattern": r"^\d+(\.\d+)?$"},
)
_PLAIN_BLOCKS = [
    _object("header", ["text"], text=_plain(150)),
    _object("divider", []),
    _object(
        "context", ["elements"], elements={"type": "array", "minItems": 1, "maxItems": 10, "items": _either(3_000)}
    ),
    _object("section", ["text"], text=_either(3_000), accessory={"oneOf": [_BUTTON, _OVERFLOW, _SELECT]}),
    _object(
        "actions",
        ["elements"],
        elements={"type": "array", "minItems": 1, "maxItems": 25, "items": {"oneOf": [_BUTTON, _OVERFLOW, _SELECT]}},
    ),
]
_INPUT = _object(
    "input",
    ["label", "element"],
    label=_plain(2_000),
    hint=_plain(2_000),
    optional={"type": "boolean"},
    element={"oneOf": [_TYPED, _NUMBER, _SELECT, _element("users_select"), _element("datetimepicker")]},
)
_DEFS = {
    "id": _string(255),
    "option": {
        "type": "object",
        "properties": {"text": _plain(75), "value": _string(150)},
        "required": ["text", "value"],
        "additionalProperties": False,
    },
}


def _blocks(most: int, kinds: Sequence[Json]) -> Json:
    return {"type": "array", "maxItems": most, "items": {"oneOf": list(kinds)}}


_MESSAGE = jsonschema_rs.validator_for({**_blocks(50, _PLAIN_BLOCKS), "$defs": _DEFS})
_HOME = jsonschema_rs.validator_for({**_object("home", ["blocks"], blocks=_blocks(100, _PLAIN_BLOCKS)), "$defs": _DEFS})
_MODAL = jsonschema_rs.validator_for(
    {
        **_object(
            "modal",
            ["title", "blocks", "submit"],
            title=_plain(24),
            submit=_plain(24),
            close=_plain(24),
            callback_id=_string(255),
            private_metadata=_string(3_000),
            blocks=_blocks(100, [*_PLAIN_BLOCKS, _INPUT]),
        ),
        "$defs": _DEFS,
    }
)


def assert_message(blocks: Iterable[Json], text: str) -> None:
    """Blocks and text that `chat.postMessage` takes."""
    held = list(blocks)
    assert block_problems(held) == ()
    assert [error.message for error in _MESSAGE.iter_errors(held)] == []
    for block in held:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    assert sum(map(_units, texts(held))) <= 12_000
    assert 0 < len(text) <= 4_000


def assert_view(view: Json) -> None:
    """A view that `views.open` or `views.publish` takes."""
    assert view_problems(view) == ()
    validator = _MODAL if view["type"] == "modal" else _HOME
    assert [error.message for error in validator.iter_errors(view)] == []
    View(**view).validate_json()
    assert len(json.dumps(view)) <= 250_000


def texts(value: Any) -> Iterator[str]:
    """Every text, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
