"""Everything an admin's folder says, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from config.document import place_in
from config.models.handoff import HandoffSettings
from config.models.settings import FrontdeskSettings
from config.problems import Problem, Severity
from config.tree import KeyPath, Table
from core.persona import Persona

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was read: where it is, what it weighs in at (SHA-256, hexadecimal), where its keys stand."""

    path: Path
    digest: str
    root: Table
    text: str = ""  # as it was read

    def problem(self, path: KeyPath, message: str, hint: str = "", *, severity: Severity = Severity.ERROR) -> Problem:
        """A finding of another room about one key of this file."""
        place = place_in(self.root, path)
        return Problem(
            file=str(self.path), line=place.line, column=place.column, message=message, hint=hint, severity=severity
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The admin's files, read and valid. Its representation shows references, never secrets."""

    directory: Path
    settings: FrontdeskSettings
    personas: tuple[Persona, ...]
    handoff: HandoffSettings | None  # None without a `handoff.yaml`
    channels: Mapping[str, BaseModel]  # by the channel's name, which is its file's
    extras: Mapping[str, BaseModel]  # files of other rooms, by file name; an absent one is absent
    sources: Mapping[str, SourceFile]  # by path within the folder, e.g. "channels/web.yaml"

    def file_of(self, name: str, model: type[Model]) -> Model | None:
        """The content of another room's file, None when the folder has none. Raises `TypeError` for the wrong model."""
        value = self.extras.get(name)
        if value is None or isinstance(value, model):
            return value
        raise TypeError(f"{name} was read as {type(value).__name__}, not as {model.__name__}")

    def locate(self, name: str) -> Path:
        """A path of the files, which is relative to their folder, as a path of this process."""
        return self.directory / name
