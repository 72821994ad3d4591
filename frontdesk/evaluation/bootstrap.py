"""Intervals of figures that are no proportions: conversations drawn again and again, with replacement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from frontdesk.evaluation.figures import Counts, Figure

SEED = 20_260
DRAWS = 1_000
TAIL = 0.025
"""What is cut off at each end: a 95 % interval."""


def with_interval(parts: Sequence[Counts], read: Callable[[Counts], Figure]) -> Figure:
    """The figure of all parts together, with a percentile interval; a part is what one conversation contributes.

    The same parts in the same order give the same interval. Without any case there is none.
    """
    figure = read(_sum(parts))
    if figure.value is None:
        return figure
    draw = Random(SEED)
    drawn = (read(_sum(draw.choices(parts, k=len(parts)))).value for _ in range(DRAWS))
    values = sorted(value for value in drawn if value is not None)
    cut = int(TAIL * len(values))
    return replace(figure, interval=(values[cut], values[-1 - cut]))


def _sum(parts: Sequence[Counts]) -> Counts:
    return Counts(
        right=sum(one.right for one in parts),
        wrong=sum(one.wrong for one in parts),
        missed=sum(one.missed for one in parts),
    )
