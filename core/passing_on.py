"""Visitors' files on their way to the team: they wait until there is a thread to put them into. Pure."""

from __future__ import annotations

from dataclasses import replace

from core.ids import lead_of
from core.lead import Lead
from core.rep import NoteKind, TeamNote
from core.session import Session
from core.turn import TellTeam

MOST_NAMED = 20
"""Names that a lead shows; of more, the newest."""


def named_on(lead: Lead | None, before: Lead | None, session: Session) -> Lead | None:
    """The lead with the names of the files its thread is told of in this turn: that is news for its card."""
    if lead is None or _is_quiet(lead) or not session.files:
        return lead
    names = (*lead.files, *(file.name for file in session.files))[-MOST_NAMED:]
    revision = max(lead.revision, before.revision + 1) if before else lead.revision
    return replace(lead, files=names, revision=revision)


def passed_on(session: Session, lead: Lead | None) -> tuple[Session, tuple[TellTeam, ...]]:
    """A note for each file that waits, into the thread of the person's lead; without one they go on waiting."""
    whose = lead.id if lead else lead_of(session.home.conversation) if session.home else None
    if whose is None or (lead and _is_quiet(lead)) or not session.files:
        return session, ()
    notes = (TeamNote(kind=NoteKind.VISITOR_FILE, text=file.name, file=file) for file in session.files)
    return replace(session, files=()), tuple(TellTeam(lead=whose, note=note) for note in notes)


def _is_quiet(lead: Lead) -> bool:
    return lead.route is not None and lead.route.quiet
