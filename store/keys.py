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
    state: bytes  # hash: version, session, lead, posting, posting:<sink>
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
    erased: bytes  # seconds since the epoch; what is older is not written again


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
        self.lead_book = self._key(WORKERS, "leads")
        self.lead_order = self._key(WORKERS, "lead-order")
        self.turns = self._key(WORKERS, "turns")
        self.turn_order = self._key(WORKERS, "turn-order")
        self.journal = self._key(WORKERS, "journal")
        self.tokens = self._key(WORKERS, "tokens")
        """Hash: day, counted from the epoch in UTC -> tokens that models have used."""
        self.erasures = self._key(WORKERS, "erasures")
        self.directory = self._key(WORKERS, "directory", "")
        """What the keys of the directory begin with."""
        self.shards = tuple(map(Shard, range(shards)))
        self.signals = f"fd:{tenant}:signals:".encode()
        """Prefix of the publish channels; a worker's name completes it."""

    def secret(self, name: str) -> bytes:
        """A secret that all processes of the tenant share."""
        return self._key(WORKERS, "secret", name)

    def spent(self, day: int) -> bytes:
        """What was spent on models on a day, counted from the epoch in UTC."""
        return self._key(WORKERS, "spent", str(day))

    def named(self, kind: str) -> bytes:
        """A pattern of the keys of one kind in all shards."""
        return f"fd:{self._tenant}:{{*}}:{kind}:*".encode()

    def records(self, kind: str) -> bytes:
        """Hash of the tenant's records of a kind, which the program names."""
        return self._key(WORKERS, "records", kind)

    def tries(self, key: str) -> bytes:
        """Counted tries. Hashed, since the key may come from outside."""
        return self._key(WORKERS, "tries", _digest(key))

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

    def erased(self, conversation: ConversationId) -> bytes:
        """The conversation's tombstone: newest inbox sequence and time of its erasure. Hashed, as it outlives them."""
        return self._shards[self.shard(conversation)].start + b"erased:" + _digest(conversation).encode()

    def visits(self, shard: Shard, visitor: str) -> bytes:
        """Set of the conversations of a visitor that lie in a shard."""
        return self._shards[shard].start + b"visits:" + visitor.encode()

    def address(self, shard: Shard, email: str) -> bytes:
        """Set of the conversations of a shard in which an e-mail address was given. Hashed: a key is seen by many."""
        digest = blake2b(email.strip().casefold().encode(), digest_size=16).hexdigest()
        return self._key(self._shards[shard].tag, "address", digest)

    def seen(self, shard: Shard, message: InboundMessage) -> bytes:
        """The message's dedupe key. Hashed, since the ids come from outside: any length, any separator in them."""
        name = (
            f"{len(message.channel)}:{message.channel}:{len(message.conversation)}:{message.conversation}:{message.id}"
        )
        return self._key(str(shard), "seen", _digest(name))

    def of_person(self, person: PersonId) -> PersonKeys:
        tag = str(shard_of(person, len(self._shards)))
        return PersonKeys(
            tag=tag,
            ledger=self._key(tag, "ledger", person),
            known=self._key(tag, "known", person),
            links=self._key(tag, "links", person),
            linked=self._key(tag, "linked", person),
            user=self._key(tag, "user", person),
            erased=self._key(tag, "erased-person", _digest(person)),
        )

    def token(self, token: str) -> tuple[str, bytes]:
        """Hash tag and key of a signed token that was used. Hashed, since its id comes from outside."""
        tag = str(shard_of(token, len(self._shards)))
        return tag, self._key(tag, "token", _digest(token))

    def note(self, channel: str, key: str) -> tuple[str, bytes]:
        """Hash tag and key of what a channel remembers. Hashed, since its key may come from outside."""
        name = f"{len(channel)}:{channel}:{key}"
        tag = str(shard_of(name, len(self._shards)))
        return tag, self._key(tag, "note", _digest(name))

    def notes_of(self, name: str) -> tuple[str, bytes]:
        """Hash tag and key of the set of notes that tell of a conversation or person."""
        tag = str(shard_of(name, len(self._shards)))
        return tag, self._key(tag, "notes-of", _digest(name))

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


def tag_of(key: bytes) -> str:
    """The hash tag within a key."""
    return key[key.index(b"{") + 1 : key.index(b"}")].decode()


def _digest(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()
