"""Chats that fit no persona: one key each that ends by itself, and an index a shard that bounds their number."""

from __future__ import annotations

import asyncio

from core.ids import ConversationId, Epoch, Shard
from core.people_ports import Dismissal
from core.unmatched import UnmatchedChat
from store import scripts
from store.coalescing import Commands
from store.codec import DISMISSAL, UNMATCHED
from store.keys import WORKERS, Keys

KEPT_SECONDS = 90 * 86_400
"""After the chat's last turn."""
MOST_CHATS = 2_048
"""Of a tenant, spread over its shards; the oldest make room."""
FEWEST_OF_A_SHARD = 8
MOST_DISMISSALS = 500


class RedisUnmatched:
    """Implements `core.store_ports.Unmatched`."""

    def __init__(self, commands: Commands, keys: Keys, *, most: int = MOST_CHATS) -> None:
        self._commands = commands
        self._keys = keys
        self._most_of_a_shard = max(FEWEST_OF_A_SHARD, most // len(keys.shards))

    async def note(self, conversation: ConversationId, worker: str, epoch: Epoch, chat: UnmatchedChat | None) -> None:
        keys = self._keys.of_shard(self._keys.shard(conversation))
        await self._commands.run(
            scripts.NOTE_UNMATCHED,
            keys.tag,
            (keys.lease, self._keys.unmatched_chat(conversation), keys.unmatched, self._keys.erased(conversation)),
            worker,
            epoch,
            conversation,
            0 if chat is None else repr(chat.at),
            b"" if chat is None else UNMATCHED.encode(chat),
            KEPT_SECONDS,
            self._most_of_a_shard,
            keys.unmatched_chats,
        )

    async def forget(self, conversation: ConversationId) -> None:
        keys = self._keys.of_shard(self._keys.shard(conversation))
        await asyncio.gather(
            self._commands.command(keys.tag, b"DEL", self._keys.unmatched_chat(conversation)),
            self._commands.command(keys.tag, b"ZREM", keys.unmatched, conversation),
        )

    async def chats(self) -> tuple[UnmatchedChat, ...]:
        found = await asyncio.gather(*map(self._of_shard, self._keys.shards))
        return tuple(sorted((chat for part in found for chat in part), key=lambda chat: (chat.at, chat.visitor)))

    async def dismiss(self, dismissal: Dismissal) -> None:
        """Beyond `MOST_DISMISSALS` nothing more is remembered: a list that long is no longer read by anybody."""
        held: int = await self._commands.command(WORKERS, b"HLEN", self._keys.dismissed)
        if held < MOST_DISMISSALS:
            encoded = DISMISSAL.encode(dismissal)
            await self._commands.command(WORKERS, b"HSET", self._keys.dismissed, dismissal.id, encoded)

    async def dismissed(self) -> tuple[Dismissal, ...]:
        found: list[bytes] = await self._commands.command(WORKERS, b"HVALS", self._keys.dismissed)
        return tuple(sorted(map(DISMISSAL.decode, found), key=lambda one: one.id))

    async def _of_shard(self, shard: Shard) -> list[UnmatchedChat]:
        """Those whose time has run out are still in the index, and simply not there any more."""
        keys = self._keys.of_shard(shard)
        names: list[bytes] = await self._commands.command(keys.tag, b"ZRANGE", keys.unmatched, 0, -1)
        if not names:
            return []
        held = await self._commands.command(keys.tag, b"MGET", *(keys.unmatched_chats + name for name in names))
        return [UNMATCHED.decode(raw) for raw in held if raw is not None]
