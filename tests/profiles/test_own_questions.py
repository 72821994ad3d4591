"""A persona's own questions: asked where the visitor speaks their language and the answers are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from core.fact import Fact, FactValue, Field, Quantity
from core.ids import ConversationId, PersonaId, VisitorId
from core.ledger import Known, fold
from core.message import MessageKind, Page, opening_on
from core.persona import Persona, PersonaQuestion
from core.question import Question
from core.receiving import begin
from core.session import Session
from core.turn import TurnView
from core.understanding import Act, Understanding, VisitorType
from profiles.interpreter import LocalInterpreter
from profiles.planner import NextQuestionPlanner
from profiles.qualification_file import Annoyance, QualificationFile

Make = Callable[[Iterable[tuple[Field, FactValue]]], tuple[Fact, ...]]
SIZE = PersonaQuestion(
    field="company_size", text="How many drivers and clerks are you?", options=("Fewer than 9", "9 to 70", "Over 70")
)
USE = PersonaQuestion(field="use_case", text="Which load is heaviest?", options=("Pallets", "Frozen food"))
VOLUME = PersonaQuestion(field="volume", text="How many calls come in on a usual day?")
HAULIER = Persona(id=PersonaId("haulier"), name="Hauliers", kind="industry", questions=(USE, SIZE, VOLUME))


@pytest.fixture(scope="module")
def interpreter(desk: QualificationFile) -> LocalInterpreter:
    return LocalInterpreter(desk)


@pytest.fixture(scope="module")
def planner(desk: QualificationFile, interpreter: LocalInterpreter) -> NextQuestionPlanner:
    return NextQuestionPlanner(_patient(desk), language="en", understands=interpreter.understands)


def _patient(desk: QualificationFile) -> QualificationFile:
    """The same bank for visitors whom no question annoys, so that every one of it is asked."""
    return desk.model_copy(update={"annoyance": Annoyance(first=0, growth=0, after_doubt=0)})


def _view(persona: Persona | None = HAULIER, language: str = "en", **session: Any) -> TurnView:
    made = Session(
        conversation=ConversationId("c1"), visitor=VisitorId("v1"), channel="web", language=language, **session
    )
    understanding = Understanding(visitor_type=VisitorType.BUYER, language=language)
    return TurnView(
        session=made, facts=(), understanding=understanding, news=(), persona=persona, messages=(), now=60.0
    )


def _asked(planner: NextQuestionPlanner, view: TurnView, known: Known | None = None) -> dict[Field, Question]:
    """Every question of a talk in which nothing is answered, by field."""
    questions: dict[Field, Question] = {}
    while (question := planner.next_question(view, known or {})) is not None:
        assert question.field not in questions
        questions[question.field] = question
        view = replace(view, session=replace(view.session, asked=(*view.session.asked, question.id)))
    return questions


def test_a_persona_is_asked_in_its_own_words_with_its_own_answers(planner: NextQuestionPlanner) -> None:
    asked, plain = _asked(planner, _view()), _asked(planner, _view(persona=None))
    assert list(asked) == list(plain)
    assert (asked[Field.COMPANY_SIZE].text, asked[Field.COMPANY_SIZE].options) == (SIZE.text, SIZE.options)
    assert (asked[Field.VOLUME].text, asked[Field.VOLUME].options) == (VOLUME.text, ())
    assert asked[Field.COMPANY_SIZE].id == plain[Field.COMPANY_SIZE].id


def test_answers_that_would_tell_nothing_leave_the_banks_question(planner: NextQuestionPlanner) -> None:
    asked, plain = _asked(planner, _view()), _asked(planner, _view(persona=None))
    assert asked[Field.USE_CASE] == plain[Field.USE_CASE]


def test_another_language_is_asked_in_its_own(planner: NextQuestionPlanner, desk: QualificationFile) -> None:
    german = _asked(planner, _view(language="de"))
    assert german == _asked(planner, _view(persona=None, language="de"))
    unknown = NextQuestionPlanner(_patient(desk))
    assert _asked(unknown, _view()) == _asked(unknown, _view(persona=None))


def test_what_is_known_is_not_asked_in_other_words(planner: NextQuestionPlanner, make_facts: Make) -> None:
    known = fold(make_facts([(Field.COMPANY_SIZE, Quantity(low=40, high=40, unit="employees"))]))
    asked = _asked(planner, _view(), known)
    assert Field.COMPANY_SIZE not in asked
    assert SIZE.text not in {question.text for question in asked.values()}


def test_words_the_admin_gave_the_bank_for_a_persona_come_first(planner: NextQuestionPlanner) -> None:
    own = PersonaQuestion(field="use_case", text="Which requests?", options=("Order status", "Common questions"))
    clinic = Persona(id=PersonaId("healthcare"), name="Clinics", questions=(own,))
    assert "front desk" in _asked(planner, _view(persona=clinic))[Field.USE_CASE].text
    other = replace(clinic, id=PersonaId("museum"))
    assert _asked(planner, _view(persona=other))[Field.USE_CASE].text == "Which requests?"


async def test_that_every_answer_offered_is_understood_when_pressed(
    planner: NextQuestionPlanner, interpreter: LocalInterpreter
) -> None:
    question = _asked(planner, _view())[Field.COMPANY_SIZE]
    for option in question.options:
        pressed = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.BUTTON, text=option)
        session = replace(begin(pressed).session, pending_question=question.id)
        read = await interpreter.interpret((pressed,), session, {})
        (size,) = (fact.value for fact in read.facts if fact.field is Field.COMPANY_SIZE)
        assert isinstance(size, Quantity)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("next quarter", Field.TIMELINE, "3-6m"),
        ("in 1 to 3 months", Field.TIMELINE, "1-3m"),
        ("Someone else", Field.DECISION_MAKER, "no"),
    ],
)
async def test_that_a_question_may_be_answered_later(
    interpreter: LocalInterpreter, said: str, field: Field, value: str
) -> None:
    answer = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text=said)
    session = replace(begin(answer).session, asked=("timeline", "decision_maker", "pains"), pending_question="pains")
    read = await interpreter.interpret((answer,), session, {})
    assert [fact.field for fact in read.facts] == [field]
    if field is not Field.TIMELINE or "months" in said:
        assert read.facts[0].value == value
    unasked = await interpreter.interpret((answer,), replace(session, asked=(), pending_question=""), {})
    assert unasked.facts == ()


@pytest.mark.parametrize("said", ["60", "next quarter?", "it took us three months to clean up the mess we had"])
async def test_that_not_everything_is_a_late_answer(interpreter: LocalInterpreter, said: str) -> None:
    answer = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text=said)
    session = replace(begin(answer).session, asked=("timeline", "company_size"), pending_question="")
    assert (await interpreter.interpret((answer,), session, {})).facts == ()


async def test_that_a_prospect_may_tell_what_their_customers_ask(interpreter: LocalInterpreter) -> None:
    answer = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text="mostly where is my order stuff")
    opened = begin(answer).session
    asked = replace(opened, visitor_type=VisitorType.BUYER, asked=("use_case",), pending_question="use_case")
    assert (await interpreter.interpret((answer,), asked, {})).visitor_type is VisitorType.BUYER
    alone = replace(answer, text="where is my order")
    assert (await interpreter.interpret((alone,), opened, {})).visitor_type is VisitorType.CUSTOMER


async def test_that_others_data_are_not_the_visitors(interpreter: LocalInterpreter) -> None:
    asks = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text="Do you keep the clients' data apart?")
    read = await interpreter.interpret((asks,), begin(asks).session, {})
    assert Act.ASKS_WHAT_HAPPENS_WITH_DATA not in read.acts
    own = replace(asks, text="Will you keep the conversation?")
    assert Act.ASKS_WHAT_HAPPENS_WITH_DATA in (await interpreter.interpret((own,), begin(own).session, {})).acts


@pytest.mark.parametrize("who", ["Our operations director decides", "My wife chooses this"])
async def test_that_deciding_with_somebody_is_shared(interpreter: LocalInterpreter, who: str) -> None:
    says = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text=f"{who} together with me")
    read = await interpreter.interpret((says,), begin(says).session, {})
    assert [fact.value for fact in read.facts if fact.field is Field.DECISION_MAKER] == ["shared"]


@pytest.mark.parametrize("said", ["in 1 to 3 months", "within 2 weeks"])
async def test_that_a_time_is_no_amount(interpreter: LocalInterpreter, said: str) -> None:
    says = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text=said)
    session = replace(begin(says).session, asked=("timeline", "volume"), pending_question="volume")
    read = await interpreter.interpret((says,), session, {})
    assert [fact.field for fact in read.facts] == [Field.TIMELINE]


async def test_that_an_amount_by_the_month_is_one(interpreter: LocalInterpreter) -> None:
    says = replace(opening_on(Page(url=""), at=0.0), kind=MessageKind.TEXT, text="about 200 a month")
    session = replace(begin(says).session, asked=("volume",), pending_question="volume")
    read = await interpreter.interpret((says,), session, {})
    assert [fact.field for fact in read.facts] == [Field.VOLUME]
