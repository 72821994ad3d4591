"""One-time codes: what a guesser, a thief and a slow reader can do with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import ConversationId
from core.one_time_code import ATTEMPTS, CODES_PER_HOUR, LIFE, NOTHING_SENT, PAUSE, CodeState, OneTimeCodes, Verdict

KEY = b"a key that is only for tests, 32+"
TALK, OTHER = ConversationId("web.1"), ConversationId("web.2")
ADDRESS = "mara.lind@hafen.example"
NOW = 1_800_000_000.0


def codes(number: int = 4711, key: bytes = KEY) -> OneTimeCodes:
    return OneTimeCodes(key, lambda most: number % most)


def sent(number: int = 4711) -> tuple[CodeState, str]:
    state, code = codes(number).send(NOTHING_SENT, ADDRESS, TALK, now=NOW)
    assert code is not None
    return state, code


def verdict(state: CodeState, typed: str, *, now: float = NOW, address: str = ADDRESS) -> Verdict:
    return codes().check(state, typed, address, TALK, now=now)[1]


@given(st.integers(0, 10**6 - 1))
def test_a_code_has_six_digits_and_is_not_kept(number: int) -> None:
    state, code = sent(number)
    assert len(code) == 6
    assert code.isdigit()
    assert (len(state.digest), state.sent) == (64, (NOW,))
    assert verdict(state, code) is Verdict.RIGHT


@pytest.mark.parametrize("typed", ["004711", " 004 711 ", "004-711"])
def test_a_right_code_is_used_up(typed: str) -> None:
    state, found = codes().check(sent()[0], typed, ADDRESS, TALK, now=NOW + LIFE - 1)
    assert found is Verdict.RIGHT
    assert verdict(state, "004711") is Verdict.OVER


@pytest.mark.parametrize("typed", ["", "4711", "004712", "00471１", "\ud800", "0" * 10_000])
def test_another_code_is_wrong(typed: str) -> None:
    assert verdict(sent()[0], typed) is Verdict.WRONG


def test_a_code_is_over_after_its_time_and_before_it() -> None:
    state, code = sent()
    assert verdict(state, code, now=NOW + LIFE) is Verdict.OVER
    assert verdict(state, code, now=NOW - 1) is Verdict.OVER
    assert verdict(NOTHING_SENT, code) is Verdict.OVER
    assert verdict(NOTHING_SENT, "") is Verdict.OVER


def test_a_guesser_has_five_attempts() -> None:
    state, code = sent()
    for _ in range(ATTEMPTS):
        state, found = codes().check(state, "111111", ADDRESS, TALK, now=NOW)
        assert found is Verdict.WRONG
    assert verdict(state, code) is Verdict.OVER


def test_a_code_means_nothing_elsewhere() -> None:
    state, code = sent()
    assert verdict(state, code, address="otto@hafen.example") is Verdict.WRONG
    assert verdict(state, code, address=ADDRESS.upper()) is Verdict.RIGHT
    assert codes().check(state, code, ADDRESS, OTHER, now=NOW)[1] is Verdict.WRONG
    assert codes(key=KEY[::-1]).check(state, code, ADDRESS, TALK, now=NOW)[1] is Verdict.WRONG


def test_a_new_code_takes_the_place_of_the_old_one() -> None:
    state, old = sent(1)
    state, new = codes(2).send(state, ADDRESS, TALK, now=NOW + PAUSE)
    assert new == "000002"
    assert verdict(state, old, now=NOW + PAUSE) is Verdict.WRONG
    assert verdict(state, new, now=NOW + PAUSE) is Verdict.RIGHT


def test_codes_are_sent_at_a_bounded_rate_and_asking_for_more_changes_nothing() -> None:
    state, code = sent()
    hasty, none = codes(9).send(state, ADDRESS, TALK, now=NOW + PAUSE - 1)
    assert none is None
    assert verdict(hasty, code) is Verdict.RIGHT
    times = [NOW + PAUSE * number for number in range(1, 6)]
    given_out = 1
    for at in times:
        state, another = codes(9).send(state, ADDRESS, TALK, now=at)
        given_out += another is not None
    assert given_out == CODES_PER_HOUR
    assert codes().send(state, ADDRESS, TALK, now=NOW + 3601)[1] is not None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        OneTimeCodes(b"short", lambda _most: 1)
