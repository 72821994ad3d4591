"""What a turn produces: the new state and everything that must happen because of it."""

from __future__ import annotations

from dataclasses import dataclass

from core.directory import Listing
from core.fact import Fact
from core.ids import ConversationId, LeadId, MessageId, PersonId, VisitorId
from core.lead import Readiness
from core.message import InboundMessage, MessageKind
from core.people import Thread
from core.persona import Persona
from core.profile import Profile
from core.rep import TeamNote
from core.reply import Reply
from core.session import ConversationState, Said, Session
from core.understanding import Understanding
from core.unmatched import UnmatchedChat


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReply:
    """Send the reply through its channel. Not used by channels that read the transcript (the web)."""

    channel: str
    conversation: ConversationId
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLead:
    """Bring the sales channel's card up to the newest revision of the lead."""

    lead: LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Copy facts into a person's ledger; a fact id that is there already is skipped."""

    person: PersonId
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnmatched:
    """Keep the conversation among those that fit no persona, in place of what was kept of it; None takes it out."""

    conversation: ConversationId
    chat: UnmatchedChat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClosely:
    """Have a model read these lines of the visitor's; what it finds comes back as a message of kind READ."""

    conversation: ConversationId
    channel: str
    visitor: VisitorId
    lines: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TellThread:
    """Tell another conversation of the same person of this one: it comes in there as a message of kind JOINED."""

    turn: str  # names the turn that tells
    hearer: Thread
    thread: Thread  # the one that tells
    home: Thread  # which of the two, or of all, holds the lead
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareAddress:
    """Find out whether another visitor gave the same address; then that comes in as a message of kind JOINED."""

    thread: Thread
    address: str  # a digest
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCode:
    """Send the visitor's one-time code to an address; which code it is follows from `conversation` and `at`."""

    conversation: ConversationId
    address: str
    language: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveAddress:
    """Link the visitor to whoever has an address: that comes in as a message of kind IDENTIFIED."""

    thread: Thread
    address: str
    holder: PersonId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TellTeam:
    """Write a note into the thread under the lead's card, once."""

    lead: LeadId
    note: TeamNote


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConversation:
    """Bring the conversation's row of the directory up to this one; an older row never replaces a newer."""

    listing: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawLead:
    """Delete the card of a lead that was erased, with what we wrote under it. Holds nobody's words."""

    lead: LeadId
    since: float  # the card is no older
    channel: str = ""  # where the card stands, "" when it has to be searched
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire:
    """The time a conversation is kept is over: take it out, and its visitor where nothing else is kept of them."""

    conversation: ConversationId
    visitor: VisitorId
    silent_since: float  # the visitor's last word; with a later one, nothing is taken out


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """The visitor wants everything of theirs taken out; it happens once what was said to them has left."""

    conversation: ConversationId
    visitor: VisitorId
    at: float


ALL_FIELDS = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thin:
    """The time some of a conversation is kept is over: its lines, or what was learned of these fields."""

    conversation: ConversationId
    visitor: VisitorId
    silent_since: float  # the visitor's last word; with a later one, nothing is taken out
    lines: bool = False
    fields: tuple[str, ...] = ()  # of facts; `ALL_FIELDS` for all


Effect = (
    DeliverReply
    | DeliverLead
    | RecordFacts
    | NoteUnmatched
    | ReadClosely
    | TellTeam
    | TellThread
    | CompareAddress
    | SendCode
    | ProveAddress
    | ListConversation
    | WithdrawLead
    | Expire
    | Forget
    | Thin
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Wake the conversation at `at` with a message of kind TIMER. Setting a name again moves it; None cancels it."""

    name: str
    at: float | None


def timer_message(session: Session, name: str, at: float) -> InboundMessage:
    """What a timer of this session turns into when it falls due; each setting of it has an id of its own."""
    return InboundMessage(
        id=MessageId(f"timer:{name}:{at!r}"),
        channel=session.channel,
        conversation=session.conversation,
        visitor=session.visitor,
        kind=MessageKind.TIMER,
        text=name,
        at=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """`state` is what to store; `new_facts` are those of `state.facts` that this turn added."""

    state: ConversationState
    new_facts: tuple[Fact, ...] = ()
    reply: Reply | None = None
    effects: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] = ()
    lead_changed: bool = False
    understanding: Understanding
    profile: Profile | None = None  # None while there is no customer profile yet
    readiness: Readiness
    asked_email: bool = False
    triggers: tuple[str, ...] = ()
    amended: tuple[InboundMessage, ...] = ()  # edits and deletions of messages that are in the transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """What the analysts of `profiles` look at: the conversation after this turn's facts are in."""

    session: Session
    facts: tuple[Fact, ...]
    understanding: Understanding
    news: tuple[Fact, ...]
    persona: Persona | None
    messages: tuple[InboundMessage, ...]
    now: float
