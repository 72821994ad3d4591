"""What a turn produces: the new state and everything that must happen because of it."""

from __future__ import annotations

from dataclasses import dataclass

from core.fact import Fact
from core.ids import ConversationId, LeadId, MessageId, PersonId, VisitorId
from core.lead import Readiness
from core.message import InboundMessage, MessageKind
from core.persona import Persona
from core.profile import Profile
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


Effect = DeliverReply | DeliverLead | RecordFacts | NoteUnmatched | ReadClosely


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
