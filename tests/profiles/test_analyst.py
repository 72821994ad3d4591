from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.fact import Fact, FactValue, Field, Quantity
from core.ids import PersonaId
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.persona import Persona
from core.session import EmailAsking, Session
from core.turn import TurnView
from core.understanding import Act, Intent, Understanding, VisitorType
from profiles.analyst import ProfileAnalyst
from profiles.qualification_file import QualificationFile

Make = Callable[[Iterable[tuple[Field, FactValue]]], tuple[Fact, ...]]
TEN = Quantity(low=10, high=10, unit="employees")
HUNDRED = Quantity(low=100, high=100, unit="tickets", period="day")
MONEY = Quantity(low=500, high=800, currency="USD", period="month")
BUYER = Understanding(visitor_type=VisitorType.BUYER, intent=Intent.ACTING)


def _view(facts: tuple[Fact, ...], understanding: Understanding = BUYER, **session: Any) -> TurnView:
    made = Session(conversation="c1", visitor="v1", channel="web", started_at=1.0, **session)  # type: ignore[arg-type]
    return TurnView(
        session=made, facts=facts, understanding=understanding, news=facts, persona=None, messages=(), now=60.0
    )


@pytest.fixture(scope="module")
def analyst(desk: QualificationFile) -> ProfileAnalyst:
    return ProfileAnalyst(desk)


VALUES: dict[Field, list[FactValue]] = {
    Field.COMPANY_SIZE: [
        TEN,
        Quantity(low=1, high=1, unit="employees"),
        Quantity(low=4000, high=None, unit="employees"),
    ],
    Field.VOLUME: [HUNDRED],
    Field.BUDGET: [MONEY, "none"],
    Field.TIMELINE: ["now", "1-3m", "3-6m", "6-12m", "12m+", "none"],
    Field.DECISION_MAKER: ["yes", "shared", "no"],
    Field.EMAIL: ["ida@lumenia.io"],
    Field.PHONE: ["+4930901820"],
    Field.USE_CASE: ["ticket_deflection", "returns"],
    Field.PAINS: ["high_cost", "scaling"],
    Field.TECH_STACK: ["React", "Zendesk"],
    Field.INTEGRATIONS: ["Custom API", "Slack"],
    Field.SECURITY: ["sso", "gdpr"],
    Field.COMPETITORS: ["Intercom"],
    Field.OBJECTIONS: ["price"],
    Field.SIGNALS: ["demo_request", "urgency", "decision_language"],
    Field.INDUSTRY: ["saas_software"],
    Field.TECHNICAL_LEVEL: ["high"],
}
PAIRS = st.sampled_from([(name, value) for name, values in VALUES.items() for value in values])
SAID = st.builds(
    Understanding,
    intent=st.sampled_from(Intent),
    visitor_type=st.sampled_from(VisitorType),
    acts=st.frozensets(st.sampled_from(Act), max_size=3),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(PAIRS, max_size=14), said=SAID)
def test_the_receipt_sums_to_the_score_for_every_prefix(
    analyst: ProfileAnalyst, make_facts: Make, pairs: list[tuple[Field, FactValue]], said: Understanding
) -> None:
    facts = make_facts(pairs)
    for cut in range(len(facts) + 1):
        view = _view(facts[:cut], said)
        readiness = analyst.readiness(view)
        assert sum(line.points for line in readiness.receipt) == readiness.score
        assert 0 <= readiness.score <= 100
        assert 0 < readiness.probability < 1
        profile = analyst.profile(view, readiness)
        assert profile.intelligence.buying_readiness == readiness.level
        assert profile == analyst.profile(view, readiness)
        assert all(
            word and "{" not in word for word in (*profile.intelligence.risk_factors, *profile.intelligence.strengths)
        )
        assert len(analyst.qualification(fold(facts[:cut]))) == 4


STRONG: list[tuple[Field, FactValue]] = [
    (Field.USE_CASE, "ticket_deflection"),
    (Field.VOLUME, HUNDRED),
    (Field.COMPANY_SIZE, TEN),
    (Field.EMAIL, "ida@lumenia.io"),
    (Field.TIMELINE, "now"),
]


def test_a_buyer_with_a_need_and_a_next_step_is_ready(analyst: ProfileAnalyst, make_facts: Make) -> None:
    assert analyst.readiness(_view(make_facts(STRONG))).level == "high"


@pytest.mark.parametrize(
    ("extra", "said", "level"),
    [
        ([(Field.BUDGET, "none")], BUYER, "low"),
        ([(Field.TIMELINE, "12m+")], BUYER, "low"),
        ([], replace(BUYER, visitor_type=VisitorType.STUDENT), "low"),
        ([], replace(BUYER, intent=Intent.EVALUATING), "medium"),
        ([(Field.TIMELINE, "6-12m")], BUYER, "medium"),
    ],
)
def test_a_blocker_caps_the_level(
    analyst: ProfileAnalyst, make_facts: Make, extra: list[tuple[Field, FactValue]], said: Understanding, level: str
) -> None:
    readiness = analyst.readiness(_view(make_facts([*STRONG, *extra]), said))
    assert readiness.level == level
    assert any(line.reason.startswith("Capped") for line in readiness.receipt)


def test_a_security_interest_raises_readiness(analyst: ProfileAnalyst, make_facts: Make) -> None:
    pairs = STRONG[:3]
    before, after = make_facts(pairs), make_facts([*pairs, (Field.SECURITY, "sso")])
    assert analyst.readiness(_view(after)).score > analyst.readiness(_view(before)).score


def test_a_refusal_costs_a_little(analyst: ProfileAnalyst, make_facts: Make) -> None:
    facts = make_facts(STRONG[:3])
    assert (
        analyst.readiness(_view(facts, email=EmailAsking(refused=True))).score < analyst.readiness(_view(facts)).score
    )


SIZES = [
    (1, [], "solo"),
    (10, [(Field.TECH_STACK, "React"), (Field.TECH_STACK, "Node.js")], "startup"),
    (10, [(Field.TECH_STACK, "Shopify")], "small_business"),
    (30, [(Field.INDUSTRY, "saas_software")], "startup"),
    (30, [(Field.INDUSTRY, "healthcare"), (Field.TECHNICAL_LEVEL, "high")], "small_business"),
    (90, [], "mid_market"),
    (400, [(Field.TECH_STACK, "React")], "mid_market"),
    (5000, [(Field.TECH_STACK, "React")], "enterprise"),
]


@pytest.mark.parametrize(("employees", "more", "label"), SIZES)
def test_the_size_label_follows_employees_and_context(
    analyst: ProfileAnalyst, make_facts: Make, employees: int, more: list[tuple[Field, FactValue]], label: str
) -> None:
    view = _view(make_facts([(Field.COMPANY_SIZE, Quantity(low=employees, high=employees)), *more]))
    assert analyst.profile(view, analyst.readiness(view)).company.size == label


def test_the_six_sections_hold_what_was_learned(analyst: ProfileAnalyst, make_facts: Make) -> None:
    facts = make_facts(
        [
            *STRONG,
            (Field.TECH_STACK, "React"),
            (Field.TECH_STACK, "Zendesk"),
            (Field.INTEGRATIONS, "Custom API"),
            (Field.BUDGET, MONEY),
            (Field.SIGNALS, "urgency"),
            (Field.OBJECTIONS, "price"),
        ],
    )
    view = replace(
        _view(facts, pages=("/", "/pricing"), visits=2, questions_asked=3),
        persona=Persona(id=PersonaId("p1"), name="P"),
    )
    profile = analyst.profile(view, analyst.readiness(view))
    assert profile.company.current_tools == ("Zendesk",)
    assert profile.company.tech_stack == ("React", "Zendesk")
    assert (profile.behavior.urgency, profile.behavior.research_phase) == ("urgent", "decision")
    assert profile.requirements.budget_range == MONEY
    assert profile.requirements.integration_needs == ("Custom API",)
    assert (profile.engagement.return_visits, profile.engagement.objections) == (1, ("price",))
    assert profile.engagement.time_on_site == 59.0
    assert profile.intelligence.persona_match == "p1"
    assert 0 < profile.meta.confidence_score < 1


def test_qualification_is_in_words_with_a_quote(analyst: ProfileAnalyst, make_facts: Make) -> None:
    known = fold(make_facts([*STRONG, (Field.BUDGET, MONEY), (Field.ROLE, "CTO"), (Field.DECISION_MAKER, "shared")]))
    answers = {criterion.id: criterion.answer for criterion in analyst.qualification(known)}
    assert answers == {
        "budget": "$500 to $800 a month",
        "authority": "decides with others; CTO",
        "need": "Ticket deflection; 100 tickets a day",
        "timeline": "within a month",
    }
    assert all(criterion.quote for criterion in analyst.qualification(known))


def test_missing_criteria_are_empty(analyst: ProfileAnalyst) -> None:
    assert {criterion.answer for criterion in analyst.qualification({})} == {""}


@pytest.mark.parametrize(("framework", "letters"), [("champ", 4), ("meddic", 6)])
def test_other_frameworks_are_data(framework: str, letters: int) -> None:
    analyst = ProfileAnalyst(QualificationFile(framework=framework))
    assert len(analyst.qualification({})) == letters


def _before(**values: Any) -> Session:
    return Session(conversation="c1", visitor="v1", channel="web", **values)  # type: ignore[arg-type]


TOLD = [
    (Field.EMAIL, "ida@lumenia.io", "email_captured"),
    (Field.BUDGET, MONEY, "budget_or_price"),
    (Field.COMPANY_SIZE, TEN, "company_or_team_size"),
    (Field.TEAM_SIZE, TEN, "company_or_team_size"),
    (Field.TECH_STACK, "React", "technical_terms"),
]


@pytest.mark.parametrize(("name", "value", "trigger"), TOLD)
def test_news_pull_their_trigger(
    analyst: ProfileAnalyst, make_facts: Make, name: Field, value: FactValue, trigger: str
) -> None:
    view = _view(make_facts([(name, value)]), Understanding())
    assert analyst.triggers(_before(), view) == (trigger,)


@pytest.mark.parametrize(
    ("signal", "trigger"),
    [
        ("pricing_interest", "budget_or_price"),
        ("decision_language", "decision_language"),
        ("contact_request", "contact_request"),
        ("feature_request", "feature_request"),
    ],
)
def test_signals_pull_their_trigger(analyst: ProfileAnalyst, make_facts: Make, signal: str, trigger: str) -> None:
    facts = make_facts([(Field.SIGNALS, signal)])
    assert analyst.triggers(_before(), _view(facts, Understanding(facts=facts))) == (trigger,)


def test_time_pages_counts_and_returns_pull_triggers(
    analyst: ProfileAnalyst, make_message: Callable[..., InboundMessage]
) -> None:
    quiet = Understanding()
    quarter = (make_message("session_15m", kind=MessageKind.TIMER),)
    timer = replace(_view((), quiet, intent_peak=Intent.EVALUATING), messages=quarter)
    assert analyst.triggers(_before(messages=2), timer) == ("fifteen_minutes",)
    assert analyst.triggers(_before(messages=2), replace(_view((), quiet), messages=quarter)) == ()
    fifth = replace(_view((), quiet), messages=(make_message("hm"),))
    assert analyst.triggers(_before(messages=4), fifth) == ("every_fifth_message",)
    assert analyst.triggers(_before(messages=3), fifth) == ()
    assert analyst.triggers(_before(pages=("a", "b", "c")), _view((), quiet, pages=("a", "b", "c", "d"))) == (
        "three_pages",
    )
    back = replace(_view((), quiet), messages=(make_message("hi", returning=True),))
    assert analyst.triggers(_before(), back) == ("return_visitor",)


def test_the_shift_to_buying_is_seen_once(analyst: ProfileAnalyst) -> None:
    view = _view((), Understanding(intent=Intent.EVALUATING))
    assert "shift_to_buying" in analyst.triggers(_before(messages=2, intent_peak=Intent.LOOKING), view)
    assert analyst.triggers(_before(messages=2, intent_peak=Intent.EVALUATING), view) == ()
    assert analyst.triggers(_before(), view) == ()


def test_triggers_come_in_order_of_importance(analyst: ProfileAnalyst, make_facts: Make) -> None:
    facts = make_facts([(Field.TECH_STACK, "React"), (Field.COMPANY_SIZE, TEN), (Field.EMAIL, "ida@lumenia.io")])
    names = analyst.triggers(_before(), _view(facts))
    assert names == ("email_captured", "company_or_team_size", "technical_terms")


def test_an_integration_question_pulls_its_trigger(analyst: ProfileAnalyst, make_facts: Make) -> None:
    facts = make_facts([(Field.INTEGRATIONS, "Slack")])
    said = Understanding(facts=facts, questions=("does it work with Slack?",))
    assert analyst.triggers(_before(), _view(facts, said)) == ("integration_question",)
