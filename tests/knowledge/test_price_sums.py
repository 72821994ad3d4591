"""What plans cost for so many, and what sets two of them apart."""

from __future__ import annotations

import pytest

from core.passage import Finding, read_aloud
from knowledge.reading.passages import passages_of
from knowledge.search.passage_index import PassageIndex

_HOMES = """<html lang="en"><title>Prices | Hearthdesk</title><body><main><h1>Prices</h1>
<h2>Porch</h2><p>The Porch plan costs $40 per month and is meant for a single building.</p>
<h2>Manor</h2><p>The Manor plan costs $120 per month and is meant for several buildings.</p>
<table><tr><th>What</th><th>Porch</th><th>Manor</th></tr>
<tr><td>Price per month</td><td>$40</td><td>$120</td></tr>
<tr><td>Operator seats</td><td>2</td><td>8</td></tr>
<tr><td>Extra seat per month</td><td>Not available</td><td>$9</td></tr>
<tr><td>Languages</td><td>6</td><td>6</td></tr></table></main></body></html>"""

_FLEETS = """<html lang="en"><title>Prices | Trailhub</title><body><main><h1>Prices</h1>
<h2>Single</h2><p>£15 a month</p><p>For whoever drives alone. One telephone, one diary.</p>
<h2>Depot</h2><p>£11 per vehicle per month</p><p>For yards of two and more. The board and the workshop diary.</p>
</main></body></html>"""

_LETTERS = """<html lang="en"><title>Prices | Quillpost</title><body><main><h1>Prices</h1>
<h2>Nib</h2><p>The Nib plan costs €30 per month and includes 200 enquiries.</p>
<h2>Plume</h2><p>The Plume plan costs €150 per month and includes 2,000 enquiries.</p>
<table><tr><th>What</th><th>Nib</th><th>Plume</th></tr>
<tr><td>Price per month</td><td>€30</td><td>€150</td></tr>
<tr><td>Enquiries per month</td><td>200</td><td>2,000</td></tr>
<tr><td>Price per extra enquiry</td><td>€0.50</td><td>€0.20</td></tr>
<tr><td>Seats</td><td>2</td><td>10</td></tr></table></main></body></html>"""


def _index(html: str) -> PassageIndex:
    return PassageIndex(tuple(passages_of(html, "/pricing/")))


def _sums(found: tuple[Finding, ...]) -> dict[str, str]:
    return {one.plan: str(one.total) for one in found[0].sums} if found else {}


@pytest.mark.parametrize(
    ("question", "sums"),
    [
        ("how much is Manor for 10 seats?", {"Manor": "138"}),
        ("how much is Manor for 5 operators?", {"Manor": "120"}),
        ("what do we pay a month, twelve of us?", {"Manor": "156"}),
        ("how much is Manor for 9?", {"Manor": "129"}),
        ("price for 2 people?", {"Porch": "40", "Manor": "120"}),
        ("what does it cost for 300 parcels?", {}),
        ("what does it cost for 60 employees?", {}),
        ("what does Manor cost?", {}),
    ],
)
def test_a_plan_is_added_up_from_what_is_included_and_each_one_more(question: str, sums: dict[str, str]) -> None:
    assert _sums(_index(_HOMES).find(question)) == sums


@pytest.mark.parametrize(
    ("question", "sums"),
    [
        ("what does it cost for 300 enquiries a month?", {"Nib": "80.00", "Plume": "150"}),
        ("what would 100 tickets a day cost us?", {"Plume": "350.00", "Nib": "1430.00"}),
        ("price for 700 e-mails a week?", {"Plume": "350.00", "Nib": "1430.00"}),
        ("which plan for 2k conversations a month?", {"Plume": "150", "Nib": "930.00"}),
        ("we have 150 chats a month, which one do we need", {"Nib": "30", "Plume": "150"}),
        ("what does Plume cost for 2,500 requests?", {"Plume": "250.00"}),
        ("which one has 300 enquiries in the queue right now, Monday or Tuesday?", {"Nib": "80.00", "Plume": "150"}),
        ("what does it cost for 300 boats a month?", {}),
        ("is it hard to answer 300 enquiries a month?", {}),
    ],
)
def test_what_comes_in_is_counted_by_the_month(question: str, sums: dict[str, str]) -> None:
    assert _sums(_index(_LETTERS).find(question)) == sums


@pytest.mark.parametrize(
    "question", ["and which plan is right for us?", "what plan should we take", "which package do you recommend?"]
)
def test_which_plan_suits_is_answered_with_what_they_cost(question: str) -> None:
    assert _index(_LETTERS).find(question)[0].prices


def test_which_plan_holds_a_thing_is_no_question_of_prices() -> None:
    assert not any(one.prices for one in _index(_LETTERS).find("which plan includes spare ink?"))


@pytest.mark.parametrize("things", ["9 vehicles", "9 lorries", "nine vans", "9 Lkw"])
def test_a_price_for_each_is_taken_so_many_times(things: str) -> None:
    assert _sums(_index(_FLEETS).find(f"how much for {things}?")) == {"Depot": "99"}


def test_several_of_a_kind_are_counted_together() -> None:
    assert _sums(_index(_FLEETS).find("what would 14 lorries and four vans set us back?")) == {"Depot": "198"}


def test_a_number_told_beside_the_question_counts() -> None:
    index = _index(_HOMES)
    (finding,) = index.find("what does Manor cost?")
    assert [one.total for one in index.summed(finding, "We are 11 agents. What does Manor cost?").sums] == [147]
    assert index.summed(finding, "It is for my dog.") == finding


@pytest.mark.parametrize(
    "question",
    ["what's the difference between Porch and Manor?", "porch vs manor", "Was ist besser, Porch oder Manor?"],
)
def test_two_plans_of_a_table_are_told_by_the_rows_in_which_they_differ(question: str) -> None:
    (finding,) = _index(_HOMES).find(question)
    told = [read_aloud(one, finding.passage.text, finding.columns) for one in finding.sentences]
    assert told[:2] == ["Price per month: Porch $40, Manor $120.", "Operator seats: Porch 2, Manor 8."]
    assert not any("Languages" in one for one in told)
    assert all(one in finding.passage.text for one in finding.sentences)


def test_two_plans_without_a_table_are_told_by_what_stands_under_their_names() -> None:
    found = _index(_FLEETS).compared("Depot or Single, which is it for us?")
    assert [(one.lead, one.together) for one in found] == [("Depot", True), ("Single", True)]
    assert found[1].sentences == ("For whoever drives alone.", "One telephone, one diary.")


@pytest.mark.parametrize("question", ["Do Porch and Manor have an app?", "is Manor better?", "Porch or a rival?"])
def test_what_compares_no_two_plans_is_no_comparison(question: str) -> None:
    assert _index(_HOMES).compared(question) == ()
