"""What the hub needs from the store of leads. Every method may raise `StoreUnavailable`: the effect is unknown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.ids import Epoch, LeadId
from core.lead import Lead, Posting
from core.rep import RepId


class Leads(Protocol):
    async def load(self, lead: LeadId) -> Lead | None: ...

    async def posting(self, lead: LeadId, sink: str = "") -> Posting | None:
        """Where the lead stands in one sink; the sales channel's is named ""."""
        ...

    async def record_posting(self, lead: LeadId, worker: str, epoch: Epoch, posting: Posting, sink: str = "") -> bool:
        """False when the lead was erased. Raises `Fenced`."""
        ...


class LeadBook(Protocol):
    """The newest leads in one place: what lists of them are made from. A bounded number."""

    async def enter(self, lead: Lead) -> None:
        """Put the lead's newest revision in place of an earlier one; a later one that is there stays."""
        ...

    async def strike(self, lead: LeadId) -> None:
        """Take it out: for whoever erases a visitor."""
        ...

    async def leads(self) -> tuple[Lead, ...]:
        """All of them, the last changed first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may take a lead, and how many without a verdict they may have at a time."""

    rep: RepId
    capacity: int


class Rota(Protocol):
    """Whose turn it is; shared by all processes, and kept over restarts."""

    async def take(
        self, team: str, lead: LeadId, candidates: Sequence[Candidate], *, now: float, excluding: Collection[RepId] = ()
    ) -> RepId | None:
        """Give the lead to whoever of the team was given fewest and has room; None when nobody has.

        Safe to call again: who was given the lead has it, unless they are among `excluding`. Of candidates who always
        had room, nobody is ever given two more than another.
        """
        ...

    async def settle(self, lead: LeadId, rep: RepId | None, *, now: float) -> None:
        """The lead is this rep's, by whatever way it came to them; None: it takes up nobody's room any more."""
        ...

    async def order(self, team: str, candidates: Sequence[Candidate]) -> tuple[RepId, ...]:
        """Those with room, in the order of their turns."""
        ...
