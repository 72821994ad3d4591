"""As much of Go's templates, with the functions Helm adds, as the chart uses; anything else is an error.

Only for where no `helm` is at hand: it finds templates that do not parse, name values that are not there, or do not
come out as YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import yaml

_ACTION = re.compile(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", re.DOTALL)
_WORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()|]|[^\s()|"]+)')
Words = list[Any]


@dataclass
class Node:
    """Text, an output, or a block with what stands in it and behind its `else`."""

    kind: str
    words: str
    body: list[Node] = field(default_factory=list)
    other: list[Node] = field(default_factory=list)


def parse(text: str) -> list[Node]:
    root = Node("root", "")
    stack, branch = [root], [root.body]
    for kind, words in _pieces(text):
        head, _, rest = words.partition(" ")
        if kind == "text" or head not in {"if", "with", "range", "define", "else", "end"}:
            branch[-1].append(Node(kind, words))
        elif head == "else":
            assert not rest, f"`else` with a condition is not read: {words}"
            branch[-1] = stack[-1].other
        elif head == "end":
            stack.pop()
            branch.pop()
        else:
            node = Node(head, rest)
            branch[-1].append(node)
            stack.append(node)
            branch.append(node.body)
    assert stack == [root], f"{stack[-1].kind} {stack[-1].words} has no end"
    return root.body


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at, trim = 0, False
    for found in _ACTION.finditer(text):
        before = text[at : found.start()]
        before = before.lstrip() if trim else before
        yield "text", before.rstrip() if found[1] else before
        at, trim = found.end(), bool(found[3])
        yield "output", found[2]
    yield "text", text[at:].lstrip() if trim else text[at:]


class Templates:
    """Renders named templates over `root`: `.Values`, `.Release`, `.Chart`."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._defined: dict[str, list[Node]] = {}
        self._functions: dict[str, Callable[..., Any]] = {
            "include": lambda name, dot: self._written(self._defined[name], dot, {}),
            "nindent": lambda by, text: "\n" + "\n".join(" " * by + one if one else one for one in text.split("\n")),
            "quote": lambda value: json.dumps(str(value), ensure_ascii=False),
            "toYaml": lambda value: yaml.safe_dump(value, sort_keys=True, default_flow_style=False).rstrip("\n"),
            "sha256sum": lambda text: sha256(text.encode()).hexdigest(),
            "default": lambda otherwise, value: value or otherwise,
            "printf": lambda form, *values: form % values,
            "trunc": lambda length, text: text[:length],
            "trimSuffix": lambda suffix, text: text.removesuffix(suffix),
            "gt": lambda one, other: one > other,
            "int": int,
            "not": lambda value: not value,
        }

    def define(self, text: str) -> None:
        for node in parse(text):
            if node.kind == "define":
                self._defined[json.loads(node.words)] = node.body

    def render(self, text: str) -> str:
        return self._written(parse(text), self._root, {})

    def _written(self, nodes: list[Node], dot: Any, names: Mapping[str, Any]) -> str:
        return "".join(self._one(node, dot, names) for node in nodes)

    def _one(self, node: Node, dot: Any, names: Mapping[str, Any]) -> str:
        match node.kind:
            case "text":
                return node.words
            case "define":
                return ""
            case "range":
                return self._ranged(node, dot, names)
        value = self._value(node.words, dot, names)
        if node.kind == "output":
            return str(value)
        inner = value if node.kind == "with" else dot
        return self._written(node.body, inner, names) if value else self._written(node.other, dot, names)

    def _ranged(self, node: Node, dot: Any, names: Mapping[str, Any]) -> str:
        variables, assigned, expression = node.words.partition(" := ")
        found = self._value(expression if assigned else node.words, dot, names)
        pairs = sorted(found.items()) if isinstance(found, Mapping) else list(enumerate(found))
        bound = [name.strip() for name in variables.split(",")] if assigned else []
        return "".join(
            self._written(node.body, one[1], {**names, **dict(zip(bound, one, strict=False))}) for one in pairs
        )

    def _value(self, expression: str, dot: Any, names: Mapping[str, Any]) -> Any:
        words = _WORD.findall(expression)
        value = self._pipeline(words, dot, names)
        assert not words, f"this is not read to its end: {expression}"
        return value

    def _pipeline(self, words: Words, dot: Any, names: Mapping[str, Any]) -> Any:
        piped: list[Any] = []
        while True:
            command: list[Any] = []
            while words and words[0] not in {"|", ")"}:
                command.append(self._operand(words, dot, names))
            first, *rest = command
            piped = [first(*rest, *piped) if callable(first) else first]
            if not words or words.pop(0) == ")":
                return piped[0]

    def _operand(self, words: Words, dot: Any, names: Mapping[str, Any]) -> Any:
        word = words.pop(0)
        if word == "(":
            return self._pipeline(words, dot, names)
        if word.startswith('"'):
            return json.loads(word)
        if word.isdecimal():
            return int(word)
        if word.startswith("."):
            return _at(dot, word[1:])
        if word.startswith("$."):
            return _at(self._root, word[2:])
        return names[word] if word.startswith("$") else self._functions[word]


def _at(value: Any, path: str) -> Any:
    """What is not there is an error here, and nothing in Helm: a value that is misspelt would pass."""
    for name in filter(None, path.split(".")):
        value = value[name]
    return value
