"""What a channel's kind is given to find out whether one of its channels can work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.health import Diagnosis
from core.ports import Clock
from core.store_ports import Notes

if TYPE_CHECKING:
    from aiohttp import ClientSession


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePorts:
    """Everything a prober needs besides the channel's settings."""

    name: str  # of the channel's file
    public_url: str  # where the hub is reached from outside, without a slash at its end; "" where nothing is said
    http: ClientSession  # its answers' dates are compared with `clock`
    clock: Clock
    notes: Notes | None = None  # None while the store is away
    serving: bool = False  # whether a hub of this desk runs on this machine


Prober = Callable[[Any, ProbePorts], Awaitable[Sequence[Diagnosis]]]
"""Takes the settings of its kind. Changes nothing that people or a running hub would notice."""
