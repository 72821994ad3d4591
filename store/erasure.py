"""Finding and taking out everything of somebody; see `lua/erase.lua` for what of a conversation lies where."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping

from core.erasure_ports import Removed
from core.fact import Fact, Field
from core.ids import ConversationId, PersonId, Shard, lead_of
from core.lead import Lead, Posting
from core.people import Link
from core.session import Session
from core.turn import ALL_FIELDS, WithdrawLead
from store import scripts
from store.coalescing import Commands
from store.codec import EFFECT, FACT, LEAD, LINK, POSTING, SESSION
from store.keys import WORKERS, Keys

REMEMBERED = 30 * 86_400
"""Seconds a tombstone stays: longer than any turn, effect or reading that was under way can take."""

RECORDED = 400 * 86_400
"""Seconds for which it is known, as a digest, who was erased: no backup should be older."""


class RedisErasure:
    """Implements `core.store_ports.Erasure`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def visits(self, visitors: Collection[PersonId]) -> tuple[ConversationId, ...]:
        return await self._named(
            (shard, self._keys.visits(shard, one)) for shard in self._keys.shards for one in visitors
        )

    async def with_address(self, email: str) -> tuple[ConversationId, ...]:
        return await self._named((shard, self._keys.address(shard, email)) for shard in self._keys.shards)

    async def conversation(self, conversation: ConversationId, *, at: float) -> Removed:
        keys, shard = self._keys.of_conversation(conversation), self._keys.of_shard(self._keys.shard(conversation))
        session, lead, posting, facts = await self._held(conversation)
        removed: list[int] = await self._commands.run(
            scripts.ERASE,
            keys.tag,
            (
                keys.state,
                keys.facts,
                keys.transcript,
                keys.watchers,
                shard.inbox,
                shard.attempts,
                shard.outbox,
                shard.begun,
                shard.uncertain,
                shard.dead,
                shard.timers,
                shard.timer_messages,
                self._keys.unmatched_chat(conversation),
                shard.unmatched,
                shard.lease,
                self._keys.erased(conversation),
                *self._indexes(keys.shard, session, facts),
            ),
            conversation,
            repr(at),
            REMEMBERED,
            self._keys.signals,
            EFFECT.encode(_withdrawal(conversation, lead, posting)),
        )
        return Removed(**dict(zip(("lines", "facts", "leads", "messages", "effects", "cards"), removed, strict=True)))

    async def person(self, person: PersonId, *, at: float) -> int:
        keys = self._keys.of_person(person)
        facts, _ = await self._commands.run(
            scripts.ERASE_PERSON,
            keys.tag,
            (keys.ledger, keys.known, keys.links, keys.linked, keys.user, keys.erased),
            repr(at),
            REMEMBERED,
        )
        return int(facts)

    async def record(self, names: Collection[str], *, at: float) -> None:
        marks = [part for name in names for part in (repr(at), name)]
        if marks:
            await self._commands.command(WORKERS, b"ZADD", self._keys.erasures, b"GT", *marks)
            old = f"({at - RECORDED!r}"
            await self._commands.command(WORKERS, b"ZREMRANGEBYSCORE", self._keys.erasures, b"-inf", old)

    async def recorded(self) -> Mapping[str, float]:
        flat: list[bytes] = await self._commands.command(WORKERS, b"ZRANGE", self._keys.erasures, 0, -1, b"WITHSCORES")
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {name.decode(): float(score) for name, score in pairs}

    async def thin(self, conversation: ConversationId, *, since: float, lines: bool, fields: Collection[str]) -> int:
        keys = self._keys.of_conversation(conversation)
        _, _, _, facts = await self._held(conversation)
        email = Field.EMAIL.value in fields or ALL_FIELDS in fields
        gone: list[int] = await self._commands.run(
            scripts.THIN,
            keys.tag,
            (
                keys.state,
                keys.facts,
                keys.transcript,
                keys.watchers,
                self._keys.of_shard(keys.shard).lease,
                *(self._indexes(keys.shard, None, facts) if email else ()),
            ),
            conversation,
            repr(since),
            int(lines),
            self._keys.signals,
            *fields,
        )
        return sum(gone)

    async def thin_ledger(self, person: PersonId, *, since: float, fields: Collection[str]) -> int:
        keys = self._keys.of_person(person)
        return int(await self._commands.run(scripts.THIN_LEDGER, keys.tag, (keys.ledger,), repr(since), *fields))

    async def unlink(self, person: PersonId, links: Collection[Link]) -> None:
        keys = self._keys.of_person(person)
        for link in links:
            await self._commands.command(keys.tag, b"LREM", keys.links, 0, LINK.encode(link))
            await self._commands.command(keys.tag, b"SREM", keys.linked, link.id)

    async def _named(self, sets: Iterable[tuple[Shard, bytes]]) -> tuple[ConversationId, ...]:
        """What these sets hold: one round trip for all of them."""
        found = await asyncio.gather(
            *(self._commands.command(self._keys.of_shard(shard).tag, b"SMEMBERS", key) for shard, key in sets)
        )
        return tuple(sorted({ConversationId(name.decode()) for members in found for name in members}))

    async def _held(
        self, conversation: ConversationId
    ) -> tuple[Session | None, Lead | None, Posting | None, tuple[Fact, ...]]:
        keys = self._keys.of_conversation(conversation)
        (session, lead, posting), facts = await asyncio.gather(
            self._commands.command(keys.tag, b"HMGET", keys.state, b"session", b"lead", b"posting"),
            self._commands.command(keys.tag, b"LRANGE", keys.facts, 0, -1),
        )
        return (
            None if session is None else SESSION.decode(session),
            None if lead is None else LEAD.decode(lead),
            None if posting is None else POSTING.decode(posting),
            tuple(map(FACT.decode, facts)),
        )

    def _indexes(self, shard: Shard, session: Session | None, facts: Iterable[Fact]) -> list[bytes]:
        addresses = {fact.value for fact in facts if fact.field is Field.EMAIL and isinstance(fact.value, str)}
        visits = [] if session is None else [self._keys.visits(shard, session.visitor)]
        return [*visits, *(self._keys.address(shard, one) for one in sorted(addresses))]


def _withdrawal(conversation: ConversationId, lead: Lead | None, posting: Posting | None) -> WithdrawLead:
    return WithdrawLead(
        lead=lead_of(conversation),
        since=lead.created_at if lead else 0.0,
        channel=posting.channel if posting else "",
        reference=posting.reference if posting else "",
    )
