"""The inbox: accepted messages of a shard, on disk until a turn commits."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from core.ids import Epoch, Shard
from core.message import InboundMessage, InboxEntry, MessageKind
from core.rep import SILENCING
from core.store_ports import Acceptance, AcceptStatus
from store import scripts
from store.coalescing import Commands
from store.codec import LINE, MESSAGE
from store.keys import Keys
from store.streams import entry_id, fields_of, sequence

REMEMBERED = 25 * 3600
"""Seconds an event id is known. Telegram may deliver again for 24 hours, longer than any other channel."""

SHOWN = frozenset({MessageKind.TEXT, MessageKind.BUTTON, MessageKind.FILE})
"""Kinds the visitor sees as lines of their own."""

LOOKING_BACK = frozenset({MessageKind.READ})
"""Kinds that speak of what was said before: of erased words nothing is accepted any more."""

_STATUS = {b"A": AcceptStatus.ACCEPTED, b"D": AcceptStatus.DUPLICATE, b"C": AcceptStatus.CONFLICT}


class RedisInbox:
    """Implements `core.store_ports.Inbox`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def accept(self, message: InboundMessage, *, worker: str) -> Acceptance:
        of_conversation = self._keys.of_conversation(message.conversation)
        shard = of_conversation.shard
        of_shard = self._keys.of_shard(shard)
        answer: bytes = await self._commands.run(
            scripts.ACCEPT,
            of_shard.tag,
            (
                self._keys.seen(shard, message),
                of_shard.inbox,
                of_shard.lease,
                of_conversation.transcript,
                of_conversation.watchers,
                of_conversation.state,
                self._keys.erased(message.conversation),
            ),
            digest(message),
            REMEMBERED,
            MESSAGE.encode(message),
            LINE.said(message) if message.kind in SHOWN else b"",
            worker,
            self._keys.signals,
            shard,
            message.conversation,
            int(message.action is not None and message.action.act in SILENCING),
            repr(message.at) if message.kind in LOOKING_BACK else b"",
        )
        status, seq, log_seq, owned, silent = answer.split()
        return Acceptance(
            status=_STATUS[status],
            seq=int(seq),
            log_seq=int(log_seq),
            owned=owned == b"1",
            person_answers=silent == b"1",
        )

    async def waiting(self, shard: Shard, *, after: int) -> tuple[InboxEntry, ...]:
        keys = self._keys.of_shard(shard)
        found = await self._commands.command(keys.tag, b"XRANGE", keys.inbox, f"({entry_id(after)}", b"+")
        return tuple(_entry(identity, fields_of(flat)) for identity, flat in found)

    async def attempt(self, shard: Shard, seq: int) -> int:
        keys = self._keys.of_shard(shard)
        starts: int = await self._commands.command(keys.tag, b"HINCRBY", keys.attempts, entry_id(seq), 1)
        return starts

    async def survived(self, shard: Shard, seqs: Sequence[int]) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.run(scripts.SURVIVED, keys.tag, (keys.attempts,), *map(entry_id, seqs))

    async def starts(self, shard: Shard) -> dict[int, int]:
        keys = self._keys.of_shard(shard)
        counted = fields_of(await self._commands.command(keys.tag, b"HGETALL", keys.attempts))
        return {sequence(identity): int(starts) for identity, starts in counted.items()}

    async def bury(self, shard: Shard, worker: str, epoch: Epoch, entry: InboxEntry, reason: str) -> None:
        keys = self._keys.of_shard(shard)
        await self._commands.run(
            scripts.BURY,
            keys.tag,
            (
                keys.lease,
                keys.inbox,
                keys.dead,
                keys.attempts,
                self._keys.of_conversation(entry.message.conversation).state,
            ),
            worker,
            epoch,
            entry_id(entry.seq),
            entry.log_seq,
            MESSAGE.encode(entry.message),
            reason,
        )


def digest(message: InboundMessage) -> bytes:
    """What makes two deliveries of an event the same: kind and text, not when or from which page they came."""
    content = f"{message.kind.value}\0{message.text}"
    return blake2b(content.encode(), digest_size=8).hexdigest().encode()


def _entry(identity: bytes, fields: dict[bytes, bytes]) -> InboxEntry:
    return InboxEntry(seq=sequence(identity), log_seq=int(fields[b"l"]), message=MESSAGE.decode(fields[b"m"]))
