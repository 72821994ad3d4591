"""What is wrong with the admin's files, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import ConfigError


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A problem inside one file. Lines and columns count from 1, in characters; 0 means the file as a whole."""

    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR


class FlawError(Exception):
    """Carries a `Flaw` to whoever knows the file and the place. Never leaves this room."""

    def __init__(self, message: str, hint: str = "", *, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.flaw = Flaw(message=message, hint=hint, line=line, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. No field ever holds a secret or the value of an environment variable."""

    file: str
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """`file:line:col`, or the file alone when the whole of it is meant."""
        file = printable(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file

    def render(self) -> str:
        """`file:line:col: message`, with the next step on a line of its own."""
        kind = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        head = f"{self.where}: {kind}{self.message}"
        return f"{head}\n    {self.hint}" if self.hint else head

    def to_json(self) -> dict[str, Any]:
        """For machines; `line` and `column` are null when the whole file is meant."""
        return {
            "file": printable(self.file),
            "line": self.line or None,
            "column": self.column or None,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint or None,
        }


class ConfigErrors(ConfigError):
    """Everything wrong with a folder of files at once; warnings are listed too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(render(self.problems))

    def render(self) -> str:
        """One paragraph a problem, errors and warnings in the order of the files."""
        return render(self.problems)

    def to_json(self) -> list[dict[str, Any]]:
        """The same, for machines."""
        return [problem.to_json() for problem in self.problems]


def render(problems: Iterable[Problem]) -> str:
    """All problems for people, one paragraph each."""
    return "\n".join(problem.render() for problem in problems)


def printable(text: str) -> str:
    """The text with everything a terminal could act on written as an escape."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "backslashreplace").decode()
        for letter in text
    )
