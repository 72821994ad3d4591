from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Quantity

SIZES = [
    ("we are a 25-person company", (25, 25)),
    ("we're a 6 person startup from Leeds", (6, 6)),
    ("There are 14 of us in total", (14, 14)),
    ("our company has about 320 employees", (320, 320)),
    ("team of 18, all remote", (18, 18)),
    ("two of us run everything", (2, 2)),
    ("it's just me for now", (1, 1)),
    ("I'm a solo founder building an app", (1, 1)),
    ("between 40 and 60 people work here", (40, 60)),
    ("we have 40-60 staff", (40, 60)),
    ("a dozen people, give or take", (12, 12)),
    ("over 900 employees worldwide", (900, None)),
    ("we're under 50 people", (None, 50)),
    ("roughly twenty five employees", (25, 25)),
    ("1,200 employees across three sites", (1200, 1200)),
    ("we employ 12k people", (12000, 12000)),
    ("wir sind 35 Mitarbeiter", (35, 35)),
    ("nous sommes 15 personnes", (15, 15)),
    ("somos 22 personas en la empresa", (22, 22)),
    ("somos uma equipe de 9 pessoas", (9, 9)),
    ("300+ employees", (300, None)),
]
TEAMS = [
    ("we have 8 support agents", (8, 8)),
    ("12 seats would do", (12, 12)),
    ("a support team of five", (5, 5)),
    ("our support team is 7 people", (7, 7)),
    ("4 people in support", (4, 4)),
    ("six customer service reps", (6, 6)),
    ("we need 30 licenses", (30, 30)),
]
VOLUMES = [
    ("we get 250 tickets a week", (250, 250, "tickets", "week")),
    ("about 3k chats per month", (3000, 3000, "chats", "month")),
    ("80 emails/day land in one inbox", (80, 80, "emails", "day")),
    ("400 support emails each week", (400, 400, "emails", "week")),
    ("our monthly ticket volume is 1,500", (1500, 1500, "tickets", "month")),
    ("every day we receive 60 messages", (60, 60, "requests", "day")),
    ("between 200 and 300 calls a day", (200, 300, "calls", "day")),
    ("more than 2000 conversations monthly", (2000, None, "conversations", "month")),
    ("a hundred tickets daily", (100, 100, "tickets", "day")),
    ("unas 500 consultas al mes", (500, 500, "requests", "month")),
    ("rund 90 Anfragen pro Tag", (90, 90, "requests", "day")),
    ("environ 700 demandes par mois", (700, 700, "requests", "month")),
]
BUDGETS = [
    ("our budget is $500/mo", (500, 500, "USD", "month")),
    ("we can spend up to €2.5k per month", (None, 2500, "EUR", "month")),
    ("budget around 12,000 dollars a year", (12000, 12000, "USD", "year")),
    ("we've set aside £900 monthly", (900, 900, "GBP", "month")),
    ("our budget: 300-400 euros a month", (300, 400, "EUR", "month")),
    ("we can do maybe 200 bucks a month", (200, 200, "USD", "month")),
    ("nuestro presupuesto es de 100 dólares al mes", (100, 100, "USD", "month")),
    ("we could pay 800 EUR per month, that's the budget", (800, 800, "EUR", "month")),
]
NOT_COUNTED = [
    "we have 400 clients",
    "our club has 2,000 members",
    "we run 12 locations",
    "can it handle 24/7 support?",
    "we started in 2019",
    "they raised $20 million in a series B",
    "our average order value is $80",
    "I can sign up to $5,000 on my own",
    "our competitor pays $900 a month",
    "is it still $49 a month?",
    "if we had 500 tickets a day, would it hold?",
    "say we had 90 employees",
    "my client has 200 employees",
    "my previous company had 700 employees",
    "90% of our tickets are the same",
    "the call is at 10:30",
    "we ship to 14 countries",
]


def _range(value: Any) -> tuple[float | None, float | None]:
    assert isinstance(value, Quantity)
    return value.low, value.high


@pytest.mark.parametrize(("text", "expected"), SIZES)
def test_employees_are_read(talk: Any, text: str, expected: tuple[float, float]) -> None:
    talk.hears(text)
    assert _range(talk.knows(Field.COMPANY_SIZE)) == expected


@pytest.mark.parametrize(("text", "expected"), TEAMS)
def test_seats_and_agents_are_not_employees(talk: Any, text: str, expected: tuple[float, float]) -> None:
    talk.hears(text)
    assert _range(talk.knows(Field.TEAM_SIZE)) == expected
    assert talk.knows(Field.COMPANY_SIZE) is None


@pytest.mark.parametrize(("text", "expected"), VOLUMES)
def test_volume_has_unit_and_period(talk: Any, text: str, expected: tuple[float, float, str, str]) -> None:
    talk.hears(text)
    value = talk.knows(Field.VOLUME)
    assert (*_range(value), value.unit, value.period) == expected


@pytest.mark.parametrize(("text", "expected"), BUDGETS)
def test_budget_has_currency_and_period(talk: Any, text: str, expected: tuple[float, float, str, str]) -> None:
    talk.hears(text)
    value = talk.knows(Field.BUDGET)
    assert (*_range(value), value.currency, value.period) == expected


@pytest.mark.parametrize(
    "text", ["we have no budget for this", "there is no dedicated budget yet", "Wir haben kein Budget"]
)
def test_no_budget_is_said(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.BUDGET) == "none"


@pytest.mark.parametrize("text", NOT_COUNTED)
def test_numbers_of_other_things_are_no_facts(talk: Any, text: str) -> None:
    talk.hears(text)
    found = [talk.knows(name) for name in (Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.VOLUME, Field.BUDGET)]
    assert found == [None, None, None, None]


def test_one_sentence_may_hold_both_sizes(talk: Any) -> None:
    talk.hears("We're 60 people, 9 of them support agents, and get 1.2k tickets a month")
    assert _range(talk.knows(Field.COMPANY_SIZE)) == (60, 60)
    assert _range(talk.knows(Field.VOLUME)) == (1200, 1200)


def test_orders_stand_for_volume_until_tickets_are_known(talk: Any) -> None:
    talk.hears("we ship 3000 orders a month")
    assert talk.knows(Field.VOLUME).unit == "orders"
    talk.hears("and get 450 tickets a month")
    assert talk.knows(Field.VOLUME).unit == "tickets"
    talk.hears("as I said, 3000 orders a month")
    assert talk.knows(Field.VOLUME).unit == "tickets"
