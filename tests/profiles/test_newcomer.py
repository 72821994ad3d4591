"""A small shop that talks in fragments: counts with and without an owner, tools, names, wishes."""

from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Quantity
from core.session import EmailAsking
from core.understanding import Act, Intent

ASKED = {"turns": 2, "email": EmailAsking(asked=1, asked_turn=2), "pending_question": "email"}

UNOWNED = [
    "two people answering the same mail",
    "three people asked me about it yesterday",
    "yesterday four folks complained about the delay",
    "we had two people calling twice about one order",
    "last week five employees wrote to the same address",
    "I saw two persons waiting in the queue",
    "there are three people asking for the same part",
    "there were six people queueing for one mailbox",
    "2 people reply to one thread and contradict each other",
]
OWNED = [
    ("we are 12 people", 12),
    ("we're about 12 people right now", 12),
    ("a team of 12 people", 12),
    ("our company has 12 people", 12),
    ("12 people work here", 12),
    ("a 12 person bike shop", 12),
    ("12 people", 12),
    ("12 of us in total", 12),
    ("12 folks on our payroll", 12),
]
SUPPORT = [
    ("9 of us answer customers all day", 9),
    ("9 of us in support", 9),
    ("nine people answer our mails", 9),
    ("9 people on the phones", 9),
    ("9 colleagues who handle customer questions", 9),
    ("we have 9 people answering emails", 9),
    ("12 agents on zendesk, how much is it?", 12),
    ("four of us reply to tickets", 4),
]
STACKS = [
    ("a shared gmail inbox plus Shopify", {"Gmail", "Shopify"}),
    ("we sell on Shopify and answer from Gmail", {"Shopify", "Gmail"}),
    ("12 agents on zendesk, how much is it?", {"Zendesk"}),
    ("a web shop with PrestaShop and a Freshdesk account", {"PrestaShop", "Freshdesk"}),
    ("just Gmail and WooCommerce", {"Gmail", "WooCommerce"}),
    ("six of us on Gorgias, orders from Shopware", {"Gorgias", "Shopware"}),
    ("our Gorgias plus Shopify", {"Gorgias", "Shopify"}),
    ("everything comes in through a Help Scout mailbox", {"Help Scout"}),
    ("small team, two seats with Intercom", {"Intercom"}),
]
NOT_RUN = [
    "do you have anything on Zendesk?",
    "is it like Intercom?",
    "any experience with Shopify shops?",
    "what about Freshdesk",
    "how does it go with Gorgias?",
]
COMPANIES = [
    ("bike parts web shop, Kettelveld Cycles", "Kettelveld Cycles"),
    ("Jan from Kettelveld Cycles here", "Kettelveld Cycles"),
    ("I run Kettelveld Cycles, a bike shop", "Kettelveld Cycles"),
    ("Marrowby Tiles, an online store for tiles", "Marrowby Tiles"),
    ("I own Marrowby Tiles.", "Marrowby Tiles"),
    ("we run Marrowby Tiles, a small shop in Leeds", "Marrowby Tiles"),
    ("small accounting firm: Osterholt & Vane", "Osterholt & Vane"),
    ("it's a dental clinic, Lindau Smiles, in Basel", "Lindau Smiles"),
    ("Kettelveld Cycles - online bike shop", "Kettelveld Cycles"),
    ("I founded Brightpeak two years ago", "Brightpeak"),
]
NO_COMPANIES = [
    "we run Shopify, a shop system",
    "I run Google Ads for the shop",
    "web shop, Amsterdam",
    "I own a bike shop",
    "we run a web shop, Monday to Friday",
    "online store, Zendesk, Shopify",
    "web shop, Thanks",
    "Hello, a shop here",
    "We run Windows and Mac.",
]
ACTING = [
    "can we try it with our team before april?",
    "could I test this first?",
    "can i try it out",
    "can we give it a try?",
    "I'd like to see a demonstration",
    "any way to test it before we pay?",
    "could you make us an offer",
    "is there a sandbox we can play with?",
    "what would a quote for us look like, can I get one?",
]
NOT_ACTING = ["we don't need a trial", "we had a demo last year", "no demo please"]
NO_CALLS = [
    "I'd rather not get called, mail only please",
    "mail only",
    "no calls please",
    "please don't call me",
    "I prefer e-mail over the phone",
    "don't ring me, write to me instead",
    "only by email, no phone calls",
    "I would rather not be phoned",
    "email works better for me than a call",
    "please no phone",
    "I'd prefer you mail me",
]
ASKS_ROBOT = [
    "are you a bot",
    "who am I talking to?",
    "am I chatting with a real person here?",
    "is this automated",
    "is there a human behind this?",
    "who is answering me?",
    "is anybody real there",
    "so you're a bot?",
]
ASKS_DATA = [
    "what happens with my data?",
    "no thanks, what happens with my data?",
    "where does my data go?",
    "are you recording this chat?",
    "who can read what I write here?",
    "do you keep what I type?",
    "what will you use my address for?",
    "is this conversation being stored?",
    "is my chat being saved",
]


@pytest.mark.parametrize("text", UNOWNED)
def test_people_in_a_story_are_no_size(talk: Any, text: str) -> None:
    talk.hears("we're 40 people in all")
    talk.hears(text)
    assert talk.knows(Field.COMPANY_SIZE).low == 40
    assert talk.knows(Field.TEAM_SIZE) is None


@pytest.mark.parametrize("text", UNOWNED)
def test_people_in_a_story_are_nobodys(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY_SIZE) is None


@pytest.mark.parametrize(("text", "size"), OWNED)
def test_a_count_with_an_owner_is_a_company(talk: Any, text: str, size: int) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY_SIZE) == Quantity(low=size, high=size, unit="employees")
    assert talk.knows(Field.TEAM_SIZE) is None


def test_a_count_that_stands_alone_does_not_overwrite_one_with_an_owner(talk: Any) -> None:
    talk.hears("we're 40 people in all")
    talk.hears("two people")
    assert talk.knows(Field.COMPANY_SIZE).low == 40
    talk.hears("actually we are 45 people")
    assert talk.knows(Field.COMPANY_SIZE).low == 45


def test_a_count_that_stands_alone_answers_the_question_for_it(talk: Any) -> None:
    talk.hears("we're 40 people in all")
    talk.hears("60 people", pending_question="company_size")
    assert talk.knows(Field.COMPANY_SIZE).low == 60


@pytest.mark.parametrize(("text", "size"), SUPPORT)
def test_who_answers_customers_is_a_team(talk: Any, text: str, size: int) -> None:
    talk.hears(text)
    assert talk.knows(Field.TEAM_SIZE) == Quantity(low=size, high=size, unit="agents")
    assert talk.knows(Field.COMPANY_SIZE) is None


@pytest.mark.parametrize(("text", "tools"), STACKS)
def test_tools_a_visitor_runs_are_known_however_they_are_named(talk: Any, text: str, tools: set[str]) -> None:
    talk.hears(text)
    assert set(talk.knows(Field.TECH_STACK)) == tools
    assert talk.knows(Field.INTEGRATIONS) == ()


@pytest.mark.parametrize("text", NOT_RUN)
def test_tools_that_are_only_asked_about_are_not_run(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TECH_STACK) == ()


@pytest.mark.parametrize(("text", "company"), COMPANIES)
def test_a_company_is_named_beside_what_it_is(talk: Any, text: str, company: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY) == company


@pytest.mark.parametrize("text", NO_COMPANIES)
def test_other_capitals_are_no_company(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY) is None


@pytest.mark.parametrize("text", ACTING)
def test_who_asks_to_try_to_see_or_for_an_offer_acts(talk: Any, text: str) -> None:
    assert talk.hears(text).intent is Intent.ACTING


@pytest.mark.parametrize("text", NOT_ACTING)
def test_who_declines_or_had_one_does_not_act(talk: Any, text: str) -> None:
    assert talk.hears(text).intent is not Intent.ACTING


@pytest.mark.parametrize("text", NO_CALLS)
def test_mail_rather_than_a_call_is_a_preference(talk: Any, text: str) -> None:
    for changes in ({}, ASKED):
        said = talk.hears(text, **changes)
        assert not said.acts & {Act.WANTS_HUMAN, Act.REFUSES_EMAIL, Act.DENIES}
        assert said.topic == ""


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("no email please, just call me", Act.WANTS_HUMAN),
        ("no e-mail please", Act.REFUSES_EMAIL),
        ("I'd rather not give my email", Act.REFUSES_EMAIL),
        ("no thanks", Act.REFUSES_EMAIL),
        ("can someone call me?", Act.WANTS_HUMAN),
    ],
)
def test_a_refusal_and_a_wish_for_a_person_stay_what_they_are(talk: Any, text: str, act: Act) -> None:
    changes = ASKED | {"pending_question": ""}
    assert act in talk.hears(text, **changes).acts


@pytest.mark.parametrize("text", ASKS_ROBOT)
def test_who_wonders_whom_they_talk_to(talk: Any, text: str) -> None:
    assert Act.ASKS_IF_ROBOT in talk.hears(text).acts


@pytest.mark.parametrize("text", ASKS_DATA)
def test_who_wonders_about_their_data(talk: Any, text: str) -> None:
    assert Act.ASKS_WHAT_HAPPENS_WITH_DATA in talk.hears(text).acts


@pytest.mark.parametrize("text", UNOWNED)
@pytest.mark.parametrize("asked", ["volume", "company_size", "team_size", "budget"])
def test_people_in_a_story_answer_no_question(talk: Any, text: str, asked: str) -> None:
    talk.hears(text, pending_question=asked)
    for name in (Field.VOLUME, Field.BUDGET, Field.COMPANY_SIZE, Field.TEAM_SIZE):
        assert talk.knows(name) is None


def test_people_answer_the_question_for_people_only(talk: Any) -> None:
    talk.hears("5 people", pending_question="volume")
    assert talk.knows(Field.VOLUME) is None
    talk.hears("5 people", pending_question="team_size")
    assert talk.knows(Field.TEAM_SIZE) is not None or talk.knows(Field.COMPANY_SIZE) is not None
