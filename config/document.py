"""One file of the admin: bytes in, a validated model and every flaw out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.composing import compose
from config.preparing import Preparation
from config.problems import Flaw, FlawError
from config.reading import decode, place_of
from config.references import References
from config.shape import Shape, shape_of
from config.tokens import tokens_in
from config.tree import START, KeyPath, Listing, Node, Place, Scalar, Table, child, plain, scalars
from config.wording import worded, wrong_key

Model = TypeVar("Model", bound=BaseModel)

MAX_FLAWS = 100
"""Flaws reported of one file; whoever has more mends these first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Generic[Model]):
    """`value` is None whenever there is a flaw."""

    value: Model | None
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """A file before any model has been applied."""

    text: str
    root: Table | None  # None when there is nothing to go on with
    flaws: tuple[Flaw, ...]


def parse_document(data: bytes) -> Syntax:
    """Bytes to a tree. An empty file has a root without entries. Never raises."""
    try:
        text = decode(data)
    except FlawError as error:
        return Syntax(text="", root=None, flaws=(error.flaw,))
    composed = compose(text)
    flaws = (*composed.flaws, *islice(_stray_tokens(text, composed.root), MAX_FLAWS))
    root = composed.root
    nothing = isinstance(root, Scalar) and root.value is None
    if nothing or (root is None and not flaws):
        root = Table()
    if root is None or isinstance(root, Table):
        return Syntax(text=text, root=root, flaws=flaws)
    found = "a list" if isinstance(root, Listing) else "a single value"
    flaw = Flaw(message=f"expected `key: value` lines, found {found}", line=root.place.line, column=root.place.column)
    return Syntax(text=text, root=None, flaws=(*flaws, flaw))


def _stray_tokens(text: str, root: Node | None) -> Iterator[Flaw]:
    """Credentials in comments, keys and text that did not become a value; values are looked at one by one."""
    spans = sorted((one.start, one.end) for _, one in scalars(root)) if root is not None else []
    starts = [start for start, _ in spans]
    for start, _, kind in tokens_in(text):
        index = bisect_right(starts, start) - 1
        if index >= 0 and start < spans[index][1]:
            continue
        line, column = place_of(text, start)
        hint = "revoke it if this file was ever shared, and write ${env:NAME} or ${file:PATH} instead"
        yield Flaw(message=f"this looks like {kind}", hint=hint, line=line, column=column)


def apply_model(
    syntax: Syntax, model: type[Model], references: References, *, interpolated: bool = True
) -> Document[Model]:
    """Validate a parsed file. With `interpolated`, `${env:NAME}` may stand in every value; else only in secrets."""
    if syntax.root is None:
        return Document(value=None, flaws=_bounded(syntax.flaws))
    shape = shape_of(model)
    if not syntax.root.entries and not syntax.flaws and any(shape.requires(key) for key in shape.names()):
        return Document(value=None, flaws=(Flaw(message="the file is empty", hint=_needed(shape)),))
    preparation = Preparation(syntax.text, references, interpolated=interpolated)
    root = preparation.table(syntax.root, shape)
    value, errors = _validate(model, root, references)
    if texts := _meant_as_text(root, errors):
        preparation = Preparation(syntax.text, references, interpolated=interpolated, as_text=texts)
        root = preparation.table(syntax.root, shape)
        value, errors = _validate(model, root, references)
    flaws = (*syntax.flaws, *preparation.flaws)
    flaws = _bounded((*flaws, *_new_flaws(flaws, root, shape, errors)))
    return Document(value=None if flaws else value, flaws=flaws)


def _needed(shape: Shape) -> str:
    required = ", ".join(f"`{key}`" for key in shape.names() if shape.requires(key))
    return f"it needs at least {required}"


def _validate(model: type[Model], root: Table, references: References) -> tuple[Model | None, list[ErrorDetails]]:
    try:
        return model.model_validate(plain(root), context=references), []
    except ValidationError as error:
        return None, error.errors(include_url=False, include_input=False)


def _meant_as_text(root: Table, errors: list[ErrorDetails]) -> frozenset[KeyPath]:
    """Places that want a text where a variable's value happened to read as a number."""
    found = [_find(root, error["loc"]) for error in errors if error["type"] == "string_type"]
    return frozenset(path for path, node, _ in found if isinstance(node, Scalar) and node.reference)


def _new_flaws(flaws: tuple[Flaw, ...], root: Table, shape: Shape, errors: list[ErrorDetails]) -> Iterator[Flaw]:
    """Findings at places where nothing was found before: one value is not reported twice."""
    known = {(flaw.line, flaw.column) for flaw in flaws}
    for error in errors[: 2 * MAX_FLAWS]:
        flaw = _flaw(error, root, shape)
        if error["type"] in {"missing", "extra_forbidden"} or (flaw.line, flaw.column) not in known:
            yield flaw


def _flaw(error: ErrorDetails, root: Table, shape: Shape) -> Flaw:
    loc = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    if loc and loc[-1] == "[key]":  # what pydantic calls a finding about the key itself
        path, _, place = _find(root, loc[:-1])
        message, hint = wrong_key(error, path)
        return Flaw(message=message, hint=hint, line=place.line, column=place.column)
    absent = error["type"] == "missing"
    path, node, place = _find(root, loc[:-1] if absent else loc)
    if absent:
        path, node = (*path, loc[-1]), None
    elif error["type"] == "extra_forbidden":
        message, hint = worded(error, path, node, shape.at(path[:-1]))
        return Flaw(message=message, hint=hint or "remove it", line=place.line, column=place.column)
    elif node is not None and not (isinstance(node, Table) and path):
        place = node.place
    message, hint = worded(error, path, node, shape.at(path))
    return Flaw(message=message, hint=hint, line=place.line, column=place.column)


def _find(root: Table, loc: tuple[str | int, ...]) -> tuple[KeyPath, Node | None, Place]:
    """The real path a location leads to, what stands there, and where its key or item begins.

    Steps that are no keys (pydantic names branches of unions in between) are passed over.
    """
    path: KeyPath = ()
    node: Node = root
    place = START
    for step in loc:
        below = child(node, step)
        if below is None:
            continue
        table_key = node.entries[step].key.place if isinstance(node, Table) and isinstance(step, str) else None
        path, node, place = (*path, step), below, table_key or below.place
    return path, node, place


def place_in(root: Table, path: KeyPath) -> Place:
    """Where the key or item at the end of a path begins; the nearest one above it where the path ends early."""
    return _find(root, path)[2]


def _bounded(flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    ordered = tuple(sorted(dict.fromkeys(flaws), key=lambda flaw: (flaw.line, flaw.column)))
    if len(ordered) <= MAX_FLAWS:
        return ordered
    more = Flaw(message=f"more than {MAX_FLAWS} problems in this file", hint="mend these first, then check again")
    return (*ordered[:MAX_FLAWS], more)
