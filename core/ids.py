"""Identifiers. They are opaque strings; only the room that mints one may look inside it."""

from __future__ import annotations

from typing import NewType

ConversationId = NewType("ConversationId", str)
VisitorId = NewType("VisitorId", str)
PersonId = NewType("PersonId", str)
MessageId = NewType("MessageId", str)
"""Unique within a conversation's channel: a platform's event id, or the client's own id on the web."""
FactId = NewType("FactId", str)
LeadId = NewType("LeadId", str)
PersonaId = NewType("PersonaId", str)
Shard = NewType("Shard", int)
Epoch = NewType("Epoch", int)
"""Fencing number of a shard's ownership; grows by one with each change of owner."""


def lead_of(conversation: ConversationId) -> LeadId:
    """The lead a conversation grows into: one each, so that a lead can never be made twice."""
    return LeadId(f"lead.{conversation}")


def conversation_of(lead: LeadId) -> ConversationId:
    """The conversation a lead came from; the inverse of `lead_of`."""
    return ConversationId(lead.removeprefix("lead."))


def person_of(visitor: VisitorId) -> PersonId:
    """The person behind a visitor until a verified link says otherwise: everyone is their own."""
    return PersonId(visitor)
