"""YAML text as a tree that remembers the place of every key and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.scalars import Plain

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Counted from 1, in characters."""

    line: int
    column: int


START = Place(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value. `text` is what was written, without quotes; `start` and `end` are offsets into the file's text."""

    value: Plain
    text: str
    place: Place
    start: int
    end: int
    quoted: bool = False
    reference: str = ""  # the reference the value was taken from, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping with text keys; each key once."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    place: Place = START


Node = Scalar | Listing | Table


def plain(node: Node) -> object:
    """The tree as lists, dicts and plain values."""
    match node:
        case Scalar():
            return node.value
        case Listing():
            return [plain(item) for item in node.items]
        case Table():
            return {name: plain(entry.value) for name, entry in node.entries.items()}


def child(node: Node | None, step: str | int) -> Node | None:
    """The value under a key or an index, None when there is none."""
    match node:
        case Table() if isinstance(step, str):
            entry = node.entries.get(step)
            return entry.value if entry else None
        case Listing() if isinstance(step, int) and 0 <= step < len(node.items):
            return node.items[step]
        case _:
            return None


def scalars(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Scalar]]:
    """Every value with the way to it, in the order of the file."""
    match node:
        case Scalar():
            yield path, node
        case Listing():
            for index, item in enumerate(node.items):
                yield from scalars(item, (*path, index))
        case Table():
            for name, entry in node.entries.items():
                yield from scalars(entry.value, (*path, name))
