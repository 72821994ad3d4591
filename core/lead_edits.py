"""What somebody sets on a lead by hand. Pure: what does not fit is left out, whoever sent it."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from core.ids import PersonaId
from core.lead import Lead, LeadStatus
from core.rep import LeadEdit

OPEN_STAGES = (LeadStatus.NEW, LeadStatus.CONTACTED, LeadStatus.QUALIFIED)
"""Stages a lead is put into by hand; how it ended is a verdict, with a reason or a value."""
MOST_TAGS, TAG_LIMIT = 12, 40
MOST_VALUE = 1e12
_ID_LIMIT = 60


def edited(lead: Lead, edit: LeadEdit) -> Lead:
    """The lead as the edit wants it. Going back to an open stage takes the verdict back."""
    if edit.stage in OPEN_STAGES:
        lead = replace(lead, status=LeadStatus(edit.stage), verdict="", verdict_reason="")
    if edit.tags is not None:
        lead = replace(lead, tags=tags_of(edit.tags))
    if edit.value is not None and isfinite(edit.value) and 0 <= edit.value <= MOST_VALUE:
        lead = replace(lead, value=edit.value)
    if edit.persona is not None:
        lead = replace(lead, persona_said=PersonaId(edit.persona[:_ID_LIMIT]) if edit.persona else None)
    return lead


def tags_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in their order, without surplus spaces."""
    tidy = (" ".join(word.split())[:TAG_LIMIT] for word in words)
    return tuple(dict.fromkeys(word for word in tidy if word))[:MOST_TAGS]
