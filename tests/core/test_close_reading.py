"""When a model is asked to read, what it is given, and what of its findings counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.close_reading import FULL, PAUSE, SILENCE, TIMER, found
from core.engine import Engine
from core.fact import Fact, FactValue, Field, Operation, Quantity
from core.ids import MessageId
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.turn import ReadClosely, TurnOutcome
from frontdesk.mind import phrases_in
from tests.core.pieces import fact
from tests.core.talking import CLOCK, Talk, example_engine


def reading_engine() -> Engine:
    engine = example_engine()
    return Engine(engine._rooms, replace(engine._house, reads_closely=True), phrases=phrases_in, clock=CLOCK)


def talk() -> Talk:
    return Talk(engine=reading_engine())


def readings(outcomes: Iterable[TurnOutcome]) -> list[list[str]]:
    return [
        [line.text for line in effect.lines]
        for outcome in outcomes
        for effect in outcome.effects
        if isinstance(effect, ReadClosely)
    ]


def at_message(number: int, at: float, field: Field, value: FactValue, **more: object) -> Fact:
    made = fact(field, value)
    return replace(made, message=MessageId(f"m{number}"), at=at, **more)  # type: ignore[arg-type]


async def back(spoken: Talk, *facts: Fact) -> TurnOutcome:
    """What a reading of everything said so far found comes in."""
    lines = tuple(line for line in spoken.state.recent if line.author == "visitor") if spoken.state else ()
    session = spoken.outcomes[-1].state.session
    effect = ReadClosely(
        conversation=session.conversation, channel=session.channel, visitor=session.visitor, lines=lines
    )
    message: InboundMessage = found(effect, facts)
    return await spoken.turn(message)


async def silence(spoken: Talk) -> TurnOutcome:
    """The timer of the reading that waits falls due."""
    assert spoken.state is not None
    due = spoken.state.session.read_due
    return await spoken.turn(replace(spoken.message(TIMER, MessageKind.TIMER), at=due))


async def test_that_a_trigger_has_everything_read_once_the_visitor_is_silent() -> None:
    spoken = talk()
    await spoken.says("hello there")
    second = await spoken.says("we are a shop of 40 employees")
    assert [(timer.name, timer.at) for timer in second.timers if timer.name == TIMER] == [
        (TIMER, CLOCK.now() + SILENCE)
    ]
    assert readings(spoken.outcomes) == []
    quiet = await silence(spoken)
    assert readings([quiet]) == [["hello there", "we are a shop of 40 employees"]]
    assert quiet.reply is None
    assert quiet.state.session.read_due == 0
    spoken._count += 30
    await spoken.says("what does it cost?")
    assert readings([await silence(spoken)]) == [["what does it cost?"]]


async def test_that_every_word_puts_it_off_and_an_overtaken_timer_does_nothing() -> None:
    spoken = talk()
    await spoken.says("we are a shop of 40 employees")
    assert spoken.state is not None
    early = spoken.state.session.read_due
    later = await spoken.says("one moment")
    assert later.state.session.read_due > early
    overtaken = await spoken.turn(replace(spoken.message(TIMER, MessageKind.TIMER), at=early))
    assert readings([overtaken]) == []
    assert overtaken.state.session.read_due == later.state.session.read_due


async def test_that_many_lines_do_not_wait_for_silence_but_for_the_last_reading() -> None:
    spoken = talk()
    for number in range(FULL):
        await spoken.says(f"we are a shop of {40 + number} employees")
    assert [len(lines) for lines in readings(spoken.outcomes)] == [FULL]
    now = CLOCK.now()
    burst = [spoken.message(f"we are a shop of {50 + number} employees") for number in range(FULL)]
    await spoken.turn(*(replace(message, at=now + number) for number, message in enumerate(burst, 1)))
    assert [len(lines) for lines in readings(spoken.outcomes)] == [FULL]  # within the minute
    quiet = await silence(spoken)
    assert readings([quiet]) == [[f"we are a shop of {50 + number} employees" for number in range(FULL)]]
    assert CLOCK.now() - quiet.state.session.read_at < PAUSE


async def test_that_nothing_is_read_of_people_who_do_not_buy_nor_without_a_model() -> None:
    student = talk()
    told = await student.says("I'm a student writing my thesis about 40 employees companies, what does it cost?")
    local = Talk()
    await local.says("we are a shop of 40 employees")
    assert readings([*student.outcomes, *local.outcomes]) == []
    assert all(outcome.state.session.read_due == 0 for outcome in (told, local.outcomes[0]))


async def test_that_what_was_found_is_learned_without_a_word_and_without_another_reading() -> None:
    spoken = talk()
    await spoken.says("we are a shop of 40 employees")
    spoken._count += 40
    outcome = await back(spoken, at_message(1, spoken.state.session.last_at, Field.COMPANY, "Acme"))  # type: ignore[union-attr]
    assert outcome.reply is None
    assert outcome.triggers == ()
    assert readings([outcome]) == []
    assert [one.value for one in outcome.new_facts] == ["Acme"]
    again = await back(spoken, at_message(1, 0.0, Field.COMPANY, "Acme"))
    assert again.new_facts == ()


async def test_that_newer_words_and_grammar_outrank_what_was_read() -> None:
    spoken = talk()
    first = await spoken.says("we are a shop of 40 employees")
    said_at = first.state.session.last_at
    await spoken.says("sorry, we are 60 employees. write to ida@lumenia.io")
    thirty = Quantity(low=30, high=30, unit="employees")
    outcome = await back(
        spoken,
        at_message(1, said_at, Field.COMPANY_SIZE, thirty),
        at_message(2, CLOCK.now(), Field.EMAIL, "ida@lumenia.com"),
        at_message(1, said_at, Field.TECH_STACK, "Zendesk", operation=Operation.ADD),
    )
    assert [one.value for one in outcome.new_facts] == ["Zendesk"]
    known = fold(outcome.state.facts)
    assert known[Field.EMAIL][-1].value == "ida@lumenia.io"


async def test_that_a_reading_counts_as_no_visit_and_no_return_to_the_tab() -> None:
    spoken = talk()
    await spoken.says("we are a shop of 40 employees")
    away = await spoken.turn(spoken.message("", MessageKind.AWAY))
    assert away.state.session.follow_ups.away_since
    outcome = await back(spoken, at_message(1, 0.0, Field.COMPANY, "Acme"))
    assert outcome.state.session.follow_ups.away_since == away.state.session.follow_ups.away_since
    assert outcome.state.session.messages == away.state.session.messages
    assert outcome.state.session.visits == away.state.session.visits
