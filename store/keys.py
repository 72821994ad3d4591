"""Every key of the store, built in one place.

Shape: `fd:<tenant>:{<tag>}:<kind>[:<id>]`. The hash tag is the shard, so all keys of a conversation lie in one
cluster slot and one script may touch them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from core.ids import ConversationId, PersonId, Shard
from core.message import InboundMessage
from core.shards import shard_of

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

WORKERS = "workers"
"""Hash tag of what concerns the whole tenant and no single shard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardKeys:
    tag: str
    start: bytes  # what every key of the shard begins with
    inbox: bytes  # stream of accepted messages, ids 0-1, 0-2 ...
    outbox: bytes  # stream of effects still to happen, ids 0-1, 0-2 ...
    begun: bytes  # hash: outbox id -> epoch in which its delivery began
    uncertain: bytes  # stream of effects that may have happened, and are not tried again
    dead: bytes  # stream of buried inbox entries
    attempts: bytes  # hash: inbox id -> starts of that entry
    timers: bytes  # sorted set: timer -> due time, seconds since the epoch
    timer_messages: bytes  # hash: timer -> the inbound message it turns into
    lease: bytes  # hash: worker, epoch, until and ttl (milliseconds of the server's clock)
    unmatched: bytes  # sorted set: conversation that fits no persona -> time of its last turn
    unmatched_chats: bytes  # what the keys of their chats begin with


class ConversationKeys(NamedTuple):
    """A named tuple since one is made for every command: a frozen dataclass takes three times as long to make."""

    shard: Shard
    tag: str
    state: bytes  # hash: version, session, lead, posting
    facts: bytes  # list, oldest first
    transcript: bytes  # list; a line's sequence is its place, from 1
    watchers: bytes  # sorted set: worker -> end of its watch (milliseconds of the server's clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKeys:
    tag: str
    ledger: bytes  # list of facts, oldest first
    known: bytes  # set of the fact ids in the ledger
    links: bytes  # list of links to other people, oldest first
    linked: bytes  # set of the ids of those links
    user: bytes  # the person a signed token said this visitor is


class Keys:
    """Keys of one tenant. Raises ValueError for a tenant that is not 1 to 63 of `a-z 0-9 _ -`."""

    def __init__(self, tenant: str, shards: int) -> None:
        if not _TENANT.fullmatch(tenant):
            raise ValueError(
                f"tenant {tenant!r} cannot be part of a key: use 1 to 63 of a-z, 0-9, _ and -, a letter or digit first",
            )
        if shards < 1:
            raise ValueError(f"a store needs at least one shard, not {shards}")
        self._tenant = tenant
        self._shards = tuple(self._shard_keys(str(number)) for number in range(shards))
        self.workers = self._key(WORKERS, "live")
        self.layout = self._key(WORKERS, "shards")
        self.dismissed = self._key(WORKERS, "dismissed")
        self.shards = tuple(map(Shard, range(shards)))
        self.signals = f"fd:{tenant}:signals:".encode()
        """Prefix of the publish channels; a worker's name completes it."""

    def secret(self, name: str) -> bytes:
        """A secret that all processes of the tenant share."""
        return self._key(WORKERS, "secret", name)

    def spent(self, day: int) -> bytes:
        """What was spent on models on a day, counted from the epoch in UTC."""
        return self._key(WORKERS, "spent", str(day))

    def of_shard(self, shard: Shard) -> ShardKeys:
        return self._shards[shard]

    def shard(self, conversation: ConversationId) -> Shard:
        return shard_of(conversation, len(self._shards))

    def of_conversation(self, conversation: ConversationId) -> ConversationKeys:
        shard = shard_of(conversation, len(self._shards))
        keys = self._shards[shard]
        name = conversation.encode()
        return ConversationKeys(
            shard=shard,
            tag=keys.tag,
            state=keys.start + b"state:" + name,
            facts=keys.start + b"facts:" + name,
            transcript=keys.start + b"lines:" + name,
            watchers=keys.start + b"watchers:" + name,
        )

    def unmatched_chat(self, conversation: ConversationId) -> bytes:
        """The chat as it is kept while it fits no persona; apart from the others since it is seldom needed."""
        return self._shards[self.shard(conversation)].unmatched_chats + conversation.encode()

    def seen(self, shard: Shard, message: InboundMessage) -> bytes:
        """The message's dedupe key. Hashed, since the ids come from outside: any length, any separator in them."""
        name = (
            f"{len(message.channel)}:{message.channel}:{len(message.conversation)}:{message.conversation}:{message.id}"
        )
        return self._key(str(shard), "seen", blake2b(name.encode(), digest_size=16).hexdigest())

    def of_person(self, person: PersonId) -> PersonKeys:
        tag = str(shard_of(person, len(self._shards)))
        return PersonKeys(
            tag=tag,
            ledger=self._key(tag, "ledger", person),
            known=self._key(tag, "known", person),
            links=self._key(tag, "links", person),
            linked=self._key(tag, "linked", person),
            user=self._key(tag, "user", person),
        )

    def token(self, token: str) -> tuple[str, bytes]:
        """Hash tag and key of a signed token that was used. Hashed, since its id comes from outside."""
        tag = str(shard_of(token, len(self._shards)))
        return tag, self._key(tag, "token", blake2b(token.encode(), digest_size=16).hexdigest())

    def note(self, channel: str, key: str) -> tuple[str, bytes]:
        """Hash tag and key of what a channel remembers. Hashed, since its key may come from outside."""
        name = f"{len(channel)}:{channel}:{key}"
        tag = str(shard_of(name, len(self._shards)))
        return tag, self._key(tag, "note", blake2b(name.encode(), digest_size=16).hexdigest())

    def _shard_keys(self, tag: str) -> ShardKeys:
        return ShardKeys(
            tag=tag,
            start=f"fd:{self._tenant}:{{{tag}}}:".encode(),
            inbox=self._key(tag, "inbox"),
            outbox=self._key(tag, "outbox"),
            begun=self._key(tag, "begun"),
            uncertain=self._key(tag, "uncertain"),
            dead=self._key(tag, "dead"),
            attempts=self._key(tag, "attempts"),
            timers=self._key(tag, "timers"),
            timer_messages=self._key(tag, "timer-messages"),
            lease=self._key(tag, "lease"),
            unmatched=self._key(tag, "unmatched"),
            unmatched_chats=self._key(tag, "unmatched-chat", ""),
        )

    def _key(self, tag: str, kind: str, identity: str | None = None) -> bytes:
        start = f"fd:{self._tenant}:{{{tag}}}:{kind}"
        return (start if identity is None else f"{start}:{identity}").encode()
