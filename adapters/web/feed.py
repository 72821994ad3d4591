"""The lines of one conversation for one client: in order, each once, none missing, however they arrive."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.errors import StoreUnavailable
from core.ids import ConversationId
from core.reception import Reception
from core.transcript import TranscriptEntry

SNAPSHOT = 200
"""Lines a client is given at most when it connects; further behind, it starts over with the newest ones."""
_MOST_WAITING = 100
"""Lines kept for a client that reads slowly; beyond that they are read from the transcript again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a client has missed. With `reset` it holds nothing of use and `entries` is the newest part of everything."""

    entries: tuple[TranscriptEntry, ...]
    seq: int
    reset: bool


class Feed:
    """Watches a conversation from `open` to `close` and hands each new line to `deliver`, in order.

    `broken` is called once when the store fails while a gap is being filled; the client should connect again.
    `forgotten` is called when the conversation was erased, after the lines that came before; the client begins anew.
    """

    __slots__ = (
        "_behind",
        "_broken",
        "_conversation",
        "_deliver",
        "_forgotten",
        "_gone",
        "_live",
        "_reception",
        "_sent",
        "_task",
        "_waiting",
    )

    def __init__(
        self,
        reception: Reception,
        conversation: ConversationId,
        *,
        deliver: Callable[[TranscriptEntry], Awaitable[None]],
        broken: Callable[[], None],
        forgotten: Callable[[], Awaitable[None]],
    ) -> None:
        self._reception = reception
        self._conversation = conversation
        self._deliver = deliver
        self._broken = broken
        self._forgotten = forgotten
        self._gone = False
        self._sent = 0
        self._live = False
        self._behind = False
        self._waiting: list[TranscriptEntry] = []
        self._task: asyncio.Task[None] | None = None

    async def open(self, after: int) -> Opening:
        """Start watching and read what lies above `after`. Call `flow` once the opening has been sent."""
        await self._reception.watch(self._conversation, self._hear)
        opening = await self._opening(after)
        self._sent = opening.seq
        return opening

    def flow(self) -> None:
        """From now on lines are delivered, beginning with those that came in meanwhile."""
        self._live = True
        self._wake()

    async def close(self) -> None:
        """Stop watching; nothing is delivered after this returns."""
        self._live = False
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with contextlib.suppress(StoreUnavailable):  # what still watches lapses by itself
            await self._reception.unwatch(self._conversation, self._hear)

    async def _opening(self, after: int) -> Opening:
        first = max(after - 1, 0)  # the last line the client has comes along, to see whether it exists
        entries = await self._reception.transcript(self._conversation, after=first, limit=SNAPSHOT + 2)
        known = after == 0 or (bool(entries) and entries[0].seq == after)
        missed = tuple(entry for entry in entries if entry.seq > after)
        if known and len(missed) <= SNAPSHOT:
            return Opening(entries=missed, seq=missed[-1].seq if missed else after, reset=False)
        newest = await newest_lines(self._reception, self._conversation)
        return Opening(entries=newest, seq=newest[-1].seq if newest else 0, reset=True)

    def _hear(self, entries: tuple[TranscriptEntry, ...] | None) -> None:
        if entries is None:
            self._gone = True
        elif len(self._waiting) + len(entries) > _MOST_WAITING:
            self._waiting.clear()
            self._behind = True
        else:
            self._waiting.extend(entries)
        self._wake()

    def _wake(self) -> None:
        if self._live and self._task is None and (self._waiting or self._behind or self._gone):
            self._task = asyncio.get_running_loop().create_task(self._flush())

    async def _flush(self) -> None:
        try:
            while self._waiting or self._behind:
                for entry in await self._next():
                    await self._deliver(entry)
                    self._sent = entry.seq
            if self._gone:
                self._live = False
                await self._forgotten()
        except StoreUnavailable:
            self._broken()
        except ConnectionError:
            self._live = False  # the client is gone; its reader notices and closes
        finally:
            self._task = None

    async def _next(self) -> tuple[TranscriptEntry, ...]:
        """The next lines without a gap; from the transcript where the announcements leave one."""
        heard = sorted((entry for entry in self._waiting if entry.seq > self._sent), key=_sequence)
        self._waiting.clear()
        unique = {entry.seq: entry for entry in heard}
        if not self._behind and list(unique) == list(range(self._sent + 1, self._sent + 1 + len(unique))):
            return tuple(unique.values())
        read = await self._reception.transcript(self._conversation, after=self._sent, limit=SNAPSHOT)
        self._behind = len(read) == SNAPSHOT
        return read


async def newest_lines(reception: Reception, conversation: ConversationId) -> tuple[TranscriptEntry, ...]:
    """The last `SNAPSHOT` lines, in order."""
    newest: deque[TranscriptEntry] = deque(maxlen=SNAPSHOT)
    while True:
        after = newest[-1].seq if newest else 0
        page = await reception.transcript(conversation, after=after, limit=SNAPSHOT)
        newest.extend(page)
        if len(page) < SNAPSHOT:
            return tuple(newest)


def _sequence(entry: TranscriptEntry) -> int:
    return entry.seq
