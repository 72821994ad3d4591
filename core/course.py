"""How far a conversation has come, and what it adds to the tallies that analytics are read from.

A stage is reached once a conversation, so that a repeated or late turn adds nothing. Stages lie with the conversation
and in its row of the directory, which is the log: tallies are sums over rows and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

LONGEST_VALUE = 80
"""Characters of what a visitor's address bar can give, such as a campaign."""
LIMITS = (1, 2, 5, 10, 30, 60, 120, 300, 900, 1_800, 3_600, 14_400, 28_800, 86_400, 259_200, 604_800)
"""Seconds: upper ends of the classes in which waiting times are counted; what took longer is in one above them."""

_DAY, _EPOCH = 86_400, date(1970, 1, 1).toordinal()


class Stage(StrEnum):
    """From somebody who has opened the chat to a customer. `FUNNEL` is their order."""

    VISITOR = "visitor"
    ENGAGED = "engaged"  # has said something
    PERSONA = "persona"  # was recognised as one
    EMAIL = "email"
    QUALIFIED = "qualified"  # with an address and at least medium readiness, or the team says so
    HANDED_OFF = "handed_off"  # is a lead of the sales team's
    CLAIMED = "claimed"
    WON = "won"
    CONTACTED = "contacted"  # a person of the team has written
    LOST = "lost"


FUNNEL = (
    Stage.VISITOR,
    Stage.ENGAGED,
    Stage.PERSONA,
    Stage.EMAIL,
    Stage.QUALIFIED,
    Stage.HANDED_OFF,
    Stage.CLAIMED,
    Stage.WON,
)


class Step(NamedTuple):
    """A stage and when it was reached first, in seconds since the epoch."""

    stage: Stage
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a conversation has reached. `answered` are ids of questions put to the visitor that they answered."""

    steps: tuple[Step, ...] = ()
    answered: tuple[str, ...] = ()
    waited: float | None = None  # seconds from the visitor's first words to the first answer

    def at(self, stage: Stage) -> float | None:
        """When a stage was reached, None before."""
        for reached, at in self.steps:
            if reached is stage:
                return at
        return None


NOWHERE_YET = Course()


class Wait(StrEnum):
    """Waiting times that are counted."""

    ANSWER = "answer"  # from the first words to the first answer
    CLAIM = "claim"  # from the hand-off to a claim
    CONTACT = "contact"  # from the hand-off to a person's first words


class Trail(StrEnum):
    """What is counted of a question."""

    ASKED = "asked"
    ANSWERED = "answered"
    LEFT = "left"  # it is the last thing the visitor was asked, and nothing came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one conversation adds to the tallies of its periods, each 1: every stage in every dimension, and the rest.

    A stage's name is `stage|dimension`, with "" for all conversations. `given` are dimensions in words a visitor may
    have chosen: they go when the conversation is taken out; what else it added stays, and tells nothing of anybody.
    """

    periods: tuple[str, ...]
    stages: tuple[str, ...]
    dimensions: tuple[str, ...]
    others: tuple[str, ...]
    given: tuple[str, ...] = ()

    def names(self) -> Iterator[str]:
        """The names of what it adds 1 to."""
        for stage in self.stages:
            for dimension in ("", *self.dimensions, *self.given):
                yield f"{stage}|{dimension}"
        yield from self.others


def periods_of(at: float) -> tuple[str, str]:
    """The day and the month of a moment, in UTC."""
    return _periods(int(at // _DAY))


@lru_cache(maxsize=1_024)
def _periods(day: int) -> tuple[str, str]:
    name = date.fromordinal(_EPOCH + day).isoformat()
    return name, name[:7]


def waits(course: Course) -> Iterator[str]:
    """The classes of its waiting times, as tallies name them."""
    if course.waited is not None:
        yield _ANSWER + str(_class(course.waited))
    handed = course.at(Stage.HANDED_OFF)
    if handed is None:
        return
    for start, stage in _AFTER_HANDING_OFF:
        reached = course.at(stage)
        if reached is not None:
            yield start + str(_class(reached - handed))


def _class(seconds: float) -> int:
    return bisect_left(LIMITS, seconds)


_ANSWER = f"{Wait.ANSWER}|"
_AFTER_HANDING_OFF = ((f"{Wait.CLAIM}|", Stage.CLAIMED), (f"{Wait.CONTACT}|", Stage.CONTACTED))
