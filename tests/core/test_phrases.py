"""Wordings: one not said yet, else the one said longest ago."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import Phrases

HELLO = Phrases(language="en", variants={"hi": ("Hi {name}", "Hello {name}", "Hey {name}"), "bye": ("Bye",)})


def test_the_first_wording_is_filled() -> None:
    assert HELLO.say("hi", name="Ann") == "Hi Ann"
    assert (HELLO.has("hi"), HELLO.has("ho")) == (True, False)
    assert (HELLO.variants_of("bye"), HELLO.variants_of("ho")) == (("Bye",), ())


@pytest.mark.parametrize("slots", [{}, {"nam": "Ann"}])
def test_a_missing_slot_is_an_error(slots: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        HELLO.say("hi", **slots)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        HELLO.say("ho")


def test_the_offset_chooses_and_what_was_said_is_passed_over() -> None:
    assert HELLO.vary("hi", (), 1, name="Ann") == ("Hello Ann", "hi#1")
    assert HELLO.vary("hi", ("hi#1",), 1, name="Ann") == ("Hey Ann", "hi#2")
    assert HELLO.vary("hi", ("hi#1", "hi#2"), 4, name="Ann") == ("Hi Ann", "hi#0")


def test_when_all_were_said_the_oldest_comes_back() -> None:
    assert HELLO.vary("hi", ("hi#2", "hi#0", "hi#1"), 0, name="Ann") == ("Hey Ann", "hi#2")
    assert HELLO.vary("hi", ("hi#0", "hi#1", "hi#2", "hi#0"), 0, name="Ann") == ("Hello Ann", "hi#1")


def test_unsaid_wordings_are_counted() -> None:
    assert HELLO.unsaid("hi", ()) == 3
    assert HELLO.unsaid("hi", ("hi#0", "hi#2", "bye#0")) == 1
    assert HELLO.unsaid("ho", ()) == 0


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_wording_comes_back_only_after_all_others(offset: int, turns: int) -> None:
    used: list[str] = []
    for _ in range(turns):
        _, tag = HELLO.vary("hi", used, offset, name="")
        assert tag not in used[-2:]
        used.append(tag)
