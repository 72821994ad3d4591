"""Telling the team where a lead's card stands, and taking back what was told of somebody who was erased meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.counts import Outcome
from core.lead import Lead, Posting
from core.lead_ports import Leads
from core.ports import LeadWithdrawal, TeamThread
from core.store_ports import OutboxEntry
from core.turn import TellTeam

Send = Callable[[str, bool], Awaitable[None]]
Once = Callable[[OutboxEntry, Send], Awaitable[Outcome]]
"""Sends at most once; see `core.delivery`."""


class TeamNotes:
    """The notes of one shard. A lead that never got a card has no thread, and nobody who reads it."""

    def __init__(self, leads: Leads, thread: TeamThread | None, withdrawal: LeadWithdrawal | None) -> None:
        self._leads = leads
        self._thread = thread
        self._withdrawal = withdrawal
        self._under_way: dict[int, tuple[Lead, Posting]] = {}  # what may have been told, by the entry's number

    async def tell(self, entry: OutboxEntry, effect: TellTeam, once: Once) -> Outcome:
        """Raises as `TeamThread.tell` does, and `StoreUnavailable`."""
        thread = self._thread
        lead, posting = await asyncio.gather(self._leads.load(effect.lead), self._leads.posting(effect.lead))
        if lead is None:
            await self._take_back(entry)
            return Outcome.WITHHELD
        if thread is None or posting is None or not posting.reference:
            return Outcome.WITHHELD
        self._under_way[entry.seq] = (lead, posting)
        outcome = await once(
            entry, lambda name, again: thread.tell(lead, posting, effect.note, effect=name, again=again)
        )
        if await self._leads.load(effect.lead) is None:
            await self._take_back(entry)
        self._under_way.pop(entry.seq, None)
        return outcome

    async def _take_back(self, entry: OutboxEntry) -> None:
        """Where a lead is that of another conversation, its card may be withdrawn while a large file is on its way."""
        if entry.seq not in self._under_way:
            return
        lead, posting = self._under_way[entry.seq]
        if self._withdrawal is not None:
            await self._withdrawal.withdraw(
                lead.id, since=lead.created_at, channel=posting.channel, reference=posting.reference
            )
        del self._under_way[entry.seq]
