"""What one burst of messages means, before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from core.fact import Fact


class Intent(IntEnum):
    """How close to buying the visitor acts in this turn."""

    NONE = 0  # support, spam, a job, study, leaving
    LOOKING = 1
    EVALUATING = 2  # for their own organisation
    ACTING = 3  # asks for or accepts a trial, demo, quote, pilot, call; gives contact details for that


class Act(StrEnum):
    """What the visitor does with words."""

    GREETS = "greets"
    THANKS = "thanks"
    LEAVES = "leaves"
    TURNS_AWAY = "turns_away"  # finds that this is nothing for them
    AFFIRMS = "affirms"
    DENIES = "denies"
    PRAISES = "praises"
    ASKS = "asks"
    CORRECTS = "corrects"
    COMPLAINS = "complains"
    WANTS_HUMAN = "wants_human"
    ASKS_IF_ROBOT = "asks_if_robot"
    ASKS_WHAT_HAPPENS_WITH_DATA = "asks_about_data"
    REFUSES_EMAIL = "refuses_email"
    GIVES_EMAIL = "gives_email"
    DOES_NOT_KNOW = "does_not_know"
    SAYS_KNOWN = "says_known"  # has talked to us before, elsewhere, and wants that taken up
    SMALL_TALK = "small_talk"
    INSTRUCTS_BOT = "instructs_bot"  # prompt injection, "ignore your rules"


class VisitorType(StrEnum):
    UNKNOWN = "unknown"
    BUYER = "buyer"
    CUSTOMER = "customer"  # an existing customer who needs support
    STUDENT = "student"
    JOB_SEEKER = "job_seeker"
    COMPETITOR = "competitor"
    VENDOR = "vendor"  # sells something to us
    SPAM = "spam"


class EmailVerdict(StrEnum):
    VALID = "valid"
    MISTYPED = "mistyped"  # a well-known domain with a slip: `suggestion` holds the likely one
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailReading:
    """An address found in the visitor's words, spelled out or not. Nothing was sent to check it."""

    address: str  # normalised, lower case
    verdict: EmailVerdict
    quote: str
    suggestion: str = ""
    free_mail: bool = False
    disposable: bool = False
    role_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """`facts` carry quotes that are substrings of the message they name; `questions` are verbatim."""

    language: str = "en"
    acts: frozenset[Act] = frozenset()
    questions: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    intent: Intent = Intent.LOOKING
    visitor_type: VisitorType = VisitorType.UNKNOWN
    email: EmailReading | None = None
    topic: str = ""  # what to search the site for: the visitor's words without pleasantries and contact details
