"""What a turn adds to a conversation's course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.course import LONGEST_VALUE, Course, Share, Stage, Step, Trail, periods_of, waits
from core.directory import Listing
from core.fact import Field
from core.lead import Lead, LeadStatus
from core.message import InboundMessage
from core.receiving import EMAIL_QUESTION, spoken
from core.session import ConversationState, Session
from core.turn import TurnOutcome

_READY = frozenset({"medium", "high"})
_FINAL = (Stage.WON, Stage.LOST)
"""What the team may take back."""
_QUALIFIED = frozenset({LeadStatus.QUALIFIED, LeadStatus.CONVERTED})
_ASKED, _ANSWERED, _LEFT = f"{Trail.ASKED}|", f"{Trail.ANSWERED}|", f"{Trail.LEFT}|"


def with_course(
    before: ConversationState, outcome: TurnOutcome, messages: Sequence[InboundMessage], *, now: float
) -> TurnOutcome:
    """The outcome with the course brought up to it."""
    session = outcome.state.session
    course = session.course
    steps = _steps(outcome, course, round(now, 1))
    answered = _answered(before.session, outcome)
    waited = _waited(course, outcome, messages, now)
    if steps is course.steps and not answered and waited == course.waited:
        return outcome
    course = Course(steps=steps, answered=(*course.answered, *answered), waited=waited)
    return replace(outcome, state=replace(outcome.state, session=replace(session, course=course)))


def share_of(listing: Listing) -> Share:
    """What a row of the directory adds to the tallies."""
    course, pending = listing.course, listing.pending
    dimensions = [f"channel:{listing.channel}"] if listing.channel else []
    if listing.persona:
        dimensions.insert(0, f"persona:{listing.persona}")
    others = [_ASKED + one[:LONGEST_VALUE] for one in dict.fromkeys(listing.asked)]
    others += [_ANSWERED + one[:LONGEST_VALUE] for one in dict.fromkeys(course.answered)]
    if pending and listing.messages:
        others.append(_LEFT + pending[:LONGEST_VALUE])
    return Share(
        periods=periods_of(listing.created_at),
        stages=(Stage.VISITOR, *(step[0] for step in course.steps)),
        dimensions=tuple(dimensions),
        others=(*others, *waits(course)),
        given=(f"campaign:{listing.campaign[:LONGEST_VALUE]}",) if listing.campaign else (),
    )


def questions_put(session: Session) -> tuple[str, ...]:
    """Ids of the questions the visitor was asked, that for the address among them."""
    asked = tuple(dict.fromkeys(session.asked))
    return (*asked, EMAIL_QUESTION) if session.email.asked and EMAIL_QUESTION not in asked else asked


def _steps(outcome: TurnOutcome, course: Course, now: float) -> tuple[Step, ...]:
    """The very same tuple where nothing is new, which is most often."""
    steps, reached = course.steps, _reached(outcome, course)
    held = [step[0] for step in steps]
    for stage in _FINAL:
        if stage in held and stage not in reached:
            steps = tuple(step for step in steps if step[0] is not stage)
    fresh = [Step(stage, now) for stage in reached if stage not in held]
    return (*steps, *fresh) if fresh else steps


def _reached(outcome: TurnOutcome, course: Course) -> list[Stage]:
    """Everything that holds now, in the order of the stages."""
    session, lead, reply = outcome.state.session, outcome.state.lead, outcome.reply
    reached = [Stage.ENGAGED] if session.messages else []
    if session.guess.chosen is not None:
        reached.append(Stage.PERSONA)
    known = outcome.profile is not None or any(fact.field is Field.EMAIL for fact in outcome.new_facts)
    if known:
        reached.append(Stage.EMAIL)
    judged = lead is not None and lead.status in _QUALIFIED
    if judged or (outcome.readiness.level in _READY and (known or course.at(Stage.EMAIL) is not None)):
        reached.append(Stage.QUALIFIED)
    if lead is not None:
        reached += _reached_by(lead)
    if reply is not None and reply.rep is not None:
        reached.append(Stage.CONTACTED)
    return reached


def _reached_by(lead: Lead) -> list[Stage]:
    reached = [Stage.HANDED_OFF]
    if lead.claimed_at:
        reached.append(Stage.CLAIMED)
    if lead.status is LeadStatus.CONVERTED:
        reached.append(Stage.WON)
    if lead.status is LeadStatus.LOST:
        reached.append(Stage.LOST)
    return reached


def _answered(before: Session, outcome: TurnOutcome) -> tuple[str, ...]:
    """The question that was open, where the turn has brought something and it is not open any more."""
    question, session = before.pending_question, outcome.state.session
    if not question or question in session.course.answered or session.messages == before.messages:
        return ()
    told = {fact.field for fact in outcome.new_facts}
    fits = Field.EMAIL in told if question == EMAIL_QUESTION else bool(told)
    return (question,) if fits and session.pending_question != question else ()


def _waited(course: Course, outcome: TurnOutcome, messages: Sequence[InboundMessage], now: float) -> float | None:
    said = spoken(messages)
    if course.waited is not None or course.at(Stage.ENGAGED) or not said or outcome.reply is None:
        return course.waited
    return round(max(0.0, now - said[0].at), 2)
