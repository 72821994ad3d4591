"""What an experiment shows so far, and what may be claimed of it however often somebody looks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erfc, exp, inf, lgamma, log, sqrt

ALPHA = 0.05
"""How often an experiment in which nothing differs may end in a claim, over all its looks and variants together."""
MISMATCH = 0.001
"""Below this chance of such shares, they are taken as wrong: something loses or doubles visitors of a variant."""
FOCUS = 100.0
"""How firmly the test expects small differences; a larger number finds small ones sooner and large ones later."""
_STEPS = 60
"""Halvings of an interval: finer than any figure shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What was counted of a variant; `weight` is its part of the visitors beside the others'."""

    variant: str
    weight: float
    units: int
    reached: int

    @property
    def rate(self) -> float:
        return self.reached / self.units if self.units else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A variant against the first one. A lift of 0.1 is a tenth more; `low` and `high` hold at every look."""

    variant: str
    lift: float | None  # None while the first variant has reached nothing
    low: float
    high: float
    evidence: float  # how many times likelier the counts are if the variants differ; natural logarithm
    needed: float  # of it, for a claim
    claim: str = ""  # "" | better | worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`mismatch` is the chance of shares this far from the weights. Below `MISMATCH` nothing is claimed."""

    arms: tuple[Arm, ...]
    mismatch: float
    comparisons: tuple[Comparison, ...]

    @property
    def is_trustworthy(self) -> bool:
        return self.mismatch >= MISMATCH


def judged(arms: Sequence[Arm]) -> Verdict:
    """Everything that can be said of these counts; the first arm is what the others are compared with."""
    first, *others = arms
    mismatch = share_mismatch(arms)
    needed = log(len(others) / ALPHA) if others else inf  # each variant gets its part of what may go wrong
    comparisons = (_compared(first, one, needed, trusted=mismatch >= MISMATCH) for one in others)
    return Verdict(arms=tuple(arms), mismatch=mismatch, comparisons=tuple(comparisons))


def share_mismatch(arms: Sequence[Arm]) -> float:
    """The chance that shares so far from the weights come about by themselves: Pearson's chi-square test.

    Fabijan et al. (2019), "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD '19.
    """
    total, weights = sum(one.units for one in arms), sum(one.weight for one in arms)
    if not total or len(arms) < 2:  # noqa: PLR2004  one arm has no share
        return 1.0
    expected = [total * one.weight / weights for one in arms]
    statistic = sum((one.units - due) ** 2 / due for one, due in zip(arms, expected, strict=True))
    return chi_square_tail(statistic, len(arms) - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """The chance of a larger value, by the recurrence of the incomplete gamma function in half degrees of freedom.

    Abramowitz and Stegun (1964), 26.4.4 and 26.4.5.
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    place, tail = (0.5, erfc(sqrt(half))) if freedom % 2 else (1.0, exp(-half))
    while place < freedom / 2:
        tail += exp(place * log(half) - half - lgamma(place + 1))
        place += 1
    return min(tail, 1.0)


def evidence(first: Arm, other: Arm) -> float:
    """The logarithm of how many times likelier the successes' arms are if the rates differ than if they are equal.

    Visitors are dealt to the arms at random, so with equal rates each success is the other arm's with the chance of its
    weight, whatever the rates are and however they change over time. Against that stands a beta mixture over all
    other chances. The ratio is a martingale when nothing differs, so it ever exceeds 1/a with a chance of at most a
    (Ville): it may be looked at after every visitor. Lindon and Malek (2022), "Anytime-Valid Inference for Multinomial
    Count Data", NeurIPS 35; the idea of the mixture is Robbins (1970).
    """
    due = other.weight / (first.weight + other.weight)
    return _mixture(first, other) - _likelihood(first, other, due)


def _mixture(first: Arm, other: Arm) -> float:
    due = other.weight / (first.weight + other.weight)
    ours, theirs = FOCUS * due, FOCUS * (1 - due)
    return _log_beta(ours + other.reached, theirs + first.reached) - _log_beta(ours, theirs)


def _likelihood(first: Arm, other: Arm, chance: float) -> float:
    return other.reached * log(chance) + first.reached * log(1 - chance)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _compared(first: Arm, other: Arm, needed: float, *, trusted: bool) -> Comparison:
    found = evidence(first, other)
    low, high = _bounds(first, other, needed)
    claim = ""
    if trusted and found >= needed:
        claim = "better" if low > 0 else "worse"
    return Comparison(
        variant=other.variant,
        lift=other.rate / first.rate - 1 if first.rate else None,
        low=low,
        high=high,
        evidence=found,
        needed=needed,
        claim=claim,
    )


def _bounds(first: Arm, other: Arm, needed: float) -> tuple[float, float]:
    """The lifts that the test does not refuse, at this and every earlier or later look: a confidence sequence."""
    total, mixture = first.reached + other.reached, _mixture(first, other)
    due = other.weight / (first.weight + other.weight)
    likeliest = other.reached / total if total else due

    def refused(chance: float) -> bool:
        return mixture - _likelihood(first, other, chance) >= needed

    def lift(chance: float) -> float:
        return chance / (1 - chance) * (1 - due) / due - 1

    low = _edge(refused, 0.0, likeliest)
    high = _edge(refused, 1.0, likeliest)
    return (lift(low) if low > 0 else -1.0), (lift(high) if high < 1 else inf)


def _edge(refused: Callable[[float], bool], outside: float, inside: float) -> float:
    """Between a chance that is refused and one that is not; the outer end where nothing is refused."""
    at_end = outside + (1e-12 if outside < inside else -1e-12)
    if outside == inside or not refused(at_end):
        return outside
    for _ in range(_STEPS):
        middle = (outside + inside) / 2
        if refused(middle):
            outside = middle
        else:
            inside = middle
    return inside
