"""Who pays for a model's call."""

from __future__ import annotations

from core.ids import ConversationId, VisitorId

CONVERSATION, VISITOR, SITE = "conversation", "visitor", "site"
"""Kinds of payers; a site is a channel of its own."""


def payers(conversation: ConversationId, channel: str, visitor: VisitorId) -> tuple[str, ...]:
    """Whose allowances a call for this conversation is counted against, as in `core.ports.Prompt.payers`."""
    return f"{CONVERSATION}:{conversation}", f"{VISITOR}:{visitor}", f"{SITE}:{channel}"
