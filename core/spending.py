"""Who pays for a model's call."""

from __future__ import annotations

from hashlib import sha256

from core.ids import ConversationId, VisitorId

CONVERSATION, VISITOR, SITE = "conversation", "visitor", "site"
"""Kinds of payers; a site is a channel of its own."""


def payers(conversation: ConversationId, channel: str, visitor: VisitorId) -> tuple[str, ...]:
    """Whose allowances a call for this conversation is counted against, as in `core.ports.Prompt.payers`."""
    return f"{CONVERSATION}:{_digest(conversation)}", f"{VISITOR}:{_digest(visitor)}", f"{SITE}:{channel}"


def _digest(name: str) -> str:
    """What was spent is known for longer than who spent it may be."""
    return sha256(name.encode()).hexdigest()[:32]
