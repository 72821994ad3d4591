"""Between YAML and the model: references are resolved, and values that must not stand in a file are refused."""

from __future__ import annotations

import re
from dataclasses import replace

from config.problems import Flaw, FlawError
from config.references import Reference, References, interpolate
from config.scalars import Plain, resolve
from config.secret import PLAIN_SECRET, RESOLVED_BY_FIELD, Secret
from config.shape import VERBATIM, Shape
from config.tokens import credential, is_placeholder
from config.tree import Entry, KeyPath, Listing, Node, Scalar, Table
from config.wording import label, wrong_type

_EATEN_BY_COMMENT = re.compile(r"[ \t]*:[ \t]+#[^\s#]")
_ONLY_NUMBERS_AND_TRUTH = frozenset({"integer", "number", "boolean"})
_REVOKE = "write ${env:NAME} or ${file:PATH} in the field meant for it; revoke the credential if this file was shared"


class Preparation:
    """Walks a tree once; `flaws` holds what was refused. Values a model takes as they are stay as they are."""

    def __init__(
        self, text: str, references: References, *, interpolated: bool, as_text: frozenset[KeyPath] = frozenset()
    ) -> None:
        self.flaws: list[Flaw] = []
        self._text = text
        self._references = references
        self._interpolated = interpolated
        self._as_text = as_text

    def table(self, table: Table, shape: Shape, path: KeyPath = ()) -> Table:
        """The table as the model should see it: an empty value of an optional key counts as not given."""
        known = frozenset(shape.names())
        entries: dict[str, Entry] = {}
        for name, entry in table.entries.items():
            if isinstance(entry.value, Scalar) and entry.value.value is None:
                self._refuse_comment(entry)
                if name in known and not shape.requires(name):
                    continue
            entries[name] = replace(entry, value=self._node(entry.value, shape.step(name), (*path, name)))
        return replace(table, entries=entries)

    def _node(self, node: Node, shape: Shape, path: KeyPath) -> Node:
        match node:
            case Table():
                return self.table(node, shape, path)
            case Listing():
                self._require_unique(node, shape, path)
                items = (self._node(item, shape.step(i), (*path, i)) for i, item in enumerate(node.items))
                return replace(node, items=tuple(items))
            case Scalar():
                scalar = self._scalar(node, shape.formats(), path)
                self._require_type(scalar, shape, path)
                return scalar

    def _refuse_comment(self, entry: Entry) -> None:
        """`channel: #sales` is an empty value and a comment."""
        if _EATEN_BY_COMMENT.match(self._text, entry.key.end):
            hint = "put the value in quotes; if a comment is meant, write a space after `#`"
            self._flaw(entry.value, "everything after `#` is a comment, so no value is left", hint)

    def _require_unique(self, listing: Listing, shape: Shape, path: KeyPath) -> None:
        for key in shape.unique_by():
            seen: dict[str, int] = {}
            for item in listing.items:
                entry = item.entries.get(key) if isinstance(item, Table) else None
                if entry is None or not isinstance(entry.value, Scalar):
                    continue
                line = seen.setdefault(entry.value.text, entry.value.place.line)
                if line != entry.value.place.line:
                    message = f"{label(path)}: this `{key}` is given twice, first in line {line}"
                    self._flaw(entry.value, message, "give each its own")

    def _scalar(self, scalar: Scalar, formats: frozenset[str], path: KeyPath) -> Scalar:
        if VERBATIM in formats or formats & RESOLVED_BY_FIELD:
            return scalar
        if PLAIN_SECRET in formats:
            return self._secret(scalar, path)
        if self._interpolated and isinstance(scalar.value, str) and is_placeholder(scalar.text):
            self._flaw(scalar, f"{label(path)}: this is a placeholder", "write the real value")
        elif kind := credential(scalar.text):
            self._flaw(scalar, f"{label(path)}: this looks like {kind}", _REVOKE)
        elif self._interpolated and "${" in scalar.text:
            return self._resolved(scalar, path)
        return scalar

    def _require_type(self, scalar: Scalar, shape: Shape, path: KeyPath) -> None:
        """Models turn "8080" into a number and 1 into true; a file that says so is likely a slip."""
        types = shape.types()
        if types and types <= _ONLY_NUMBERS_AND_TRUTH and not _fits(scalar.value, types):
            message, hint = wrong_type(types, scalar, path, shape)
            self._flaw(scalar, message, hint)

    def _secret(self, scalar: Scalar, path: KeyPath) -> Scalar:
        """A field of pydantic's own secret type: the same rules, and the value handed over in its stead."""
        try:
            value = Secret.read(scalar.text, self._references).reveal()
        except FlawError as error:
            self._flaw(scalar, f"{label(path)}: {error.flaw.message}", error.flaw.hint)
            return scalar
        return replace(scalar, value=value, text=value, reference=scalar.text)

    def _resolved(self, scalar: Scalar, path: KeyPath) -> Scalar:
        try:
            text = interpolate(scalar.text, self._variable)
            _require_ordinary(text)
            value = text if scalar.quoted or path in self._as_text else resolve(text)
        except FlawError as error:
            self._flaw(scalar, f"{label(path)}: {error.flaw.message}", error.flaw.hint)
            return scalar
        return replace(scalar, value=value, text=text, reference=scalar.text)

    def _variable(self, reference: Reference) -> str:
        if reference.kind == "file":
            raise FlawError("${file:PATH} is for secrets only", "write the value itself, or ${env:NAME}")
        return self._references.resolve(reference)

    def _flaw(self, node: Node, message: str, hint: str) -> None:
        self.flaws.append(Flaw(message=message, hint=hint, line=node.place.line, column=node.place.column))


def _fits(value: Plain, types: frozenset[str]) -> bool:
    match value:
        case None:
            return True  # whether a value is needed is the model's question
        case bool():
            return "boolean" in types
        case int():
            return bool(types & {"integer", "number"})
        case float():
            return "number" in types
        case str():
            return False


def _require_ordinary(text: str) -> None:
    if kind := credential(text):
        raise FlawError(f"the value of a variable here looks like {kind}", "use it in the field meant for it")
