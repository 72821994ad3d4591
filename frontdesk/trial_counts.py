"""Counting what experiments were met by, and how many reached the goal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence

from core.directory import Ask, Directory, Listing, Order
from core.lead import LeadStatus
from core.trial import Experiment, Goal
from core.trial_evidence import Arm

PAGE = 200
"""Rows of one round trip."""

REACHED: Mapping[Goal, Callable[[Listing], bool]] = {
    Goal.EMAIL: lambda row: bool(row.email),
    Goal.QUALIFIED: lambda row: bool(row.status) and row.readiness != "low",
    Goal.HANDED_OFF: lambda row: bool(row.status),
    Goal.WON: lambda row: row.status == LeadStatus.CONVERTED.value,
}


async def counted(
    directory: Directory, experiments: Sequence[Experiment], *, page: int = PAGE
) -> Mapping[str, tuple[Arm, ...]]:
    """The arms of each experiment by its id. People count once, with the variant they met first."""
    goals = {one.id: REACHED[one.goal] for one in experiments}
    units: dict[str, dict[str, tuple[str, bool]]] = defaultdict(dict)
    async for row in _rows(directory, page):  # the newest first, so that the oldest has the last word on the variant
        for trial in row.trials:
            if trial.experiment in goals:
                unit = trial.unit or row.conversation
                _, before = units[trial.experiment].get(unit, ("", False))
                units[trial.experiment][unit] = trial.variant, before or goals[trial.experiment](row)
    return {one.id: _arms(one, units[one.id].values()) for one in experiments}


def _arms(experiment: Experiment, units: Collection[tuple[str, bool]]) -> tuple[Arm, ...]:
    met, reached = Counter(variant for variant, _ in units), Counter(variant for variant, done in units if done)
    return tuple(
        Arm(variant=one.id, weight=one.weight, units=met[one.id], reached=reached[one.id])
        for one in experiment.variants
    )


async def _rows(directory: Directory, page: int) -> AsyncIterator[Listing]:
    ask = Ask(order=Order.CREATED, count=page)
    while True:
        found = await directory.find(ask)
        for row in found.rows:
            yield row
        if not found.next:
            return
        ask = Ask(order=Order.CREATED, count=page, after=found.next)
