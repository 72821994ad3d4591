"""What the pages about the machine are told by the process that serves them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from config.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """The last look at the admin's files. With problems, the last good version is in force."""

    at: float
    problems: tuple[Problem, ...] = ()
    taken: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # for a restart


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """The chat model of the desk. `resting`: it failed repeatedly and is left alone for a while."""

    name: str
    tokens_a_day: int
    resting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A lead that a sink does not have yet. `reason` is why it is parked, "" while it only waits."""

    id: str
    revision: int
    reason: str
    again: bool  # whether it can be sent by hand


async def _none() -> Sequence[Undelivered]:
    return ()


async def _unsent(_: str) -> None:
    return None


async def _unchanged() -> Reloaded:
    return Reloaded(at=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """`send_again` raises `FrontdeskError` with the reason when a lead did not go through.

    `apply` looks at the admin's files now and takes over what can be; it never raises.
    """

    reloaded: Callable[[], Reloaded]
    parked: Callable[[], Collection[str]] = tuple
    channels: Callable[[], Mapping[str, str]] = dict
    model: Callable[[], ModelState | None] = lambda: None
    undelivered: Callable[[], Awaitable[Sequence[Undelivered]]] = field(default=_none)
    send_again: Callable[[str], Awaitable[None]] = field(default=_unsent)
    apply: Callable[[], Awaitable[Reloaded]] = field(default=_unchanged)
