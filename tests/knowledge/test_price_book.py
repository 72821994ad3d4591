from __future__ import annotations

import pytest

from core.passage import Finding, Passage
from knowledge.reading.passages import digest, passages_of
from knowledge.search.passage_index import PassageIndex

OWN = (
    "The Sprout plan costs $12 per month.",
    "The Grove plan costs $40 per month.",
    "The Forest plan costs $2,400 per month.",
)


def _passage(text: str, *headings: str, url: str) -> Passage:
    return Passage(url=url, title="Plantly", headings=headings, text=text, hash=digest(text))


def _index(*more: Passage) -> PassageIndex:
    plans = [_passage(text, text.split()[1], url="/pricing/") for text in OWN]
    other = _passage("Watering takes ten minutes a week and is done by hand.", "Watering", url="/help/")
    return PassageIndex([*plans, other, *more])


def _said(found: tuple[Finding, ...]) -> str:
    return " ".join(found[0].sentences) if found else ""


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("how much is Grove?", "$40"),
        ("What does the Forest plan cost?", "$2,400"),
        ("price of the sprout plan for 12 people", "$12"),
        ("what's your cheapest plan?", "$12"),
        ("what's the smallest plan and what does it cost?", "$12"),
        ("how much is the most expensive plan?", "$2,400"),
    ],
)
def test_a_plan_is_priced_by_its_own_statement(question: str, amount: str) -> None:
    found = _index().find(question)
    assert amount in _said(found)
    assert [str(one.price.amount) for one in found[0].prices] == [amount.strip("$").replace(",", "")]


def test_a_question_for_prices_in_general_gets_every_plan() -> None:
    for question in ("what do you charge?", "how much would it be for 15 people?", "pricing?"):
        (finding,) = _index().find(question)
        assert [one.plan for one in finding.prices] == ["Sprout", "Grove", "Forest"]


@pytest.mark.parametrize("question", ["how much is a bulldozer?", "what does the Jungle plan cost?", "price of pizza"])
def test_a_thing_without_a_price_gets_no_other_things_price(question: str) -> None:
    assert not any(finding.prices for finding in _index().find(question))


def test_two_pages_with_different_prices_are_both_named() -> None:
    index = _index(_passage("Grove costs $36 per month.", "Grove", url="/compare/"))
    (finding,) = index.find("how much is the Grove plan?")
    (other,) = finding.conflicts
    assert {"$40" in _said((finding,)), "$36" in _said((finding,))} == {True, False}
    assert {finding.passage.url, other.passage.url} == {"/pricing/", "/compare/"}


@pytest.mark.parametrize(
    "text",
    [
        "Grove costs $40 per month.",
        "Grove costs $400 per year.",
        "Grove costs $33 per month with annual billing, paid for a year in advance.",
        "Moving to Grove costs $99 once.",
    ],
)
def test_prices_of_other_terms_do_not_contradict(text: str) -> None:
    index = _index(_passage(text, "Grove", url="/compare/"))
    assert all(not finding.conflicts for finding in index.find("how much is the Grove plan per month?"))


def test_rows_of_a_table_that_name_no_period_have_that_of_the_others() -> None:
    table = _passage("Reed £9 monthly\nRush £14 12 months\nSedge £19 24 months", "Prices", url="/prices/")
    (finding,) = PassageIndex([table]).find("how much are your plans?")
    assert {(one.plan, one.price.period) for one in finding.prices} == {
        ("Reed", "month"),
        ("Rush", "month"),
        ("Sedge", "month"),
    }


def test_a_yearly_price_beside_one_plan_is_the_plans() -> None:
    text = "The Moss plan costs $9 a month. Or pay $90 per year, all at once."
    index = _index(_passage(text, "Moss", url="/pricing/"))
    assert "$90" in _said(index.find("what does Moss cost if I pay for a year?"))
    assert "$9 " in _said(index.find("what does Moss cost?"))


HEAD = "<tr><th></th><th>Bud</th><th>Bloom</th><th>Orchard</th></tr>"
ROWS = (
    ("Base price, paid monthly", "$20 per month", "$60 per month", "Let's talk"),
    ("Each gardener, paid monthly", "$3 per gardener per month", "$7 per gardener per month", "Ask"),
    ("Base price, paid yearly", "$16 per month, billed annually", "$48 per month, billed annually", ""),
)
CELLS = "".join(f"<tr><th>{label}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for label, *cells in ROWS)
TABLE = (
    f'<html lang="en"><title>Prices</title><body><main><h1>Prices</h1><table>{HEAD}{CELLS}</table></main></body></html>'
)


@pytest.mark.parametrize(
    ("question", "prices"),
    [
        ("how much is Bloom for 12 gardeners?", {"60", "7"}),
        ("what does Bud cost when we pay for a year?", {"16"}),
        ("what is your cheapest plan?", {"20", "3"}),
    ],
)
def test_a_base_price_comes_with_what_is_paid_on_top_and_by_its_own_column(question: str, prices: set[str]) -> None:
    (finding,) = PassageIndex(passages_of(TABLE, "/pricing/")).find(question)[:1]
    assert {str(one.price.amount) for one in finding.prices} == prices
    assert len({one.plan for one in finding.prices}) == 1
