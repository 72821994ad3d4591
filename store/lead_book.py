"""The newest leads of a tenant in one place, for lists; the lead itself lies with its conversation."""

from __future__ import annotations

from core.ids import LeadId
from core.lead import Lead
from store import scripts
from store.coalescing import Commands
from store.codec import LEAD
from store.keys import WORKERS, Keys

MOST_LEADS = 2_000


class RedisLeadBook:
    """Implements `core.store_ports.LeadBook`."""

    def __init__(self, commands: Commands, keys: Keys, *, most: int = MOST_LEADS) -> None:
        self._commands = commands
        self._keys = keys
        self._most = most

    async def enter(self, lead: Lead) -> None:
        await self._commands.run(
            scripts.ENTER_LEAD,
            WORKERS,
            (self._keys.lead_book, self._keys.lead_order),
            lead.id,
            lead.revision,
            repr(lead.updated_at),
            LEAD.encode(lead),
            self._most,
        )

    async def strike(self, lead: LeadId) -> None:
        await self._commands.command(WORKERS, b"HDEL", self._keys.lead_book, lead)
        await self._commands.command(WORKERS, b"ZREM", self._keys.lead_order, lead)

    async def leads(self) -> tuple[Lead, ...]:
        held: list[bytes] = await self._commands.command(WORKERS, b"HVALS", self._keys.lead_book)
        found = (LEAD.decode(raw.partition(b":")[2]) for raw in held)
        return tuple(sorted(found, key=lambda lead: (-lead.updated_at, lead.id)))
