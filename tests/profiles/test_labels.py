from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field
from profiles.qualification_file import QualificationFile

LABELS = [
    (Field.USE_CASE, "I'm shopping for support automation", "ticket_deflection"),
    (Field.USE_CASE, "shoppers keep asking about order status", "order_tracking_wismo"),
    (Field.USE_CASE, "patients should be able to book an appointment", "appointment_scheduling"),
    (Field.USE_CASE, "it should route tickets to the right department", "ticket_routing_triage"),
    (Field.USE_CASE, "we'd like to capture more leads on the site", "lead_capture"),
    (Field.USE_CASE, "it has to reply in several languages", "multilingual_support"),
    (Field.USE_CASE, "we want to embed it in our own app", "api_embedding"),
    (Field.PAINS, "we are drowning in emails", "high_ticket_volume"),
    (Field.PAINS, "people keep asking the same questions", "repetitive_questions"),
    (Field.PAINS, "customers wait two days and response times are awful", "slow_response"),
    (Field.PAINS, "nobody answers over the weekend", "after_hours_gap"),
    (Field.PAINS, "the holiday season kills us", "seasonal_spikes"),
    (Field.PAINS, "they raised their prices again", "vendor_price_increase"),
    (Field.PAINS, "requests fall through the cracks in a shared mailbox", "disorganized_inbox"),
    (Field.PAINS, "our last bot made up answers", "bot_inaccuracy"),
    (Field.SECURITY, "do you do single sign-on?", "sso"),
    (Field.SECURITY, "we need a signed DPA", "dpa"),
    (Field.SECURITY, "are you SOC 2 certified", "soc2"),
    (Field.SECURITY, "the data must stay in the EU", "data_residency_eu"),
    (Field.SECURITY, "can it run on-premises?", "on_prem"),
    (Field.SECURITY, "tell me about your security features", "enterprise_security"),
    (Field.SECURITY, "do you train your models on our conversations", "no_training_on_data"),
]
INDUSTRIES = [
    ("we're an online shop for garden tools", "ecommerce_retail"),
    ("we run a dental practice", "healthcare"),
    ("we're a SaaS company", "saas_software"),
    ("I work at a law firm", "legal"),
    ("we are a credit union", "fintech_finance"),
    ("somos una inmobiliaria", "real_estate"),
    ("we're a freight forwarder in logistics", "logistics_transport"),
    ("our hotel group has nine houses", "travel_hospitality"),
]
VOICED = [
    (Field.OBJECTIONS, "that's too expensive for us", "price"),
    (Field.OBJECTIONS, "our team doesn't like lock-in with one vendor", "lock_in"),
    (Field.OBJECTIONS, "honestly I don't trust AI", "trust_in_bots"),
    (Field.OBJECTIONS, "we have no developers to set it up", "effort"),
    (Field.SIGNALS, "could we see a demo?", "demo_request"),
    (Field.SIGNALS, "what are your prices?", "pricing_interest"),
    (Field.SIGNALS, "is there a free trial", "trial_request"),
    (Field.SCALING, "we're expanding into new markets next year", "more_markets"),
]


@pytest.mark.parametrize(("name", "text", "label"), [*LABELS, *VOICED])
def test_labels_are_heard(talk: Any, name: Field, text: str, label: str) -> None:
    talk.hears(text)
    assert label in talk.knows(name)


@pytest.mark.parametrize(("text", "label"), INDUSTRIES)
def test_the_industry_is_heard(talk: Any, text: str, label: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.INDUSTRY) == label


@pytest.mark.parametrize("text", ["my client is a dental practice", "I used to work at a bank", "we are not an agency"])
def test_other_peoples_industries_are_not_theirs(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.INDUSTRY) is None


def test_a_need_that_is_denied_is_no_need(talk: Any) -> None:
    talk.hears("we don't need HIPAA")
    assert talk.knows(Field.SECURITY) == ()


def test_every_label_of_the_example_has_a_name_and_cues(desk: QualificationFile) -> None:
    sets = (desk.labels.use_case, desk.labels.pains, desk.labels.security, desk.labels.industry)
    assert all(label.cues and label.name for labels in sets for label in labels.values())


@pytest.mark.parametrize(
    "text",
    [
        "returns are no problem for us",
        "response times are fine",
        "is your team there at night?",
        "your app keeps crashing",
    ],
)
def test_what_is_well_or_the_vendors_own_is_no_trouble_of_theirs(talk: Any, text: str) -> None:
    talk.hears(text)
    assert not talk.knows(Field.PAINS)


@pytest.mark.parametrize(
    ("said", "industry"),
    [
        ("I handle returns at a garden tool shop", "ecommerce_retail"),
        ("I buy software at Tarnby Insurance", "insurance"),
        ("we're hunting for options for 5 dental practices", "healthcare"),
        ("before this I worked at a bank, now I run a campsite", "travel_hospitality"),
        ("wij zijn een netbeheerder", "energy_utilities"),
    ],
)
def test_the_trade_is_that_of_the_noun_that_heads_it(talk: Any, said: str, industry: str) -> None:
    talk.hears(said)
    assert talk.knows(Field.INDUSTRY) == industry


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("SCIM isn't needed at all", ()),
        ("a SOC 2 report is required, HIPAA is not relevant", ("soc2",)),
        ("SAML can wait", ()),
        ("SCIM brauchen wir nicht", ()),
    ],
)
def test_what_is_said_not_to_be_needed_is_no_need(talk: Any, said: str, needs: tuple[str, ...]) -> None:
    talk.hears(said)
    assert talk.knows(Field.SECURITY) == needs
