"""What happens while nobody comes: steps towards the team, and the end of a promise to the visitor."""

from __future__ import annotations

from dataclasses import replace

from core.fact import Field
from core.handling import TIMERS, Handled
from core.lead import Lead
from core.ledger import fold, text_of
from core.message import InboundMessage, MessageKind
from core.phrases import Phrases
from core.ports import Roster
from core.promise import PROMISE_TIMER, PromiseState
from core.receiving import EMAIL_QUESTION
from core.rep import NoteKind, Rung, TeamNote
from core.reply import Mode, Reply
from core.session import ConversationState
from core.turn import Timer

STEP = f"{TIMERS}sla:"


def first_step(roster: Roster | None, before: Lead | None, lead: Lead | None, now: float) -> tuple[Timer, ...]:
    """What wakes the conversation when nobody has claimed a lead in time that is new to a team."""
    if roster is None or lead is None or lead.route is None or (before is not None and before.route == lead.route):
        return ()
    return _timer(roster.rung(lead, 0, now), 0)


def _timer(rung: Rung | None, step: int) -> tuple[Timer, ...]:
    return (Timer(name=f"{STEP}{step}", at=rung.at),) if rung else ()


def is_escalation(message: InboundMessage) -> bool:
    """Whether the message is a timer of this module's."""
    return message.kind is MessageKind.TIMER and (message.text == PROMISE_TIMER or message.text.startswith(STEP))


async def escalated(
    state: ConversationState, message: InboundMessage, roster: Roster | None, now: float, phrases: Phrases
) -> Handled:
    """What such a timer does; nothing when it is out of date."""
    if message.text == PROMISE_TIMER:
        handled = _promise_ended(state, message, now, phrases)
    else:
        handled = await _climbed(state, message, roster, now) if roster else None
    return handled or Handled(lead=state.lead, session=state.session)


async def _climbed(state: ConversationState, message: InboundMessage, roster: Roster, now: float) -> Handled | None:
    """One step taken; None once somebody has the lead, or has decided or put off something about it."""
    lead, step = state.lead, int(message.text.removeprefix(STEP))
    if lead is None or lead.owner or lead.verdict or lead.snoozed_until > now or lead.handled_by == "human":
        return None
    rung = roster.rung(lead, step, now)
    if rung is None:
        return None  # the files have a shorter ladder now
    if rung.tell == "next":
        lead = await _passed_on(lead, roster, now)
    note = _note(lead, rung)
    following = _timer(roster.rung(lead, step + 1, now), step + 1)
    return Handled(lead=lead, session=state.session, notes=(note,), timers=following)


async def _passed_on(lead: Lead, roster: Roster, now: float) -> Lead:
    """The lead with the next rep; with the same where there is no other."""
    passed = tuple(dict.fromkeys((*lead.passed, *((lead.assigned.id,) if lead.assigned else ()))))
    other = await roster.assign(lead, now, passed=passed)
    return replace(lead, assigned=other, passed=passed, updated_at=now) if other else lead


def _note(lead: Lead, rung: Rung) -> TeamNote:
    """In the thread, or to one person directly; where that person is not known, the thread is told."""
    if rung.tell == "next":
        return TeamNote(kind=NoteKind.ESCALATED, items=(lead.assigned.id,) if lead.assigned else ())
    whom = {"assigned": lead.assigned, "manager": rung.manager}.get(rung.tell)
    return TeamNote(kind=NoteKind.ESCALATED, only_for=whom.id if whom else None)


def _promise_ended(state: ConversationState, message: InboundMessage, now: float, phrases: Phrases) -> Handled | None:
    """The time of a promise is up: who has taken over is reminded, else the visitor is told."""
    session = state.session
    promise = session.promise
    if promise is None or not promise.is_open or promise.due != message.at:
        return None
    if session.mode is Mode.HUMAN:
        ended = replace(session, promise=promise.ended(PromiseState.ESCALATED, now))
        return Handled(lead=state.lead, session=ended, notes=_waiting(state.lead))
    address = text_of(fold(state.known_facts), Field.EMAIL)
    words = phrases.say("human.late_known", address=address) if address else phrases.say("human.late")
    ended = replace(
        session,
        promise=promise.ended(PromiseState.TOLD, now),
        pending_question=session.pending_question if address else EMAIL_QUESTION,
    )
    return Handled(
        lead=state.lead, session=ended, notes=_waiting(state.lead), words=Reply(main_text=words, mode=session.mode)
    )


def _waiting(lead: Lead | None) -> tuple[TeamNote, ...]:
    """The thread hears that somebody waits, with who could go."""
    whom = lead and (lead.owner or lead.assigned)
    return (TeamNote(kind=NoteKind.HUMAN_WANTED, items=(whom.id,) if whom else ()),)
