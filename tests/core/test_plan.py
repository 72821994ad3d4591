"""What a reply does: each act gets its move, one question at most, and nobody is pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.fact import Field, Operation, Source
from core.frame import OFFERS
from core.message import MessageKind
from core.reply import MAX_WORDS, SLACK_WORDS, Mode
from core.research import Research
from core.understanding import Act, Intent, VisitorType
from tests.core.pieces import count, fact, finding, message, session, view
from tests.core.plans import (
    ADDRESS,
    GROWER,
    NEEDS,
    NOTHING,
    PRICE,
    SIZE,
    TOOL,
    VOLUME,
    Questions,
    found,
    opened,
    phrases_in,
    planned,
    planner,
    said_in,
    situation,
)


def test_a_timer_says_nothing() -> None:
    turn = view(session=session(turns=3), messages=(message("session_15m", MessageKind.TIMER),))
    assert planner().plan(replace(opened(), view=turn)) is None


# --- manners


@pytest.mark.parametrize(
    ("act", "phrase"),
    [
        (Act.ASKS_IF_ROBOT, "robot"),
        (Act.ASKS_WHAT_HAPPENS_WITH_DATA, "data"),
        (Act.INSTRUCTS_BOT, "rules"),
        (Act.SMALL_TALK, "small_talk"),
        (Act.THANKS, "ack.thanks"),
        (Act.COMPLAINS, "ack.complaint"),
        (Act.REFUSES_EMAIL, "email.refused"),
        (Act.WANTS_HUMAN, "human.noted"),
        (Act.LEAVES, "goodbye"),
        (Act.DOES_NOT_KNOW, "ack.unsure"),
        (Act.PRAISES, "ack.praise"),
        (Act.AFFIRMS, "ack.affirm"),
        (Act.DENIES, "ack.deny"),
        (Act.GREETS, "greet.here"),
    ],
)
def test_every_act_gets_its_move(act: Act, phrase: str) -> None:
    brief = planned(situation(act))
    assert phrases_in(brief).count(phrase) == 1
    assert said_in(brief).main_text


def test_the_first_reply_introduces_itself_when_there_was_no_greeting() -> None:
    assert phrases_in(planned(situation(talk={"introduced": False})))[0] == "introduce"
    assert "greet.short" in phrases_in(planned(situation(Act.GREETS, talk={"turns": 1})))
    assert "greet.here" not in phrases_in(planned(situation(Act.GREETS, research=found(PRICE))))


@pytest.mark.parametrize("act", [Act.COMPLAINS, Act.INSTRUCTS_BOT, Act.REFUSES_EMAIL, Act.WANTS_HUMAN, Act.LEAVES])
def test_some_things_are_no_moment_for_a_question(act: Act) -> None:
    brief = planned(situation(act))
    assert brief.question is None
    assert not brief.awaiting or act is Act.WANTS_HUMAN


def test_the_best_apology_is_an_answer() -> None:
    assert phrases_in(planned(situation(Act.COMPLAINS, research=found(PRICE)), NOTHING))[:1] == ["text"]
    assert said_in(planned(situation(Act.COMPLAINS))).buttons == ("Talk to a person",)


def test_after_an_apology_only_business_brings_questions_back() -> None:
    angry = {"used_phrases": ("ack.complaint#1",)}
    assert planned(situation(talk=angry)).question is None
    assert planned(situation(talk=angry, research=found(PRICE))).question == VOLUME
    assert planned(situation(talk=angry, news=(SIZE,))).question == VOLUME


def test_thanks_and_yes_are_not_both_acknowledged() -> None:
    assert phrases_in(planned(situation(Act.THANKS, Act.AFFIRMS), NOTHING)) == ["ack.thanks"]
    assert phrases_in(planned(situation(Act.LEAVES, Act.AFFIRMS))) == ["goodbye"]


# --- facts said back


def test_facts_are_said_back_and_corrections_named_as_such() -> None:
    told = planned(situation(news=(SIZE,)))
    assert "a team of 30 people" in said_in(told).main_text.casefold()
    forty = fact(Field.COMPANY_SIZE, count(40, "employees"))
    corrected = planned(situation(Act.CORRECTS, before=(SIZE,), news=(forty,)))
    assert phrases_in(corrected)[0] == "ack.corrected"
    assert "40" in said_in(corrected).main_text
    assert "30" not in said_in(corrected).main_text


def test_a_value_that_only_grew_is_no_correction() -> None:
    forty = fact(Field.COMPANY_SIZE, count(40, "employees"))
    assert phrases_in(planned(situation(before=(SIZE,), news=(forty,))))[0] == "ack.facts"


def test_what_is_taken_back_is_acknowledged() -> None:
    gone = fact(Field.TECH_STACK, "Zendesk", operation=Operation.REMOVE)
    assert (
        phrases_in(planned(situation(Act.CORRECTS, before=(fact(Field.TECH_STACK, "Zendesk"),), news=(gone,))))[0]
        == "ack.dropped"
    )


def test_what_was_inferred_is_not_said_back() -> None:
    guess = fact(Field.COMPANY_SIZE, count(30, "employees"), source=Source.INFERRED)
    assert "ack.facts" not in phrases_in(planned(situation(news=(guess,))))


def test_a_flood_of_facts_is_not_read_out() -> None:
    tools = tuple(fact(Field.TECH_STACK, f"Tool{number}") for number in range(40))
    assert said_in(planned(situation(news=tools))).main_text.count("Tool") == 5


def test_an_objection_is_a_fair_concern() -> None:
    assert "ack.objection" in phrases_in(planned(situation(news=(fact(Field.OBJECTIONS, "price"),))))


# --- answers


def test_one_question_gets_up_to_two_sentences_and_several_one_each() -> None:
    two = Research(findings=(finding("First.", "Second.", "Third."),))
    assert "First. Second." in said_in(planned(situation(Act.ASKS, questions=("x?",), research=two))).main_text
    each = Research(
        findings=(finding("One.", "Uno."), finding("Two.", "Due.", url="https://harbour.example/2")), several=True
    )
    text = said_in(planned(situation(Act.ASKS, questions=("x?", "y?"), research=each))).main_text
    assert "One. Two." in text
    assert "Uno" not in text


def test_what_the_site_does_not_say_is_admitted_once() -> None:
    one = situation(Act.ASKS, questions=("Do you like dogs?",), research=Research(unanswered=("Do you like dogs?",)))
    assert phrases_in(planned(one, NOTHING)) == ["answer.unknown_one"]
    more = Research(findings=(finding(PRICE),), unanswered=("Do you like dogs?", "And cats?"), several=True)
    text = said_in(planned(situation(Act.ASKS, questions=("a?", "b?", "c?"), research=more), NOTHING)).main_text
    assert text.count("our") <= 1
    assert "“Do you like dogs” and “And cats”" in text
    assert PRICE in text


def test_the_closest_is_told_instead_of_nothing_and_never_as_the_answer() -> None:
    near = replace(finding("Boats are let by the hour."), near=True)
    given = situation(
        Act.ASKS, questions=("Do you let planes?",), research=Research(unanswered=("Do you let planes?",), near=(near,))
    )
    brief = planned(given, NOTHING)
    assert phrases_in(brief)[:2] == ["answer.near", "text"]
    assert brief.findings == (near,)
    assert "Boats are let by the hour." in said_in(brief).main_text


def test_pages_that_disagree_are_both_cited_in_full() -> None:
    first, second = (" ".join(["word"] * 24 + [amount]) + "." for amount in ("$49", "$59"))
    other = finding(second, url="https://harbour.example/old/")
    disputed = Research(findings=(replace(finding(first), conflicts=(other,)),))
    brief = planned(situation(Act.ASKS, questions=("price?",), research=disputed))
    reply = said_in(brief)
    assert {citation.quote for citation in reply.citations} == {first, second}
    assert "answer.conflict" in phrases_in(brief)
    assert "$49" in reply.main_text
    assert "$59" in reply.main_text


def test_an_endless_question_is_echoed_in_part() -> None:
    endless = "why " * 500 + "?"
    given = situation(Act.ASKS, questions=(endless, endless), research=Research(unanswered=(endless,), several=True))
    assert len(said_in(planned(given, NOTHING)).main_text.split()) < 40


def test_what_was_answered_before_and_what_did_not_fit_is_said() -> None:
    again = planned(situation(Act.ASKS, questions=("x?",), research=Research(repeated=True)), NOTHING)
    assert phrases_in(again) == ["answer.nothing_new"]
    rest = planned(situation(Act.ASKS, questions=("x?",) * 5, research=replace(found(PRICE), left=2)), NOTHING)
    assert "answer.rest" in phrases_in(rest)


def test_a_request_for_the_next_step_is_not_unknown() -> None:
    next_step = situation(
        Act.ASKS, questions=("what next?",), research=Research(unanswered=("what next?",)), intent=Intent.ACTING
    )
    assert "answer.unknown_one" not in phrases_in(planned(next_step))


def test_who_cannot_be_followed_is_asked_once_what_they_meant() -> None:
    brief = planned(
        situation(Act.CORRECTS, talk={"used_phrases": ("lead.next#0", "lead.next#1", "lead.next#2")}), NOTHING
    )
    assert phrases_in(brief) == ["answer.unclear"]
    assert phrases_in(planned(situation(Act.CORRECTS))) == ["text"]  # our question instead


# --- who does not buy


@pytest.mark.parametrize(
    "kind", [VisitorType.CUSTOMER, VisitorType.STUDENT, VisitorType.JOB_SEEKER, VisitorType.VENDOR]
)
def test_the_right_door_is_named_once(kind: VisitorType) -> None:
    first = planned(situation(talk={"visitor_type": kind}))
    assert phrases_in(first) == [f"door.{kind.value}"]
    told = {"visitor_type": kind, "used_phrases": (f"door.{kind.value}#0",)}
    assert f"door.{kind.value}" not in phrases_in(planned(situation(talk=told)))
    assert phrases_in(planned(situation(Act.ASKS, questions=("x?",), research=found(PRICE), talk=told))) == ["text"]


@pytest.mark.parametrize("kind", [VisitorType.CUSTOMER, VisitorType.JOB_SEEKER, VisitorType.VENDOR])
def test_the_door_is_the_answer_to_what_no_page_answers(kind: VisitorType) -> None:
    told = {"visitor_type": kind, "used_phrases": (f"door.{kind.value}#0",)}
    lost = situation(Act.ASKS, questions=("x?",), research=Research(unanswered=("x?",)), talk=told)
    assert phrases_in(planned(lost)) == [f"door_again.{kind.value}"]


SENT = "People who work here write to crew@harbour.example."


@pytest.mark.parametrize("kind", [VisitorType.CUSTOMER, VisitorType.JOB_SEEKER, VisitorType.VENDOR])
def test_the_site_names_the_door_in_the_place_of_our_second_apology(kind: VisitorType) -> None:
    directed = Research(door=finding(SENT))
    first = planned(situation(research=directed, talk={"visitor_type": kind}))
    assert phrases_in(first) == [f"door.{kind.value}", "text"]
    assert [move.citation.quote for move in first.moves if move.citation] == [SENT]
    told = {"visitor_type": kind, "used_phrases": (f"door.{kind.value}#0",)}
    lost = situation(Act.ASKS, questions=("x?",), research=replace(directed, unanswered=("x?",)), talk=told)
    assert phrases_in(planned(lost)) == ["text"]


def test_a_student_is_sent_on_with_what_no_page_answers() -> None:
    told = {"visitor_type": VisitorType.STUDENT, "used_phrases": ("door.student#0",)}
    lost = Research(unanswered=("x?",), door=finding(SENT))
    asks = planned(situation(Act.ASKS, questions=("x?",), research=lost, talk=told))
    assert [move.citation.quote for move in asks.moves if move.citation] == [SENT]
    answered = planned(situation(Act.ASKS, questions=("x?",), research=found(PRICE), talk=told))
    assert SENT not in [move.citation.quote for move in answered.moves if move.citation]


def test_who_does_not_buy_is_asked_nothing_and_offered_nothing() -> None:
    keen = situation(
        Act.AFFIRMS, intent=Intent.ACTING, news=NEEDS, talk={"visitor_type": VisitorType.STUDENT, "turns": 9}
    )
    brief = planned(keen)
    assert (brief.question, brief.email_prompt, brief.buttons) == (None, None, ())
    wants = planned(situation(Act.WANTS_HUMAN, talk={"visitor_type": VisitorType.CUSTOMER}))
    assert wants.email_prompt is None
    assert "human.noted" in phrases_in(wants)


# --- the e-mail


def test_a_question_ends_the_reply_and_brings_its_options() -> None:
    brief = planned(situation(research=found(PRICE)))
    assert said_in(brief).main_text.endswith(VOLUME.text)
    assert (brief.awaiting, brief.buttons, brief.next_steps) == ("volume", ("Under 500",), "step.question")


def test_what_the_visitor_has_named_is_not_asked() -> None:
    questions = Questions((TOOL, VOLUME))
    assert planned(situation(said="all in zendesk today"), questions).question == VOLUME
    assert planned(situation(said="all in Zendesks"), questions).question == TOOL
    assert planned(situation(said="zendesk"), Questions((TOOL,))).question is None


def test_a_reply_that_says_nothing_points_somewhere() -> None:
    assert phrases_in(planned(situation(Act.AFFIRMS), NOTHING)) == ["ack.affirm", "lead.next"]
    spent = {"used_phrases": ("lead.next#0", "lead.next#1", "lead.next#2")}
    assert phrases_in(planned(situation(Act.AFFIRMS, talk=spent), NOTHING)) == ["ack.affirm"]
    assert phrases_in(planned(situation(research=found(PRICE)), NOTHING)) == ["text"]


def test_in_sales_mode_the_next_step_is_asked_for_while_there_are_words_for_it() -> None:
    given = situation(research=found(PRICE), mode=Mode.SALES)
    assert phrases_in(planned(given, NOTHING))[-1] == "sales.next"
    spent = {"used_phrases": ("sales.next#0", "sales.next#1")}
    assert "sales.next" not in phrases_in(
        planned(situation(research=found(PRICE), mode=Mode.SALES, talk=spent), NOTHING)
    )
    unknown = situation(Act.ASKS, questions=("x?",), research=Research(unanswered=("x?",)), mode=Mode.SALES)
    assert phrases_in(planned(unknown, NOTHING)) == ["answer.unknown_one"]


def test_who_chooses_a_next_step_hears_that_it_is_noted_and_is_not_asked_again() -> None:
    brief = planned(situation(intent=Intent.ACTING, mode=Mode.SALES, known=(ADDRESS,)))
    assert "sales.noted" in phrases_in(brief)
    assert brief.question is None


def test_quick_replies_fit_and_are_offered_twice_at_most() -> None:
    given = situation(research=found(PRICE))
    with_persona = replace(given, view=replace(given.view, persona=GROWER))
    assert planned(with_persona, NOTHING).buttons == ("Seeds", "Soil", "Prices")
    tired = replace(given.view.session, used_phrases=("button#Seeds",) * OFFERS, said="tell me of soil")
    assert planned(replace(with_persona, view=replace(with_persona.view, session=tired)), NOTHING).buttons == (
        "Prices",
    )


def test_the_same_situation_gives_the_same_brief() -> None:
    given = situation(Act.ASKS, questions=("x?",), research=found(PRICE))
    assert planned(given) == planned(given)


@pytest.mark.parametrize("mode", [Mode.LEAD, Mode.SALES])
@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("act", list(Act))
def test_no_reply_is_empty_too_long_or_asks_twice(act: Act, intent: Intent, mode: Mode) -> None:
    for research in (Research(), found(PRICE), Research(unanswered=("dogs?",)), Research(repeated=True)):
        for kind in (VisitorType.BUYER, VisitorType.CUSTOMER):
            questions = ("dogs?",) if research.unanswered or research.repeated else ()
            given = situation(
                act, intent=intent, mode=mode, research=research, questions=questions, talk={"visitor_type": kind}
            )
            reply = said_in(planned(given))
            assert reply.main_text.strip()
            assert len(reply.main_text.split()) <= MAX_WORDS + SLACK_WORDS
            assert f"{reply.main_text} {reply.email_prompt or ''}".count("?") <= 1


def test_what_happens_next_is_told_as_the_desk_works() -> None:
    asked = Research(next_step=True)
    without = planned(situation(Act.ASKS, questions=("what next?",), research=asked))
    assert "going_on.without_address" in phrases_in(without)
    given = planned(situation(Act.ASKS, questions=("what next?",), research=asked, known=(ADDRESS,), mode=Mode.SALES))
    assert "kim@oak.example" in said_in(given).main_text
    assert "going_on.with_address" not in phrases_in(planned(situation(Act.ASKS, questions=("cost?",))))
