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
CODES = OneTimeCodes(KEY, "default")


def sent(now: float = NOW) -> tuple[CodeState, str]:
    state = CODES.send(NOTHING_SENT, ADDRESS, now=now)
    assert state is not None
    return state, CODES.code(ADDRESS, TALK, sent_at=now)


def verdict(state: CodeState, typed: str, *, now: float = NOW, talk: ConversationId = TALK) -> Verdict:
    return CODES.check(state, typed, talk, now=now)[1]


@given(st.floats(0, 4e9))
def test_a_code_has_six_digits_and_is_not_kept(now: float) -> None:
    state, code = sent(now)
    assert len(code) == 6
    assert code.isdigit()
    assert code not in repr(state).replace(repr(now), "")
    assert verdict(state, code, now=now) is Verdict.RIGHT


def test_codes_differ_by_time_address_conversation_and_key() -> None:
    _, code = sent()
    others = {
        CODES.code(ADDRESS, TALK, sent_at=NOW + 1),
        CODES.code("other@hafen.example", TALK, sent_at=NOW),
        CODES.code(ADDRESS, OTHER, sent_at=NOW),
        OneTimeCodes(b"another key only for tests, of 32", "default").code(ADDRESS, TALK, sent_at=NOW),
    }
    assert code not in others
    assert CODES.code(ADDRESS.upper(), TALK, sent_at=NOW) == code


def test_a_right_code_is_used_up_and_may_be_spaced() -> None:
    state, code = sent()
    used, found = CODES.check(state, f" {code[:3]} {code[3:]} ", TALK, now=NOW + LIFE - 1)
    assert found is Verdict.RIGHT
    assert verdict(used, code) is Verdict.OVER
    assert verdict(state, f"{code[:3]}-{code[3:]}") is Verdict.RIGHT


@pytest.mark.parametrize("typed", ["", "4711", "00471１", "\ud800", "0" * 10_000])
def test_another_code_is_wrong(typed: str) -> None:
    assert verdict(sent()[0], typed) is Verdict.WRONG


def test_a_code_of_another_conversation_is_wrong() -> None:
    state, code = sent()
    assert verdict(state, code, talk=OTHER) is Verdict.WRONG


def test_a_code_is_over_after_its_time_and_before_it() -> None:
    state, code = sent()
    assert verdict(state, code, now=NOW + LIFE) is Verdict.OVER
    assert verdict(state, code, now=NOW - 1) is Verdict.OVER
    assert verdict(NOTHING_SENT, code) is Verdict.OVER
    assert verdict(NOTHING_SENT, "") is Verdict.OVER


def test_a_guesser_has_five_guesses() -> None:
    state, code = sent()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(ATTEMPTS):
        state, found = CODES.check(state, wrong, TALK, now=NOW)
        assert found is Verdict.WRONG
    assert verdict(state, code) is Verdict.OVER


def test_a_new_code_replaces_the_old_one_after_a_pause_and_there_are_three_an_hour() -> None:
    state, first = sent()
    assert CODES.send(state, ADDRESS, now=NOW + PAUSE - 1) is None
    for number in range(1, CODES_PER_HOUR):
        again = CODES.send(state, ADDRESS, now=NOW + number * PAUSE)
        assert again is not None
        state = again
    assert verdict(state, first, now=state.sent_at) is Verdict.WRONG
    assert CODES.send(state, "other@hafen.example", now=NOW + 10 * PAUSE) is None
    assert CODES.send(state, ADDRESS, now=NOW + 3600 + PAUSE) is not None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        OneTimeCodes(b"short", "default")


def test_the_holder_of_an_address_tells_nothing_of_it() -> None:
    holder = CODES.holder(ADDRESS)
    assert holder == CODES.holder(ADDRESS.upper())
    assert "hafen" not in holder
    assert holder != OneTimeCodes(KEY, "other").holder(ADDRESS)
