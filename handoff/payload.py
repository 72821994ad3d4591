"""A lead as other systems read it: one JSON shape, versioned, and the flat values a field map picks from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.lead import Lead

PAYLOAD_VERSION = 1
"""Grows when a key changes its meaning or goes away; new keys may come at any time."""
SUMMARY_LIMIT = 8_000
"""Characters of the summary; a CRM's long text field holds at least 32,000."""


def lead_payload(lead: Lead) -> dict[str, Any]:
    """Everything a receiver may know of a lead. The same lead always gives the same payload."""
    return {
        "version": PAYLOAD_VERSION,
        "id": lead.id,
        "revision": lead.revision,
        "createdAt": _iso(lead.created_at),
        "updatedAt": _iso(lead.updated_at),
        "status": lead.status.value,
        "owner": {"id": lead.owner.id, "name": lead.owner.name} if lead.owner else None,
        "verdict": lead.verdict,
        "verdictReason": lead.verdict_reason,
        "priority": lead.priority,
        "value": lead.value,
        "contact": {
            "email": lead.email,
            "emailNote": lead.email_note,
            "name": lead.name,
            "company": lead.company,
            "phone": lead.phone,
            "language": lead.language,
        },
        "origin": {
            "channel": lead.channel,
            "conversation": lead.conversation,
            "page": lead.source_page,
            "pageTitle": lead.source_title,
            "campaign": lead.campaign,
            "referrer": lead.referrer,
            "firstMessage": lead.first_message,
            "pages": list(lead.pages),
        },
        "persona": {"id": lead.persona, "name": lead.persona_name, "probability": lead.persona_probability},
        "readiness": {
            "level": lead.readiness.level,
            "score": lead.readiness.score,
            "receipt": [asdict(line) for line in lead.readiness.receipt],
        },
        "qualification": [asdict(one) for one in lead.qualification],
        "requirements": [{"label": label, "words": words} for label, words in lead.requirements],
        "quotes": [{"text": one.text, "shows": one.shows} for one in lead.quotes],
        "objections": list(lead.objections),
        "visitorType": lead.visitor_type,
        "employees": lead.employees,
        "reasons": list(lead.reasons),
        "tags": list(lead.tags),
        "notes": list(lead.notes),
        "nextStep": lead.next_step,
        "opener": lead.opener,
        "changes": list(lead.changes),
    }


def lead_values(lead: Lead) -> Mapping[str, str | float]:
    """The flat values of `config.LeadField`, by name. What is unknown is left out, so that nothing is overwritten."""
    first, _, last = lead.name.strip().partition(" ")
    values: dict[str, str | float | None] = {
        "leadId": lead.id,
        "email": lead.email,
        "name": lead.name,
        "firstName": first if last else "",
        "lastName": last.strip() or first,
        "company": lead.company,
        "phone": lead.phone,
        "language": lead.language,
        "status": lead.status.value,
        "owner": (lead.owner.name or lead.owner.id) if lead.owner else "",
        "verdict": lead.verdict,
        "priority": lead.priority,
        "value": lead.value,
        "persona": lead.persona_name,
        "readiness": lead.readiness.level,
        "score": round(lead.readiness.score),
        "channel": lead.channel,
        "sourcePage": lead.source_page,
        "campaign": lead.campaign,
        "referrer": lead.referrer,
        "firstMessage": lead.first_message,
        "nextStep": lead.next_step,
        "summary": summary(lead),
        "createdAt": _iso(lead.created_at),
    }
    return {name: value for name, value in values.items() if value is not None and value != ""}


def mapped(lead: Lead, fields: Mapping[str, str]) -> dict[str, str | float]:
    """The lead's values under a receiver's names. `fields` leads from our name to theirs; "" leaves a value out."""
    values = lead_values(lead)
    return {theirs: values[ours] for ours, theirs in fields.items() if theirs and ours in values}


def summary(lead: Lead) -> str:
    """What a rep wants to know, in lines of plain text."""
    lines = [
        ("Persona", lead.persona_name),
        ("Readiness", f"{lead.readiness.level} ({lead.readiness.score:.0f} of 100)"),
        *((one.name, one.answer) for one in lead.qualification),
        *lead.requirements,
        *(("Objection", one) for one in lead.objections),
        *((f"Said ({one.shows})", f'"{one.text}"') for one in lead.quotes),
        ("Next step", lead.next_step),
    ]
    return "\n".join(f"{label}: {words}" for label, words in lines if words)[:SUMMARY_LIMIT]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
