"""What the admins' door keeps in the store: records of the whole tenant, a journal, and counted tries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Records(Protocol):
    """Few and lasting things of a tenant, by kind and id: accounts, tokens."""

    async def get(self, kind: str, identity: str) -> str | None: ...

    async def add(self, kind: str, identity: str, value: str) -> bool:
        """Only where there is none yet; whether there was none."""
        ...

    async def replace(self, kind: str, identity: str, old: str, new: str | None) -> bool:
        """Put `new` (None: nothing) in the place of `old`; False, and no change, where something else stands there."""
        ...

    async def all(self, kind: str) -> Mapping[str, str]: ...


class Journal(Protocol):
    """Lines that are only ever appended."""

    async def append(self, line: str, *, after: int) -> bool:
        """Append where there are exactly `after` lines so far; whether that was so."""
        ...

    async def last(self) -> tuple[int, str]:
        """How many lines there are, and the last one ("" without any)."""
        ...

    async def lines(self, start: int, count: int) -> tuple[str, ...]:
        """Up to `count` lines from the one with this place on, counted from 0."""
        ...


class Tries(Protocol):
    """Tries of somebody at something, counted over all processes."""

    async def count(self, key: str, *, life: float) -> int:
        """One more; how many there are now. `life` seconds after the first of them there are none again."""
        ...

    async def give_back(self, key: str) -> None:
        """One fewer: it turned out to be a good one."""
        ...

    async def clear(self, key: str) -> None: ...
