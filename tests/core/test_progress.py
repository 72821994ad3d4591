"""What a turn adds to the course of a conversation, and what of it is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.course import Course, Stage, Step, periods_of
from core.fact import Fact, Field, Operation
from core.ids import ConversationId, FactId, MessageId, PersonaId, VisitorId
from core.lead import NOT_READY, Lead, LeadStatus, Readiness
from core.listing import listing_of
from core.message import InboundMessage, MessageKind, Page
from core.persona import PersonaGuess
from core.progress import share_of, with_course
from core.rep import Rep, RepId
from core.reply import Mode, Reply
from core.session import ConversationState, EmailAsking, Session
from core.turn import TurnOutcome
from core.understanding import Understanding

NOW = 1_800_000_000.0
CHAT, WHO = ConversationId("c"), VisitorId("v")
BEGUN = Session(conversation=CHAT, visitor=WHO, channel="web", started_at=NOW)
SAID = InboundMessage(
    id=MessageId("m"), channel="web", conversation=CHAT, visitor=WHO, kind=MessageKind.TEXT, text="hi", at=NOW
)
READY = Readiness(level="high", score=80.0, probability=0.8, receipt=())


def lead(**changes: Any) -> Lead:
    plain = Lead(
        id="lead-c",  # type: ignore[arg-type]
        conversation=CHAT,
        visitor=WHO,
        channel="web",
        created_at=NOW,
        updated_at=NOW,
        revision=1,
        email="ada@example.com",
        readiness=READY,
    )
    return replace(plain, **changes)


def told(field: Field) -> Fact:
    return Fact(
        id=FactId(field.value),
        field=field,
        value="x",
        operation=Operation.SET,
        quote="x",
        message=MessageId("m"),
        channel="web",
        at=NOW,
    )


def turn(session: Session, **changes: Any) -> TurnOutcome:
    state = ConversationState(session=session, lead=changes.pop("lead", None))
    return TurnOutcome(
        state=state, understanding=Understanding(), readiness=changes.pop("readiness", NOT_READY), **changes
    )


def course_after(
    outcome: TurnOutcome, before: Session = BEGUN, at: float = NOW, *said: InboundMessage
) -> dict[Stage, float]:
    course = with_course(ConversationState(session=before), outcome, said, now=at).state.session.course
    return dict(course.steps)


def test_that_a_stage_keeps_the_time_it_was_reached_first() -> None:
    talked = replace(BEGUN, messages=1)
    first = with_course(ConversationState(session=BEGUN), turn(talked), (SAID,), now=NOW + 2).state.session
    again = replace(first, messages=2, guess=PersonaGuess(chosen=PersonaId("clinics")))
    assert course_after(turn(again), first, NOW + 60) == {Stage.ENGAGED: NOW + 2, Stage.PERSONA: NOW + 60}


def test_that_an_address_qualifies_once_the_visitor_is_ready() -> None:
    talked = replace(BEGUN, messages=1)
    unready = turn(talked, new_facts=(told(Field.EMAIL),))
    assert set(course_after(unready)) == {Stage.ENGAGED, Stage.EMAIL}
    known = with_course(ConversationState(session=BEGUN), unready, (SAID,), now=NOW).state.session
    assert Stage.QUALIFIED in course_after(turn(known, readiness=READY), known)
    assert Stage.QUALIFIED not in course_after(turn(talked, readiness=READY))


def test_that_what_the_team_takes_back_is_taken_back() -> None:
    won = turn(BEGUN, lead=lead(claimed_at=NOW, status=LeadStatus.CONVERTED))
    session = with_course(ConversationState(session=BEGUN), won, (), now=NOW).state.session
    assert Stage.WON in dict(session.course.steps)
    lost = course_after(turn(session, lead=lead(claimed_at=NOW, status=LeadStatus.LOST)), session, NOW + 9)
    assert Stage.WON not in lost
    assert (lost[Stage.LOST], lost[Stage.CLAIMED]) == (NOW + 9, NOW)


@pytest.mark.parametrize(
    ("question", "facts", "answered"),
    [
        ("volume", (told(Field.VOLUME),), ("volume",)),
        ("volume", (), ()),
        ("email", (told(Field.VOLUME),), ()),
        ("email", (told(Field.EMAIL),), ("email",)),
    ],
)
def test_that_a_question_counts_as_answered_when_its_turn_brought_something(
    question: str, facts: tuple[Fact, ...], answered: tuple[str, ...]
) -> None:
    before = replace(BEGUN, pending_question=question, messages=1)
    outcome = turn(replace(before, pending_question="", messages=2), new_facts=facts)
    course = with_course(ConversationState(session=before), outcome, (SAID,), now=NOW).state.session.course
    assert course.answered == answered


def test_that_the_first_answer_is_timed_and_no_later_one() -> None:
    reply = Reply(main_text="Hello", mode=Mode.LEAD)
    first = turn(replace(BEGUN, messages=1), reply=reply)
    session = with_course(ConversationState(session=BEGUN), first, (SAID,), now=NOW + 1.5).state.session
    assert session.course.waited == 1.5
    again = turn(replace(session, messages=2), reply=reply)
    assert (
        with_course(ConversationState(session=session), again, (SAID,), now=NOW + 99).state.session.course.waited == 1.5
    )


def test_that_a_turn_that_brings_nothing_new_leaves_the_outcome_as_it_is() -> None:
    session = replace(BEGUN, messages=1, course=Course(steps=(Step(Stage.ENGAGED, NOW),), waited=1.0))
    outcome = turn(session)
    assert with_course(ConversationState(session=session), outcome, (SAID,), now=NOW) is outcome


def test_that_what_is_counted_is_what_the_conversation_reached() -> None:
    page = Page(url="https://x.example/", campaign="spring " * 30)
    talked = replace(
        BEGUN, messages=1, first_page=page, email=EmailAsking(asked=1), asked=("volume",), pending_question="email"
    )
    rep = Rep(id=RepId("U1"), name="Rita")
    outcome = turn(
        talked,
        lead=lead(claimed_at=NOW, owner=rep),
        readiness=READY,
        reply=Reply(main_text="I am Rita", mode=Mode.HUMAN, rep=rep),
    )
    counted = with_course(ConversationState(session=BEGUN), outcome, (SAID,), now=NOW + 40)
    share = share_of(listing_of(counted, 1))
    assert share.periods == periods_of(NOW) == ("2027-01-15", "2027-01")
    assert share.stages == ("visitor", "engaged", "handed_off", "claimed", "contacted")
    assert share.dimensions == ("channel:web",)
    assert share.given == (f"campaign:{page.campaign[:80]}",)
    assert share.others == ("asked|volume", "asked|email", "left|email", "answer|5", "claim|0", "contact|0")
