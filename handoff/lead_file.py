"""A lead out of a JSON file, as webhooks bring it; only what routing looks at is read, and any of it may be missing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from core.ids import ConversationId, LeadId, PersonaId, VisitorId
from core.lead import Lead, Readiness

NAMELESS = LeadId("lead.file")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True)


class _Contact(_Part):
    email: str = ""
    name: str = ""
    company: str = ""
    phone: str = ""
    language: str = "en"


class _Origin(_Part):
    channel: str = ""
    campaign: str = ""
    pages: tuple[str, ...] = ()


class _Persona(_Part):
    id: str | None = None
    name: str = ""


class _Readiness(_Part):
    level: str = "low"
    score: float = 0.0


class _LeadFile(_Part):
    id: str = NAMELESS
    contact: _Contact = _Contact()
    origin: _Origin = _Origin()
    persona: _Persona = _Persona()
    readiness: _Readiness = _Readiness()
    reasons: tuple[str, ...] = ()
    visitor_type: str = ""
    employees: float | None = None


def lead_of_json(text: str | bytes) -> Lead:
    """The lead of a file, or of the `data` of a webhook's event. Raises `pydantic.ValidationError`."""
    read = _LeadFile.model_validate_json(text)
    persona, ready = read.persona, read.readiness
    return Lead(
        id=LeadId(read.id),
        conversation=ConversationId(""),
        visitor=VisitorId(""),
        created_at=0.0,
        updated_at=0.0,
        revision=1,
        **read.contact.model_dump(),
        **read.origin.model_dump(),
        persona=PersonaId(persona.id) if persona.id else None,
        persona_name=persona.name,
        readiness=Readiness(level=ready.level, score=ready.score, probability=0.0, receipt=()),
        reasons=read.reasons,
        visitor_type=read.visitor_type,
        employees=read.employees,
    )
