"""The hub's ports: what it needs from the store. Every method may raise `StoreUnavailable`: the effect is unknown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.access_ports import Journal, Records, Tries
from core.backlog import Backlog
from core.directory import Directory
from core.fact import Fact
from core.ids import ConversationId, Epoch, LeadId, PersonId, Shard
from core.lead import Lead, Posting
from core.message import InboundMessage, InboxEntry
from core.people import Link
from core.rep import RepId
from core.session import ConversationState, Session
from core.transcript import TranscriptEntry
from core.turn import Effect, Timer
from core.unmatched import UnmatchedChat


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


class Leads(Protocol):
    async def load(self, lead: LeadId) -> Lead | None: ...

    async def posting(self, lead: LeadId, sink: str = "") -> Posting | None:
        """Where the lead stands in one sink; the sales channel's is named ""."""
        ...

    async def record_posting(self, lead: LeadId, worker: str, epoch: Epoch, posting: Posting, sink: str = "") -> bool:
        """False when the lead was erased. Raises `Fenced`."""
        ...


class LeadBook(Protocol):
    """The newest leads in one place: what lists of them are made from. A bounded number."""

    async def enter(self, lead: Lead) -> None:
        """Put the lead's newest revision in place of an earlier one; a later one that is there stays."""
        ...

    async def strike(self, lead: LeadId) -> None:
        """Take it out: for whoever erases a visitor."""
        ...

    async def leads(self) -> tuple[Lead, ...]:
        """All of them, the last changed first."""
        ...


class Ledger(Protocol):
    async def append(self, person: PersonId, facts: Sequence[Fact]) -> int:
        """Add facts whose ids are new; returns how many were."""
        ...

    async def read(self, person: PersonId) -> tuple[Fact, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintances:
    """Some people, with everybody who was ever linked to them, whether or not the links still hold."""

    links: tuple[Link, ...]
    ledgers: Mapping[PersonId, tuple[Fact, ...]]


class Claim(StrEnum):
    HELD = "held"
    REPLAYED = "replayed"  # another visitor has used the token
    SOMEBODY_ELSE = "somebody_else"  # the visitor is another user for good; nothing was used up


class People(Protocol):
    """Which visitors are one person."""

    async def link(self, link: Link) -> None:
        """Record the link with both ends, once per link id. Safe to call again after `StoreUnavailable`."""
        ...

    async def links(self, person: PersonId) -> tuple[Link, ...]:
        """Every link ever recorded of the person and of everybody they are linked to, directly or through others."""
        ...

    async def acquaintances(self, people: Collection[PersonId]) -> Acquaintances:
        """The same for several at once, with everybody's ledger: one round trip as far as nobody else turns up."""
        ...

    async def claim(self, visitor: PersonId, user: PersonId, *, token: str, life: float) -> Claim:
        """Use a signed token's id up for a visitor who is `user`; it is remembered for `life` seconds.

        Safe to call again: the same claim holds again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """A proposal for a new persona that nobody wants to see again, and the words it was told by."""

    id: str
    words: tuple[str, ...]


class Unmatched(Protocol):
    """Chats that fit no persona: a bounded number, each for a bounded time after its last turn."""

    async def note(self, conversation: ConversationId, worker: str, epoch: Epoch, chat: UnmatchedChat | None) -> None:
        """Keep the conversation's chat, once, in place of what was kept; None takes it out. Raises `Fenced`."""
        ...

    async def forget(self, conversation: ConversationId) -> None:
        """Take it out, whoever owns the shard: for whoever erases a visitor."""
        ...

    async def chats(self) -> tuple[UnmatchedChat, ...]:
        """Everything kept, oldest first."""
        ...

    async def dismiss(self, dismissal: Dismissal) -> None: ...

    async def dismissed(self) -> tuple[Dismissal, ...]: ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may take a lead, and how many without a verdict they may have at a time."""

    rep: RepId
    capacity: int


class Rota(Protocol):
    """Whose turn it is; shared by all processes, and kept over restarts."""

    async def take(
        self, team: str, lead: LeadId, candidates: Sequence[Candidate], *, now: float, excluding: Collection[RepId] = ()
    ) -> RepId | None:
        """Give the lead to whoever of the team was given fewest and has room; None when nobody has.

        Safe to call again: who was given the lead has it, unless they are among `excluding`. Of candidates who always
        had room, nobody is ever given two more than another.
        """
        ...

    async def settle(self, lead: LeadId, rep: RepId | None, *, now: float) -> None:
        """The lead is this rep's, by whatever way it came to them; None: it takes up nobody's room any more."""
        ...

    async def order(self, team: str, candidates: Sequence[Candidate]) -> tuple[RepId, ...]:
        """Those with room, in the order of their turns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """How much of a conversation was taken out."""

    lines: int = 0
    facts: int = 0
    leads: int = 0
    messages: int = 0  # that waited, or had been set aside
    effects: int = 0
    cards: int = 0  # standing in the sales channel; an effect withdraws them


class Erasure(Protocol):
    """Finding and taking out everything of somebody. Each call may be repeated after `StoreUnavailable`.

    What was erased does not come back: turns, effects and readings that were under way are refused. What comes in
    afterwards begins anew.
    """

    async def visits(self, visitors: Collection[PersonId]) -> tuple[ConversationId, ...]:
        """Every conversation of these visitors, sorted."""
        ...

    async def with_address(self, email: str) -> tuple[ConversationId, ...]:
        """Every conversation in which the address was given, sorted."""
        ...

    async def conversation(self, conversation: ConversationId, *, at: float) -> Removed:
        """Take a conversation out; a card that stands in the sales channel is withdrawn by an effect."""
        ...

    async def person(self, person: PersonId, *, at: float) -> int:
        """Take out the ledger of a person and the links; returns how many facts there were."""
        ...

    async def record(self, names: Collection[str], *, at: float) -> None:
        """Remember what was erased by the names of `core.erased_names`, for longer than any backup is kept."""
        ...

    async def recorded(self) -> Mapping[str, float]:
        """When each of them was erased."""
        ...

    async def thin(self, conversation: ConversationId, *, since: float, lines: bool, fields: Collection[str]) -> int:
        """Take out the lines, and facts of some fields ("*": of all), unless something was said after `since`.

        How many lines and facts went.
        """
        ...

    async def thin_ledger(self, person: PersonId, *, since: float, fields: Collection[str]) -> int:
        """Take facts of some fields ("*": of all) that are no newer out of a person's ledger; how many went."""
        ...

    async def unlink(self, person: PersonId, links: Collection[Link]) -> None:
        """Take links to somebody who is erased out of another person's list."""
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
