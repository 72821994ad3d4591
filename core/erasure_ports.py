"""What the hub needs from the store to erase somebody. Every method may raise `StoreUnavailable`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from core.ids import ConversationId, PersonId
from core.people import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How much of a conversation was taken out."""

    lines: int = 0
    facts: int = 0
    leads: int = 0
    messages: int = 0  # that waited, or had been set aside
    effects: int = 0
    cards: int = 0  # standing in the sales channel; an effect withdraws them


class Erasure(Protocol):
    """Finding and taking out everything of somebody. Each call may be repeated after `StoreUnavailable`.

    What was erased does not come back: turns, effects and readings that were under way are refused. What comes in
    afterwards begins anew.
    """

    async def visits(self, visitors: Collection[PersonId]) -> tuple[ConversationId, ...]:
        """Every conversation of these visitors, sorted."""
        ...

    async def with_address(self, email: str) -> tuple[ConversationId, ...]:
        """Every conversation in which the address was given, sorted."""
        ...

    async def conversation(self, conversation: ConversationId, *, at: float) -> Removed:
        """Take a conversation out; a card that stands in the sales channel is withdrawn by an effect."""
        ...

    async def person(self, person: PersonId, *, at: float) -> int:
        """Take out the ledger of a person and the links; returns how many facts there were."""
        ...

    async def record(self, names: Collection[str], *, at: float) -> None:
        """Remember what was erased by the names of `core.erased_names`, for longer than any backup is kept."""
        ...

    async def recorded(self) -> Mapping[str, float]:
        """When each of them was erased."""
        ...

    async def thin(self, conversation: ConversationId, *, since: float, lines: bool, fields: Collection[str]) -> int:
        """Take out the lines, and facts of some fields ("*": of all), unless something was said after `since`.

        How many lines and facts went.
        """
        ...

    async def thin_ledger(self, person: PersonId, *, since: float, fields: Collection[str]) -> int:
        """Take facts of some fields ("*": of all) that are no newer out of a person's ledger; how many went."""
        ...

    async def unlink(self, person: PersonId, links: Collection[Link]) -> None:
        """Take links to somebody who is erased out of another person's list."""
        ...
