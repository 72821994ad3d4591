"""Facts said beside something else, and what only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Quantity
from core.understanding import Act, VisitorType


def _ends(value: Any) -> Any:
    return (value.low, value.high) if isinstance(value, Quantity) else value


@pytest.mark.parametrize(
    ("said", "field", "read"),
    [
        ("we get about 6k messages in May, otherwise 1.2k a month", Field.VOLUME, (1200, 1200)),
        ("au mois de mai 3000 tickets, sinon 900 par mois", Field.VOLUME, (900, 900)),
        ("we had 18 agents, let six go, so 12 now", Field.TEAM_SIZE, (12, 12)),
        ("como máximo 250 al mes", Field.BUDGET, (None, 250)),
        ("höchstens 400 im Monat", Field.BUDGET, (None, 400)),
        ("the vendor we have now is Freshdesk", Field.TECH_STACK, ("Freshdesk",)),
        ("ik mag tot 4000 euro zelf tekenen", Field.DECISION_MAKER, "shared"),
        ("we zoeken iets voor onze klantenservice, 6 mensen", Field.TEAM_SIZE, (6, 6)),
        ("nous sommes onze au service client", Field.TEAM_SIZE, (11, 11)),
        ("5 im Support, die Firma zählt 90", Field.COMPANY_SIZE, (90, 90)),
        ("we have the same 12 agents as before", Field.TEAM_SIZE, (12, 12)),
        ("we use planfold and outlook", Field.TECH_STACK, ("Outlook",)),
        ("four on the hotline, 95 in the whole company", Field.COMPANY_SIZE, (95, 95)),
        ("we run 7 branches and about 60 people", Field.COMPANY_SIZE, (60, 60)),
        ("three of us pick up the phone", Field.TEAM_SIZE, (3, 3)),
        ("2 trainees handle all of it", Field.TEAM_SIZE, (2, 2)),
        ("forty odd mails a day reach us", Field.VOLUME, (40, 40)),
        ("guests ask where their key is, 30 a day or so", Field.VOLUME, (30, 30)),
        ("I'm not going to put more than 80 euros a month into this", Field.BUDGET, (None, 80)),
        ("my director, who runs ops, has the final word", Field.DECISION_MAKER, "no"),
        ("I'm comparing a few for my boss", Field.DECISION_MAKER, "no"),
        ("our owner wants three offers", Field.DECISION_MAKER, "no"),
        ("I'm with Stonemere borough council, parking team", Field.COMPANY, "Stonemere borough council"),
        ("company is Harlow Pumps, 40 staff", Field.COMPANY, "Harlow Pumps"),
        ("we can't buy anything before december", Field.TIMELINE, "6-12m"),
        ("I want to test this tonight", Field.TIMELINE, "now"),
        ("the decision falls at the next board meeting, that is in three weeks", Field.TIMELINE, "now"),
        ("we're 40 people, sorry, 42", Field.COMPANY_SIZE, (42, 42)),
        ("9 agents - well eight now, Ines left", Field.TEAM_SIZE, (8, 8)),
        ("we get 700 calls a week. no wait, 800", Field.VOLUME, (800, 800)),
        ("wir sind 30 Leute, nein, 32", Field.COMPANY_SIZE, (32, 32)),
        ("je dirige le service client d'une mutuelle de 210 salariés", Field.COMPANY_SIZE, (210, 210)),
        ("my support team has 11 employees", Field.TEAM_SIZE, (11, 11)),
        ("a team of six answers about 80 mails a day", Field.TEAM_SIZE, (6, 6)),
        ("my boss said maybe four hundred a month tops", Field.BUDGET, (None, 400)),
        ("money's tight, call it 250 a month", Field.BUDGET, (250, 250)),
        ("it would have to go through procurement and legal", Field.DECISION_MAKER, "shared"),
        ("our security people have a veto on this", Field.DECISION_MAKER, "shared"),
        ("my partner signs too", Field.DECISION_MAKER, "shared"),
        ("the boss, that's me", Field.DECISION_MAKER, "yes"),
        ("three diners, 62 people on hourly", Field.COMPANY_SIZE, (62, 62)),
        ("my cofounder and I both need to like it", Field.DECISION_MAKER, "shared"),
    ],
)
def test_that_it_is_read(talk: Any, said: str, field: Field, read: Any) -> None:
    talk.hears(said)
    assert _ends(talk.knows(field)) == read


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("it's 10pm and the bell rings again", Field.VOLUME),
        ("we take on at most 12 clients", Field.BUDGET),
        ("people ask the same ten questions all day", Field.VOLUME),
        ("dieselben zehn Fragen am Tag", Field.VOLUME),
        ("we use the pipeline of updates to promote our market", Field.TECH_STACK),
        ("the works council has a say in it", Field.INDUSTRY),
        ("it's me, Ines and two working students", Field.INDUSTRY),
        ("the vendor we talked to last week runs Freshdesk", Field.TECH_STACK),
        ("at 9 pm I answered the last of them", Field.VOLUME),
        ("does it scale to 900 agents", Field.TEAM_SIZE),
        ("if we land that client it's 350 agents", Field.TEAM_SIZE),
        ("do your customers mostly run Zendesk", Field.TECH_STACK),
        ("Omar from your team told me to write here", Field.NAME),
        ("this page is a developer's nightmare", Field.ROLE),
        ("wir brauchen einen AV-Vertrag", Field.NAME),
        ("Im Moment läuft alles über Outlook", Field.NAME),
        ("it's me and my sister who decide", Field.COMPANY_SIZE),
        ("we took on two agents last month", Field.TEAM_SIZE),
        ("can I pause it in winter?", Field.TIMELINE),
        ("nutzt ihr ChatGPT?", Field.TECH_STACK),
        ("are you using OpenAI for this", Field.TECH_STACK),
        ("that's over the 10 seats, so what do I pay", Field.TEAM_SIZE),
        ("our last tool was 300 a month, we'd pay double for a good one", Field.BUDGET),
        ("we have 20 people, well, 3 of them part time", Field.TEAM_SIZE),
        ("rien de prévu cette année pour le budget", Field.TIMELINE),
    ],
)
def test_that_it_is_not_read(talk: Any, said: str, field: Field) -> None:
    talk.hears(said)
    assert not talk.knows(field)


@pytest.mark.parametrize("said", ["and what is that a year", "so how much is it per month then"])
def test_that_a_price_asked_for_answers_no_question_of_time(talk: Any, said: str) -> None:
    talk.hears(said, pending_question="timeline")
    assert talk.knows(Field.TIMELINE) is None


@pytest.mark.parametrize("said", ["da ist nichts eingeplant", "nothing set aside for this", "on n'a rien de prévu"])
def test_that_nothing_set_aside_is_no_budget(talk: Any, said: str) -> None:
    talk.hears(said, pending_question="budget")
    assert talk.knows(Field.BUDGET) == "none"


def test_that_a_call_declined_does_not_say_who_decides(talk: Any) -> None:
    talk.hears("no, I don't need a call", pending_question="decision_maker")
    assert talk.knows(Field.DECISION_MAKER) is None


@pytest.mark.parametrize(
    ("said", "tools"),
    [
        ("we've got Kelpie for the bookings", ["Kelpie"]),
        ("orders live in Brandwerk", ["Brandwerk"]),
        ("wir haben Flurfunk für die Termine", ["Flurfunk"]),
    ],
)
def test_that_a_tool_is_told_by_what_it_is_for(talk: Any, said: str, tools: list[str]) -> None:
    talk.hears(said)
    assert list(talk.knows(Field.TECH_STACK)) == tools


def test_that_tools_of_the_last_message_are_meant_by_a_pronoun(talk: Any) -> None:
    talk.hears("we use Zendesk and HubSpot")
    talk.hears("whatever we buy would have to connect to both")
    assert sorted(talk.knows(Field.INTEGRATIONS)) == ["HubSpot", "Zendesk"]


def test_that_a_pronoun_means_no_tool_of_long_ago(talk: Any) -> None:
    talk.hears("we use Zendesk")
    talk.hears("there are 40 of us")
    talk.hears("could you talk to that, the board I mean")
    assert not talk.knows(Field.INTEGRATIONS)


def test_that_what_our_page_says_is_no_fact_of_theirs(talk: Any) -> None:
    talk.hears("but your page says Birchgate and 300 employees")
    assert talk.knows(Field.COMPANY_SIZE) is None


def test_that_whoever_tells_of_their_business_is_no_customer_any_more(talk: Any) -> None:
    said = ("where can I download my invoice, I can't log in", "we sell fishing gear and there are 12 of us")
    kinds = [talk.hears(one).visitor_type for one in said]
    assert kinds == [VisitorType.CUSTOMER, VisitorType.BUYER]


def test_who_tells_something_makes_no_small_talk(talk: Any) -> None:
    assert Act.SMALL_TALK not in talk.hears("we use Sage and a whiteboard lol").acts
    assert Act.SMALL_TALK in talk.hears("lol").acts
