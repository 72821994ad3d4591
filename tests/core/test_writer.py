"""The local writer: within the limit, nothing said twice, every question answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.brief import Brief, Move
from core.fact import Field
from core.question import Question
from core.reply import MAX_WORDS, SLACK_WORDS, Citation, Mode, ProfileContext
from core.writer import LocalWriter
from tests.core.pieces import URL, brief, quote, session
from tests.core.talking import english

QUESTION = Question(id="volume", field=Field.VOLUME, text="How many tickets reach you a month?", options=("Under 500",))
WRITER = LocalWriter(lambda _: english())


def words(number: int, word: str = "word") -> str:
    return " ".join([word] * number)


def written(given_brief: Brief) -> str:
    return WRITER.compose(given_brief).reply.main_text


def test_moves_are_said_in_order_with_a_capital_and_their_slots() -> None:
    text = written(brief(Move(phrase="ack.facts", slots={"facts": "ten people"}), quote("A site sentence.")))
    assert text.endswith(" A site sentence.")
    assert text[0].isupper()
    assert "ten people" in text.casefold()


def test_everything_else_is_passed_on() -> None:
    context = ProfileContext(persona_match="Shop", technical_level="low", buying_readiness="high")
    prompt = Move(phrase="email.ask", slots={"reason": "a plan"})
    reply = WRITER.compose(
        brief(
            Move(text="Yes."),
            mode=Mode.SALES,
            email_prompt=prompt,
            buttons=("a", "b", "c", "d"),
            next_steps="step.sales",
            profile_context=context,
        )
    ).reply
    assert (reply.mode, reply.buttons, reply.profile_context) == (Mode.SALES, ("a", "b", "c"), context)
    assert reply.email_prompt is not None
    assert "a plan" in reply.email_prompt
    assert reply.next_steps == english().say("step.sales")


def test_a_conversation_keeps_its_wording_and_hears_another_the_second_time() -> None:
    move = Move(phrase="ack.heard")
    first = WRITER.compose(brief(move))
    assert WRITER.compose(brief(move)) == first
    again = WRITER.compose(brief(move, session=session(used_phrases=first.phrases)))
    assert again.reply.main_text != first.reply.main_text
    assert again.phrases != first.phrases


def test_the_same_phrase_twice_in_one_reply_is_said_in_two_ways() -> None:
    spent = WRITER.compose(brief(Move(phrase="ack.heard"), Move(phrase="ack.heard"))).phrases
    assert len(set(spent)) == 2


def test_optional_lines_go_first() -> None:
    text = written(brief(Move(text="Thanks a lot.", optional=True), Move(text=words(59)), Move(text="End.")))
    assert text == f"{words(59)} End."


def test_of_one_answer_later_quotes_go_and_the_question_stays() -> None:
    given_brief = brief(
        quote(words(30)), quote(words(25, "more"), url=f"{URL}x"), Move(text=QUESTION.text), question=QUESTION
    )
    reply = WRITER.compose(given_brief).reply
    assert reply.main_text == f"{words(30)} {QUESTION.text}"
    assert [citation.url for citation in reply.citations] == [URL]


def test_several_questions_are_all_answered_before_ours_is_asked() -> None:
    answers = [quote(words(22, word), url=f"{URL}{word}") for word in ("one", "two", "three")]
    given_brief = brief(*answers, Move(text=QUESTION.text), question=QUESTION, several=True, buttons=QUESTION.options)
    reply = WRITER.compose(given_brief).reply
    assert [citation.url.removeprefix(URL) for citation in reply.citations] == ["one", "two", "three"]
    assert QUESTION.text not in reply.main_text
    assert reply.buttons == ()
    assert reply.next_steps == english().say("step.lead")


def test_even_several_answers_end_somewhere() -> None:
    answers = [quote(words(40, word), url=f"{URL}{word}") for word in ("one", "two", "three")]
    reply = WRITER.compose(brief(*answers, several=True)).reply
    assert [citation.url.removeprefix(URL) for citation in reply.citations] == ["one"]


def test_a_page_is_cited_once_and_letter_for_letter() -> None:
    reply = WRITER.compose(brief(quote("First."), quote("Second."), quote("Third.", url=f"{URL}3"))).reply
    assert [citation.url for citation in reply.citations] == [URL, f"{URL}3"]
    assert all(citation.quote in reply.main_text for citation in reply.citations)


def test_what_may_not_be_sent_is_replaced_by_the_fallback_alone() -> None:
    unsafe = brief(
        quote("Evil."),
        email_prompt=Move(phrase="email.ask", slots={"reason": "x"}),
        buttons=("Evil",),
        fallback=Move(phrase="greet.short"),
    )
    reply = WRITER.unclear(unsafe).reply
    assert reply.main_text in english().variants_of("greet.short")
    assert (reply.email_prompt, reply.buttons, reply.citations) == (None, (), ())


async def test_as_a_port_it_writes_the_same() -> None:
    assert await WRITER.write(brief(Move(text="Yes."))) == WRITER.compose(brief(Move(text="Yes."))).reply


@given(
    lines=st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.booleans()), min_size=1, max_size=8),
    several=st.booleans(),
)
def test_no_mix_of_quotes_and_optional_lines_exceeds_the_limit(
    *, lines: list[tuple[int, bool, bool]], several: bool
) -> None:
    moves = [
        Move(
            text=words(number, f"w{place}"),
            citation=Citation(url=f"{URL}{place}", quote="q") if cited else None,
            optional=not cited,
        )
        for place, (number, cited, _) in enumerate(lines)
    ]
    reply = WRITER.compose(brief(*moves, several=several)).reply
    assert len(reply.main_text.split()) <= MAX_WORDS + (SLACK_WORDS if several else 0)
    if any(move.citation for move in moves):
        assert reply.citations


@pytest.mark.parametrize("limit", [20, 40])
def test_the_limit_is_the_houses(limit: int) -> None:
    writer = LocalWriter(lambda _: english(), max_words=limit)
    text = writer.compose(brief(quote(words(15)), quote(words(15)), Move(text="End."))).reply.main_text
    assert len(text.split()) <= limit
