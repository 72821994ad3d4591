"""Conversations: loaded in one round trip, committed in one fenced script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.fact import Field
from core.ids import ConversationId, Epoch, Shard
from core.reply import Mode
from core.session import ConversationState, Session
from core.store_ports import Commit, Committed, OutboxEntry
from core.transcript import TranscriptEntry
from core.turn import Timer, timer_message
from store import scripts
from store.coalescing import Argument, Commands
from store.codec import CONVERSATION, EFFECT, FACT, LEAD, LINE, MESSAGE, SESSION
from store.keys import Keys
from store.streams import entry_id

RECENT_LINES = 12
"""Transcript lines handed to the engine, newest last; the burst being answered is among them."""

MOST_ITEMS = 5_000
"""Items of one commit: Lua unpacks fewer than 8,000 values at once, and must not find out half-way."""


class RedisConversations:
    """Implements `core.store_ports.Conversations`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def load(self, conversation: ConversationId) -> ConversationState | None:
        keys = self._keys.of_conversation(conversation)
        found = await self._commands.run(
            scripts.LOAD,
            keys.tag,
            (keys.state, keys.facts, keys.transcript),
            RECENT_LINES,
        )
        return None if found is None else CONVERSATION.decode(found)

    async def commit(self, shard: Shard, worker: str, epoch: Epoch, commit: Commit) -> Committed:
        before = commit.session
        of_shard = self._keys.of_shard(shard)
        of_conversation = self._keys.of_conversation(before.conversation)
        if of_conversation.shard != shard:
            raise ValueError(f"shard {shard} cannot commit a conversation of shard {of_conversation.shard}")
        items = _items(commit)
        if len(items) > MOST_ITEMS:
            raise ValueError(f"a commit of {len(items)} items is too large: at most {MOST_ITEMS}")
        after = replace(before, version=before.version + 1)
        answer: bytes = await self._commands.run(
            scripts.COMMIT,
            of_shard.tag,
            (
                of_shard.lease,
                of_conversation.state,
                of_conversation.facts,
                of_conversation.transcript,
                of_shard.outbox,
                of_shard.timers,
                of_shard.timer_messages,
                of_shard.inbox,
                of_shard.attempts,
                of_conversation.watchers,
                self._keys.erased(before.conversation),
                *self._indexes(shard, commit),
            ),
            worker,
            epoch,
            before.version,
            SESSION.encode(after),
            b"" if commit.lead is None else LEAD.encode(commit.lead),
            self._keys.signals,
            before.conversation,
            *items,
        )
        first_line, first_effect = answer.split()
        return Committed(
            session=after,
            lines=_numbered(commit.lines, int(first_line)),
            outbox=tuple(
                OutboxEntry(seq=seq, conversation=before.conversation, effect=effect, trace=commit.trace)
                for seq, effect in enumerate(commit.outbox, int(first_effect))
            ),
        )

    def _indexes(self, shard: Shard, commit: Commit) -> Iterator[bytes]:
        """By whom and by which address the conversation is found when somebody asks what is kept of them."""
        if not commit.session.version:
            yield self._keys.visits(shard, commit.session.visitor)
        for fact in commit.facts:
            if fact.field is Field.EMAIL and isinstance(fact.value, str):
                yield self._keys.address(shard, fact.value)


def _items(commit: Commit) -> tuple[Argument, ...]:
    return (
        len(commit.facts),
        len(commit.lines),
        len(commit.outbox),
        len(commit.timers),
        len(commit.acknowledged),
        int(commit.speaks),
        int(commit.session.mode is Mode.HUMAN),
        *map(FACT.encode, commit.facts),
        *map(LINE.encode, commit.lines),
        *(EFFECT.encode(effect, commit.trace) for effect in commit.outbox),
        *_timer_items(commit.session, commit.timers),
        *map(entry_id, commit.acknowledged),
    )


def _timer_items(session: Session, timers: Sequence[Timer]) -> list[Argument]:
    items: list[Argument] = []
    for timer in timers:
        items.append(f"{len(timer.name)}:{timer.name}:{session.conversation}")
        if timer.at is None:
            items += (b"", b"")
        else:
            items += (repr(timer.at), MESSAGE.encode(timer_message(session, timer.name, timer.at)))
    return items


def _numbered(lines: Sequence[TranscriptEntry], first: int) -> tuple[TranscriptEntry, ...]:
    return tuple(replace(line, seq=seq) for seq, line in enumerate(lines, first))
