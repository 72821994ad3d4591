"""What a plain YAML value means, by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

PyYAML follows YAML 1.1, where `no` is false, 12:30 is 750 and 010 is 8. None of that holds here.
"""

from __future__ import annotations

import re

from config.problems import FlawError

Plain = str | int | float | bool | None

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

MAX_DIGITS = 18
"""Digits of a whole number; every such number fits 64 bits."""


def resolve(text: str) -> Plain:
    """The value of an unquoted scalar. Raises `FlawError` for a number no setting could mean."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "+-.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Plain:
    for form, base in ((_DECIMAL, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if form.fullmatch(text):
            return _whole(text, base)
    if _NOT_FINITE.fullmatch(text):
        raise FlawError("this is not a finite number", "write an ordinary number, or put a text in quotes")
    if _FLOAT.fullmatch(text):
        return _fraction(text)
    return text


def _whole(text: str, base: int) -> int:
    if len(text.lstrip("+-0")) > MAX_DIGITS:
        raise FlawError("this number is far too large", "write a smaller one, or put a text in quotes")
    return int(text if base == 10 else text[2:], base)  # noqa: PLR2004  the base of ordinary numbers


def _fraction(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise FlawError("this number is far too large", "write a smaller one, or put a text in quotes")
    return number
