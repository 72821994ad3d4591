"""Changing a YAML file in place: what does not change keeps its bytes, comments stay beside their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from core.errors import ConfigError
from personas.yaml_values import Bare, Tree, Written, item_lines, mapping_lines, one_line, written

_MARK = re.compile(r"(?:(?<=\s)|^)#", re.MULTILINE)
_RESOLVER = yaml.SafeLoader("")
_TEXT = "tag:yaml.org,2002:str"
_LONG_ITEM = 5
"""Lines from which on items of a list stand apart."""

Identity = Callable[[Tree], str]
"""What tells the items of a list apart."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


class YamlText:
    """One file. Raises `ConfigError` for text that is no mapping in YAML; `name` is the file's, for the message."""

    def __init__(self, text: str, *, name: str) -> None:
        self.text = text
        try:
            root = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"{name}:{mark.line + 1}" if mark else name
            raise ConfigError(f"{where}: this is not YAML; mend it, then try again") from error
        if not isinstance(root, yaml.MappingNode):
            raise ConfigError(f"{name}: expected `key: value` lines; mend it, then try again")
        self._root = root

    @property
    def content(self) -> dict[str, Tree]:
        found = _value(self._root)
        return dict(found) if isinstance(found, Mapping) else {}

    def commented_items(self, key: str) -> tuple[bool, ...]:
        """For every item of the list under a key whether somebody wrote a comment in it or right above it."""
        node = _child(self._root, key)
        if not isinstance(node, yaml.SequenceNode) or node.flow_style:
            return ()
        leads = [lead for lead, _ in self._items(node)]
        return tuple(
            bool(_comments(lead)) or self._commented(item) for lead, item in zip(leads, node.value, strict=True)
        )

    def rewritten(self, value: Mapping[str, Tree], *, order: Sequence[str], identity: Identity) -> str:
        """The text with this content. `order` is that of new keys of any mapping; see `Identity`."""
        edits = _Edits(self, order, identity)
        edits.mapping(self._root, value)
        text = self.text
        for edit in sorted(edits.made, key=lambda one: (one.start, one.end), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """The place of the line break, or of the end of the file."""
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found

    def content_end(self, node: yaml.Node) -> int:
        """The end of the last line of a value, comment beside it included."""
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last[1] if isinstance(node, yaml.MappingNode) else last
        end = node.end_mark.index
        if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
            end = max(node.start_mark.index, len(self.text[:end].rstrip()))
        return self.line_end(end)

    def _commented(self, node: yaml.Node) -> bool:
        spans = [(one.start_mark.index, one.end_mark.index) for one in _scalars(node)]
        marks = (
            match.start()
            for match in _MARK.finditer(self.text, self.line_start(self.dash(node)), self.content_end(node))
        )
        return any(not any(start <= mark < end for start, end in spans) for mark in marks)

    def _items(self, node: yaml.SequenceNode) -> list[tuple[str, str]]:
        """(what stands above, the lines of the item) for every item of a block list."""
        items: list[tuple[str, str]] = []
        before = self.line_start(self.dash(node.value[0])) if node.value else 0
        if node.value:
            above = self.text[:before].rstrip("\n").split("\n")
            while above and above[-1].lstrip().startswith("#"):
                before -= len(above.pop()) + 1
        for item in node.value:
            start, end = self.line_start(self.dash(item)), self.content_end(item)
            items.append((self.text[before:start], self.text[start:end]))
            before = min(end + 1, len(self.text))
        return items

    def dash(self, item: yaml.Node) -> int:
        return self.text.rfind("-", 0, item.start_mark.index)


class _Edits:
    def __init__(self, file: YamlText, order: Sequence[str], identity: Identity) -> None:
        self.made: list[_Edit] = []
        self._file = file
        self._order = {key: place for place, key in enumerate(order)}
        self._identity = identity

    def mapping(self, node: yaml.MappingNode, value: Mapping[str, Tree]) -> None:
        column = node.value[0][0].start_mark.column if node.value else 0
        kept = []
        for key, below in node.value:
            if key.value in value:
                kept.append((key, below))
                self._value(key, below, value[key.value], column)
            else:
                self._drop(key, below)
        new = {key: value[key] for key in value if _child(node, key) is None}
        self._insert(node, kept, new, column)

    def _value(self, key: yaml.Node, node: yaml.Node, value: Tree, column: int) -> None:
        if _value(node) == value:
            return
        if isinstance(node, yaml.MappingNode) and isinstance(value, Mapping) and value and _block(node):
            self.mapping(node, value)
        elif isinstance(node, yaml.SequenceNode) and not isinstance(value, (str, Mapping)) and value and _block(node):
            self._listing(node, value)
        else:
            self._replace(key, node, value, column)

    def _replace(self, key: yaml.Node, node: yaml.Node, value: Tree, column: int) -> None:
        """A value given anew. A comment beside it stays beside it."""
        file, text = self._file, self._file.text
        colon = text.index(":", key.end_mark.index) + 1
        end = file.content_end(node)
        if _block(node):
            header = file.line_end(colon)
            comment = text[colon:header].strip()
        else:
            tail = file.line_end(node.start_mark.index) if _folded(node) else node.end_mark.index
            comment = (
                text[node.start_mark.index : tail].strip(">|+-0123456789 \t")
                if _folded(node)
                else text[tail:end].strip()
            )
        comment = comment if comment.startswith("#") else ""
        new = (
            Written(one_line(value))
            if comment and isinstance(value, str)
            else written(value, column, key=str(key.value))
        )
        line = "".join(f" {part}" for part in (new.inline, comment) if part)
        self.made.append(_Edit(colon, end, "\n".join((line, *new.lines))))

    def _drop(self, key: yaml.Node, node: yaml.Node) -> None:
        start, end = self._file.line_start(key.start_mark.index), self._file.content_end(node)
        # With the line break before it, so that the end of the file stays as it is.
        self.made.append(_Edit(max(start - 1, 0), end, ""))

    def _insert(
        self, node: yaml.MappingNode, kept: Sequence[tuple[yaml.Node, yaml.Node]], new: Mapping[str, Tree], column: int
    ) -> None:
        if not new:
            return
        after: dict[int, list[str]] = {}
        for name, value in new.items():
            before = [pair for pair in kept if self._place(pair[0].value) < self._place(name)] or kept[-1:]
            at = self._file.content_end(before[-1][1]) if before else self._file.content_end(node)
            after.setdefault(at, []).extend(mapping_lines({name: value}, column))
        for at, lines in after.items():
            self.made.append(_Edit(at, at, "".join(f"\n{line}" for line in lines)))

    def _place(self, key: str) -> int:
        return self._order.get(key, len(self._order))

    def _listing(self, node: yaml.SequenceNode, value: Sequence[Tree]) -> None:
        """The lines of every item that stays, moved where it belongs; new ones between them."""
        file = self._file
        column = node.start_mark.column
        old = _by_identity([_value(item) for item in node.value], self._identity)
        items = file._items(node)  # noqa: SLF001  the two classes are one
        start = file.line_start(file.dash(node.value[0])) - len(items[0][0])
        wanted = _by_identity(value, self._identity)
        places = {name: place for place, name in enumerate(old)}
        apart = [lead.startswith("\n") for lead, _ in items[1:]] or [items[0][1].count("\n") >= _LONG_ITEM]
        parts: list[str] = []
        for name, one in wanted.items():
            lead, body = items[places[name]] if name in old else ("", "\n".join(item_lines(one, column)))
            if name in old:
                body = self._item(node.value[places[name]], one, body, column)
            new_place = name not in old or places[name] != len(parts)
            gap = "\n" if parts and any(apart) else ""
            parts.append((gap + lead.lstrip("\n") if new_place else lead) + body)
        comments = "".join(_comments(items[places[name]][0]) for name in old if name not in wanted)
        self.made.append(_Edit(start, file.content_end(node), comments + "\n".join(parts)))

    def _item(self, node: yaml.Node, value: Tree, body: str, column: int) -> str:
        if _value(node) == value:
            return body
        if (
            isinstance(node, yaml.MappingNode)
            and isinstance(value, Mapping)
            and _block(node)
            and self._same_head(node, value)
        ):
            inner = _Edits(self._file, list(self._order), self._identity)
            inner.mapping(node, value)
            start = self._file.line_start(self._file.dash(node))
            for edit in sorted(inner.made, key=lambda one: (one.start, one.end), reverse=True):
                body = body[: edit.start - start] + edit.text + body[edit.end - start :]
            return body
        return "\n".join(item_lines(value, column))

    def _same_head(self, node: yaml.MappingNode, value: Mapping[str, Tree]) -> bool:
        """The key beside the dash stays, so its line may."""
        return bool(node.value) and node.value[0][0].value in value


def _by_identity(items: Sequence[Tree], identity: Identity) -> dict[tuple[str, int], Tree]:
    """Items by what tells them apart, and by how often that was there before."""
    found: dict[tuple[str, int], Tree] = {}
    counts: dict[str, int] = {}
    for item in items:
        name = identity(item)
        counts[name] = counts.get(name, 0) + 1
        found[name, counts[name]] = item
    return found


def _comments(text: str) -> str:
    """The lines of a text that are comments, and those with one beside a value."""
    return "".join(f"{line}\n" for line in text.split("\n") if line.lstrip().startswith("#"))


def _block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _folded(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    pairs: Any = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((below for name, below in pairs if name.value == key), None)


def _value(node: yaml.Node) -> Tree:
    match node:
        case yaml.MappingNode():
            return {key.value: _value(below) for key, below in node.value}
        case yaml.SequenceNode():
            return [_value(item) for item in node.value]
        case _:
            return _scalar(node)


def _scalar(node: yaml.Node) -> str:
    text = str(node.value)
    return text if getattr(node, "style", None) else _bare(text)


def _bare(text: str) -> str:
    """Unquoted numbers and truth values stay unquoted when they are written again."""
    resolve: Callable[..., str] = _RESOLVER.resolve
    tag = resolve(yaml.ScalarNode, text, (True, False))
    return text if tag == _TEXT or not text else Bare(text)


def _scalars(node: yaml.Node) -> Iterator[yaml.Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        match one:
            case yaml.MappingNode():
                waiting += [part for pair in one.value for part in pair]
            case yaml.SequenceNode():
                waiting += one.value
            case _:
                yield one
