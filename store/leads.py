"""Leads: read from the conversation they grew out of, and where their card stands in the sales channel."""

from __future__ import annotations

from core.ids import Epoch, LeadId, conversation_of
from core.lead import Lead, Posting
from store import scripts
from store.coalescing import Commands
from store.codec import LEAD, POSTING
from store.keys import ConversationKeys, Keys


class RedisLeads:
    """Implements `core.store_ports.Leads`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def load(self, lead: LeadId) -> Lead | None:
        raw: bytes | None = await self._field(self._keys_of(lead), b"lead")
        return None if raw is None else LEAD.decode(raw)

    async def posting(self, lead: LeadId, sink: str = "") -> Posting | None:
        raw: bytes | None = await self._field(self._keys_of(lead), _posting_field(sink))
        return None if raw is None else POSTING.decode(raw)

    async def record_posting(self, lead: LeadId, worker: str, epoch: Epoch, posting: Posting, sink: str = "") -> bool:
        keys = self._keys_of(lead)
        lease = self._keys.of_shard(keys.shard).lease
        recorded: int = await self._commands.run(
            scripts.RECORD_POSTING,
            keys.tag,
            (lease, keys.state, self._keys.erased(conversation_of(lead))),
            worker,
            epoch,
            POSTING.encode(posting),
            _posting_field(sink),
        )
        return bool(recorded)

    def _keys_of(self, lead: LeadId) -> ConversationKeys:
        return self._keys.of_conversation(conversation_of(lead))

    async def _field(self, keys: ConversationKeys, name: bytes) -> bytes | None:
        raw: bytes | None = await self._commands.command(keys.tag, b"HGET", keys.state, name)
        return raw


def _posting_field(sink: str) -> bytes:
    """The sales channel's field is the one that releases with a single sink read and write."""
    return f"posting:{sink}".encode() if sink else b"posting"
