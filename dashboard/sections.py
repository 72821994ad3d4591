"""The six sections of a profile as rows: facts with the words they were taken from, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic import Field as Described

from core.fact import Fact, Field
from core.ledger import Known
from core.profile import Profile

_FILE = "resources/profile.yaml"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RowShape(_Shape):
    """One row: of a field of facts, or of a value of the profile. `now`: it is known for the present only."""

    label: str
    field: Field | None = None
    value: str = ""
    written: str = Described(default="words", alias="as")
    now: bool = False


class SectionShape(_Shape):
    title: str
    rows: tuple[RowShape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value in words; `fact` is what it was taken from, None for what is worked out."""

    words: str
    fact: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    rows: tuple[Row, ...]  # those of which something is known


@cache
def shapes() -> tuple[SectionShape, ...]:
    """What the sections hold, in their order."""
    text = files("dashboard").joinpath(_FILE).read_text("utf-8")
    return TypeAdapter(tuple[SectionShape, ...]).validate_python(yaml.safe_load(text))


@cache
def label_of(field: Field) -> str:
    """How a field is called on pages."""
    named = (row.label for section in shapes() for row in section.rows if row.field is field)
    return next(named, field.value.replace("_", " "))


def sections_of(
    profile: Profile, known: Known, words: Callable[[Fact], str], *, at_present: bool = True
) -> tuple[Section, ...]:
    """All six; of an earlier moment without what was not kept of it."""
    return tuple(
        Section(title=shape.title, rows=tuple(_rows(shape, profile, known, words, at_present=at_present)))
        for shape in shapes()
    )


def _rows(
    shape: SectionShape, profile: Profile, known: Known, words: Callable[[Fact], str], *, at_present: bool
) -> Iterator[Row]:
    for row in shape.rows:
        if row.now and not at_present:
            continue
        if row.field is not None:
            entries = tuple(Entry(words=words(fact), fact=fact) for fact in known.get(row.field, ()))
        else:
            entries = tuple(Entry(words=text) for text in _written(_at(profile, row.value), row.written))
        if entries:
            yield Row(label=row.label, entries=entries)


def _at(profile: Profile, path: str) -> Any:
    return reduce(getattr, path.split("."), profile)


def _written(value: Any, how: str) -> Iterator[str]:
    """Nothing for what is unknown."""
    if value is None or value in {"", ()}:
        return
    if isinstance(value, tuple):
        for one in value:
            yield from _written(one, how)
    elif how == "percent":
        yield f"{100 * value:.0f} %"
    elif how == "time":
        yield datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M UTC")
    elif how == "seconds":
        yield str(timedelta(seconds=round(value)))
    else:
        yield str(value).replace("_", " ")
