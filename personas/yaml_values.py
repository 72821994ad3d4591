"""Values as YAML text: plain where that is safe, quoted where it is not, long texts folded at spaces."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

WIDTH = 120
_INDENT = 2
_SAFE = re.compile(
    r"[^\W\d_](?:[^\x00-\x1f\x7f\x85\u2028\u2029\ufeff]*[^\s\x00-\x1f\x7f\x85\u2028\u2029\ufeff])?|/[\w/.?=&%~+-]*|https?://[^\s#\"'<>]+"
)
_HARMFUL = re.compile(r":\s|\s#|:$")
_HARMFUL_IN_FLOW = re.compile(r"[,\[\]{}]|: ?")
_FLOW = frozenset({"company_sizes", "industries", "roles", "quick_replies", "pages", "options", "fields"})
"""Keys whose lists of names stand on one line; lists of phrases stand below each other."""
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
_FOLDABLE = re.compile(r"[^\s\x00-\x1f\x7f\x85\u2028\u2029\ufeff]+(?: [^\s\x00-\x1f\x7f\x85\u2028\u2029\ufeff]+)*")


class Bare(str):
    """A number or truth value: written without quotes, whatever it looks like."""

    __slots__ = ()


Tree = str | Sequence["Tree"] | Mapping[str, "Tree"]
"""A file's content: texts, lists and mappings. Every value is compared as the text it is written with."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value: what follows on the line of its key or dash, and whole lines below, without line ends."""

    inline: str
    lines: tuple[str, ...] = ()


def written(value: Tree, column: int, *, key: str = "") -> Written:
    """A value whose key or dash stands in `column`, counted from 0."""
    match value:
        case str():
            return _text(value, column)
        case Mapping():
            return Written("", tuple(mapping_lines(value, column + _INDENT))) if value else Written("{}")
        case _:
            return _listing(value, column, flow=key in _FLOW)


def one_line(value: str) -> str:
    """A text on one line, fit for every place."""
    return value if isinstance(value, Bare) or _plain(value) else _quoted(value)


def mapping_lines(value: Mapping[str, Tree], column: int) -> list[str]:
    lines: list[str] = []
    for key, below in value.items():
        text = written(below, column, key=key)
        lines += [f"{' ' * column}{key}:{_spaced(text.inline)}", *text.lines]
    return lines


def item_lines(value: Tree, column: int) -> list[str]:
    """An item of a list whose dashes stand in `column`."""
    margin = " " * column
    if isinstance(value, Mapping) and value:
        lines = mapping_lines(value, column + _INDENT)
        return [f"{margin}- {lines[0].lstrip()}", *lines[1:]]
    text = written(value, column)
    return [f"{margin}-{_spaced(text.inline)}", *text.lines]


def _listing(value: Sequence[Tree], column: int, *, flow: bool) -> Written:
    if (flow or not value) and all(isinstance(one, str) for one in value):
        texts = [str(one) for one in value]
        line = "[" + ", ".join(_in_flow(text) for text in texts) + "]"
        if len(line) + column + len("technical_level: ") <= WIDTH:
            return Written(line)
    return Written("", tuple(line for one in value for line in item_lines(one, column + _INDENT)))


def _text(value: str, column: int) -> Written:
    line = one_line(value)
    fits = len(line) + column + len("description: ") <= WIDTH
    if fits or isinstance(value, Bare) or not _FOLDABLE.fullmatch(value):
        return Written(line)
    margin = " " * (column + _INDENT)
    folded = wrap(value, WIDTH - len(margin), break_long_words=False, break_on_hyphens=False)
    return Written(">-", tuple(margin + part for part in folded))


def _in_flow(text: str) -> str:
    return _quoted(text) if _HARMFUL_IN_FLOW.search(text) else one_line(text)


def _plain(text: str) -> bool:
    if not _SAFE.fullmatch(text) or _HARMFUL.search(text):
        return False
    return text.casefold() not in _WORDS_OF_YAML


def _quoted(text: str) -> str:
    """In double quotes. JSON's escapes are YAML's, except that it leaves some characters that YAML ends lines at."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", quoted
    )


def _spaced(inline: str) -> str:
    return f" {inline}" if inline else ""
