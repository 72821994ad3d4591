"""The outbox: what a turn has decided must happen, until it has."""

from __future__ import annotations

from core.ids import ConversationId, Epoch, Shard
from core.store_ports import OutboxEntry
from store import scripts
from store.coalescing import Commands
from store.codec import EFFECT
from store.keys import Keys
from store.streams import entry_id, fields_of, sequence


class RedisOutbox:
    """Implements `core.store_ports.Outbox`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def pending(self, shard: Shard) -> tuple[OutboxEntry, ...]:
        keys = self._keys.of_shard(shard)
        found = await self._commands.command(keys.tag, b"XRANGE", keys.outbox, b"-", b"+")
        return tuple(_entry(identity, fields_of(flat)) for identity, flat in found)

    async def delivered(self, shard: Shard, worker: str, epoch: Epoch, seq: int) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.run(
            scripts.DELIVERED,
            keys.tag,
            (keys.lease, keys.outbox),
            worker,
            epoch,
            entry_id(seq),
        )


def _entry(identity: bytes, fields: dict[bytes, bytes]) -> OutboxEntry:
    return OutboxEntry(
        seq=sequence(identity),
        conversation=ConversationId(fields[b"c"].decode()),
        effect=EFFECT.decode(fields[b"e"]),
    )
