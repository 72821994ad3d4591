"""The lead: complete by itself, and a new revision only when a rep would see a difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.enrich import (
    QUOTES,
    REASON_EMAIL,
    REASON_HOT,
    REASON_HUMAN,
    Assessment,
    HandoffPolicy,
    enrich,
    reasons_to_hand_off,
)
from core.fact import Fact, Field, Source
from core.ids import PersonaId
from core.lead import Criterion, Lead, Readiness, ScoreLine
from core.ledger import fold
from core.message import Page
from core.persona import Persona, PersonaGuess
from core.profile import (
    BehaviorProfile,
    CompanyProfile,
    EngagementProfile,
    IntelligenceProfile,
    Profile,
    ProfileMeta,
    RequirementsProfile,
)
from core.rep import Rep, RepId
from core.understanding import Intent
from tests.core.pieces import count, fact, session, view
from tests.core.talking import english

DANA = Rep(id=RepId("U0DANA"), name="Dana")

GROWER = Persona(id=PersonaId("grower"), name="Grower")
PAGE = Page(url="https://harbour.example/plans/", title="Plans", campaign="spring", referrer="https://find.example/")
READY = Readiness(level="medium", score=42.0, probability=0.4, receipt=(ScoreLine(reason="has a volume", points=42.0),))
FACTS = (
    fact(Field.VOLUME, count(100, "tickets", "day"), quote="100 tickets/day"),
    fact(Field.INTEGRATIONS, "Shopify", quote="on Shopify"),
    fact(Field.PAINS, "slow_answers", quote="we are slow"),
    fact(Field.BUDGET, count(300, currency="USD", period="month"), quote="about 300 a month"),
    fact(Field.TECHNICAL_LEVEL, "high", source=Source.INFERRED, quote="webhooks"),
    fact(Field.EMAIL, "kim@oak.example", quote="kim@oak.example", note="free_mail"),
    fact(Field.NAME, "Kim Lee", quote="Kim Lee here"),
    fact(Field.OBJECTIONS, "price", quote="too expensive"),
)


def profile(*steps: str) -> Profile:
    return Profile(
        company=CompanyProfile(),
        behavior=BehaviorProfile(),
        requirements=RequirementsProfile(),
        engagement=EngagementProfile(),
        intelligence=IntelligenceProfile(recommended_next_steps=steps),
        meta=ProfileMeta(),
    )


def assessed(
    facts: tuple[Fact, ...] = FACTS, *, now: float = 60.0, news: tuple[Fact, ...] = (), **more: Any
) -> Assessment:
    talk = session(
        first_page=PAGE,
        first_message="hello",
        pages=(PAGE.url, "https://harbour.example/", PAGE.url),
        guess=PersonaGuess(probabilities=((GROWER.id, 0.8),), none=0.2, chosen=GROWER.id),
    )
    defaults: dict[str, Any] = {
        "view": view("x", session=talk, facts=facts, news=news, persona=GROWER, now=now),
        "known": fold(facts),
        "readiness": READY,
        "criteria": (Criterion(id="need", name="Need", answer="API", quote="on Shopify"),),
        "profile": profile("Show the API"),
    }
    return Assessment(**{**defaults, **more})


def lead(
    given: Assessment | None = None, before: Lead | None = None, *, reasons: tuple[str, ...] = (REASON_EMAIL,)
) -> Lead:
    return enrich(before, given or assessed(), reasons, english())


def test_a_new_lead_holds_everything_a_rep_needs() -> None:
    made = lead()
    assert (made.revision, made.created_at, made.updated_at, made.changes) == (1, 60.0, 60.0, ())
    assert (made.email, made.email_note, made.name) == ("kim@oak.example", "free_mail", "Kim Lee")
    assert (made.source_page, made.campaign, made.referrer) == (PAGE.url, "spring", PAGE.referrer)
    assert (made.persona_name, made.persona_probability, made.priority) == ("Grower", 0.8, "medium")
    assert (made.next_step, made.objections, made.first_message) == ("Show the API", ("price",), "hello")
    assert made.pages == (PAGE.url, "https://harbour.example/")
    assert dict(made.requirements)["volume"] == "100 tickets a day"
    assert made.qualification[0].answer == "API"


def test_quotes_are_the_visitors_own_and_no_clause_twice() -> None:
    quotes = lead().quotes
    assert [quote.text for quote in quotes] == ["100 tickets/day", "on Shopify", "we are slow"]
    assert quotes[0].shows == "volume: 100 tickets a day"
    one_clause = tuple(replace(one, quote="all in one") for one in FACTS)
    assert len(lead(assessed(one_clause)).quotes) == 1
    assert len(quotes) <= QUOTES


def test_the_opener_names_the_person_and_the_need_and_nothing_else() -> None:
    opener = lead().opener
    assert opener.startswith("Hi Kim,")
    assert "100 tickets a day and Shopify" in opener
    assert lead(assessed(())).opener.startswith("Hi there,")


@pytest.mark.parametrize(
    "invisible",
    [
        {"readiness": replace(READY, score=42.3, probability=0.43)},
        {"readiness": replace(READY, receipt=(ScoreLine(reason="has a volume", points=41.8),))},
        {"profile": None},  # the profile failed this time
    ],
    ids=["score", "receipt", "profile"],
)
def test_what_a_rep_would_not_see_makes_no_revision(invisible: dict[str, Any]) -> None:
    first = lead()
    assert lead(assessed(now=99.0, **invisible), first) is first


def test_another_look_at_the_same_page_makes_no_revision() -> None:
    first, again = lead(), assessed(now=99.0)
    talk = replace(again.view.session, pages=(*again.view.session.pages, "https://harbour.example/"))
    assert lead(replace(again, view=replace(again.view, session=talk)), first) is first


def test_news_makes_a_revision_that_says_what_is_new() -> None:
    first = lead()
    security = fact(Field.SECURITY, "soc2", quote="SOC 2")
    second = lead(assessed((*FACTS, security), now=99.0, news=(security,)), first)
    assert (second.revision, second.created_at, second.updated_at) == (2, 60.0, 99.0)
    assert second.changes == ("SOC 2",)
    climbed = lead(assessed((*FACTS, security), readiness=replace(READY, level="high", score=71.0)), second)
    assert (climbed.revision, climbed.changes, climbed.priority) == (3, ("readiness 42 → 71",), "high")


def test_what_people_wrote_is_kept_and_reasons_are_added() -> None:
    first = replace(lead(), owner=DANA, tags=("vip",), notes=("called",), value=900.0)
    second = lead(assessed(news=FACTS[:1]), first, reasons=(REASON_HUMAN, REASON_EMAIL))
    assert (second.owner, second.tags, second.notes, second.value) == (DANA, ("vip",), ("called",), 900.0)
    assert second.reasons == (REASON_EMAIL, REASON_HUMAN)


ADDRESS = (FACTS[5],)


@pytest.mark.parametrize(
    ("facts", "talk", "policy", "reasons"),
    [
        ((), {}, HandoffPolicy(), ()),
        (ADDRESS, {}, HandoffPolicy(), (REASON_EMAIL,)),
        (ADDRESS, {}, HandoffPolicy(at_email=False, readiness="high"), ()),
        (ADDRESS, {}, HandoffPolicy(at_email=False, readiness="medium"), (REASON_EMAIL,)),
        ((), {"human_asked": True}, HandoffPolicy(), (REASON_HUMAN,)),
        ((), {"intent_peak": Intent.ACTING}, HandoffPolicy(), ()),
        (ADDRESS, {"intent_peak": Intent.ACTING}, HandoffPolicy(), (REASON_EMAIL, REASON_HOT)),
    ],
)
def test_when_sales_should_see_it(
    facts: tuple[Fact, ...], talk: dict[str, Any], policy: HandoffPolicy, reasons: tuple[str, ...]
) -> None:
    given = assessed(facts)
    given = replace(given, view=replace(given.view, session=replace(given.view.session, **talk)))
    assert reasons_to_hand_off(given, policy) == reasons
