"""Reading the local writer's phrase files: `resources/phrases/<language>.yaml`.

A file maps keys to lists of variants, directly or in groups one level deep: `ask:` with `company_size:` below it is
the key `ask.company_size`. A variant may hold `{slot}`s whose names are identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from config.document import parse_document
from config.problems import ConfigErrors, Flaw, Problem
from config.schema import DIALECT
from config.tree import Entry, Listing, Node, Scalar, Table
from core.phrases import Phrases

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SLOT = re.compile(r"\{([^{}]*)\}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

VARIANT_LIMIT = 1_000
"""Characters of one variant."""

_DEPTH = 2


def slots_of(variant: str) -> frozenset[str]:
    """The names of a variant's slots."""
    return frozenset(_SLOT.findall(variant))


def shipped_languages() -> tuple[str, ...]:
    """The languages that come with Frontdesk, sorted."""
    folder = files("config") / "resources" / "phrases"
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def shipped_phrases(language: str) -> Phrases:
    """The phrases of one shipped language. Raises `ConfigErrors`, also for a language that is not shipped."""
    name = f"config/resources/phrases/{language}.yaml"
    resource = files("config") / "resources" / "phrases" / f"{language}.yaml"
    if not _LANGUAGE.fullmatch(language) or not resource.is_file():
        hint = "shipped are: " + (", ".join(shipped_languages()) or "none")
        raise ConfigErrors([Problem(file=name, message="there are no phrases in this language", hint=hint)])
    return parse_phrases(resource.read_bytes(), language=language, file=name)


def parse_phrases(data: bytes, *, language: str, file: str) -> Phrases:
    """The phrases of one file. Raises `ConfigErrors` with every flaw at its line; `file` is the name to show."""
    syntax = parse_document(data)
    reading = _Reading(list(syntax.flaws))
    if syntax.root is not None:
        reading.group(syntax.root, ())
        if not syntax.root.entries and not syntax.flaws:
            reading.flaws.append(Flaw(message="the file is empty", hint="write `key:` with a list of variants below"))
    if reading.flaws:
        raise ConfigErrors(_problems(file, reading.flaws))
    return Phrases(language=language, variants=MappingProxyType(reading.variants))


def _problems(file: str, flaws: list[Flaw]) -> Iterator[Problem]:
    for flaw in sorted(flaws, key=lambda flaw: (flaw.line, flaw.column)):
        yield Problem(file=file, line=flaw.line, column=flaw.column, message=flaw.message, hint=flaw.hint)


class _Reading:
    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        self.variants: dict[str, tuple[str, ...]] = {}

    def group(self, table: Table, above: tuple[str, ...]) -> None:
        for name, entry in table.entries.items():
            path = (*above, name)
            if not _KEY.fullmatch(name):
                self._flaw(entry.key, "a key has lower-case letters, digits and `_` only", "rename it")
            elif isinstance(entry.value, Table) and entry.value.entries and len(path) < _DEPTH:
                self.group(entry.value, path)
            else:
                self._phrase(".".join(path), entry)

    def _phrase(self, key: str, entry: Entry) -> None:
        match entry.value:
            case Listing(items=items) if items:
                self.variants[key] = tuple(text for text in self._texts(key, items))
            case Listing():
                self._flaw(entry.value, f"{key}: the list is empty", "write at least one variant")
            case _:
                self._flaw(entry.value, f"{key}: expected a list of variants", "begin each variant with `- `")

    def _texts(self, key: str, items: tuple[Node, ...]) -> Iterator[str]:
        seen: set[str] = set()
        for item in items:
            flaw = _flaw_of(item, seen)
            if flaw is not None:
                self._flaw(item, f"{key}: {flaw[0]}", flaw[1])
            elif isinstance(item, Scalar):
                seen.add(item.text)
                yield item.text

    def _flaw(self, node: Node, message: str, hint: str) -> None:
        self.flaws.append(Flaw(message=message, hint=hint, line=node.place.line, column=node.place.column))


def _flaw_of(item: Node, seen: set[str]) -> tuple[str, str] | None:
    """Message and hint, None for a variant that can be used."""
    if not isinstance(item, Scalar) or not isinstance(item.value, str):
        return "a variant is a text", "put it in quotes"
    text = item.value
    if not text.strip():
        return "a variant is empty", "write a sentence or remove it"
    if text in seen:
        return "this variant is given twice", "remove one of the two"
    if len(text) > VARIANT_LIMIT:
        return f"a variant has at most {VARIANT_LIMIT:,} characters", "shorten it"
    return _slot_flaw(text)


def _slot_flaw(text: str) -> tuple[str, str] | None:
    for slot in _SLOT.findall(text):
        if not _IDENTIFIER.fullmatch(slot):
            return "a slot's name has lower-case letters, digits and `_` only", "write it as in `{company}`"
    if set("{}") & set(_SLOT.sub("", text)):
        return "a brace stands alone", "write a slot as in `{company}`, or remove the brace"
    return None


def phrases_schema() -> dict[str, Any]:
    """JSON Schema of a phrase file."""
    text = {"type": "string", "minLength": 1, "maxLength": VARIANT_LIMIT}
    variants = {
        "description": "All ways to say it; `{slot}`s are filled when it is said.",
        "type": "array",
        "items": text,
        "minItems": 1,
        "uniqueItems": True,
    }
    names = {"pattern": f"^{_KEY.pattern}$"}
    group = {"type": "object", "propertyNames": names, "additionalProperties": variants}
    return {
        "$schema": DIALECT,
        "title": "Phrases of the local writer",
        "type": "object",
        "propertyNames": names,
        "additionalProperties": {"anyOf": [variants, group]},
    }
