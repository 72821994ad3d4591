"""What somebody who looks at a part of Frontdesk from outside has to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import DependencyError, FrontdeskError

_NEXT = " Next: "
_LONGEST_NAME = 60


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # it works, and not as somebody may expect
    ERROR = "error"  # it does not work until somebody mends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing found out about a part. Holds no secret, and of a stranger's words only what `named` lets through."""

    level: Level
    what: str
    next_step: str = ""  # always there where something is to be done


def fine(what: str) -> Diagnosis:
    return Diagnosis(level=Level.OK, what=what)


def doubtful(what: str, next_step: str) -> Diagnosis:
    return Diagnosis(level=Level.WARNING, what=what, next_step=next_step)


def broken(what: str, next_step: str) -> Diagnosis:
    return Diagnosis(level=Level.ERROR, what=what, next_step=next_step)


def diagnosed(error: FrontdeskError, next_step: str) -> Diagnosis:
    """An error of ours; `next_step` is for one whose message names none.

    A message names one behind "Next:", and that of a `DependencyError` behind its last colon.
    """
    text = str(error)
    what, mark, step = text.partition(_NEXT)
    if not mark and isinstance(error, DependencyError):
        what, mark, step = text.rpartition(": ")
    return broken(what.rstrip(".") if mark else text, step.rstrip(".") if mark else next_step)


def named(text: object) -> str:
    """A name that somebody else chose, fit for a line on a terminal."""
    shown = "".join(one for one in str(text) if one.isprintable())
    return shown[:_LONGEST_NAME]
