"""What Slack says against blocks and views, from the references at docs.slack.dev. Knows the types we send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

MAX_BLOCKS, MAX_VIEW_BLOCKS, MAX_HEADER, MAX_SECTION, MAX_FIELD, MAX_CONTEXT = 50, 100, 150, 3_000, 2_000, 10
MAX_FIELDS, MAX_ACTIONS, MAX_BUTTON, MAX_ACTION_ID, MAX_VALUE, MAX_URL = 10, 25, 75, 255, 2_000, 3_000
MAX_OPTIONS, MAX_OVERFLOW, MAX_OPTION, MAX_OPTION_VALUE, MAX_PLACEHOLDER = 100, 5, 75, 150, 150
MAX_LABEL, MAX_INPUT, MAX_TITLE, MAX_PRIVATE, MAX_VIEW = 2_000, 3_000, 24, 3_000, 250_000
BOTH, PLAIN = frozenset({"plain_text", "mrkdwn"}), frozenset({"plain_text"})

Json = dict[str, Any]
Problems = list[str]
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def block_problems(blocks: Any) -> tuple[str, ...]:
    """What Slack would say against a message's blocks; empty when it would take them."""
    return _list_problems(blocks, MAX_BLOCKS, _MESSAGE_BLOCKS, ())


def view_problems(view: Any) -> tuple[str, ...]:
    """The same for a modal or an App Home."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return ("type must be modal or home [json-pointer:/view]",)
    modal = view["type"] == "modal"
    blocks = view.get("blocks")
    inputs = [one for one in blocks if isinstance(one, dict) and one.get("type") == "input"] if blocks else []
    problems = _modal(view, inputs) if modal else []
    if len(str(view.get("private_metadata", ""))) > MAX_PRIVATE:
        problems.append("private_metadata is too long")
    if len(json.dumps(view)) > MAX_VIEW:
        problems.append("view is too large")
    allowed = {**_MESSAGE_BLOCKS, "input": _input}
    return (*_list_problems(blocks, MAX_VIEW_BLOCKS, allowed, ("view",)), *problems)


def texts_of(value: Any) -> list[str]:
    """Every text of the blocks, however deep."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for inner in value.values() for text in texts_of(inner)]
    return [text for inner in value for text in texts_of(inner)] if isinstance(value, list) else []


def _list_problems(blocks: Any, most: int, checks: Mapping[str, _Check], path: tuple[str, ...]) -> tuple[str, ...]:
    at_all = "".join(f"/{step}" for step in (*path, "blocks"))
    if not isinstance(blocks, list):
        return (f"must be an array [json-pointer:{at_all}]",)
    problems = [f"no more than {most} items allowed [json-pointer:{at_all}]"] if len(blocks) > most else []
    for at, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        check = checks.get(kind) if isinstance(kind, str) else None
        found = (*_block_id(block), *check(block)) if check else [f"unsupported type: {kind}"]
        problems += [f"{problem} [json-pointer:{at_all}/{at}]" for problem in found]
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and block.get("block_id")]
    return (*problems, *(["block_id must be unique"] if len(set(ids)) < len(ids) else []))


def _modal(view: Json, inputs: list[Json]) -> Problems:
    problems = _text(view.get("title"), MAX_TITLE, PLAIN)
    for name in ("submit", "close"):
        problems += _text(view[name], MAX_TITLE, PLAIN) if name in view else []
    if inputs and "submit" not in view:
        problems.append("missing required field: submit")
    if len(str(view.get("callback_id", ""))) > MAX_ACTION_ID:
        problems.append("callback_id is too long")
    return problems


def _block_id(block: Json) -> Problems:
    given = block.get("block_id", "x")
    return [] if isinstance(given, str) and 0 < len(given) <= MAX_ACTION_ID else ["block_id has a wrong length"]


def _text(text: Any, limit: int, kinds: frozenset[str]) -> Problems:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return [f"text must be one of {sorted(kinds)}"]
    words = text.get("text")
    if not isinstance(words, str) or not words:
        return ["must be more than 0 characters"]
    known = {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
    unknown = [f"invalid additional property: {name}" for name in sorted(set(text) - known)]
    return unknown + ([f"must be less than {limit + 1} characters"] if len(words) > limit else [])


def _header(block: Json) -> Problems:
    return _text(block.get("text"), MAX_HEADER, PLAIN)


def _section(block: Json) -> Problems:
    fields, accessory = block.get("fields"), block.get("accessory")
    beside = _element(accessory, _ACTION_ELEMENTS) if accessory is not None else []
    if fields is None:
        return beside + _text(block.get("text"), MAX_SECTION, BOTH)
    if not isinstance(fields, list) or not 1 <= len(fields) <= MAX_FIELDS:
        return [f"fields must have 1 to {MAX_FIELDS} items"]
    return beside + [problem for one in fields for problem in _text(one, MAX_FIELD, BOTH)]


def _context(block: Json) -> Problems:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_CONTEXT:
        return [f"elements must have 1 to {MAX_CONTEXT} items"]
    return [problem for one in elements for problem in _text(one, MAX_SECTION, BOTH)]


def _actions(block: Json) -> Problems:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_ACTIONS:
        return [f"elements must have 1 to {MAX_ACTIONS} items"]
    ids = [one.get("action_id") for one in elements if isinstance(one, dict)]
    doubled = ["action_id must be unique within the block"] if len(set(ids)) < len(elements) else []
    return doubled + [problem for one in elements for problem in _element(one, _ACTION_ELEMENTS)]


def _input(block: Json) -> Problems:
    hint = _text(block["hint"], MAX_LABEL, PLAIN) if "hint" in block else []
    return _text(block.get("label"), MAX_LABEL, PLAIN) + hint + _element(block.get("element"), _INPUT_ELEMENTS)


def _element(element: Any, checks: Mapping[str, _Check]) -> Problems:
    kind = element.get("type") if isinstance(element, dict) else None
    check = checks.get(kind) if isinstance(kind, str) else None
    if check is None:
        return ["unsupported type"]
    wrong = ["action_id is too long"] if len(str(element.get("action_id", ""))) > MAX_ACTION_ID else []
    placeholder = _text(element["placeholder"], MAX_PLACEHOLDER, PLAIN) if "placeholder" in element else []
    return wrong + placeholder + check(element)


def _button(element: Json) -> Problems:
    problems = _text(element.get("text"), MAX_BUTTON, PLAIN)
    if len(str(element.get("value", ""))) > MAX_VALUE or len(str(element.get("url", ""))) > MAX_URL:
        problems.append("value or url is too long")
    if element.get("style", "primary") not in {"primary", "danger"}:
        problems.append("invalid style")
    return problems


def _options(element: Json, most: int) -> Problems:
    given = element.get("options")
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        return [f"options must have 1 to {most} items"]
    chosen = element.get("initial_option")
    stranger = ["initial_option must be one of the options"] if chosen is not None and chosen not in given else []
    return stranger + [problem for one in given for problem in _option(one)]


def _option(option: Any) -> Problems:
    if not isinstance(option, dict) or not isinstance(option.get("value"), str):
        return ["an option needs a value"]
    too_long = ["an option's value is too long"] if not 0 < len(option["value"]) <= MAX_OPTION_VALUE else []
    return too_long + _text(option.get("text"), MAX_OPTION, PLAIN)


def _typed(element: Json) -> Problems:
    longest = element.get("max_length", MAX_INPUT)
    right = isinstance(longest, int) and 1 <= longest <= MAX_INPUT
    return [] if right and len(str(element.get("initial_value", ""))) <= longest else ["initial_value is too long"]


def _number(element: Json) -> Problems:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        return ["missing required field: is_decimal_allowed"]
    ends = (element.get(name) for name in ("min_value", "max_value", "initial_value"))
    return [] if all(end is None or _NUMBER.fullmatch(str(end)) for end in ends) else ["must be a number"]


_Check = Callable[[Json], Problems]
_ACTION_ELEMENTS: Mapping[str, _Check] = {
    "button": _button,
    "overflow": lambda element: _options(element, MAX_OVERFLOW),
    "static_select": lambda element: _options(element, MAX_OPTIONS),
}
_INPUT_ELEMENTS: Mapping[str, _Check] = {
    "plain_text_input": _typed,
    "number_input": _number,
    "static_select": lambda element: _options(element, MAX_OPTIONS),
    "users_select": lambda _: [],
    "datetimepicker": lambda element: [] if isinstance(element.get("initial_date_time", 1), int) else ["not a time"],
}
_MESSAGE_BLOCKS: Mapping[str, _Check] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": lambda _: [],
}
