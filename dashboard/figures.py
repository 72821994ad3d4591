"""From tallies to the figures that pages and programs are shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.course import FUNNEL, LIMITS, Stage, Trail, Wait
from core.directory import Summed

EACH = tuple(f"{stage}|" for stage in FUNNEL)
"""The names of tallies that are shown period by period."""
DIMENSIONS = ("persona", "channel", "campaign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One stage of the funnel; `share` is of those who came, from 0 to 1."""

    stage: Stage
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The funnel of those who have one value of a dimension in common."""

    value: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One day or month."""

    period: str
    counts: Mapping[Stage, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long something took: seconds within which half and nine tenths of all were done, None beyond a week."""

    wait: Wait
    count: int
    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of one question put to visitors."""

    question: str
    asked: int
    answered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything a span of days tells."""

    total: Mapping[str, int]
    points: tuple[Point, ...]

    def funnel(self, dimension: str = "") -> tuple[Level, ...]:
        """Of all, or of those with a dimension such as `persona:clinics`."""
        came = self.count(Stage.VISITOR, dimension)
        return tuple(
            Level(stage=stage, count=count, share=count / came if came else 0.0)
            for stage in FUNNEL
            for count in (self.count(stage, dimension),)
        )

    def count(self, stage: Stage, dimension: str = "") -> int:
        return self.total.get(f"{stage}|{dimension}", 0)

    def groups(self, name: str) -> tuple[Group, ...]:
        """The funnels of each value of a dimension, the largest first."""
        start = f"{Stage.VISITOR}|{name}:"
        found = [(count, key[len(start) :]) for key, count in self.total.items() if key.startswith(start)]
        values = [value for _, value in sorted(found, key=lambda one: (-one[0], one[1]))]
        return tuple(Group(value=value, levels=self.funnel(f"{name}:{value}")) for value in values)

    def waits(self) -> tuple[Waiting, ...]:
        """Only those of which there are any."""
        return tuple(one for one in map(self._waiting, Wait) if one.count)

    def questions(self) -> tuple[Asked, ...]:
        """What visitors were asked, the most asked first."""
        trails = {trail: self._of_trail(trail) for trail in Trail}
        names = sorted({name for held in trails.values() for name in held})
        found = [
            Asked(
                question=name,
                asked=trails[Trail.ASKED][name],
                answered=trails[Trail.ANSWERED][name],
                left=trails[Trail.LEFT][name],
            )
            for name in names
        ]
        return tuple(sorted(found, key=lambda one: (-one.asked, one.question)))

    def _of_trail(self, trail: Trail) -> Counter[str]:
        start = f"{trail}|"
        return Counter({name[len(start) :]: count for name, count in self.total.items() if name.startswith(start)})

    def _waiting(self, wait: Wait) -> Waiting:
        counts = [self.total.get(f"{wait}|{number}", 0) for number in range(len(LIMITS) + 1)]
        return Waiting(wait=wait, count=sum(counts), half=_within(counts, 0.5), most=_within(counts, 0.9))


def figures_of(summed: Summed) -> Figures:
    """Of what was summed up over some periods with `EACH`."""
    points = tuple(
        Point(period=period, counts={stage: names.get(f"{stage}|", 0) for stage in FUNNEL})
        for period, names in summed.each.items()
    )
    return Figures(total=summed.total, points=points)


def _within(counts: list[int], share: float) -> int | None:
    """The upper end of the class in which a share of all is reached."""
    wanted, seen = share * sum(counts), 0
    for limit, count in zip(LIMITS, counts, strict=False):
        seen += count
        if seen >= wanted:
            return limit
    return None
