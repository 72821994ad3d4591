"""Comparing two runs over the same turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.flight import WEIGHTY, Aspect, Changed, Flight, Step, differences
from core.ids import ConversationId

WORDS = st.sampled_from(["", "a", "b"])


def step(turn: int, **aspects: str) -> Step:
    told = {"persona": "", "readiness": "low", "lead": "", "route": "", "question": "", "text": "Hello."} | aspects
    return Step(turn=turn, heard=f"word {turn}", **told)


RUNS = st.lists(st.tuples(*[WORDS for _ in Aspect]), max_size=6)


def run(told: list[tuple[str, ...]]) -> list[Step]:
    names = [aspect.value for aspect in Aspect]
    return [step(turn, **dict(zip(names, one, strict=True))) for turn, one in enumerate(told, 1)]


def test_what_lasts_is_told_once_and_again_where_it_changes() -> None:
    before = [step(1, persona="clinic"), step(2, persona="clinic"), step(3, persona="clinic")]
    after = [step(1, persona="shop"), step(2, persona="shop"), step(3, persona="school")]
    found = differences(before, after)
    assert [(one.turn, one.before, one.after) for one in found] == [(1, "clinic", "shop"), (3, "clinic", "school")]


def test_questions_and_words_are_told_turn_by_turn() -> None:
    before = [step(turn, question="volume", text="How many?") for turn in (1, 2)]
    after = [step(turn, question="timeline", text="When?") for turn in (1, 2)]
    told = [(one.turn, one.aspect) for one in differences(before, after)]
    assert told == [(1, Aspect.QUESTION), (1, Aspect.TEXT), (2, Aspect.QUESTION), (2, Aspect.TEXT)]


@given(RUNS)
def test_a_run_does_not_differ_from_itself(told: list[tuple[str, ...]]) -> None:
    assert differences(run(told), run(told)) == ()


@given(st.lists(st.tuples(*[st.tuples(WORDS, WORDS) for _ in Aspect]), max_size=6))
def test_every_aspect_that_ever_differs_is_told_and_no_other(turns: list[tuple[tuple[str, str], ...]]) -> None:
    before, after = (run([tuple(pair[side] for pair in turn) for turn in turns]) for side in (0, 1))
    found = differences(before, after)
    differing = {aspect for turn in turns for aspect, pair in zip(Aspect, turn, strict=True) if pair[0] != pair[1]}
    assert {change.aspect for change in found} == differing
    assert all(change.before != change.after for change in found)
    assert [change.turn for change in found] == sorted(change.turn for change in found)


def test_conversations_count_by_what_is_asked_for() -> None:
    def changed(name: str, **aspects: str) -> Changed:
        return Changed(conversation=ConversationId(name), changes=differences([step(1)], [step(1, **aspects)]))

    flight = Flight(conversations=4, changed=(changed("a", text="Hi."), changed("b", text="Hi.", persona="shop")))
    assert flight.count() == 1
    assert flight.share() == 0.25
    assert flight.count((Aspect.TEXT,)) == 2
    assert flight.count((Aspect.LEAD, Aspect.READINESS)) == 0
    assert Aspect.TEXT not in WEIGHTY
    assert Flight().share() == 0.0
