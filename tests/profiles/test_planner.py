from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from core.fact import Fact, FactValue, Field, Quantity
from core.ids import ConversationId, PersonaId, VisitorId
from core.ledger import fold
from core.persona import Persona
from core.question import Question
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, MAX_WORDS
from core.session import Session
from core.turn import TurnView
from core.understanding import Act, Understanding, VisitorType
from profiles.planner import NextQuestionPlanner
from profiles.qualification_file import QualificationFile, QuestionEntry, neutral

Make = Callable[[Iterable[tuple[Field, FactValue]]], tuple[Fact, ...]]
SIZE = (Field.COMPANY_SIZE, Quantity(low=10, high=10, unit="employees"))
STACK = (Field.TECH_STACK, "React")


def _view(facts: tuple[Fact, ...] = (), said: Understanding | None = None, **session: Any) -> TurnView:
    made = Session(conversation=ConversationId("c1"), visitor=VisitorId("v1"), channel="web", **session)
    understanding = said or Understanding(visitor_type=VisitorType.BUYER, facts=facts)
    return TurnView(
        session=made, facts=facts, understanding=understanding, news=facts, persona=None, messages=(), now=60.0
    )


@pytest.fixture(scope="module")
def planner(desk: QualificationFile) -> NextQuestionPlanner:
    return NextQuestionPlanner(desk)


def _ask(planner: NextQuestionPlanner, view: TurnView) -> Question | None:
    return planner.next_question(view, fold(view.facts))


def test_what_is_known_is_never_asked(planner: NextQuestionPlanner, make_facts: Make) -> None:
    view = _view(make_facts([SIZE, STACK]))
    asked: list[str] = []
    while (question := _ask(planner, replace(view, session=replace(view.session, asked=tuple(asked))))) is not None:
        assert question.field not in {Field.COMPANY_SIZE, Field.TECH_STACK}
        assert question.id not in asked
        asked.append(question.id)
    assert 2 <= len(asked) < 8


def test_patience_ends(planner: NextQuestionPlanner) -> None:
    everything = tuple(f"q{index}" for index in range(12))
    assert _ask(planner, _view(asked=everything)) is None


@pytest.mark.parametrize("kind", [VisitorType.STUDENT, VisitorType.CUSTOMER, VisitorType.SPAM, VisitorType.JOB_SEEKER])
def test_only_buyers_are_asked(planner: NextQuestionPlanner, kind: VisitorType) -> None:
    assert _ask(planner, _view(said=Understanding(visitor_type=kind))) is None
    assert _ask(planner, _view(said=Understanding(), visitor_type=kind)) is None


def test_nobody_is_asked_on_the_way_out(planner: NextQuestionPlanner) -> None:
    assert _ask(planner, _view(said=Understanding(acts=frozenset({Act.LEAVES})))) is None


def test_what_is_talked_about_decides(planner: NextQuestionPlanner, make_facts: Make) -> None:
    known = make_facts([(Field.USE_CASE, "returns"), SIZE])
    about_tools = make_facts([(Field.INTEGRATIONS, "Slack")])
    first = _ask(planner, _view((*known, *about_tools), Understanding(facts=about_tools)))
    assert first is not None
    assert first.field is Field.TECH_STACK
    about_pain = make_facts([(Field.PAINS, "scaling")])
    second = _ask(planner, _view((*known, *about_pain), Understanding(facts=about_pain)))
    assert second is not None
    assert second.field is Field.VOLUME


def test_the_language_of_the_visitor_is_used(planner: NextQuestionPlanner) -> None:
    german = _ask(planner, _view(said=Understanding(language="de")))
    english = _ask(planner, _view(said=Understanding(language="en")))
    unknown = _ask(planner, _view(said=Understanding(language="ja")))
    assert german is not None
    assert english is not None
    assert german.id == english.id
    assert german.text != english.text
    assert unknown == english


def test_a_persona_may_be_asked_in_other_words(planner: NextQuestionPlanner) -> None:
    plain = _ask(planner, _view())
    clinic = Persona(id=PersonaId("healthcare"), name="Clinics", kind="industry")
    other = _ask(planner, replace(_view(), persona=clinic))
    assert plain is not None
    assert other is not None
    assert plain.id == other.id
    assert plain.text != other.text


def test_another_conversation_may_hear_another_variant(planner: NextQuestionPlanner) -> None:
    texts = set()
    for number in range(12):
        view = _view()
        question = _ask(
            planner, replace(view, session=replace(view.session, conversation=ConversationId(f"c{number}")))
        )
        assert question is not None
        texts.add(question.text)
    assert len(texts) == 2


def test_the_field_of_a_question_is_known(planner: NextQuestionPlanner) -> None:
    assert planner.question_field("volume") == "volume"
    assert planner.question_field("nothing") == ""


@pytest.mark.parametrize("which", ["desk", "neutral"])
def test_every_text_is_short_and_says_why(desk: QualificationFile, which: str) -> None:
    data = desk if which == "desk" else neutral()
    for entry in data.questions:
        for texts in [*entry.text.values(), *(text for by in entry.personas.values() for text in by.values())]:
            assert all("?" in text and len(text.split()) <= MAX_WORDS // 2 for text in texts)
        for options in entry.options.values():
            assert len(options) <= MAX_BUTTONS
            assert all(len(option.label) <= MAX_BUTTON_LENGTH for option in options)


def test_a_company_without_questions_gets_the_shipped_ones() -> None:
    question = _ask(NextQuestionPlanner(QualificationFile()), _view())
    assert question is not None
    assert question.id in neutral().by_id


@pytest.mark.parametrize(
    "broken",
    [
        {"questions": [{"id": "a", "field": "volume", "text": {"de": "Wie viele?"}}]},
        {"questions": [{"id": "a", "field": "volumes", "text": {"en": "How many?"}}]},
        {"questions": [{"id": "a", "field": "volume", "text": {"en": "?"}, "options": {"en": ["x" * 21]}}]},
        {
            "questions": [
                {"id": "a", "field": "volume", "text": {"en": "?"}},
                {"id": "a", "field": "role", "text": {"en": "?"}},
            ]
        },
        {"labels": {"pains": {"x": {"cues": ["(a|b"]}}}},
        {"framework": "spin"},
        {"unknown": 1},
    ],
)
def test_broken_files_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QualificationFile.model_validate(broken)


def test_a_question_takes_one_text_or_several() -> None:
    entry = QuestionEntry.model_validate(
        {"id": "a", "field": "volume", "text": {"en": "How many?", "de": ["Wie viele?", "Wieviel?"]}}
    )
    assert entry.text == {"en": ("How many?",), "de": ("Wie viele?", "Wieviel?")}


SHOP = Persona(id=PersonaId("ecommerce"), name="Online shops", kind="industry")
TOOLS_QUESTION = "tech_stack"


def _asked_all(planner: NextQuestionPlanner, view: TurnView) -> dict[str, Question]:
    asked: dict[str, Question] = {}
    while (
        question := _ask(planner, replace(view, session=replace(view.session, asked=tuple(asked))))
    ) is not None and question.id not in asked:
        asked[question.id] = question
    return asked


@pytest.mark.parametrize("tool", ["Zendesk", "Shopify", "Gmail", "Gorgias", "WooCommerce"])
def test_a_tool_to_be_connected_answers_which_tool_requests_land_in(
    planner: NextQuestionPlanner, make_facts: Make, tool: str
) -> None:
    told = make_facts([(Field.INTEGRATIONS, tool)])
    assert TOOLS_QUESTION not in _asked_all(planner, _view(told))


@pytest.mark.parametrize("tool", ["Slack", "Custom API", "Snowflake"])
def test_a_tool_of_another_kind_does_not(planner: NextQuestionPlanner, make_facts: Make, tool: str) -> None:
    told = make_facts([(Field.INTEGRATIONS, tool)])
    assert TOOLS_QUESTION in _asked_all(planner, _view(told))


def test_a_persona_is_offered_answers_to_its_own_wording(planner: NextQuestionPlanner, make_facts: Make) -> None:
    view = _view(make_facts([(Field.USE_CASE, "returns"), (Field.VOLUME, Quantity(low=90, high=90))]))
    plain = _asked_all(planner, view)[TOOLS_QUESTION]
    shop = _asked_all(planner, replace(view, persona=SHOP))[TOOLS_QUESTION]
    assert shop.text != plain.text
    assert shop.options
    assert not set(shop.options) & {"Zendesk", "Intercom"}


def test_own_wording_without_own_answers_offers_none() -> None:
    bank = {
        "questions": [
            {
                "id": "tool",
                "field": "tech_stack",
                "text": {"en": "Which desk?"},
                "options": {"en": ["Zendesk"]},
                "personas": {"ecommerce": {"en": "Which shop?"}},
            }
        ]
    }
    planner = NextQuestionPlanner(QualificationFile.model_validate(bank))
    asked = _ask(planner, replace(_view(), persona=SHOP))
    assert asked is not None
    assert (asked.text, asked.options) == ("Which shop?", ())


def test_kinds_of_tools_must_exist() -> None:
    bank = {"questions": [{"id": "tool", "field": "tech_stack", "text": {"en": "?"}, "tool_kinds": ["help_dsk"]}]}
    with pytest.raises(ValidationError):
        QualificationFile.model_validate(bank)


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "nl"])
def test_every_shipped_question_can_be_asked_in_the_languages_of_the_local_writer(
    desk: QualificationFile, language: str
) -> None:
    for file in (desk, neutral()):
        assert [entry.id for entry in file.questions if not entry.text.get(language)] == []
