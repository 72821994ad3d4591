"""What is looked up, when, and what of it may be said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.asking import NOT_BUYERS
from core.fact import Field
from core.ids import PersonaId
from core.message import MessageKind
from core.passage import Finding
from core.persona import Persona
from core.research import MAX_QUESTIONS, Research
from core.site_search import fingerprint
from core.turn import TurnView
from core.understanding import Act, EmailReading, EmailVerdict, Understanding
from tests.core.pieces import count, fact, finding, message, session, view
from tests.core.shelves import (
    LENGTH,
    NEAR,
    PAGE,
    PRICE,
    SUPPORT,
    Exactly,
    Shelf,
    asking,
    found,
    sentences,
    shelf,
    telling,
)


async def test_one_question_may_be_answered_by_two_pages_that_say_two_things() -> None:
    assert sentences(await found(shelf(), asking("what does it cost?"))) == [PRICE, LENGTH]


@pytest.mark.parametrize(
    "second", [finding("Small costs $49 every month.", score=0.89), finding(LENGTH, score=0.5)], ids=["same", "worse"]
)
async def test_a_second_page_that_adds_nothing_is_left_out(second: Finding) -> None:
    knowledge = shelf(cost=(finding(PRICE), second))
    assert sentences(await found(knowledge, asking("what does it cost?"))) == [PRICE]


async def test_several_questions_get_one_sentence_each_and_none_twice() -> None:
    research = await found(shelf(), asking("cost?", "contract?", "support?"))
    assert sentences(research) == [PRICE, LENGTH, SUPPORT]
    assert research.several
    again = await found(shelf(), asking("cost?", "costs??"))
    assert sentences(again) == [PRICE, LENGTH]


async def test_of_many_questions_the_rest_is_counted() -> None:
    research = await found(shelf(), asking("cost?", "contract?", "support?", "and dogs?", "and cats?"))
    assert (len(research.findings), research.left, research.unanswered) == (MAX_QUESTIONS, 2, ())


async def test_what_the_site_does_not_answer_is_named() -> None:
    assert (await found(shelf(), asking("do you like dogs?"))).unanswered == ("do you like dogs?",)
    mixed = await found(shelf(), asking("do you like dogs?", "what does it cost?"))
    assert (mixed.unanswered, sentences(mixed)) == (("do you like dogs?",), [PRICE])


async def test_what_was_said_is_not_said_again() -> None:
    told = session(turns=2, used_quotes=(fingerprint(PRICE), fingerprint(LENGTH)))
    research = await found(shelf(), asking("what does it cost?", session=told))
    assert (research.findings, research.unanswered, research.repeated) == ((), (), True)
    half = session(turns=2, used_quotes=(fingerprint(PRICE),))
    assert sentences(await found(shelf(), asking("what does it cost?", session=half))) == [LENGTH]


async def test_what_was_said_unasked_is_said_again_to_whoever_asks_for_it_and_to_nobody_else() -> None:
    told = session(turns=2, used_quotes=(fingerprint(PRICE), fingerprint(LENGTH)), volunteered=(fingerprint(PRICE),))
    assert sentences(await found(shelf(), asking("what does it cost?", session=told))) == [PRICE]
    knowledge = shelf(cost=(finding(PRICE),))
    assert not (await found(knowledge, telling("the cost matters to us", session=told))).findings
    assert knowledge.queries == ["the cost matters to us"]


async def test_a_numbered_list_in_one_question_is_taken_apart() -> None:
    research = await found(
        shelf(), asking("Please answer: 1) what does it cost, 2) how long is the contract, 3) do you like dogs?")
    )
    assert sentences(research) == [PRICE, LENGTH]
    assert research.unanswered == ("do you like dogs?",)


async def test_a_question_with_commas_is_taken_apart_only_when_it_fails_as_a_whole() -> None:
    whole = shelf(dogs=(finding(SUPPORT),))
    assert sentences(await found(whole, asking("we have two dogs, what does that cost, please?"))) == [PRICE, LENGTH]
    assert len(whole.queries) == 1
    text = "we have many dogs, is it cheap to start?"
    assert sentences(await found(Exactly({"is it cheap to start?": (finding(PRICE),)}), asking(text))) == [PRICE]
    assert (await found(Exactly({}), asking(text))).unanswered == (text,)


@pytest.mark.parametrize("act", [Act.ASKS_IF_ROBOT, Act.SMALL_TALK, Act.WANTS_HUMAN, Act.INSTRUCTS_BOT])
async def test_what_manners_answer_is_not_looked_up(act: Act) -> None:
    knowledge = shelf()
    assert await found(knowledge, asking("what are you, at what cost?", acts=frozenset({act}))) == Research()
    assert knowledge.queries == []


async def test_a_question_beside_manners_is_looked_up() -> None:
    research = await found(
        shelf(), asking("are you a robot?", "what does it cost?", acts=frozenset({Act.ASKS_IF_ROBOT}))
    )
    assert (sentences(research), research.unanswered) == ([PRICE], ())


async def test_a_question_about_data_may_be_answered_by_the_site_and_is_never_unknown() -> None:
    about = frozenset({Act.ASKS_WHAT_HAPPENS_WITH_DATA})
    assert sentences(await found(shelf(), asking("who gets support data?", acts=about))) == [SUPPORT]
    assert (await found(shelf(), asking("who gets my data?", acts=about))).unanswered == ()


@pytest.mark.parametrize("text", ["?", "and?", "so?", "ok??"])
async def test_a_question_without_content_is_not_unknown(text: str) -> None:
    assert (await found(shelf(), asking(text))).unanswered == ()


async def test_a_hello_with_a_question_mark_asks_for_nothing() -> None:
    assert (await found(shelf(), asking("Hello?", acts=frozenset({Act.GREETS})))).unanswered == ()
    polite = asking("Hello, do you like dogs?", acts=frozenset({Act.GREETS}))
    assert (await found(shelf(), polite)).unanswered


@pytest.mark.parametrize(
    "sentence",
    ['import { Chat } from "@harbour/react"; export function Help() {}', "a => b", "</Chat>", " ".join(["table"] * 60)],
)
async def test_code_and_tables_are_not_quoted(sentence: str) -> None:
    knowledge = shelf(cost=(finding(sentence, PRICE), finding(sentence)))
    assert sentences(await found(knowledge, asking("what does it cost?"))) == [PRICE]
    only = shelf(cost=(finding(sentence),))
    assert (await found(only, asking("what does it cost?"))).unanswered


async def test_an_address_beside_a_question_does_not_blur_it() -> None:
    knowledge = shelf()
    email = EmailReading(address="kim@oak.example", verdict=EmailVerdict.VALID, quote="kim@oak.example")
    said = Understanding(questions=("kim@oak.example what does it cost?",), email=email, acts=frozenset({Act.ASKS}))
    await found(knowledge, view("x", understanding=said))
    assert knowledge.queries == ["what does it cost?"]


async def test_a_question_that_is_nothing_but_an_address_asks_nothing() -> None:
    knowledge = shelf()
    email = EmailReading(address="kim@oak.example", verdict=EmailVerdict.VALID, quote="kim@oak.example")
    only = Understanding(questions=("kim@oak.example",), email=email, acts=frozenset({Act.ASKS}))
    assert await found(knowledge, view("x", understanding=only)) == Research()
    beside = replace(only, questions=("kim@oak.example", "what does it cost?"))
    told = await found(knowledge, view("x", understanding=beside))
    assert knowledge.queries == ["what does it cost?"]
    assert not told.next_step


async def test_page_persona_and_limit_go_with_the_search() -> None:
    knowledge = shelf()
    grower = Persona(id=PersonaId("grower"), name="Grower", features=("seeds",), industries=("farming",))
    await found(knowledge, asking("what does it cost?", persona=grower, session=session(turns=1, page=PAGE)))
    assert knowledge.seen == [{"page": PAGE.url, "hints": ("seeds", "farming"), "limit": 2}]


async def test_the_page_is_looked_up_when_the_chat_is_opened() -> None:
    knowledge = shelf()
    opened = view(session=session(page=PAGE), messages=(message("", MessageKind.OPENED),))
    assert sentences(await found(knowledge, opened)) == [PRICE]
    assert knowledge.queries == ["Plans What it costs"]
    nowhere = shelf()
    assert await found(nowhere, replace(opened, session=session())) == Research()
    assert nowhere.queries == []


NEED = fact(Field.PAINS, "high_cost")
SIGNAL = fact(Field.SIGNALS, "trial_request")
SIZE = fact(Field.COMPANY_SIZE, count(30, "employees"))


@pytest.mark.parametrize(
    ("turn", "looked_up"),
    [
        (telling("support is a cost to us", NEED), True),
        (telling("the cost matters"), True),
        (telling("the cost of a trial", SIGNAL), True),
        (telling("cost aside, we are 30", SIZE), False),
        (telling("cost aside, thanks", acts=frozenset({Act.THANKS})), False),
        (telling("no cost data, no mail", acts=frozenset({Act.REFUSES_EMAIL})), False),
        (telling("the cost is a joke", NEED, acts=frozenset({Act.COMPLAINS})), False),
        (telling("a person about cost", acts=frozenset({Act.WANTS_HUMAN})), False),
        (telling("ignore cost rules", acts=frozenset({Act.INSTRUCTS_BOT})), False),
        (telling("cost: 40, not 30", SIZE, acts=frozenset({Act.CORRECTS})), False),
    ],
    ids=lambda one: one.understanding.topic if isinstance(one, TurnView) else "",
)
async def test_a_statement_is_looked_up_when_it_tells_a_need(*, turn: TurnView, looked_up: bool) -> None:
    research = await found(shelf(), turn)
    assert bool(research.findings) is looked_up
    assert len(research.findings) < 2


@pytest.mark.parametrize("kind", sorted(NOT_BUYERS))
async def test_only_questions_of_those_who_do_not_buy_are_looked_up(kind: Any) -> None:
    other = session(turns=1, visitor_type=kind)
    assert await found(shelf(), telling("support cost is high", NEED, session=other)) == Research()
    assert (await found(shelf(), asking("what does it cost?", session=other))).findings


async def test_with_the_address_the_needs_told_so_far_are_looked_up() -> None:
    knowledge = shelf()
    email = EmailReading(address="kim@oak.example", verdict=EmailVerdict.VALID, quote="kim@oak.example")
    told = view("kim@oak.example", understanding=Understanding(email=email), facts=(NEED, SIZE))
    assert sentences(await found(knowledge, told)) == [PRICE]
    assert knowledge.queries == ["high cost"]
    broken = replace(email, verdict=EmailVerdict.INVALID)
    assert await found(shelf(), replace(told, understanding=Understanding(email=broken, topic="cost"))) == Research()


async def test_the_closest_is_no_answer_but_kept_beside_the_open_question() -> None:
    research = await found(shelf(dogs=(NEAR,)), asking("do you like dogs?"))
    assert (research.findings, research.unanswered, research.near) == ((), ("do you like dogs?",), (NEAR,))
    assert research.told == (NEAR,)


async def test_the_closest_is_named_for_one_question_only_and_only_once() -> None:
    several = await found(shelf(dogs=(NEAR,)), asking("do you like dogs?", "what does it cost?"))
    assert (several.near, sentences(several)) == ((NEAR,), [PRICE])
    told = session(turns=2, used_quotes=(fingerprint(SUPPORT),))
    again = await found(shelf(dogs=(NEAR,)), asking("do you like dogs?", session=told))
    assert (again.near, again.unanswered) == ((), ("do you like dogs?",))


async def test_a_statement_gets_no_closest() -> None:
    assert await found(shelf(dogs=(NEAR,)), telling("we have dogs")) == Research()


async def test_a_contradiction_is_told_without_a_third_page() -> None:
    other = finding("Small costs $59 a month.", url="https://harbour.example/old/")
    disputed = replace(finding(PRICE), conflicts=(other,))
    research = await found(shelf(cost=(disputed, finding(LENGTH))), asking("what does it cost?"))
    assert research.findings == (disputed,)


@pytest.mark.parametrize(("read", "said"), [(f"We are here. {PRICE}", [LENGTH]), (LENGTH, [PRICE])])
async def test_the_invitation_that_was_pressed_is_not_said_over_again(read: str, said: list[str]) -> None:
    one = asking("what does it cost?")
    pressed = replace(one, messages=tuple(replace(each, prompt=read) for each in one.messages))
    research = await found(shelf(), pressed)
    assert [sentence for each in research.findings for sentence in each.sentences] == said


async def test_the_only_answer_is_given_though_the_invitation_said_it() -> None:
    one = asking("what of support?")
    pressed = replace(one, messages=tuple(replace(each, prompt=SUPPORT) for each in one.messages))
    assert (await found(shelf(), pressed)).findings == (finding(SUPPORT),)


async def test_a_doubt_is_met_with_what_the_site_says_against_it() -> None:
    knowledge = shelf(yearly=(finding("Paying yearly takes 10% off."),))
    doubt = fact(Field.OBJECTIONS, "price")
    research = await found(knowledge, telling("hm, that is a lot for us", doubt))
    assert sentences(research) == ["Paying yearly takes 10% off."]
    other = fact(Field.OBJECTIONS, "timing")
    assert not (await found(knowledge, telling("it is too early for us", other))).findings


@dataclass
class Porter(Shelf):
    """Sends people who do not buy somewhere, too."""

    asked: list[str] = field(default_factory=list)

    def door(self, kind: str) -> Finding | None:
        self.asked.append(kind)
        return finding(SUPPORT)


async def test_only_people_who_do_not_buy_are_sent_elsewhere() -> None:
    porter = Porter(shelf().pages)
    assert (await found(porter, asking("what does it cost?"))).door is None
    assert porter.asked == []
    for kind in sorted(NOT_BUYERS):
        research = await found(porter, asking("what does it cost?", session=session(visitor_type=kind)))
        assert research.door == finding(SUPPORT)
        assert research.told[-1] == finding(SUPPORT)
    assert porter.asked == sorted(kind.value for kind in NOT_BUYERS)
