"""Noting the chats that fit no persona, turn by turn."""

from __future__ import annotations

from dataclasses import replace

from core.ledger import Known
from core.receiving import spoken
from core.session import Session
from core.turn import NoteUnmatched, TurnView
from core.unmatched import unmatched_chat


def set_aside(view: TurnView, known: Known, session: Session) -> tuple[Session, tuple[NoteUnmatched, ...]]:
    """Chats that fit no persona are kept for whoever looks after the personas, and taken out again once one fits."""
    if not spoken(view.messages):
        return session, ()
    chat = unmatched_chat(session, view.facts, known)
    if chat is None and not session.unmatched:
        return session, ()
    note = NoteUnmatched(conversation=session.conversation, chat=chat)
    return replace(session, unmatched=chat is not None), (note,)
