"""Saying what is wrong with a value: pydantic's findings in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from config.problems import printable
from config.shape import Shape
from config.tokens import credential
from config.tree import KeyPath, Listing, Node, Scalar, Table

_SHOWN = 40
_LIKENESS = 70
_PRIVATE_WORDS = ("secret", "token", "password", "passwd", "api_key", "signing")
_LOOKS_LIKE_TRUE = frozenset({"yes", "on", "y", "1"})
_LOOKS_LIKE_FALSE = frozenset({"no", "off", "n", "0"})

_EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "list_type": "a list (`- item` lines)",
    "tuple_type": "a list (`- item` lines)",
    "set_type": "a list (`- item` lines)",
    "frozen_set_type": "a list (`- item` lines)",
    "dict_type": "a group of `key: value` lines",
    "model_type": "a group of `key: value` lines",
    "model_attributes_type": "a group of `key: value` lines",
}
_OF_TYPE = {"number": "float_type", "integer": "int_type", "boolean": "bool_type"}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def label(path: KeyPath) -> str:
    """`personas[2].openers[0]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{shorten(step)}" for step in path)
    return text.removeprefix(".")


def shorten(text: str) -> str:
    """A text that is safe to show: no credential, no control characters, not long."""
    if credential(text):
        return "(not shown)"
    return printable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def got(node: Node | None, path: KeyPath) -> str:
    """What stands there, in words. Never a secret, nor the value of a variable."""
    match node:
        case None | Scalar(value=None):
            return "nothing"
        case Table():
            return "a group of keys"
        case Listing():
            return "a list"
        case Scalar():
            return _value(node, path)


def _value(scalar: Scalar, path: KeyPath) -> str:
    if scalar.reference:
        return f"the value of {shorten(scalar.reference)}"
    if credential(scalar.text) or _private(path):
        return "something else (not shown)"
    return f"'{shorten(scalar.text)}'" if isinstance(scalar.value, str) else shorten(scalar.text)


def _private(path: KeyPath) -> bool:
    name = next((step for step in reversed(path) if isinstance(step, str)), "").casefold()
    return any(word in name for word in _PRIVATE_WORDS)


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was likely meant, "" when none is near."""
    if len(word) > 2 * _SHOWN:
        return ""
    by_form = {_bare(one): one for one in known}
    found = process.extractOne(_bare(word), list(by_form), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return by_form[found[0]] if found else ""


def _bare(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is not among the known ones."""
    words = tuple(known)
    if near := closest(word, words):
        return f"did you mean `{near}`?"
    return "known here: " + ", ".join(f"`{one}`" for one in words[:20]) if words else ""


def worded(error: ErrorDetails, path: KeyPath, node: Node | None, shape: Shape) -> tuple[str, str]:
    """Message and hint for one finding at a place. `shape` is what belongs there, or the parent of an unknown key."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "refused":
        return f"{label(path) or 'the file'}: {context['message']}", str(context.get("hint", ""))
    if kind == "missing":
        return f"`{label(path)}` is missing", _example(path, shape)
    if kind == "extra_forbidden":
        name = str(path[-1]) if path else ""
        return f"unknown key `{shorten(name)}`", _home(name, shape) or did_you_mean(name, shape.names())
    message, hint = _about_value(kind, context, node, path) or (_other(error, node), "")
    return f"{label(path) or 'the file'}: {message}", hint or _example(path, shape)


def wrong_type(types: frozenset[str], scalar: Scalar, path: KeyPath, shape: Shape) -> tuple[str, str]:
    """Message and hint for a value that is of none of the JSON types; they are numbers or true and false."""
    kind = next(kind for name, kind in _OF_TYPE.items() if name in types)
    hint = _type_hint(kind, scalar) or _example(path, shape)
    return f"{label(path)}: expected {_EXPECTED[kind]}, got {got(scalar, path)}", hint


def wrong_key(error: ErrorDetails, path: KeyPath) -> tuple[str, str]:
    """Message and hint for a key of a free mapping that its model does not take."""
    name = str(path[-1]) if path else ""
    expected = error.get("ctx", {}).get("expected")
    hint = did_you_mean(name, _words(str(expected))) if expected else printable(error["msg"])
    return f"unknown key `{shorten(name)}`", hint


def _words(expected: str) -> list[str]:
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]


def _home(name: str, shape: Shape) -> str:
    """Where a key that stands one level too high belongs, which a slip in the indentation brings about."""
    owner = next((key for key in shape.names() if name in shape.step(key).names()), "")
    return f"it belongs under `{owner}:`, indented below it" if owner else ""


def _about_value(kind: str, context: dict[str, Any], node: Node | None, path: KeyPath) -> tuple[str, str] | None:
    shown = got(node, path)
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, got {shown}", _type_hint(kind, node)
    if kind in _BOUNDS:
        words, name = _BOUNDS[kind]
        return f"must be {words} {context[name]:g}, got {shown}", ""
    if kind in {"literal_error", "enum"}:
        return _choice(str(context["expected"]), node, shown)
    return _size(kind, context, node, shown)


def _choice(expected: str, node: Node | None, shown: str) -> tuple[str, str]:
    words = _words(expected)
    text = node.text if isinstance(node, Scalar) and not node.reference else ""
    near = closest(text, words)
    return f"expected {' or '.join(words)}, got {shown}", f"did you mean `{near}`?" if near else ""


def _size(kind: str, context: dict[str, Any], node: Node | None, shown: str) -> tuple[str, str] | None:
    match kind:
        case "string_too_long":
            length = len(node.text) if isinstance(node, Scalar) else 0
            return f"must have at most {context['max_length']} characters, has {length}", "shorten it"
        case "string_too_short":
            return "must not be empty" if context["min_length"] == 1 else f"is too short: {shown}", ""
        case "too_long":
            return f"must have at most {context['max_length']} {_unit(node)}", "remove some"
        case "too_short":
            return f"must have at least {context['min_length']} {_unit(node)}", ""
        case "string_pattern_mismatch":
            return f"{shown} does not have the form that is needed here", ""
        case _:
            return None


def _unit(node: Node | None) -> str:
    return "characters" if isinstance(node, Scalar) else "items"


def _type_hint(kind: str, node: Node | None) -> str:
    if not isinstance(node, Scalar) or node.reference:
        return ""
    text = node.text
    if kind == "string_type" and node.value is not None and not credential(text):
        return f'put it in quotes: "{shorten(text)}"'
    if kind.startswith("bool"):
        return _boolean_hint(text.casefold())
    if kind.startswith(("int", "float")) and text.replace("_", "").replace(",", "").isdecimal() and len(text) <= _SHOWN:
        bare = text.replace("_", "").replace(",", "")
        return f"write {bare}, without quotes" if bare == text else f"write {bare}"
    return ""


def _boolean_hint(text: str) -> str:
    if text in _LOOKS_LIKE_TRUE:
        return "write `true`"
    return "write `false`" if text in _LOOKS_LIKE_FALSE else ""


def _example(path: KeyPath, shape: Shape) -> str:
    """What belongs there, from the model's own description and example."""
    description, example = shape.description(), shape.example()
    if not description:
        return ""
    simple = example is not None and not isinstance(example, (dict, list))
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    shown = str(example).lower() if isinstance(example, bool) else example
    return f"{description} Example: `{name}: {shown}`" if simple and name else description


def _other(error: ErrorDetails, node: Node | None) -> str:
    """A validator's own words (`ValueError`) or, for rare findings, pydantic's; without the value of a variable."""
    raised = error.get("ctx", {}).get("error")
    words = str(raised) if isinstance(raised, ValueError) else error["msg"]
    if isinstance(node, Scalar) and node.reference and node.text:
        words = words.replace(node.text, node.reference)
    return printable(words)
