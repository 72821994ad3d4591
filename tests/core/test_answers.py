"""How findings are put into a reply: order, headings, prices in words, both sides of a conflict, the closest."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.answers import closest, price_in_words, tell
from core.offering import PlanPrice, Price, Sum
from core.passage import Finding, with_conflicts
from core.site import SiteSource
from tests.core.pieces import finding
from tests.core.talking import english

PHRASES = english()


def price(amount: str, currency: str = "GBP", plan: str = "", **more: Any) -> PlanPrice:
    own = Price(amount=Decimal(amount), currency=currency, **more)
    return PlanPrice(plan=plan, price=own, source=SiteSource(url="/prices/", quote="row"))


def rows() -> Finding:
    prices = (price("9", plan="Reed", period="month"), price("14.5", plan="Rush", period="month", unit="boat"))
    return replace(finding("Reed £9 monthly", "Rush £14.50 monthly"), prices=prices)


def test_sentences_are_said_in_the_order_of_the_page() -> None:
    found = finding("It was built in 1900.", "The pier is long.")
    turned = replace(found, passage=replace(found.passage, text="The pier is long. It was built in 1900."))
    (move,) = tell(turned, 2, PHRASES)
    assert move.text == "The pier is long. It was built in 1900."
    assert move.citation is not None
    assert move.citation.quote in turned.passage.text


def test_a_heading_says_what_a_row_speaks_of_and_is_no_part_of_the_quote() -> None:
    (move,) = tell(replace(finding("Fits 12 V systems"), lead="The small pump"), 1, PHRASES)
    assert move.text == "The small pump: Fits 12 V systems."
    assert move.citation is not None
    assert move.citation.quote == "Fits 12 V systems"


def test_rows_of_prices_are_put_into_words() -> None:
    (move,) = tell(rows(), 2, PHRASES)
    assert move.text == "Reed: £9 a month and Rush: £14.50 a month per boat."
    assert move.citation is not None
    assert move.citation.quote == "Reed £9 monthly"


def test_prices_are_added_up_with_how_that_is_worked_out() -> None:
    base, each = rows().prices[0], price("2.5", plan="Reed", period="month", unit="extra boat")
    sums = (Sum(count=6, base=base, each=each, included=4), Sum(count=6, each=rows().prices[1]))
    (move,) = tell(replace(rows(), sums=sums), 2, PHRASES)
    prices = "Reed: £9 a month and Rush: £14.50 a month per boat."
    assert move.text == f"{prices} For 6: Reed £9 + 2 × £2.50 = £14 a month and Rush 6 × £14.50 = £87 a month."
    (all_in,) = tell(replace(rows(), sums=(replace(sums[0], count=3),)), 2, PHRASES)
    assert all_in.text == "Reed: £9 a month. For 3: Reed £9 a month."
    rush = replace(sums[0], base=rows().prices[1])
    (compared,) = tell(replace(rows(), sums=(sums[0], rush)), 2, PHRASES)
    assert compared.text == "For 6: Reed £9 + 2 × £2.50 = £14 a month and Rush £14.50 + 2 × £2.50 = £19.50 a month."


def test_of_a_row_only_the_columns_are_told_that_were_asked_about() -> None:
    table = "What\tReed\tRush\tSedge\t\nBerths\t4\t9\t30"
    given = replace(finding("Berths\t4\t9\t30"), columns=("Reed", "Rush"))
    (move,) = tell(replace(given, passage=replace(given.passage, text=table)), 3, PHRASES)
    assert move.text == "Berths: Reed 4, Rush 9."


def test_a_verdict_stands_before_the_statement_that_settles_it_and_never_before_the_closest() -> None:
    settled = replace(finding("The pier is open all year."), verdict="yes")
    (move,) = tell(settled, 1, PHRASES)
    assert move.text == "Yes. The pier is open all year."
    assert move.citation is not None
    assert move.citation.quote == "The pier is open all year."
    *_, near = closest((replace(settled, near=True),), PHRASES)
    assert near.text == "The pier is open all year."


def test_a_sentence_that_tells_its_price_is_said_as_it_is() -> None:
    told = replace(finding("Reed costs £9 per month."), prices=(price("9", plan="Reed", period="month"),))
    assert [move.text for move in tell(told, 2, PHRASES)] == ["Reed costs £9 per month."]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (price("2400", "USD", period="month"), "$2,400 a month"),
        (price("0.08", "EUR", unit="conversation"), "€0.08 per conversation"),
        (price("1200", "CHF"), "CHF 1,200"),
        (price("49", "USD", period="year", at_least=True), "from $49 a year"),
        (price("12.50", "GBP", period="once"), "£12.50"),
    ],
)
def test_prices_in_words(given: PlanPrice, words: str) -> None:
    assert price_in_words(given.price, PHRASES) == words


def test_both_sides_of_a_conflict_are_cited_and_neither_is_chosen() -> None:
    other = finding("Reed costs £11 per month.", url="https://harbour.example/boats/")
    found = replace(finding("Reed costs £9 per month.", "More follows."), conflicts=(other,))
    first, second, last = tell(found, 2, PHRASES)
    assert (first.text, second.text) == ("Reed costs £9 per month.", "Reed costs £11 per month.")
    assert first.citation is not None
    assert second.citation is not None
    assert first.citation.url != second.citation.url
    assert last.phrase == "answer.conflict"
    assert with_conflicts((found,)) == (found, other)


def test_the_closest_may_be_two_sentences() -> None:
    near = replace(finding("Boats are let by the hour.", "Rafts are let by the day."), near=True)
    assert [move.text for move in closest((near,), PHRASES)][
        1
    ] == "Boats are let by the hour. Rafts are let by the day."


def test_the_closest_is_said_to_be_no_more_than_that() -> None:
    lead_in, quoted = closest((replace(finding("Boats are let by the hour."), near=True),), PHRASES)
    assert lead_in.phrase == "answer.near"
    assert quoted.text == "Boats are let by the hour."
    assert quoted.citation is not None
