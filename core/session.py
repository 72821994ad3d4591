"""The state of one conversation between turns."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.attachment import Attachment
from core.consent import Consent
from core.course import NOWHERE_YET, Course
from core.fact import Fact
from core.ids import ConversationId, LeadId, MessageId, PersonId, VisitorId, person_of
from core.lead import Lead
from core.ledger import settled
from core.message import Page
from core.one_time_code import NOTHING_SENT, CodeState
from core.people import Thread, merged
from core.persona import UNKNOWN, PersonaGuess
from core.profile import ProfileUpdate
from core.promise import Promise
from core.rep import PendingWords, Told
from core.reply import Mode
from core.understanding import Intent, VisitorType

SAID_LIMIT = 2_000
"""Characters of the visitor's own words kept for persona detection; turns concatenated beat summed turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAsking:
    """Where the request for an address stands."""

    asked: int = 0  # how often
    asked_turn: int = 0  # turn of the last request, 0 = never
    refused: bool = False  # final, until the visitor offers one
    to_confirm: str = ""  # a likely spelling the visitor was asked about
    corrections: int = 0  # how often an unusable address was sent back


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """Messages nobody asked for: what was said in them, and whether another one is on its way."""

    due: float = 0.0  # when the next one is to be said, 0 = none is planned
    held: bool = False  # it fell due while the visitor looked at another tab
    away_since: float = 0.0  # 0 = the visitor looks at the page, as far as is known
    in_a_row: int = 0  # since the visitor last wrote
    declined: bool = False  # the visitor wants none; final
    aspects: tuple[str, ...] = ()  # talked about in them, in order
    sentences: tuple[str, ...] = ()  # fingerprints of the sentences they quoted
    buttons: tuple[str, ...] = ()  # offered in them


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A variant of an experiment that the conversation has met."""

    experiment: str
    variant: str
    unit: str = ""  # tells people of the experiment apart, "" where conversations are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Bounded: nothing here grows with the length of the conversation beyond a fixed cap."""

    conversation: ConversationId
    visitor: VisitorId
    channel: str
    version: int = 0  # grows by one with every commit
    started_at: float = 0.0
    last_at: float = 0.0
    turns: int = 0
    messages: int = 0
    visits: int = 1
    mode: Mode = Mode.LEAD
    language: str = "en"
    chosen_language: str = ""  # that the visitor has asked to be answered in
    introduced: bool = False  # has said that it is an assistant
    said: str = ""  # the visitor's words so far, the newest `SAID_LIMIT` characters
    first_message: str = ""
    guess: PersonaGuess = UNKNOWN
    visitor_type: VisitorType = VisitorType.UNKNOWN
    intent: Intent = Intent.NONE  # of the last turn
    intent_peak: Intent = Intent.NONE
    page: Page | None = None
    first_page: Page | None = None
    pages: tuple[str, ...] = ()
    questions_asked: int = 0  # by the visitor
    asked: tuple[str, ...] = ()  # ids of the questions put to the visitor, in order
    asked_by: str = ""  # the visitor whose wish the pending question is about, where only they can decide
    pending_question: str = ""  # the question the last reply ended with
    email: EmailAsking = field(default_factory=EmailAsking)
    used_quotes: tuple[str, ...] = ()  # hashes of site sentences already said
    volunteered: tuple[str, ...] = ()  # those of them that nobody had asked for: a question is answered with them
    used_phrases: tuple[str, ...] = ()  # phrase variants already said
    human_asked: bool = False
    promise: Promise | None = None  # the newest one that a person will answer
    follow_ups: FollowUps = field(default_factory=FollowUps)
    updates: tuple[ProfileUpdate, ...] = ()  # the newest of the profile's updates
    total_updates: int = 0
    read_due: float = 0.0  # when a model is to read what was said, unless more is said before; 0 = not planned
    read_at: float = 0.0  # when a model was last asked to, 0 = never
    read_through: float = 0.0  # time of the newest message it was given
    amended: tuple[MessageId, ...] = ()  # the newest messages that were edited or deleted after they were read
    unmatched: bool = False  # kept among the chats that fit no persona
    trials: tuple[Exposure, ...] = ()  # of experiments, in the order in which they were met
    to_say: tuple[PendingWords, ...] = ()  # a rep's, on their way to the visitor
    crossed: tuple[MessageId, ...] = ()  # the newest of them that the visitor has read
    files: tuple[Attachment, ...] = ()  # the visitor's, that no thread has been told of yet
    told: Told | None = None  # what the thread of its lead knows
    lead: LeadId | None = None
    person: PersonId | None = None  # who a signed token said this is, the first of them for good
    continues: Thread | None = None  # the conversation that was last taken up here
    threads: tuple[Thread, ...] = ()  # others of the same person that have told of themselves
    same_address: str = ""  # digest of an address that another visitor gave, too
    code: CodeState = NOTHING_SENT  # by which an address is shown to be theirs
    home: Thread | None = None  # where the person's lead is kept, None when it is here
    course: Course = NOWHERE_YET  # how far it has come
    consent: Consent = field(default_factory=Consent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line of the recent transcript, for a writer that needs context."""

    author: str  # visitor | bot | rep
    text: str
    message: MessageId | None = None  # the visitor's message this line is
    at: float = 0.0
    replaces: MessageId | None = None  # the message whose text this is now, "" when it was deleted
    asks: str = ""  # id of the question a line of the bot's waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationState:
    """What the engine is given: the session, every fact of the conversation in order, its lead, the last lines.

    `elsewhere` is what is known of the same person beside the conversation. It is read, never written with it.
    `beside` is what other threads say, for the lead alone: nothing of it may be said to the visitor.
    `earlier` is the conversation that is taken up, there only in the turn that does so.
    `talk` is the whole transcript, there only when a message of the burst changes an earlier one.
    """

    session: Session
    facts: tuple[Fact, ...] = ()
    elsewhere: tuple[Fact, ...] = ()
    beside: tuple[Fact, ...] = ()
    earlier: Session | None = None
    lead: Lead | None = None
    recent: tuple[Said, ...] = ()
    talk: tuple[Said, ...] = ()

    @property
    def known_facts(self) -> tuple[Fact, ...]:
        """Everything known of the person, in the order it was said, without what was taken back."""
        if not self.elsewhere:
            return settled(self.facts)
        return settled(merged({PersonId(""): self.elsewhere, person_of(self.session.visitor): self.facts}))
