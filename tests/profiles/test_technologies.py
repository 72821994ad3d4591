from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Operation

STACK = [
    ("we're on Freshdesk", ("Freshdesk",)),
    ("we use Gorgias and Shopify", ("Gorgias", "Shopify")),
    ("our shop runs on WooCommerce", ("WooCommerce",)),
    ("built with Django, Postgres and Redis", ("Django", "PostgreSQL", "Redis")),
    ("tickets live in Jira Service Management today", ("Jira Service Management",)),
    ("we work in Front all day", ("Front",)),
    ("our docs are in Notion", ("Notion",)),
    ("the backend is written in Go and Rust", ("Go", "Rust")),
    ("wir nutzen Zammad", ("Zammad",)),
    ("usamos Tiendanube y WhatsApp", ("Tiendanube", "WhatsApp")),
    ("we used to be on Kayako but now use Help Scout", ("Help Scout",)),
]
INTEGRATIONS = [
    ("does it integrate with HubSpot?", ("HubSpot",)),
    ("we want it connected to Salesforce", ("Salesforce",)),
    ("is there a Snowflake connector", ("Snowflake",)),
    ("must sync with NetSuite and Workday", ("Oracle NetSuite", "Workday")),
    ("we need API integration", ("Custom API",)),
    ("can it be plugged in through a REST API", ("Custom API",)),
    ("lässt es sich an Shopware anbinden? wir brauchen eine Anbindung an Shopware", ("Shopware",)),
]
COMPETITORS = [
    ("we're moving away from Intercom", ("Intercom",)),
    ("how do you compare to Tidio?", ("Tidio",)),
    ("we are also looking at Decagon", ("Decagon",)),
    ("looking for an alternative to Zendesk", ("Zendesk",)),
    ("Gorgias got too expensive", ("Gorgias",)),
    ("our Intercom contract is up for renewal", ("Intercom",)),
]
NOT_TOOLS = [
    "we react to every ticket within a day",
    "the front desk is busy",
    "let's go live soon",
    "the notion that bots are bad",
    "it grows in a linear way",
    "we have teams in three offices",
    "what is the outlook for this year",
]


@pytest.mark.parametrize(("text", "tools"), STACK)
def test_tools_in_use(talk: Any, text: str, tools: tuple[str, ...]) -> None:
    talk.hears(text)
    assert talk.knows(Field.TECH_STACK) == tools


@pytest.mark.parametrize(("text", "tools"), INTEGRATIONS)
def test_tools_to_be_connected(talk: Any, text: str, tools: tuple[str, ...]) -> None:
    talk.hears(text)
    assert talk.knows(Field.INTEGRATIONS) == tools


@pytest.mark.parametrize(("text", "tools"), COMPETITORS)
def test_rivals_left_or_compared(talk: Any, text: str, tools: tuple[str, ...]) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPETITORS) == tools


@pytest.mark.parametrize("text", NOT_TOOLS)
def test_everyday_words_are_no_tools(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TECH_STACK) == ()
    assert talk.knows(Field.INTEGRATIONS) == ()


@pytest.mark.parametrize(
    "text",
    [
        "our competitor uses Kustomer",
        "my client is on Zendesk",
        "we don't use Zendesk",
        "if we used Zendesk, would it work?",
    ],
)
def test_tools_of_others_and_of_dreams_are_not_run(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.TECH_STACK) == ()


def test_an_owned_tool_that_is_to_be_connected_is_both(talk: Any) -> None:
    talk.hears("can it connect to our Zendesk?")
    assert talk.knows(Field.INTEGRATIONS) == ("Zendesk",)
    assert talk.knows(Field.TECH_STACK) == ("Zendesk",)


def test_framework_talk_shows_a_technical_visitor(talk: Any) -> None:
    talk.hears("our app is React on top of FastAPI")
    assert talk.knows(Field.TECHNICAL_LEVEL) == "high"
    talk.hears("we verify webhook signatures with HMAC and run on Kubernetes")
    assert talk.knows(Field.TECHNICAL_LEVEL) == "expert"
    talk.hears("the API would be enough")
    assert talk.knows(Field.TECHNICAL_LEVEL) == "expert"


def test_somebody_without_developers_is_not_technical(talk: Any) -> None:
    talk.hears("I'm not very technical, does it work without code?")
    assert talk.knows(Field.TECHNICAL_LEVEL) == "low"


def test_a_denied_tool_is_removed(talk: Any) -> None:
    talk.hears("we use Zendesk and Slack")
    said = talk.hears("we don't use Zendesk any more")
    assert talk.knows(Field.TECH_STACK) == ("Slack",)
    assert [fact.operation for fact in said.facts if fact.value == "Zendesk"] == [Operation.REMOVE]


@pytest.mark.parametrize(
    ("said", "stack", "wanted", "rivals"),
    [
        ("moved away from OTRS in spring, on Zammad ever since", ("Zammad",), (), ()),
        ("on a quitté Zendesk, chez Crisp depuis", ("Crisp",), (), ()),
        ("dejamos el Zendesk, desde entonces con Freshdesk", ("Freshdesk",), (), ()),
        ("planning a move to Salesforce, Pipedrive for now", ("Pipedrive",), (), ()),
        ("wir wollen im Herbst auf Shopware umsteigen", (), (), ()),
        ("on pense passer à Odoo", (), (), ()),
        ("we run Odoo and Klaviyo. it must talk to both", ("Odoo", "Klaviyo"), ("Odoo", "Klaviyo"), ()),
        ("wir haben Odoo, lässt sich der Bot damit verbinden?", ("Odoo",), ("Odoo",), ()),
        ("usamos Odoo y Klaviyo, tiene que conectar con los dos", ("Odoo", "Klaviyo"), ("Odoo", "Klaviyo"), ()),
        ("we're on Xero and happy with it", ("Xero",), (), ()),
        ("we're a Salesforce partner", (), (), ()),
        ("we build plugins for WordPress", (), (), ()),
        ("trabajamos con clientes que usan Zendesk", (), (), ()),
        ("how does Tidio compare, what is Tidio like compared to you?", (), (), ("Tidio",)),
        ("not fond of Zendesk but we're stuck with it", ("Zendesk",), (), ()),
    ],
)
def test_roles_by_the_grammar_around_a_tool(
    talk: Any, said: str, stack: tuple[str, ...], wanted: tuple[str, ...], rivals: tuple[str, ...]
) -> None:
    talk.hears(said)
    found = talk.knows(Field.TECH_STACK), talk.knows(Field.INTEGRATIONS), talk.knows(Field.COMPETITORS)
    assert found == (stack, wanted, rivals)


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("why should we pick you and not Freshdesk?", "Freshdesk"),
        ("We are also talking to Freshdesk", "Freshdesk"),
        ("Wir reden auch mit Freshdesk", "Freshdesk"),
        ("on parle aussi avec Freshdesk", "Freshdesk"),
    ],
)
def test_whom_somebody_weighs_us_against_is_a_rival(talk: Any, text: str, tool: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPETITORS) == (tool,)
    assert not talk.knows(Field.INTEGRATIONS)


def test_a_rival_somebody_does_not_look_at_is_none(talk: Any) -> None:
    talk.hears("we are not looking at Freshdesk")
    assert not talk.knows(Field.COMPETITORS)


@pytest.mark.parametrize(
    "text",
    [
        "I read that Arvado has 3000 employees",
        "we heard about Arvado with 3000 employees",
        "if the pilot goes well we would be 3000 employees",
    ],
)
def test_what_is_read_of_others_or_supposed_is_no_size(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.COMPANY_SIZE) is None


def test_a_year_is_no_budget(talk: Any) -> None:
    talk.hears("the budget for 2027 is not decided")
    assert talk.knows(Field.BUDGET) is None
