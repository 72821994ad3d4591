"""The hub's ports: what it needs from the store. Every method may raise `StoreUnavailable`: the effect is unknown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.access_ports import Journal, Records, Tries
from core.backlog import Backlog
from core.directory import Directory
from core.erasure_ports import Erasure
from core.fact import Fact
from core.ids import ConversationId, Epoch, Shard
from core.lead import Lead
from core.lead_ports import LeadBook, Leads, Rota
from core.message import InboundMessage, InboxEntry
from core.people_ports import Ledger, People, Unmatched
from core.session import ConversationState, Session
from core.transcript import TranscriptEntry
from core.turn import Effect, Timer


class AcceptStatus(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # the same event again: nothing was written
    CONFLICT = "conflict"  # the same event id with another content: nothing was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    status: AcceptStatus
    seq: int  # in the inbox; 0 unless ACCEPTED
    log_seq: int  # in the transcript; for a duplicate, of the first delivery; 0 when not shown there
    owned: bool  # the accepting worker owns the shard, so it may hand the entry on in memory
    person_answers: bool = False  # the bot will not answer this line; told of a first delivery only


class Inbox(Protocol):
    async def accept(self, message: InboundMessage, *, worker: str) -> Acceptance:
        """Record the message durably, once per message id. Safe to call again after `StoreUnavailable`."""
        ...

    async def waiting(self, shard: Shard, *, after: int) -> tuple[InboxEntry, ...]:
        """Entries not yet committed with a sequence above `after`, in order."""
        ...

    async def attempt(self, shard: Shard, seq: int) -> int:
        """Count one more start of a recovered entry and say how many there were."""
        ...

    async def survived(self, shard: Shard, seqs: Sequence[int]) -> None:
        """Take back one `attempt` of each of these entries, because the process that made it lives on."""
        ...

    async def starts(self, shard: Shard) -> Mapping[int, int]:
        """How often each waiting entry was started by `attempt`, by sequence; those never started are left out."""
        ...

    async def bury(self, shard: Shard, worker: str, epoch: Epoch, entry: InboxEntry, reason: str) -> None:
        """Move an entry to the dead letters. Raises `Fenced`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """All of a turn's writes; they take effect together or not at all."""

    session: Session  # the new one; its `version` is the one that was loaded, the store adds one
    facts: tuple[Fact, ...] = ()
    lines: tuple[TranscriptEntry, ...] = ()
    outbox: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] = ()
    lead: Lead | None = None
    acknowledged: tuple[int, ...] = ()  # inbox sequences
    speaks: bool = False  # whether the bot says something in it
    trace: str = ""  # the step that decided it; its effects name it, see `core.tracing`


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    seq: int  # dense per shard
    conversation: ConversationId
    effect: Effect
    trace: str = ""  # the step that decided it


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    session: Session  # with its new version
    lines: tuple[TranscriptEntry, ...]  # with their sequence numbers
    outbox: tuple[OutboxEntry, ...]


class Conversations(Protocol):
    async def load(self, conversation: ConversationId) -> ConversationState | None:
        """Session, facts, lead and the last lines in one round trip; None for a new conversation."""
        ...

    async def commit(self, shard: Shard, worker: str, epoch: Epoch, commit: Commit) -> Committed:
        """Raises `Fenced` when the shard has another owner or the session another version.

        Raises `Held` when the bot would speak and a message by which a person takes over waits in the inbox.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainDelivery:
    """An effect that may have happened: trying again could do it twice, so a person decides."""

    id: str
    at: float  # when it was given up, by the server's clock
    conversation: ConversationId
    effect: Effect


class Beginning(StrEnum):
    FIRST = "first"
    AGAIN = "again"  # it was noted before, so an earlier attempt may have arrived
    WITHHELD = "withheld"  # the bot would speak, and a person has taken over: nothing was noted


class Outbox(Protocol):
    async def pending(self, shard: Shard) -> tuple[OutboxEntry, ...]:
        """Effects not yet delivered, in order."""
        ...

    async def delivered(self, shard: Shard, worker: str, epoch: Epoch, seq: int) -> None:
        """Drop an effect that has happened. Raises `Fenced`."""
        ...

    async def begin(self, shard: Shard, worker: str, epoch: Epoch, entry: OutboxEntry) -> Beginning:
        """Note that an effect is about to leave. Raises `Fenced`."""
        ...

    async def not_begun(self, shard: Shard, seq: int) -> None:
        """Take the note back: what left surely had no effect."""
        ...

    async def doubt(self, shard: Shard, worker: str, epoch: Epoch, seq: int) -> None:
        """Move an effect that may have happened to the uncertain deliveries. Raises `Fenced`."""
        ...

    async def uncertain(self, shard: Shard) -> tuple[UncertainDelivery, ...]:
        """What was moved there and not settled, oldest first; a bounded number."""
        ...

    async def settle(self, shard: Shard, delivery: str) -> bool:
        """Take an uncertain delivery off the list; False when it is not on it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    epoch: Epoch
    inbox_last: int  # the newest inbox sequence ever given out in the shard


class Ownership(Protocol):
    async def announce(self, worker: str, *, ttl: float) -> tuple[str, ...]:
        """Say that `worker` lives for `ttl` more seconds; returns all that live, sorted."""
        ...

    async def withdraw(self, worker: str) -> None: ...

    async def acquire(self, shard: Shard, worker: str, *, ttl: float) -> Grant | None:
        """Own the shard with a new epoch; None while another worker's lease runs."""
        ...

    async def tend(self, shard: Shard, worker: str, epoch: Epoch, *, ttl: float, now: float) -> int:
        """Extend the lease, move timers due at `now` into the inbox; the newest inbox sequence. Raises `Fenced`."""
        ...

    async def release(self, shard: Shard, worker: str, epoch: Epoch) -> None:
        """Give the shard up at once; nothing happens when it is no longer owned."""
        ...


class Transcripts(Protocol):
    async def read(self, conversation: ConversationId, *, after: int, limit: int) -> tuple[TranscriptEntry, ...]:
        """Lines above sequence `after`, in order."""
        ...

    async def watch(self, conversation: ConversationId, worker: str) -> None:
        """Signal `worker` whenever a line is added by another worker; renew within an hour."""
        ...

    async def unwatch(self, conversation: ConversationId, worker: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardWoken:
    """Another worker accepted a message for a shard of ours."""

    shard: Shard


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesWritten:
    """Another worker added lines to a conversation we watch."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """A conversation of a shard of ours, or one that we watch, was erased."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A conversation of a shard of ours was changed by somebody else: what is remembered of it is out of date."""

    conversation: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsLost:
    """The subscription broke and is back: signals in between are gone, so look at everything."""


Signal = ShardWoken | LinesWritten | Forgotten | Changed | SignalsLost


class Signals(Protocol):
    def listen(self, worker: str) -> AsyncIterator[Signal]:
        """Signals for this worker until cancelled; reconnects by itself."""
        ...


class Allowances(Protocol):
    """Tokens for models, counted by day and by who spends them; shared by all processes, and kept over restarts."""

    async def take(self, tokens: int, limits: Mapping[str, int], *, day: int) -> str:
        """Take `tokens` from every named allowance, or from none; "" or the name of one that has too little left."""
        ...

    async def give_back(self, tokens: int, names: Collection[str], *, day: int) -> None:
        """Put back what was not used (a negative number: take what was used beyond it)."""
        ...

    async def tokens(self, days: Sequence[int]) -> Mapping[int, int]:
        """What was taken and not put back on these days, by everybody; kept for good, days without are left out."""
        ...


class Notes(Protocol):
    """What a channel must remember over restarts and in all processes: small strings by channel and key.

    `life` is in seconds; a note that has reached its end is as if it had never been. `of` names the conversation or
    person that a note tells of, so that it goes with them.
    """

    async def put(self, channel: str, key: str, value: str, *, life: float, of: str = "") -> None: ...

    async def add(self, channel: str, key: str, value: str, *, life: float, of: str = "") -> bool:
        """Only where there is none yet; whether there was none."""
        ...

    async def get(self, channel: str, key: str) -> str | None: ...

    async def take(self, channel: str, key: str) -> str | None:
        """Read and remove in one step: of several who take, one gets it."""
        ...

    async def forget(self, of: str) -> int:
        """Take out every note that tells of a conversation or person; how many there were. Safe to call again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """All of the store's ports, as one value to hand around at wiring time."""

    inbox: Inbox
    conversations: Conversations
    outbox: Outbox
    ownership: Ownership
    transcripts: Transcripts
    signals: Signals
    leads: Leads
    lead_book: LeadBook
    ledger: Ledger
    people: People
    unmatched: Unmatched
    allowances: Allowances
    notes: Notes
    rota: Rota
    records: Records
    journal: Journal
    tries: Tries
    directory: Directory
    erasure: Erasure
    backlog: Backlog
