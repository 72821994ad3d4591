"""What a reply does: each act gets its move, one question at most, and nobody is pressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.aspects import Aspect
from core.brief import Brief
from core.fact import Fact, Field, Operation, Source
from core.frame import OFFERS
from core.ids import PersonaId
from core.ledger import Known, fold
from core.message import MessageKind, Page
from core.persona import Persona
from core.plan import PERSONA_QUESTION, Planner
from core.question import Question
from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION
from core.reply import MAX_WORDS, SLACK_WORDS, UNASKED_WORDS, Mode, Reply
from core.research import Research
from core.session import EmailAsking
from core.situation import Situation
from core.suggestion import Suggestion
from core.turn import TurnView
from core.understanding import Act, EmailReading, EmailVerdict, Intent, Understanding, VisitorType
from core.writer import LocalWriter
from tests.core.pieces import count, fact, finding, message, session, view
from tests.core.talking import english

VOLUME = Question(id="volume", field=Field.VOLUME, text="How many tickets reach you a month?", options=("Under 500",))
TOOL = Question(id="tool", field=Field.TECH_STACK, text="Which tool do you use?", options=("Zendesk", "A shared inbox"))
PRICE = "Small costs $49 a month."
PAGE = Page(url="https://harbour.example/plans/", title="Our plans")
GROWER = Persona(
    id=PersonaId("grower"), name="Grower", quick_replies=("Seeds", "Soil", "Prices", "Far too long for a button")
)
ADDRESS = fact(Field.EMAIL, "kim@oak.example")
SIZE = fact(Field.COMPANY_SIZE, count(30, "employees"))
NEEDS = (fact(Field.VOLUME, count(100, "tickets", "day")), fact(Field.INTEGRATIONS, "Shopify"))


@dataclass
class Questions:
    """Asks its questions in order, none twice and none whose field is known."""

    bank: tuple[Question, ...] = (VOLUME, TOOL)
    asked_for: list[TurnView] = field(default_factory=list)

    def next_question(self, turn: TurnView, known: Known) -> Question | None:
        self.asked_for.append(turn)
        return next((one for one in self.bank if one.id not in turn.session.asked and one.field not in known), None)

    def question_in(self, text: str) -> str:
        return next((one.id for one in self.bank if one.text in text), "")

    def question_field(self, question: str) -> str:
        return next((one.field.value for one in self.bank if one.id == question), "")


def planner(questions: Questions | None = None) -> Planner:
    return Planner(
        questions=questions or Questions(),
        phrases=lambda _: english(),
        company="Harbour Desk",
        assistant="Mole",
        notice="No newsletter.",
    )


def situation(
    *acts: Act,
    said: str = "well then",
    questions: tuple[str, ...] = (),
    intent: Intent = Intent.LOOKING,
    email: EmailReading | None = None,
    known: Iterable[Fact] = (),
    news: tuple[Fact, ...] = (),
    before: Iterable[Fact] = (),
    talk: dict[str, Any] | None = None,
    **more: Any,
) -> Situation:
    """A turn in the middle of a talk."""
    mode = more.get("mode", Mode.LEAD)
    state = {"turns": 2, "introduced": True, "said": said, "intent": intent, "mode": mode, **(talk or {})}
    heard = Understanding(acts=frozenset(acts), questions=questions, intent=intent, email=email)
    held = fold((*known, *before, *news))
    turn = view(said, session=session(**state), understanding=heard, news=news, facts=(*before, *news))
    defaults: dict[str, Any] = {
        "view": turn,
        "known": held,
        "before": fold(before),
        "research": Research(),
        "mode": mode,
        "entered_sales": False,
        "pending": "",
    }
    return Situation(**{**defaults, **more})


def planned(given: Situation, questions: Questions | None = None) -> Brief:
    brief = planner(questions).plan(given)
    assert brief is not None
    return brief


def said_in(brief: Brief) -> Reply:
    return LocalWriter(lambda _: english()).compose(brief).reply


def phrases_in(brief: Brief) -> list[str]:
    return [move.phrase or "text" for move in brief.moves]


def found(*sentences: str) -> Research:
    return Research(
        findings=tuple(finding(one, url=f"https://harbour.example/{number}") for number, one in enumerate(sentences))
    )


NOTHING = Questions(())


# --- openings


def opened(**more: Any) -> Situation:
    talk = session(**{"page": PAGE, **more.pop("talk", {})})
    messages = (message("", MessageKind.OPENED, returning=more.pop("returning", False)),)
    turn = view(session=talk, messages=messages)
    defaults: dict[str, Any] = {"research": Research(), "known": {}, "before": {}, "mode": Mode.LEAD}
    return Situation(**{**defaults, "view": turn, "entered_sales": False, "pending": "", **more})


AUDIENCES = ("Growers", "Florists", "Gardeners", "Farmers")


def test_the_greeting_says_what_it_is_offers_a_person_and_knows_page_and_audiences() -> None:
    brief = planned(opened(audiences=AUDIENCES))
    reply = said_in(brief)
    assert "automated assistant" in reply.main_text
    assert "person" in reply.main_text
    assert "“Our plans”" in reply.main_text
    assert reply.buttons == AUDIENCES[:3]
    assert brief.awaiting == PERSONA_QUESTION
    assert "How can I help" not in reply.main_text
    assert len(reply.main_text.split()) <= 30


def test_the_greeting_quotes_a_short_sentence_of_the_page() -> None:
    brief = planned(opened(research=found(" ".join(["word"] * 30), PRICE), audiences=AUDIENCES))
    assert PRICE in said_in(brief).main_text
    assert said_in(brief).citations[0].quote == PRICE


def test_who_reads_a_page_for_one_audience_is_not_asked_which_it_is() -> None:
    brief = planned(opened(audiences=AUDIENCES, likely=GROWER))
    assert brief.question is None
    assert said_in(brief).buttons == ("Seeds", "Soil", "Prices")


LINE = "Does this sound familiar: seedlings dry out before the weekend?"
OTHER_LINE = "Is it the same with you: nobody waters at night?"


def test_a_kind_of_customer_is_opened_with_a_line_of_their_own() -> None:
    page = found("We keep seedlings moist for three days.")
    brief = planned(opened(likely=GROWER, openers=(LINE,), research=page))
    assert LINE in said_in(brief).main_text
    assert "seedlings moist" not in said_in(brief).main_text
    assert len(said_in(brief).main_text.split()) <= UNASKED_WORDS


def test_the_invitation_and_the_greeting_after_it_begin_differently() -> None:
    offer = Suggestion(aspect=Aspect.GROWTH, finding=finding("We keep seedlings moist."), buttons=("Seeds",))
    given = opened(likely=GROWER, openers=(LINE, OTHER_LINE))
    invited = said_in(planner().invitation(given, offer)).main_text
    assert LINE in invited
    assert len(invited.split()) <= UNASKED_WORDS
    assert OTHER_LINE in said_in(planned(given)).main_text
    pressed = (replace(message("", MessageKind.OPENED), prompt=invited),)
    after = replace(given, openers=(LINE,), view=replace(given.view, messages=pressed))
    assert LINE not in said_in(planned(after)).main_text


def test_lines_that_are_too_long_or_for_who_comes_back_are_left_out() -> None:
    page = found("We keep seedlings moist for three days.")
    assert "seedlings moist" in said_in(planned(opened(openers=(f"{LINE} " * 3,), research=page))).main_text
    assert LINE not in said_in(planned(opened(openers=(LINE,), research=page, returning=True))).main_text


@pytest.mark.parametrize(
    "given", [{"returning": True}, {"talk": {"turns": 4, "introduced": True}}, {"talk": {"introduced": True}}]
)
def test_who_comes_back_is_greeted_as_such(given: dict[str, Any]) -> None:
    brief = planned(opened(**given))
    assert phrases_in(brief)[0] == "greet.again"
    assert brief.question is None


def test_the_companys_name_is_no_news_about_the_page() -> None:
    home = Page(url="https://harbour.example/", title="Harbour Desk")
    assert phrases_in(planned(opened(talk={"page": home}))) == ["greet.hello"]
    assert phrases_in(planned(opened(talk={"page": None}))) == ["greet.hello"]


def test_an_endless_title_is_cut() -> None:
    page = Page(url="https://harbour.example/", title="plans " * 100)
    assert len(said_in(planned(opened(talk={"page": page}))).main_text) < 200


def test_the_greetings_fallback_is_a_greeting() -> None:
    assert planned(opened()).fallback.phrase == "greet.hello"


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


def reading(verdict: EmailVerdict, suggestion: str = "", address: str = "kim@oak.example") -> EmailReading:
    return EmailReading(address=address, verdict=verdict, quote=address, suggestion=suggestion)


def test_the_request_says_why_and_offers_a_way_out() -> None:
    brief = planned(situation(news=NEEDS, intent=Intent.EVALUATING, research=found(PRICE), talk={"turns": 3}))
    reply = said_in(brief)
    assert reply.email_prompt is not None
    assert "100 tickets a day and Shopify" in reply.email_prompt
    assert "only used" in reply.email_prompt
    assert (reply.buttons, brief.awaiting, brief.question) == (("Not now",), EMAIL_QUESTION, None)


def test_a_request_has_something_before_it() -> None:
    brief = planned(situation(intent=Intent.ACTING, talk={"turns": 3, "used_quotes": ("q",)}))
    assert phrases_in(brief) == ["email.lead_in"]
    assert brief.email_prompt is not None


@pytest.mark.parametrize("act", [Act.COMPLAINS, Act.INSTRUCTS_BOT, Act.REFUSES_EMAIL])
def test_some_moments_are_wrong_for_the_request(act: Act) -> None:
    assert planned(situation(act, intent=Intent.ACTING, research=found(PRICE))).email_prompt is None


@pytest.mark.parametrize("acts", [{Act.REFUSES_EMAIL}, {Act.DENIES}, {Act.DENIES, Act.REFUSES_EMAIL}])
def test_a_refusal_is_accepted_without_another_question(acts: set[Act]) -> None:
    state = {"email": EmailAsking(asked=1, asked_turn=1, refused=True)}
    brief = planned(situation(*acts, pending=EMAIL_QUESTION, talk=state))
    assert phrases_in(brief) == ["email.refused"]
    assert (brief.question, brief.email_prompt, brief.awaiting) == (None, None, "")


def test_who_acts_after_a_refusal_hears_once_how_it_goes_on() -> None:
    state: dict[str, Any] = {"email": EmailAsking(asked=1, asked_turn=1, refused=True), "turns": 8}
    first = planned(situation(intent=Intent.ACTING, talk=state))
    assert "email.how" in phrases_in(first)
    assert first.email_prompt is None
    second = planned(situation(intent=Intent.ACTING, talk={**state, "used_phrases": ("email.how#0",)}))
    assert "email.how" not in phrases_in(second)


def test_a_slip_in_the_domain_is_asked_back() -> None:
    brief = planned(situation(email=reading(EmailVerdict.MISTYPED, "kim@oak.test")))
    reply = said_in(brief)
    assert "kim@oak.test" in reply.main_text
    assert (reply.buttons, brief.awaiting) == (("Yes", "No"), EMAIL_CONFIRMATION)


def test_a_no_to_our_spelling_asks_for_theirs() -> None:
    brief = planned(situation(Act.DENIES, pending=EMAIL_CONFIRMATION))
    assert phrases_in(brief) == ["email.again"]
    assert brief.awaiting == EMAIL_QUESTION
    refused = planned(situation(Act.DENIES, Act.REFUSES_EMAIL, pending=EMAIL_CONFIRMATION))
    assert phrases_in(refused) == ["email.refused"]


def test_unusable_addresses_are_sent_back_twice_and_then_done_without() -> None:
    for corrections, phrase in ((1, "email.invalid"), (2, "email.invalid"), (3, "email.kept_as_is")):
        state = {"email": EmailAsking(corrections=corrections)}
        brief = planned(situation(email=reading(EmailVerdict.INVALID, address="kim@oak"), talk=state), NOTHING)
        assert phrases_in(brief) == [phrase]
        assert brief.awaiting == (EMAIL_QUESTION if phrase == "email.invalid" else "")
    assert "“kim@oak”" in said_in(planned(situation(email=reading(EmailVerdict.INVALID, address="kim@oak")))).main_text


def test_a_question_beside_an_unusable_address_is_answered() -> None:
    given = situation(Act.ASKS, questions=("cost?",), email=reading(EmailVerdict.INVALID), research=found(PRICE))
    assert phrases_in(planned(given)) == ["text", "email.invalid"]


def captured(*acts: Act, **more: Any) -> Situation:
    given = {
        "email": reading(EmailVerdict.VALID),
        "news": (ADDRESS,),
        "mode": Mode.SALES,
        "entered_sales": True,
        **more,
    }
    return situation(*acts, **{"intent": Intent.ACTING, **given})


def test_the_address_is_thanked_for_and_what_is_known_summed_up() -> None:
    brief = planned(captured(before=NEEDS, research=found(PRICE)))
    reply = said_in(brief)
    assert "kim@oak.example" in reply.main_text
    assert "Shopify" in reply.main_text
    assert "100 tickets a day" in reply.main_text
    assert PRICE in reply.main_text
    assert reply.buttons == ("Book a demo", "Start a trial", "See pricing")
    assert reply.main_text.count("?") == 1


def test_a_question_beside_the_address_is_answered_or_said_to_be_unknown() -> None:
    both = Research(findings=(finding(PRICE),), unanswered=("any dogs?",), several=True)
    text = said_in(planned(captured(Act.ASKS, questions=("cost?", "any dogs?"), research=both))).main_text
    assert PRICE in text
    assert "“any dogs”" in text


def test_who_wanted_a_person_hears_that_it_is_passed_on() -> None:
    brief = planned(captured(Act.WANTS_HUMAN, talk={"human_asked": True}))
    assert "human.passed_on" in phrases_in(brief)
    assert "sales.propose" not in phrases_in(brief)


def test_who_does_not_buy_is_thanked_for_the_address_and_sold_nothing() -> None:
    brief = planned(captured(talk={"visitor_type": VisitorType.CUSTOMER}))
    assert phrases_in(brief) == ["email.received"]
    assert brief.buttons == ()


def test_another_address_in_sales_mode_is_noted() -> None:
    brief = planned(captured(entered_sales=False))
    assert "email.received" in phrases_in(brief)
    assert brief.email_prompt is None


def test_sales_mode_never_asks_for_the_address() -> None:
    for acts in ((), (Act.WANTS_HUMAN,), (Act.AFFIRMS,)):
        for known in ((), (ADDRESS,)):
            given = situation(
                *acts, mode=Mode.SALES, intent=Intent.ACTING, known=known, research=found(PRICE), talk={"turns": 20}
            )
            assert planned(given).email_prompt is None


# --- a person


def test_who_wants_a_person_is_asked_where_to_answer_once() -> None:
    brief = planned(situation(Act.WANTS_HUMAN, intent=Intent.ACTING))
    assert phrases_in(brief) == ["human.noted"]
    assert brief.email_prompt is not None
    assert brief.email_prompt.phrase == "human.ask_email"
    for state in (EmailAsking(asked=1, asked_turn=1), EmailAsking(refused=True)):
        again = planned(situation(Act.WANTS_HUMAN, intent=Intent.ACTING, talk={"email": state}))
        assert again.email_prompt is None
        assert "human.noted" in phrases_in(again)


def test_with_an_address_the_wish_is_passed_on() -> None:
    given = situation(Act.WANTS_HUMAN, intent=Intent.ACTING, known=(ADDRESS,), mode=Mode.SALES)
    assert phrases_in(planned(given)) == ["human.passed_on"]


# --- questions, closings, buttons


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
