"""A lead on its way to a team: where it goes, whose turn it is, and who is there for the visitor."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from core.enrich import REASON_HUMAN
from core.lead import Lead
from core.ports import Roster
from core.promise import PROMISE_TIMER, PROMISED, Availability, TeamPresence, made
from core.receiving import wants_person
from core.rep import NoteKind, TeamNote
from core.session import Session
from core.turn import TellTeam, Timer, TurnView

_log = logging.getLogger(__name__)


async def dispatched(roster: Roster | None, before: Lead | None, lead: Lead | None, now: float) -> Lead | None:
    """The lead with its way; None when it goes to nobody. Never raises: a lead that is not routed goes where all go.

    It is decided once, when the lead begins. One that is only listed is looked at again as more is known of it.
    """
    if roster is None or lead is None:
        return lead
    try:
        return await _dispatched(roster, before, lead, now)
    except Exception:
        _log.exception("a lead was not routed")
        return lead


async def _dispatched(roster: Roster, before: Lead | None, lead: Lead, now: float) -> Lead | None:
    settled = before is not None and (before.route is None or not before.route.quiet)
    if settled:
        return lead
    route = roster.route(lead)
    if route is None:
        return lead if before is not None else None
    if route.quiet and REASON_HUMAN in lead.reasons:
        route = replace(route, quiet=False)  # somebody waits
    routed = replace(lead, route=route)
    if before is not None and route != before.route:
        routed = replace(routed, revision=max(lead.revision, before.revision + 1))
    return routed if route.quiet else replace(routed, assigned=await roster.assign(routed, now))


async def presence(roster: Roster | None, lead: Lead | None, view: TurnView) -> TeamPresence | None:
    """What a visitor who asks for a person can be told; `lead` is theirs, or would be. None where it is not known."""
    if roster is None or lead is None:
        return None
    try:
        route = lead.route or roster.route(lead)
        if route is None:
            return TeamPresence(for_them=False)
        return TeamPresence(availability=_said(await roster.availability(route, view.session.language, view.now)))
    except Exception:
        _log.exception("whether somebody is there was not found out")
        return None


def promised(
    session: Session, team: TeamPresence | None, phrases: Sequence[str], now: float
) -> tuple[Session, tuple[Timer, ...]]:
    """The session with the promise that a reply of these phrases makes, and what wakes it when the time is up."""
    there = team.availability if team else None
    if there is None or not any(tag.startswith(f"{PROMISED}#") for tag in phrases):
        return session, ()
    promise = made(there, now)
    return replace(session, promise=promise), (Timer(name=PROMISE_TIMER, at=promise.due),)


def _said(there: Availability | None) -> Availability | None:
    """Nothing is said of a team that is away and of which nobody knows when it is back."""
    return there if there and (there.here or there.back_at) else None


def person_wanted(lead: Lead | None, view: TurnView) -> tuple[TellTeam, ...]:
    """What the thread of a lead that stands is told when its visitor asks for a person."""
    if lead is None or not wants_person(view.understanding):
        return ()
    heard = "" if lead.handled_by == "human" else "\n".join(message.text for message in view.messages if message.text)
    whom = lead.owner or lead.assigned
    note = TeamNote(kind=NoteKind.HUMAN_WANTED, text=heard, items=(whom.id,) if whom else ())
    return (TellTeam(lead=lead.id, note=note),)
