"""What the page about personas is told, and has done, by the process that serves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A kind of visitor that keeps coming and fits no persona. `words` are the stems it is known by."""

    id: str
    name: str
    why: str
    cues: tuple[str, ...]
    examples: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """`at` is when they were worked out, 0 while they are being worked out for the first time."""

    at: float = 0.0
    chats: int = 0
    found: tuple[Proposed, ...] = ()


class ReadingState(StrEnum):
    IDLE = "idle"
    READING = "reading"
    FOUND = "found"  # waits to be accepted or left
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """A new reading of the company's site: how far it is, or what it would change, one line each."""

    state: ReadingState = ReadingState.IDLE
    site: str = ""
    pages: int = 0
    lines: tuple[str, ...] = ()
    reason: str = ""  # why it failed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaDesk:
    """Every action raises `FrontdeskError` with the reason when it was not done."""

    proposals: Callable[[], Awaitable[Proposals]]
    accept: Callable[[str], Awaitable[None]]  # of a proposal: it becomes a persona
    dismiss: Callable[[str], Awaitable[None]]
    reading: Callable[[], SiteReading]
    read: Callable[[], Awaitable[None]]  # begin a reading; it goes on beside
    take_over: Callable[[], Awaitable[None]]
    leave: Callable[[], Awaitable[None]]
