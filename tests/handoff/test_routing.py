"""Where a lead goes, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.models.handoff import HandoffSettings
from core.ids import ConversationId, PersonaId
from core.lead import Lead, Readiness, Route
from handoff.country import country_of
from handoff.routing import route
from tests.contracts.builders import lead

TALK = ConversationId("talk")
TEAMS = [
    {"id": "emea", "channel": "C0EMEA000", "members": [{"slack": "U0ADA", "skills": ["sso"]}]},
    {"id": "inbound"},
]


def settings(*rules: dict[str, Any], teams: Any = TEAMS) -> HandoffSettings:
    named = [{"name": f"rule {place}", **rule} for place, rule in enumerate(rules)]
    return HandoffSettings.model_validate({"teams": teams, "rules": named})


def known(**changes: Any) -> Lead:
    level, score = changes.pop("level", "medium"), changes.pop("score", 45.0)
    return replace(lead(TALK), readiness=Readiness(level=level, score=score, probability=0.3, receipt=()), **changes)


def test_that_without_rules_a_lead_goes_where_it_always_went() -> None:
    assert route(known(), HandoffSettings()).route == Route()
    assert route(known(), settings()).route == Route(team="emea", channel="C0EMEA000")


@pytest.mark.parametrize("kind", ["student", "job_seeker", "vendor", "competitor", "spam", "customer"])
def test_that_who_does_not_buy_is_no_lead_unless_a_rule_names_them(kind: str) -> None:
    visitor = known(visitor_type=kind)
    everything = {"then": {"team": "emea"}}
    assert route(visitor, settings(everything)).route is None
    named = {"when": {"visitors": [kind]}, "then": {"channel": "C0SUPPORT"}}
    assert route(visitor, settings(everything, named)).route == Route(rule="rule 1", channel="C0SUPPORT")


def test_that_the_first_rule_that_fits_decides_and_the_earlier_ones_say_why_not() -> None:
    rules = (
        {"when": {"readiness": "high", "employees_from": 200}, "then": {"team": "emea"}},
        {"when": {"languages": ["fr"]}, "then": {"team": "emea"}},
        {"then": {"team": "inbound"}},
        {"then": {"drop": True}},
    )
    routed = route(known(employees=500.0, language="de"), settings(*rules))
    assert routed.route == Route(rule="rule 2", team="inbound")
    assert [(step.rule, step.fits) for step in routed.trace] == [
        ("rule 0", False),
        ("rule 1", False),
        ("rule 2", True),
    ]
    checks = {check.condition: (check.wanted, check.found, check.holds) for check in routed.trace[0].checks}
    assert checks["readiness"] == ("high or more", "medium", False)
    assert checks["employees_from"] == ("200 or more", "500", True)


@pytest.mark.parametrize(
    ("when", "fitting", "other"),
    [
        ({"personas": ["agency"]}, {"persona": PersonaId("agency")}, {"persona": None}),
        ({"readiness": "medium"}, {"level": "high"}, {"level": "low"}),
        ({"score": 60}, {"score": 60.0}, {"score": 59.0}),
        ({"languages": ["pt"]}, {"language": "pt-BR"}, {"language": "es"}),
        ({"countries": ["FR"]}, {"phone": "+33 1 42 68 53 00"}, {"phone": "", "email": "a@acme.io"}),
        ({"countries": ["GB"]}, {"email": "ann@acme.co.uk", "phone": ""}, {"email": "ann@acme.com", "phone": ""}),
        ({"employees_to": 50}, {"employees": 50.0}, {"employees": None}),
        ({"pages": ["/pricing*"]}, {"pages": ("https://a.example/pricing/teams",)}, {"pages": ("https://a.example/",)}),
        ({"channels": ["telegram"]}, {"channel": "telegram"}, {"channel": "web"}),
        ({"campaigns": ["fair-*"]}, {"campaign": "fair-2026"}, {"campaign": ""}),
        ({"reasons": ["human_requested"]}, {"reasons": ("human_requested",)}, {"reasons": ("email_captured",)}),
    ],
)
def test_that_a_condition_holds_for_whom_it_names(
    when: dict[str, Any], fitting: dict[str, Any], other: dict[str, Any]
) -> None:
    rules = settings({"when": when, "then": {"channel": "C0MATCHED"}}, {"then": {"quiet": True}})
    found, not_found = route(known(**fitting), rules).route, route(known(**other), rules).route
    assert found == Route(rule="rule 0", channel="C0MATCHED")
    assert not_found == Route(rule="rule 1", quiet=True)


def test_that_a_rule_may_send_a_teams_lead_elsewhere_and_to_somebody_with_a_skill() -> None:
    rule = {"then": {"team": "emea", "channel": "C0SPECIAL", "skills": ["sso"]}}
    assert route(known(), settings(rule)).route == Route(
        rule="rule 0", team="emea", channel="C0SPECIAL", skills=("sso",)
    )
    assert route(known(), settings({"then": {"drop": True}})).route is None


def test_that_a_phone_number_tells_the_country_before_an_address_does() -> None:
    assert country_of(known(phone="+49 30 901820", email="a@acme.fr")) == "DE"
    assert country_of(known(phone="12 34", email="a@acme.fr")) == "FR"
    assert country_of(known(phone="", email="a@acme.io")) == ""
    assert country_of(known(phone="", email="")) == ""
