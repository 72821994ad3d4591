"""Building the tree from YAML's events: no recursion, no aliases, no tags, bounded depth and size."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from config.problems import Flaw, FlawError
from config.scalars import Plain, resolve
from config.syntax import explain
from config.tree import START, Entry, Listing, Node, Place, Scalar, Table

MAX_DEPTH = 32
MAX_NODES = 50_000

_SURROGATE = re.compile("[\ud800-\udfff]")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """`root` is None for an empty file and for one that cannot be parsed; the latter has flaws."""

    root: Node | None
    flaws: tuple[Flaw, ...]


def compose(text: str) -> Composed:
    """Parse one document. Never raises on any text; a syntax error ends the reading, everything else is collected."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except FlawError as error:
        return Composed(root=None, flaws=(*builder.flaws, error.flaw))
    except yaml.YAMLError as error:
        return Composed(root=None, flaws=(*builder.flaws, explain(error, text)))
    return Composed(root=builder.root, flaws=tuple(builder.flaws))


@dataclass(slots=True)
class _ListFrame:
    place: Place
    items: list[Node] = field(default_factory=list)

    def close(self) -> Node:
        return Listing(items=tuple(self.items), place=self.place)


@dataclass(slots=True)
class _TableFrame:
    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)
    at_key: bool = True
    key: Scalar | None = None

    def close(self) -> Node:
        return Table(entries=self.entries, place=self.place)


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.flaws: list[Flaw] = []
        self._open: list[_ListFrame | _TableFrame] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._begin(event)
            case yaml.NodeEvent():
                self._refuse_sharing(event)
                self._count(event)
                self._place_node(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._add(self._open.pop().close())
            case _:
                pass

    def _begin(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _error(event, "a second document begins here", "keep one document in a file: remove this `---`")

    def _refuse_sharing(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._flaw(event, "aliases (`*name`) are not supported", "write the value out, or put it in quotes")
        elif event.anchor is not None:
            self._flaw(event, "anchors (`&name`) are not supported", "write each value out, or put it in quotes")
        if getattr(event, "tag", None) is not None:
            hint = "write the value itself; nothing is included from other files, and a text goes in quotes"
            self._flaw(event, "tags (`!name`) are not supported", hint)

    def _count(self, event: yaml.Event) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _error(event, f"the file holds more than {MAX_NODES:,} values", "remove what does not belong here")
        if len(self._open) >= MAX_DEPTH:
            raise _error(event, f"the file is nested more than {MAX_DEPTH} levels deep", "flatten it")

    def _place_node(self, event: yaml.NodeEvent) -> None:
        match event:
            case yaml.SequenceStartEvent():
                self._open.append(_ListFrame(_place(event)))
            case yaml.MappingStartEvent():
                self._open.append(_TableFrame(_place(event)))
            case yaml.ScalarEvent():
                self._add(self._scalar(event))
            case _:
                start, end = _span(event)
                self._add(Scalar(value=None, text="", place=_place(event), start=start, end=end))

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        value, quoted = event.value, bool(event.style)  # libyaml says "" for unquoted, pure Python None
        meaning: Plain = None
        try:
            _require_characters(value)
            meaning = value if quoted else resolve(value)
        except FlawError as error:
            self._flaw(event, error.flaw.message, error.flaw.hint)
        start, end = _span(event)
        return Scalar(value=meaning, text=value, place=_place(event), start=start, end=end, quoted=quoted)

    def _add(self, node: Node) -> None:
        match self._open[-1] if self._open else None:
            case None:
                self.root = node
            case _ListFrame() as frame:
                frame.items.append(node)
            case _TableFrame(at_key=True) as frame:
                frame.key, frame.at_key = self._key(node, frame), False
            case _TableFrame() as frame:
                if frame.key is not None:
                    frame.entries[frame.key.text] = Entry(key=frame.key, value=node)
                frame.at_key = True

    def _key(self, node: Node, frame: _TableFrame) -> Scalar | None:
        """The key if it can be used; a refused one is reported and its value is skipped."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            self._refuse(node, "a key must be a text", 'put it in quotes, as in `"404": ...`')
        elif node.text == "<<" and not node.quoted:
            self._refuse(node, "merge keys (`<<`) are not supported", "write the keys out")
        elif (earlier := frame.entries.get(node.text)) is not None:
            line = earlier.key.place.line
            self._refuse(node, f"this key is given twice, first in line {line}", "keep one of the two")
        else:
            return node
        return None

    def _refuse(self, node: Node, message: str, hint: str) -> None:
        place = node.place
        self.flaws.append(Flaw(message=message, hint=hint, line=place.line, column=place.column))

    def _flaw(self, event: yaml.Event, message: str, hint: str) -> None:
        self.flaws.append(_error(event, message, hint).flaw)


def _require_characters(text: str) -> None:
    if _SURROGATE.search(text):
        raise FlawError("this escape is no character", "write the character itself")


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return START if mark is None else Place(mark.line + 1, mark.column + 1)


def _span(event: yaml.Event) -> tuple[int, int]:
    start, end = event.start_mark, event.end_mark
    return (0, 0) if start is None or end is None else (start.index, end.index)


def _error(event: yaml.Event, message: str, hint: str) -> FlawError:
    place = _place(event)
    return FlawError(message, hint, line=place.line, column=place.column)
