"""Facts: what is known of a visitor, each with the words it was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.ids import FactId, MessageId


class Field(StrEnum):
    """What a fact is about. The first eighteen are the slots a conversation file is scored on."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    COMPANY = "company"
    COMPANY_SIZE = "company_size"  # Quantity, employees
    TEAM_SIZE = "team_size"  # Quantity, seats or agents
    INDUSTRY = "industry"  # label
    VOLUME = "volume"  # Quantity with unit and period
    BUDGET = "budget"  # Quantity with currency and period, or "none"
    TIMELINE = "timeline"  # now | 1-3m | 3-6m | 6-12m | 12m+ | none
    ROLE = "role"
    DECISION_MAKER = "decision_maker"  # yes | shared | no
    TECH_STACK = "tech_stack"
    INTEGRATIONS = "integrations"
    USE_CASE = "use_case"  # label
    PAINS = "pains"  # label
    SECURITY = "security"  # label
    COMPETITORS = "competitors"
    # beyond the scored slots
    TECHNICAL_LEVEL = "technical_level"  # low | medium | high | expert
    FEATURES = "features"
    OBJECTIONS = "objections"
    SIGNALS = "signals"  # conversion signals: pricing_interest, demo_request, urgency ...
    SCALING = "scaling"
    STYLE = "communication_style"  # analytical | direct | relationship


QUALIFYING = (
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.INDUSTRY,
    Field.VOLUME,
    Field.BUDGET,
    Field.TIMELINE,
    Field.ROLE,
    Field.DECISION_MAKER,
    Field.TECH_STACK,
    Field.INTEGRATIONS,
    Field.USE_CASE,
    Field.PAINS,
    Field.SECURITY,
    Field.COMPETITORS,
)
"""The scored fields that tell of an organisation and its needs; the other four tell who the visitor is."""


LIST_FIELDS = frozenset(
    {
        Field.TECH_STACK,
        Field.INTEGRATIONS,
        Field.USE_CASE,
        Field.PAINS,
        Field.SECURITY,
        Field.COMPETITORS,
        Field.FEATURES,
        Field.OBJECTIONS,
        Field.SIGNALS,
        Field.SCALING,
    },
)


class Source(StrEnum):
    STATED = "stated"
    INFERRED = "inferred"
    ENRICHED = "enriched"
    REP = "rep"


class Standing(StrEnum):
    """How far a fact has earned belief."""

    CLAIMED = "claimed"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"


class Operation(StrEnum):
    SET = "set"  # scalar field: supersedes what was known
    ADD = "add"  # list field: one more value
    REMOVE = "remove"  # list field: this value no longer holds
    CLEAR = "clear"  # the whole field no longer holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number or a range. `low` == `high` for an exact figure; None = open end."""

    low: float | None
    high: float | None
    unit: str = ""  # tickets, employees, agents ...
    period: str = ""  # hour | day | week | month | quarter | year | once
    currency: str = ""  # ISO 4217


FactValue = str | Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing learned from one message. `quote` is a substring of that message, or the fact is not stored."""

    id: FactId
    field: Field
    value: FactValue
    operation: Operation
    quote: str
    message: MessageId
    channel: str
    at: float
    source: Source = Source.STATED
    standing: Standing = Standing.CLAIMED
    confidence: float = 0.8
    note: str = ""  # e.g. free_mail, disposable, role_account for an address
    retracts: FactId | None = None  # takes this fact of the same channel back; everything else is for the reader only
    place: float | None = (
        None  # where it stands among the others: the time of the words it comes from, if they were edited
    )
    corrects: bool = False  # said to put right what was known, so that the two do not contradict each other
