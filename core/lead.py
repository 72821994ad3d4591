"""The lead: what the sales team receives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.chance import UNKNOWN, Chance
from core.ids import ConversationId, LeadId, PersonaId, VisitorId
from core.people import Thread
from core.rep import Rep, RepId


class LeadStatus(StrEnum):
    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One line of a receipt; the lines of a receipt sum to its score."""

    reason: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    level: str  # low | medium | high
    score: float  # 0 to 100, the sum of the receipt
    probability: float  # of level "high", 0 to 1; a prior
    receipt: tuple[ScoreLine, ...]
    chance: Chance = UNKNOWN  # of becoming a customer


NOT_READY = Readiness(level="low", score=0.0, probability=0.0, receipt=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One letter of a qualification framework, e.g. budget."""

    id: str
    name: str
    answer: str  # in words, "" when missing
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The visitor's own words, kept with the lead because they show something."""

    text: str
    shows: str
    message: str = ""  # id of the message it is from, "" where that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a lead goes, and by which rule of `handoff.yaml`."""

    rule: str = ""  # its name, "" = what no rule fits
    team: str = ""  # "" = everybody
    channel: str = ""  # the sales platform's id, "" = the usual one
    skills: tuple[str, ...] = ()  # that who takes it has
    quiet: bool = False  # it is listed and gets no card


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An enriched lead. Complete by itself: the card is rendered from this and nothing else."""

    id: LeadId
    conversation: ConversationId
    visitor: VisitorId
    channel: str
    created_at: float
    updated_at: float
    revision: int  # grows by one with each change that a rep should see
    email: str
    email_note: str = ""  # free_mail, disposable, role_account
    name: str = ""
    company: str = ""
    phone: str = ""
    status: LeadStatus = LeadStatus.NEW
    owner: Rep | None = None  # who claimed it or was given it
    claimed_at: float = 0.0  # first, seconds since the epoch; 0 = never
    assigned: Rep | None = None  # whose turn it is to claim it
    passed: tuple[RepId, ...] = ()  # whose turn it was before
    route: Route | None = None  # None = nobody has set up routes
    bridged: bool = False  # what is written in its thread goes to the visitor
    handled_by: str = "bot"  # bot | human: who answers the visitor
    snoozed_until: float = 0.0
    verdict: str = ""  # "" | disqualified | won | lost
    verdict_reason: str = ""
    source_page: str = ""
    source_title: str = ""
    campaign: str = ""
    referrer: str = ""
    first_message: str = ""
    language: str = "en"
    priority: str = "medium"  # low | medium | high
    reasons: tuple[str, ...] = ()  # why it was handed off, in order
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    value: float | None = None  # what the deal may be worth, in the company's currency; set by people
    visitor_type: str = ""
    employees: float | None = None  # at the least, of their company
    persona: PersonaId | None = None
    persona_name: str = ""
    persona_probability: float = 0.0
    persona_said: PersonaId | None = None  # what somebody of the team says the visitor is; `persona` was detected
    readiness: Readiness
    qualification: tuple[Criterion, ...] = ()
    requirements: tuple[tuple[str, str], ...] = ()  # (label, words), for people
    quotes: tuple[Quote, ...] = ()
    objections: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    next_step: str = ""
    opener: str = ""  # a first message the rep can send as it is
    files: tuple[str, ...] = ()  # names of those the visitor has sent, the newest last
    threads: tuple[Thread, ...] = ()  # other conversations of the same person that are in it
    changes: tuple[str, ...] = ()  # what the newest revision added, in words


class PostingState(StrEnum):
    STARTED = "started"  # a post was begun; whether it arrived is unknown
    POSTED = "posted"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Where a lead's card stands in the sales channel."""

    state: PostingState
    revision: int  # the lead revision the card shows
    channel: str = ""  # the platform's channel id
    reference: str = ""  # the platform's message id (Slack: ts)
    reason: str = ""  # why it is parked
