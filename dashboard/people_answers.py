"""What the API tells of people: the shapes, and how they are filled from what the store holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from pydantic import JsonValue

from core.directory import Listing
from core.fact import Fact, Quantity
from core.ids import lead_of
from core.lead import Lead
from core.transcript import TranscriptEntry
from dashboard.api import ApiModel


class Row(ApiModel):
    """A conversation as lists show it; what is not known is "" or null."""

    conversation: str
    visitor: str
    channel: str
    language: str
    campaign: str
    messages: int
    name: str
    company: str
    email: str
    persona: str
    readiness: str
    score: float
    confidence: float
    size: str
    technical: str
    status: str
    owner: str
    value: float | None
    lead: str | None
    created_at: datetime
    active_at: datetime


class Rows(ApiModel):
    """One page. `next` asks for the following one, "" at the end; a page may be short before that."""

    rows: tuple[Row, ...]
    next: str


class Event(ApiModel):
    """A stage that a conversation reached first; `id` is the same each time it is told."""

    id: str
    conversation: str
    stage: str
    at: datetime
    persona: str
    channel: str
    campaign: str


class Events(ApiModel):
    """All events of a page of conversations."""

    events: tuple[Event, ...]
    next: str


class KnownFact(ApiModel):
    """One thing known, with the visitor's words it was learned from."""

    field: str
    value: str | dict[str, JsonValue]
    quote: str
    message: str
    confidence: float
    source: str
    standing: str
    at: datetime


class ProfileAnswer(ApiModel):
    """A conversation's row and what is known of who talks there."""

    row: Row
    facts: tuple[KnownFact, ...]


class ReceiptLine(ApiModel):
    """What of the score comes from what."""

    reason: str
    points: float


class LeadAnswer(ApiModel):
    """A lead as the sales team sees it."""

    id: str
    conversation: str
    status: str
    owner: str
    email: str
    name: str
    company: str
    phone: str
    persona: str
    readiness: str
    score: float
    receipt: tuple[ReceiptLine, ...]
    reasons: tuple[str, ...]
    requirements: dict[str, str]
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    value: float | None
    source_page: str
    campaign: str
    next_step: str
    created_at: datetime
    updated_at: datetime


class Line(ApiModel):
    """A line of a conversation; `author` is visitor, bot or rep."""

    number: int
    author: str
    at: datetime
    text: str


class ConversationAnswer(ApiModel):
    """Lines in their order; `next` is the number to go on after, null at the end."""

    conversation: str
    channel: str
    mode: str
    lines: tuple[Line, ...]
    next: int | None


def row_of(row: Listing) -> Row:
    told = {name: getattr(row, name) for name in Row.model_fields if name not in {"lead", "created_at", "active_at"}}
    lead = lead_of(row.conversation) if row.lead else None
    return Row(**told, lead=lead, created_at=_moment(row.created_at), active_at=_moment(row.active_at))


def event_of(row: Listing, stage: str, at: float) -> Event:
    return Event(
        id=f"{row.conversation}:{stage}",
        conversation=row.conversation,
        stage=stage,
        at=_moment(at),
        persona=row.persona,
        channel=row.channel,
        campaign=row.campaign,
    )


def fact_of(fact: Fact) -> KnownFact:
    value = fact.value
    return KnownFact(
        field=fact.field.value,
        value=asdict(value) if isinstance(value, Quantity) else value,
        quote=fact.quote,
        message=fact.message,
        confidence=fact.confidence,
        source=fact.source.value,
        standing=fact.standing.value,
        at=_moment(fact.at),
    )


def lead_answer(lead: Lead) -> LeadAnswer:
    return LeadAnswer(
        id=lead.id,
        conversation=lead.conversation,
        status=lead.status.value,
        owner=lead.owner.name if lead.owner else "",
        email=lead.email,
        name=lead.name,
        company=lead.company,
        phone=lead.phone,
        persona=lead.persona or "",
        readiness=lead.readiness.level,
        score=lead.readiness.score,
        receipt=tuple(ReceiptLine(reason=one.reason, points=one.points) for one in lead.readiness.receipt),
        reasons=lead.reasons,
        requirements=dict(lead.requirements),
        tags=lead.tags,
        notes=lead.notes,
        value=lead.value,
        source_page=lead.source_page,
        campaign=lead.campaign,
        next_step=lead.next_step,
        created_at=_moment(lead.created_at),
        updated_at=_moment(lead.updated_at),
    )


def line_of(line: TranscriptEntry) -> Line:
    return Line(number=line.seq, author=line.author, at=_moment(line.at), text=line.text)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
