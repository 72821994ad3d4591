"""What must be true of a conversation once everything is quiet, looked at from outside: the store and the stand-in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from core.ids import ConversationId, Shard, VisitorId, lead_of, person_of
from core.lead import Lead, PostingState
from core.session import ConversationState
from core.store_ports import Store
from core.transcript import TranscriptEntry
from frontdesk.demo.slack import SlackStandIn
from store.connections import client_of
from store.keys import Keys
from store.open import open_store
from tests.faults.desks import SALES
from tests.faults.visitor import Visitor

POLL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A conversation as the store holds it."""

    lines: tuple[TranscriptEntry, ...]
    state: ConversationState

    @property
    def said(self) -> tuple[TranscriptEntry, ...]:
        return tuple(line for line in self.lines if line.author == "visitor")

    @property
    def replies(self) -> tuple[TranscriptEntry, ...]:
        return tuple(line for line in self.lines if line.author == "bot")


class Outside:
    """An observer's own connections to the store."""

    def __init__(self, store: Store, raw: Redis, keys: Keys, shards: int) -> None:
        self.store = store
        self._raw = raw
        self._keys = keys
        self._shards = shards

    async def unfinished(self) -> dict[int, str]:
        """What waits in inboxes and outboxes, by shard."""
        found: dict[int, str] = {}
        for shard in map(Shard, range(self._shards)):
            waiting = [entry.seq for entry in await self.store.inbox.waiting(shard, after=0)]
            pending = [f"{entry.seq} {type(entry.effect).__name__}" for entry in await self.store.outbox.pending(shard)]
            if waiting or pending:
                lease = await self._raw.hgetall(self._keys.of_shard(shard).lease)
                found[shard] = f"waiting {waiting}, pending {pending}, lease {lease}"
        return found

    async def settled(
        self, talks: Awaitable[object], visitors: Sequence[Visitor], *, within: float, about: str
    ) -> None:
        """Wait until the talks are over and nothing waits anywhere; `AssertionError` says where things stand."""
        try:
            async with asyncio.timeout(within):
                await talks
                while await self.unfinished():  # noqa: ASYNC110  another process works on it
                    await asyncio.sleep(POLL)
        except TimeoutError:
            told = [about, *(visitor.describe() for visitor in visitors), str(await self.unfinished())]
            told += [f"dead letter: {letter}" for letter in await self.dead_letters()]
            raise AssertionError("\n".join(told)) from None

    async def dead_letters(self) -> list[dict[bytes, bytes]]:
        found: list[dict[bytes, bytes]] = []
        for shard in map(Shard, range(self._shards)):
            rows: Any = await self._raw.xrange(self._keys.of_shard(shard).dead)
            found += [fields for _, fields in rows]
        return found

    async def look(self, conversation: str) -> Seen:
        named = ConversationId(conversation)
        lines = await self.store.transcripts.read(named, after=0, limit=10_000)
        state = await self.store.conversations.load(named)
        assert state is not None, f"nothing was ever committed for {conversation}"
        return Seen(lines=lines, state=state)


class Observer:
    """`async with Observer(url, tenant, shards) as outside`."""

    def __init__(self, url: str, tenant: str, shards: int) -> None:
        self._where = (url, tenant, shards)

    async def __aenter__(self) -> Outside:
        url, tenant, shards = self._where
        self._opened = await open_store(url, tenant=tenant, shards=shards)
        self._raw = client_of(url)
        return Outside(self._opened.store, self._raw, Keys(tenant, shards), shards)

    async def __aexit__(self, *_: object) -> None:
        await self._raw.aclose()
        await self._opened.close()


def nothing_lost_or_doubled(seen: Seen, texts: Sequence[str], about: str) -> None:
    """Every message once and in order, each in exactly one turn, each turn with one reply, the last one answered."""
    assert [line.text for line in seen.said] == list(texts), f"{about}: the visitor's lines"
    assert seen.state.session.messages == len(texts), f"{about}: messages taken into turns"
    # That another visitor gave the same address comes in once: with words that are answered, or in a commit of its own.
    hints = bool(seen.state.session.same_address)
    commits = seen.state.session.version
    assert len(seen.replies) <= commits <= len(seen.replies) + hints, f"{about}: commits against replies"
    assert seen.lines[-1].author == "bot", f"{about}: the last message has no answer"
    assert [line.seq for line in seen.lines] == list(range(1, len(seen.lines) + 1)), f"{about}: sequence"


async def visitor_sees_everything(visitor: Visitor, seen: Seen, about: str) -> None:
    """Each line once and in order, soon; and what was acknowledged is where the acknowledgement said."""
    await visitor.sees(len(seen.lines), within=10)
    shown = [(line["seq"], line["author"], line["text"]) for line in visitor.lines]
    assert shown == [(line.seq, line.author, line.text) for line in seen.lines], f"{about}: what the visitor saw"
    acknowledged = {line.message: line.seq for line in seen.said}
    for client_id, seq in visitor.acknowledged.items():
        assert acknowledged.get(_message(seen, client_id)) == seq, f"{about}: acknowledged as line {seq}, {client_id}"


def _message(seen: Seen, client_id: str) -> Any:
    return f"{seen.state.session.conversation}.{client_id}"


async def facts_recorded_once(outside: Outside, seen: Seen, visitor: str, about: str) -> None:
    """The person's ledger holds each fact of the conversation once, in order."""
    recorded = [fact.id for fact in await outside.store.ledger.read(person_of(VisitorId(visitor)))]
    assert recorded == [fact.id for fact in seen.state.facts], f"{about}: ledger against the conversation's facts"
    assert max(Counter(recorded).values(), default=0) <= 1, f"{about}: facts twice in the ledger"


async def one_card(outside: Outside, slack: SlackStandIn, conversation: str, about: str) -> Lead:
    """Exactly one card of the conversation's lead, at its newest revision, posted by exactly one accepted call."""
    lead_id = lead_of(ConversationId(conversation))
    lead = await outside.store.leads.load(lead_id)
    assert lead is not None, f"{about}: no lead"
    cards = [payload for payload in map(_payload, slack.messages(SALES)) if payload.get("lead_id") == lead_id]
    assert [card["revision"] for card in cards] == [lead.revision], f"{about}: cards in the sales channel"
    posts = [call for call in slack.calls if call.method == "chat.postMessage" and not call.error]
    assert len([call for call in posts if _payload(call.arguments).get("lead_id") == lead_id]) == 1, f"{about}: posts"
    posting = await outside.store.leads.posting(lead_id)
    assert posting is not None, f"{about}: no posting"
    assert (posting.state, posting.revision) == (PostingState.POSTED, lead.revision), f"{about}: {posting}"
    return lead


def _payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = message.get("metadata")
    payload: Mapping[str, Any] = metadata.get("event_payload", {}) if isinstance(metadata, dict) else {}
    return payload
