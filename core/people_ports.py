"""What the hub needs from the store of who is whom, and of their facts. Methods may raise `StoreUnavailable`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.fact import Fact
from core.ids import ConversationId, Epoch, PersonId
from core.people import Link
from core.unmatched import UnmatchedChat


class Ledger(Protocol):
    async def append(self, person: PersonId, facts: Sequence[Fact]) -> int:
        """Add facts whose ids are new; returns how many were."""
        ...

    async def read(self, person: PersonId) -> tuple[Fact, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintances:
    """Some people, with everybody who was ever linked to them, whether or not the links still hold."""

    links: tuple[Link, ...]
    ledgers: Mapping[PersonId, tuple[Fact, ...]]


class Claim(StrEnum):
    HELD = "held"
    REPLAYED = "replayed"  # another visitor has used the token
    SOMEBODY_ELSE = "somebody_else"  # the visitor is another user for good; nothing was used up


class People(Protocol):
    """Which visitors are one person."""

    async def link(self, link: Link) -> None:
        """Record the link with both ends, once per link id. Safe to call again after `StoreUnavailable`."""
        ...

    async def links(self, person: PersonId) -> tuple[Link, ...]:
        """Every link ever recorded of the person and of everybody they are linked to, directly or through others."""
        ...

    async def acquaintances(self, people: Collection[PersonId]) -> Acquaintances:
        """The same for several at once, with everybody's ledger: one round trip as far as nobody else turns up."""
        ...

    async def claim(self, visitor: PersonId, user: PersonId, *, token: str, life: float) -> Claim:
        """Use a signed token's id up for a visitor who is `user`; it is remembered for `life` seconds.

        Safe to call again: the same claim holds again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A proposal for a new persona that nobody wants to see again, and the words it was told by."""

    id: str
    words: tuple[str, ...]


class Unmatched(Protocol):
    """Chats that fit no persona: a bounded number, each for a bounded time after its last turn."""

    async def note(self, conversation: ConversationId, worker: str, epoch: Epoch, chat: UnmatchedChat | None) -> None:
        """Keep the conversation's chat, once, in place of what was kept; None takes it out. Raises `Fenced`."""
        ...

    async def forget(self, conversation: ConversationId) -> None:
        """Take it out, whoever owns the shard: for whoever erases a visitor."""
        ...

    async def chats(self) -> tuple[UnmatchedChat, ...]:
        """Everything kept, oldest first."""
        ...

    async def dismiss(self, dismissal: Dismissal) -> None: ...

    async def dismissed(self) -> tuple[Dismissal, ...]: ...
