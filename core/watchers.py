"""Who in this process looks at which conversation, and telling them about new lines."""

from __future__ import annotations

from core.ids import ConversationId
from core.reception import Listener
from core.store_ports import Transcripts
from core.transcript import TranscriptEntry

CATCH_UP_LINES = 200


class Watchers:
    """Listeners may hear a line twice and tell lines apart by their sequence; they never miss the newest for good."""

    def __init__(self, transcripts: Transcripts, worker: str) -> None:
        self._transcripts = transcripts
        self._worker = worker
        self._listeners: dict[ConversationId, list[Listener]] = {}
        self._heard: dict[ConversationId, int] = {}

    async def add(self, conversation: ConversationId, listener: Listener) -> None:
        """Raises `StoreUnavailable`; the listener is then not added."""
        await self._transcripts.watch(conversation, self._worker)
        self._listeners.setdefault(conversation, []).append(listener)

    async def remove(self, conversation: ConversationId, listener: Listener) -> None:
        listeners = self._listeners.get(conversation, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners and self._listeners.pop(conversation, None) is not None:
            self._heard.pop(conversation, None)
            await self._transcripts.unwatch(conversation, self._worker)

    def tell(self, conversation: ConversationId, lines: tuple[TranscriptEntry, ...]) -> None:
        """Lines written by this process."""
        listeners = self._listeners.get(conversation)
        if not listeners or not lines:
            return
        self._heard[conversation] = max(self._heard.get(conversation, 0), lines[-1].seq)
        for listener in tuple(listeners):
            listener(lines)

    async def catch_up(self, conversation: ConversationId) -> None:
        """Lines written by another process: read what was not heard yet. Raises `StoreUnavailable`."""
        heard = max(0, self._heard.get(conversation, 0) - 1)
        more = True
        while more and conversation in self._listeners:
            lines = await self._transcripts.read(conversation, after=heard, limit=CATCH_UP_LINES)
            self.tell(conversation, lines)
            more = len(lines) == CATCH_UP_LINES
            heard = lines[-1].seq if lines else heard

    async def catch_up_all(self) -> None:
        """After signals were lost. Raises `StoreUnavailable`."""
        for conversation in tuple(self._listeners):
            await self.catch_up(conversation)

    async def renew(self) -> None:
        """Keep the store signalling this process. Raises `StoreUnavailable`."""
        for conversation in tuple(self._listeners):
            await self._transcripts.watch(conversation, self._worker)
