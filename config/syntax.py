"""YAML's syntax errors in words that say what to write instead."""

from __future__ import annotations

import re

import yaml

from config.problems import Flaw

_TAB_INDENT = re.compile(r"[ ]*\t")
_QUOTE_IT = "put the value in quotes"
_MISFIT = "the line does not fit its neighbours"

_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("found a tab", "a tab stands where only spaces may", "indent with spaces"),
    ("cannot start any token", "a value cannot begin with this character", _QUOTE_IT),
    ("alphabetic or numeric character", "a value cannot begin with `*` or `&`", _QUOTE_IT),
    ("could not find expected ':'", "a key without `:`", "write `key: value`, with a space after the colon"),
    ("expected key", _MISFIT, "indent the keys of one group alike"),
    ("expected <block end>", _MISFIT, "indent the keys of one group alike"),
    ("expected '-'", "the line does not fit the list around it", "begin each item with `- `, indented alike"),
    ("',' or ']'", "a list in brackets is not closed", "end it with `]`; put `${...}` in quotes there"),
    ("',' or '}'", "a mapping in braces is not closed", "end it with `}`; put `${...}` in quotes there"),
    ("node content", "a value is missing", _QUOTE_IT),
    ("unexpected end of stream", "a quote is opened and never closed", "close it with the same quotation mark"),
    ("unknown escape character", "a backslash in double quotes begins no known escape", "use single quotes"),
    ("Unicode character escape", "this escape is no character", "write the character itself"),
    ("entries are not allowed", "a list cannot begin here", "put `- ` on a line of its own"),
    ("unexpected document", "a `---` or `...` stands inside a quoted text", "close the quotes before it"),
    ("expected <document start>", "this does not belong to what stands above", "indent the file alike"),
    ("incompatible YAML document", "this version of YAML is not known", "remove the `%YAML` line"),
    ("undefined tag handle", "tags (`!name`) are not supported", "write the value itself, a text in quotes"),
)
_OPENED = ("unexpected end of stream", "find expected ':'", "',' or ']'", "',' or '}'")


def explain(error: yaml.YAMLError, text: str) -> Flaw:
    """The flaw behind a parser's error, at the place to mend."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Flaw(message="the file is not YAML", hint="see https://yaml.org for the notation")
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if tab := _TAB_INDENT.match(line):
        return Flaw(
            message="a tab is used for indentation", hint="indent with spaces", line=mark.line + 1, column=tab.end()
        )
    message, hint = _worded(str(getattr(error, "problem", "") or ""), line[: mark.column])
    mark = _place_to_mend(error, mark)
    return Flaw(message=message, hint=hint, line=mark.line + 1, column=mark.column + 1)


def _worded(problem: str, before: str) -> tuple[str, str]:
    """Message and hint; `before` is what stands left of the place in its line."""
    if "mapping values are not allowed" in problem:
        if ": " in before:
            return "a second `: ` stands in this line", "put a value that holds `: ` in quotes"
        return "a `:` is not expected here", "look for a missing `:` in the line above, and indent alike"
    for known, message, hint in _KNOWN:
        if known in problem:
            if message is _MISFIT and before.strip():
                return "this does not belong to the value before it", "put the whole value in one pair of quotes"
            return message, hint
    return f"this is not YAML: {problem or 'unreadable'}", "check quotes, brackets and indentation here"


def _place_to_mend(error: yaml.YAMLError, mark: yaml.Mark) -> yaml.Mark:
    """What is never closed is mended where it opens; its end is often the end of the file."""
    opened: yaml.Mark | None = getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", ""))
    return opened if opened is not None and any(known in problem for known in _OPENED) else mark
