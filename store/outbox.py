"""The outbox: what a turn has decided must happen, until it has."""

from __future__ import annotations

from core.ids import ConversationId, Epoch, Shard
from core.store_ports import Beginning, OutboxEntry, UncertainDelivery
from core.turn import DeliverReply
from store import scripts
from store.coalescing import Commands
from store.codec import EFFECT
from store.keys import Keys
from store.streams import entry_id, fields_of, sequence

_BEGINNINGS = (Beginning.AGAIN, Beginning.FIRST, Beginning.WITHHELD)
MOST_UNCERTAIN = 10_000
"""Uncertain deliveries kept a shard; beyond, the oldest go."""


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
            (keys.lease, keys.outbox, keys.begun),
            worker,
            epoch,
            entry_id(seq),
        )

    async def begin(self, shard: Shard, worker: str, epoch: Epoch, entry: OutboxEntry) -> Beginning:
        keys, state = self._keys.of_shard(shard), self._keys.of_conversation(entry.conversation).state
        speaks = isinstance(entry.effect, DeliverReply) and entry.effect.reply.may_be_withheld
        answer: int = await self._commands.run(
            scripts.BEGIN_DELIVERY,
            keys.tag,
            (keys.lease, keys.begun, state),
            worker,
            epoch,
            entry_id(entry.seq),
            int(speaks),
        )
        return _BEGINNINGS[answer]

    async def not_begun(self, shard: Shard, seq: int) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.command(keys.tag, b"HDEL", keys.begun, entry_id(seq))

    async def doubt(self, shard: Shard, worker: str, epoch: Epoch, seq: int) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.run(
            scripts.DOUBT,
            keys.tag,
            (keys.lease, keys.outbox, keys.begun, keys.uncertain),
            worker,
            epoch,
            entry_id(seq),
            MOST_UNCERTAIN,
        )

    async def uncertain(self, shard: Shard) -> tuple[UncertainDelivery, ...]:
        keys = self._keys.of_shard(shard)
        found = await self._commands.command(keys.tag, b"XRANGE", keys.uncertain, b"-", b"+")
        return tuple(_uncertain(identity, fields_of(flat)) for identity, flat in found)

    async def settle(self, shard: Shard, delivery: str) -> bool:
        keys = self._keys.of_shard(shard)
        return bool(await self._commands.command(keys.tag, b"XDEL", keys.uncertain, delivery))


def _entry(identity: bytes, fields: dict[bytes, bytes]) -> OutboxEntry:
    return OutboxEntry(
        seq=sequence(identity),
        conversation=ConversationId(fields[b"c"].decode()),
        effect=EFFECT.decode(fields[b"e"]),
        trace=EFFECT.trace(fields[b"e"]),
    )


def _uncertain(identity: bytes, fields: dict[bytes, bytes]) -> UncertainDelivery:
    return UncertainDelivery(
        id=identity.decode(),
        at=float(fields[b"at"]),
        conversation=ConversationId(fields[b"c"].decode()),
        effect=EFFECT.decode(fields[b"e"]),
    )
