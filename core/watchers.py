"""Who in this process looks at which conversation, and telling them about new lines."""

from __future__ import annotations

from collections.abc import Callable

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
        # Listed first: another listener that leaves meanwhile must not end the watch that is being set up.
        self._listeners.setdefault(conversation, []).append(listener)
        try:
            await self._transcripts.watch(conversation, self._worker)
        except BaseException:
            self._drop(conversation, listener)
            raise

    async def remove(self, conversation: ConversationId, listener: Listener) -> None:
        if self._drop(conversation, listener):
            await self._transcripts.unwatch(conversation, self._worker)

    def _drop(self, conversation: ConversationId, listener: Listener) -> bool:
        """Whether it was the conversation's last listener."""
        listeners = self._listeners.get(conversation, [])
        if listener in listeners:
            listeners.remove(listener)
        if listeners or self._listeners.pop(conversation, None) is None:
            return False
        self._heard.pop(conversation, None)
        return True

    def forget(self, conversation: ConversationId) -> None:
        """Its lines are gone, and new ones are counted from the beginning."""
        self._heard.pop(conversation, None)
        for listener in tuple(self._listeners.get(conversation, ())):
            listener(None)

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

    async def catch_up_all(self, among: Callable[[ConversationId], bool] = lambda _: True) -> None:
        """After signals were lost, or while it is unknown what this process has written. Raises `StoreUnavailable`."""
        for conversation in filter(among, tuple(self._listeners)):
            await self.catch_up(conversation)

    async def renew(self) -> None:
        """Keep the store signalling this process. Raises `StoreUnavailable`."""
        for conversation in tuple(self._listeners):
            await self._transcripts.watch(conversation, self._worker)
