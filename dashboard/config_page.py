"""The admin's files as they are in force, and what of them was edited since: redacted, checked, compared."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from config.problems import Problem
from config.redaction import redacted
from dashboard.machine import Machine
from dashboard.own_account import Nothing
from dashboard.pages import Action, NotDone, Page, Shown, Visit, Written
from dashboard.roles import Role

_LONGEST = 40_000
"""Characters of a file that are shown; what personas know of a large site is longer."""
_MOST_LINES = 400
_MARKS = {"+": "plus", "-": "minus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminFile:
    """`edited` is what stands on the disk where that is something else, None where it is as in force."""

    name: str
    running: str
    edited: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The folder at this moment. With problems, nothing of it would be taken over."""

    files: tuple[AdminFile, ...]
    problems: tuple[Problem, ...] = ()
    taken: tuple[str, ...] = ()  # lines that would be taken over at once
    waiting: tuple[str, ...] = ()  # that wait for a restart


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigPage:
    look: Callable[[], Awaitable[Look]]
    machine: Machine

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/config", title="Configuration", role=Role.ADMIN, handler=self._show, nav="Configuration"),)

    def actions(self) -> tuple[Action, ...]:
        return (Action(path="/config/apply", role=Role.ADMIN, form=Nothing, handler=self._apply),)

    async def _apply(self, _visit: Visit, _form: Nothing) -> Written:
        done = await self.machine.apply()
        if done.problems:
            raise NotDone("Nothing was taken over; the page tells what is wrong.", back="/config")
        return Written(what="config.applied", on="files", after=f"{len(done.taken)} changes", to="/config")

    async def _show(self, _visit: Visit) -> Shown:
        look = await self.look()
        edited = [(one.name, tuple(_difference(one))) for one in look.files if one.edited is not None]
        values = {
            "look": look,
            "edited": edited,
            "files": [(one.name, redacted(_begun(one.running)), len(one.running) > _LONGEST) for one in look.files],
            "reloaded": self.machine.reloaded(),
        }
        return Shown(template="config.html", values=values)


def _begun(text: str) -> str:
    """Whole lines of it."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition("\n")[0]


def _difference(file: AdminFile) -> Iterator[tuple[str, str]]:
    """(kind of line, line) of a unified diff."""
    before, after = (redacted(text).splitlines() for text in (file.running, file.edited or ""))
    lines: Sequence[str] = list(unified_diff(before, after, lineterm="", n=2))[2:]
    for line in lines[:_MOST_LINES]:
        yield _MARKS.get(line[:1], ""), line
    if len(lines) > _MOST_LINES:
        yield "", f"… and {len(lines) - _MOST_LINES} more lines"
