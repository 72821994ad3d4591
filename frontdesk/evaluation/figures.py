"""Figures with their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

Z_95 = 1.96
"""Two-sided 95 % quantile of the normal distribution, to the two digits that are customary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value over `n` cases, None without any; `interval` is there for proportions.

    `trivial` holds what policies reach that understand nothing, by their name.
    """

    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    trivial: Mapping[str, float] = field(default_factory=dict)

    def hits(self) -> int:
        """Of a proportion, how many cases it holds for."""
        return round((self.value or 0.0) * self.n)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927); (0, 1) without cases."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, Z_95**2
    centre = share + square / (2 * n)
    spread = Z_95 * sqrt(share * (1 - share) / n + square / (4 * n * n))
    whole = 1 + square / n
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


def proportion(outcomes: Iterable[bool]) -> Figure:
    """The share of outcomes that are true."""
    counted = list(outcomes)
    if not counted:
        return Figure(value=None, n=0)
    hits = sum(counted)
    return Figure(value=hits / len(counted), n=len(counted), interval=wilson(hits, len(counted)))


def mean(values: Sequence[float]) -> Figure:
    return Figure(value=sum(values) / len(values) if values else None, n=len(values))


@dataclass(slots=True)
class Counts:
    """Right values, values too many, values missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, other: Counts) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    def precision(self) -> Figure:
        return _ratio(self.right, self.right + self.wrong)

    def recall(self) -> Figure:
        return _ratio(self.right, self.right + self.missed)

    def f1(self) -> Figure:
        """The harmonic mean of precision and recall; `n` counts required values."""
        total = 2 * self.right + self.wrong + self.missed
        return Figure(value=2 * self.right / total if total else None, n=self.right + self.missed)


def _ratio(hits: int, n: int) -> Figure:
    return Figure(value=hits / n, n=n, interval=wilson(hits, n)) if n else Figure(value=None, n=0)
