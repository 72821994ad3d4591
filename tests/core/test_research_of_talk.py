"""What is looked up where a question leans on the talk: lists, comparisons, needs told in passing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.asking import NOT_BUYERS
from core.fact import Field, Quantity
from core.ledger import fold
from core.offering import PlanPrice, Price
from core.research import Research, look_up
from core.site import SiteSource
from core.understanding import Act, Understanding
from tests.core.pieces import fact, finding, message, session, view
from tests.core.shelves import LENGTH, NEAR, PRICE, SUPPORT, Talking, asking, found, sentences, shelf, telling


async def test_prices_are_added_up_for_as_many_as_the_message_tells_of() -> None:
    cost = Price(amount=Decimal(49), currency="USD", period="month")
    priced = replace(
        finding(PRICE), prices=(PlanPrice(plan="Small", price=cost, source=SiteSource(url="/", quote=PRICE)),)
    )
    knowledge = Talking({"cost": (priced,)})
    research = await found(knowledge, asking("what does it cost?", messages=(message("6 of us. what does it cost?"),)))
    assert [one.count for finding in research.findings for one in finding.sums] == [6]


async def test_prices_are_added_up_for_as_many_as_are_known_of() -> None:
    cost = Price(amount=Decimal(49), currency="USD", period="month")
    priced = replace(
        finding(PRICE), prices=(PlanPrice(plan="Small", price=cost, source=SiteSource(url="/", quote=PRICE)),)
    )
    team = fact(Field.TEAM_SIZE, Quantity(low=6, high=6, unit="of us"))
    research = await look_up(Talking({"cost": (priced,)}), asking("what does it cost?"), fold((team,)))
    assert [one.count for finding in research.findings for one in finding.sums] == [6]


async def test_what_a_statement_only_names_is_looked_up_by_the_question_behind_it() -> None:
    knowledge = Talking(shelf(support=(finding(SUPPORT, score=0.9),)).pages)
    assert sentences(await found(knowledge, telling("We would hope for helpers."))) == [SUPPORT]
    assert knowledge.queries == ["is there support?"]


@pytest.mark.parametrize(
    "text",
    [
        "see below:\n> Ann, find out 1) what they cost 2) is there support 3) we hate forms. Bob",
        "From our buyer:\n- what do they cost\n- is there support",
    ],
)
async def test_a_list_of_questions_that_is_passed_on_is_answered_one_by_one(text: str) -> None:
    research = await found(Talking(shelf().pages), telling(text))
    assert (sentences(research), research.several) == ([PRICE, SUPPORT], True)


async def test_a_list_that_asks_nothing_is_no_list_of_questions() -> None:
    knowledge = Talking(shelf().pages)
    assert not (await found(knowledge, telling("we have 1) boats 2) oars"))).several


async def test_two_plans_that_a_message_compares_are_both_told() -> None:
    told = asking("which?", messages=(message("Solo or Crew, which?"),))
    research = await found(Talking(shelf().pages), told)
    assert (sentences(research), research.several) == ([PRICE, LENGTH], True)


async def test_what_comes_next_is_not_looked_up() -> None:
    knowledge = Talking(shelf(next=(finding(SUPPORT),)).pages)
    assert await found(knowledge, asking("what is next?")) == Research(next_step=True)
    assert knowledge.queries == []
    both = await found(knowledge, asking("what is next?", "is there a contract?"))
    assert (sentences(both), both.next_step) == ([LENGTH], True)


async def test_a_question_that_leans_on_an_earlier_one_is_looked_up_with_it() -> None:
    knowledge = Talking(shelf().pages)
    said = session(turns=2, said="what does it cost?\nand for a year?")
    told = asking("and for a year?", session=said, messages=(message("and for a year?"),))
    assert sentences(await found(knowledge, told)) == [PRICE, LENGTH]
    assert knowledge.queries == ["what does it cost? and for a year?"]


async def test_it_is_looked_up_alone_where_that_finds_more() -> None:
    knowledge = Talking({"and support?": (finding(SUPPORT),), "dogs": (NEAR,)})
    knowledge.pages = {"dogs": (NEAR,), "and support?": (finding(SUPPORT),)}
    said = session(turns=2, said="do you like dogs?\nand support?")
    told = asking("and support?", session=said, messages=(message("and support?"),))
    assert sentences(await found(knowledge, told)) == [SUPPORT]


async def test_questions_in_one_get_an_answer_each() -> None:
    research = await found(Talking(shelf().pages), asking("does it cost much + is there a contract?"))
    assert sentences(research) == [PRICE, LENGTH]
    assert research.several


async def test_what_the_visitor_tells_of_themselves_is_no_part_of_an_enumeration() -> None:
    research = await found(Talking(shelf(dogs=(NEAR,)).pages), asking("we keep many dogs, do you like dogs?"))
    assert (research.near, research.unanswered) == ((NEAR,), ("we keep many dogs, do you like dogs?",))


async def test_a_question_that_names_nothing_is_looked_up_with_what_is_told_beside_it() -> None:
    knowledge = Talking(shelf(dogs=(NEAR,)).pages)
    asked = Understanding(questions=("is that extra?",), acts=frozenset({Act.ASKS}))
    told = view("We want support at night. is that extra?", understanding=asked)
    assert sentences(await found(knowledge, told)) == [SUPPORT]


async def test_what_is_required_in_passing_is_answered_where_the_site_is_certain() -> None:
    knowledge = Talking(shelf().pages)
    text = "We are twelve, there must be a contract, it must have support"
    research = await found(knowledge, telling(text))
    assert sentences(research) == [LENGTH, SUPPORT]
    assert research.several
    unsure = Talking(shelf(support=(finding(SUPPORT, score=0.6),)).pages)
    assert LENGTH not in sentences(await found(unsure, telling("it must have good support")))


async def test_what_is_required_beside_a_question_is_answered_too() -> None:
    knowledge = Talking(shelf(support=(finding(SUPPORT, score=0.9),)).pages)
    asked = Understanding(questions=("what does it cost?",), acts=frozenset({Act.ASKS}))
    research = await found(knowledge, view("No helpers, no deal. what does it cost?", understanding=asked))
    assert sentences(research) == [PRICE, LENGTH, SUPPORT]
    assert research.several
    told = session(visitor_type=next(iter(NOT_BUYERS)))
    turned = await found(knowledge, view("No helpers, no deal. what does it cost?", understanding=asked, session=told))
    assert SUPPORT not in sentences(turned)


async def test_a_question_without_an_answer_may_be_about_what_is_required_beside_it() -> None:
    knowledge = Talking(shelf(support=(finding(SUPPORT, score=0.9),)).pages)
    asked = Understanding(questions=("do you sign that?",), acts=frozenset({Act.ASKS}))
    research = await found(knowledge, view("He wants helpers, so do you sign that?", understanding=asked))
    assert (sentences(research), research.unanswered) == ([SUPPORT], ())
    apart = Understanding(questions=("do you like dogs?",), acts=frozenset({Act.ASKS}))
    kept = await found(knowledge, view("We want helpers. do you like dogs?", understanding=apart))
    assert (sentences(kept), kept.unanswered) == ([SUPPORT], ("do you like dogs?",))


async def test_what_is_asked_for_is_not_looked_up_twice() -> None:
    knowledge = Talking(shelf(support=(finding(SUPPORT, score=0.9),)).pages)
    research = await found(knowledge, asking("are there helpers and support?"))
    assert "is there support?" not in knowledge.queries
    assert sentences(research) == [SUPPORT]


async def test_the_closest_to_one_question_is_not_said_again_where_it_answers_another() -> None:
    same = replace(finding(SUPPORT), near=True)
    research = await found(shelf(night=(same,)), asking("and at night?", "is there support?"))
    assert (sentences(research), research.unanswered, research.near) == ([SUPPORT], (), ())


async def test_who_requires_something_without_asking_gets_no_yes() -> None:
    settled = replace(finding(SUPPORT, score=0.9), verdict="yes")
    knowledge = Talking(shelf(support=(settled,)).pages)
    for one in (telling("it must have support"), asking("what does it cost?")):
        research = await found(knowledge, replace(one, messages=telling("No helpers, no deal.").messages))
        assert all(not each.verdict for each in research.findings)
