"""Errors of ours as diagnoses."""

from __future__ import annotations

import pytest

from core.errors import ConfigError, DeliveryParked, DependencyError, FrontdeskError
from core.health import Level, diagnosed, named


@pytest.mark.parametrize(
    ("error", "what", "step"),
    [
        (DeliveryParked("It was refused. Next: install it again."), "It was refused", "install it again"),
        (DependencyError("redis://x has y no: it forgets. Mend it"), "redis://x has y no", "it forgets. Mend it"),
        (DependencyError("nothing is there"), "nothing is there", "look"),
        (ConfigError("channel: it is wrong"), "channel: it is wrong", "look"),
    ],
)
def test_that_an_error_is_told_with_its_next_step(error: FrontdeskError, what: str, step: str) -> None:
    found = diagnosed(error, "look")
    assert (found.level, found.what, found.next_step) == (Level.ERROR, what, step)


def test_that_a_strangers_name_cannot_draw_on_the_terminal() -> None:
    assert named("Fern\x1b[2J\u202e\nlight") == "Fern[2Jlight"
    assert len(named("x" * 1_000)) < 100
