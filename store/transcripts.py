"""Transcripts: the visible lines of a conversation, and who wants to hear of new ones."""

from __future__ import annotations

from core.ids import ConversationId
from core.transcript import TranscriptEntry
from store import scripts
from store.coalescing import Commands
from store.codec import LINE
from store.keys import Keys

WATCH_TTL = 2 * 3600 * 1000
"""Milliseconds a watch lasts unless renewed: twice the hour within which the port asks for renewal."""


class RedisTranscripts:
    """Implements `core.store_ports.Transcripts`. A line's sequence is its place in a list, which is dense by nature."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def read(self, conversation: ConversationId, *, after: int, limit: int) -> tuple[TranscriptEntry, ...]:
        if limit < 1:
            return ()
        first = max(after, 0)
        keys = self._keys.of_conversation(conversation)
        found = await self._commands.command(keys.tag, b"LRANGE", keys.transcript, first, first + limit - 1)
        return tuple(LINE.decode(raw, seq) for seq, raw in enumerate(found, first + 1))

    async def watch(self, conversation: ConversationId, worker: str) -> None:
        keys = self._keys.of_conversation(conversation)
        await self._commands.run(scripts.WATCH, keys.tag, (keys.watchers,), worker, WATCH_TTL)

    async def unwatch(self, conversation: ConversationId, worker: str) -> None:
        keys = self._keys.of_conversation(conversation)
        await self._commands.command(keys.tag, b"ZREM", keys.watchers, worker)
