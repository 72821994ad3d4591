"""How a profile came to be: each message that taught something, with what it changed and what it set off. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.fact import LIST_FIELDS, Fact, Operation
from core.ledger import Known, fold, value_key
from core.profile import ProfileUpdate

MOST_STEPS = 40
"""The newest ones are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing a message taught. `before` is the value it took the place of; `gone`: it took one away instead."""

    fact: Fact
    before: Fact | None = None
    gone: bool = False
    again: bool = False  # said before


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`number` counts from 1 and stays the same when more is said."""

    number: int
    at: float
    changes: tuple[Change, ...]
    triggers: tuple[str, ...] = ()
    confidence: float = 0.0  # of the profile after it


def steps_of(
    facts: Sequence[Fact], updates: Iterable[ProfileUpdate], confidence: Callable[[float], float]
) -> tuple[Step, ...]:
    """In order, the newest `MOST_STEPS`; `confidence` is asked for the profile as of a moment."""
    ordered = sorted(facts, key=lambda fact: fact.at)
    groups = [tuple(group) for _, group in groupby(ordered, key=lambda fact: (fact.channel, fact.message, fact.at))]
    start = max(0, len(groups) - MOST_STEPS)
    told = [fact for group in groups[:start] for fact in group]
    steps: list[Step] = []
    for number, group in enumerate(groups[start:], start + 1):
        known = fold(told)
        changes = tuple(_change(fact, known, told) for fact in group)
        told += group
        at = group[-1].at
        steps.append(Step(number=number, at=at, changes=changes, confidence=confidence(at)))
    return tuple(_with_triggers(steps, updates))


def _change(fact: Fact, known: Known, told: Sequence[Fact]) -> Change:
    held = known.get(fact.field, ())
    if fact.retracts or fact.operation in {Operation.REMOVE, Operation.CLEAR}:
        taken = next((one for one in told if one.id == fact.retracts), held[-1] if held else None)
        return Change(fact=fact, before=taken, gone=True)
    again = any(value_key(one.value) == value_key(fact.value) for one in held)
    before = held[-1] if held and not again and fact.field not in LIST_FIELDS else None
    return Change(fact=fact, before=before, again=again)


def _with_triggers(steps: list[Step], updates: Iterable[ProfileUpdate]) -> list[Step]:
    """A trigger belongs to the last message before it: a turn is worked out just after its messages came in."""
    moments = [step.at for step in steps]
    for update in updates:
        place = bisect_right(moments, update.at) - 1
        if place >= 0 and update.trigger not in steps[place].triggers:
            steps[place] = replace(steps[place], triggers=(*steps[place].triggers, update.trigger))
    return steps
