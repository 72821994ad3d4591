"""What a hub process under test is told, and what it tells: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from core.pace import Pace
from tests.faults.boundaries import Kill

SHORT = Pace(
    quiet=0.01, patience=0.2, lease=0.15, tend=0.03, accept=1.0, drain=3.0, uncertain=0.05, park=0.1, retry_cap=0.2
)
"""Everything that takes seconds in earnest takes a fraction of one here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Start one hub process."""

    name: str  # of the process, unique within a nursery
    store: str
    tenant: str
    slack: str
    shards: int = 4
    pace: Pace = SHORT
    kill: Kill | None = None
    think: float = 0.0  # seconds the engine takes; it says "thinks" when it begins
    poison: str = ""  # a word that kills the engine's process

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Order:
        told: dict[str, Any] = json.loads(line)
        kill = Kill(**told.pop("kill")) if told["kill"] else told.pop("kill")
        return cls(**{**told, "pace": Pace(**told["pace"]), "kill": kill})


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened to a hub process: `started` (detail: pid), `listens` (address), `thinks`, `dies`, `ended`."""

    name: str
    event: str
    detail: str = ""

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"
