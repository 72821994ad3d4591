"""Telling a lead's thread what has changed: soon what calls for an act, the rest gathered, and nothing twice. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.enrich import REASON_HUMAN
from core.lead import Criterion, Lead
from core.news import worth_telling
from core.rep import NoteKind, TeamNote, Told
from core.turn import TellTeam, Timer

NEWS_TIMER = "rep.news"
GATHERED = 300.0
"""Seconds from one note on what changed to the next; a new reason for the handoff waits for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a change of a lead entails: what the thread knows from now on, a note for it, or a timer to look again."""

    told: Told | None
    effects: tuple[TellTeam, ...] = ()
    timers: tuple[Timer, ...] = ()


def telling(told: Told | None, before: Lead | None, lead: Lead | None, now: float) -> Telling:
    """`told` is what the thread knew. What goes back to that in the meantime is not told at all.

    Who answers the visitor reads every word of theirs, so that answers are no news then; nor is the wish for a person,
    which has a note of its own.
    """
    if lead is None:
        return Telling(told=None)
    if before is None or (lead.route is not None and lead.route.quiet):
        return Telling(told=_known(lead, now))
    told = told or _known(before, before.updated_at)
    items = tuple(item for item in worth_telling(_as_told(lead, told), lead) if item != REASON_HUMAN)
    if lead.handled_by == "human":
        told = replace(told, answers=_known(lead, now).answers)
        items = tuple(item for item in items if not _is_answer(item, lead))
    if not items:
        return Telling(told=told)
    if now - told.at < GATHERED - 1 and not any(item in lead.reasons for item in items):
        return Telling(told=told, timers=(Timer(name=NEWS_TIMER, at=told.at + GATHERED),))
    note = TeamNote(kind=NoteKind.CHANGED, items=items)
    return Telling(told=_known(lead, now), effects=(TellTeam(lead=lead.id, note=note),))


def _known(lead: Lead, now: float) -> Told:
    answers = tuple((one.id, one.answer) for one in lead.qualification)
    return Told(at=now, level=lead.readiness.level, reasons=lead.reasons, answers=answers)


def _as_told(lead: Lead, told: Told) -> Lead:
    """The lead as far as its thread knows it."""
    answers = dict(told.answers)
    return replace(
        lead,
        reasons=told.reasons,
        readiness=replace(lead.readiness, level=told.level),
        qualification=tuple(_answered(one, answers.get(one.id, "")) for one in lead.qualification),
    )


def _answered(criterion: Criterion, answer: str) -> Criterion:
    return replace(criterion, answer=answer)


def _is_answer(item: str, lead: Lead) -> bool:
    return any(item.startswith(f"{one.name}: ") for one in lead.qualification)
