"""From a readiness score to a probability, and how far the owner's own outcomes bear it out.

Before there are outcomes the probability is a prior. Up to `ISOTONIC_FROM` outcomes it is logistic recalibration of the
prior (Platt 1999), shrunk towards it as a MAP estimate: p = sigmoid(a + b logit(prior)), a ~ N(0, 1), b ~ N(1, 0.5).
From there on it is isotonic regression (Zadrozny and Elkan 2002), interpolated and kept off 0 and 1.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, log1p, sqrt
from typing import NamedTuple

from core.chance import Chance

ISOTONIC_FROM = 1_000
"""Outcomes from which the shape of the curve is learned too."""
PERCENT_FROM = 50
"""Outcomes below which a chance is a band only."""
FOLDS = 5
PRIOR_OUTCOMES = 4.0
"""How many outcomes the prior counts as in the width of the band."""
_BAND = 1.2816  # an 80 % interval of a normal distribution
_SHIFT_PRECISION, _SLOPE_PRECISION = 1.0, 4.0
_STEPS = 50
_NEAR = 1e-9
_EDGE = 1e-4
Curve = Callable[[float], float]
Step = tuple[float, float]


class Outcome(NamedTuple):
    """What became of a lead: its readiness score when it was handed over, and whether it was won."""

    score: float  # 0 to 100
    won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """P(won) = sigmoid((score - midpoint) / spread), chosen by hand."""

    midpoint: float
    spread: float

    def __call__(self, score: float) -> float:
        return _sigmoid((score - self.midpoint) / self.spread)


class Calibration:
    """A prior recalibrated on outcomes. `n` is how many there were, `brier` their mean squared error, None without any.

    The Brier score is cross-validated over `FOLDS` folds where there are enough outcomes: each is judged by a curve
    that has not seen it.
    """

    def __init__(self, prior: Prior, outcomes: Sequence[Outcome] = ()) -> None:
        self.n = len(outcomes)
        self._curve = fit(prior, outcomes)
        self.brier = _brier(prior, outcomes) if outcomes else None

    def chance(self, score: float) -> Chance:
        """The probability for a score, with an 80 % band around it."""
        value = self._curve(score)
        half = _BAND * sqrt(value * (1 - value) / (PRIOR_OUTCOMES + self.n + 1))
        return Chance(
            value=value,
            low=max(0.0, value - half),
            high=min(1.0, value + half),
            outcomes=self.n,
            brier=self.brier,
            exact=self.n >= PERCENT_FROM,
        )


def fit(prior: Prior, outcomes: Sequence[Outcome]) -> Curve:
    """The curve from score to probability that the outcomes and the prior together speak for."""
    if not outcomes:
        return prior
    return _isotonic(outcomes) if len(outcomes) >= ISOTONIC_FROM else _shrunk(prior, outcomes)


def _shrunk(prior: Prior, outcomes: Sequence[Outcome]) -> Curve:
    """The two numbers of the recalibrated prior; the penalty makes the maximum unique, whatever the outcomes are."""
    points = [(_logit(prior(outcome.score)), float(outcome.won)) for outcome in outcomes]
    shift, slope = _most_likely(points, free_slope=True)
    if slope < 0:  # a higher score never means a lower chance
        shift, slope = _most_likely(points, free_slope=False)
    return lambda score: _sigmoid(shift + slope * _logit(prior(score)))


def _most_likely(points: Sequence[tuple[float, float]], *, free_slope: bool) -> tuple[float, float]:
    """Newton's method with halved steps: a whole one may lead to where the curve is flat, and never come back."""
    shift, slope = 0.0, 1.0 if free_slope else 0.0
    reached = _loss(points, shift, slope)
    for _ in range(_STEPS):
        step0, step1 = _newton(points, shift, slope, free_slope=free_slope)
        share = 1.0
        while share > _NEAR and _loss(points, shift + share * step0, slope + share * step1) > reached:
            share /= 2
        shift, slope = shift + share * step0, slope + share * step1
        reached = _loss(points, shift, slope)
        if share * (abs(step0) + abs(step1)) < _NEAR:
            break
    return shift, slope


def _newton(points: Sequence[tuple[float, float]], shift: float, slope: float, *, free_slope: bool) -> Step:
    g0, g1 = -_SHIFT_PRECISION * shift, -_SLOPE_PRECISION * (slope - 1.0)
    h00, h01, h11 = _SHIFT_PRECISION, 0.0, _SLOPE_PRECISION
    for x, won in points:
        p = _sigmoid(shift + slope * x)
        weight = p * (1 - p)
        g0, g1 = g0 + won - p, g1 + (won - p) * x
        h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
    if not free_slope:
        return g0 / h00, 0.0
    det = h00 * h11 - h01 * h01
    return (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det


def _loss(points: Sequence[tuple[float, float]], shift: float, slope: float) -> float:
    """What is to be as small as can be: minus the logarithm of the posterior, but for a constant."""
    penalty = (_SHIFT_PRECISION * shift**2 + _SLOPE_PRECISION * (slope - 1.0) ** 2) / 2
    return penalty + sum(_surprise((shift + slope * x) * (1 if won else -1)) for x, won in points)


def _surprise(margin: float) -> float:
    """-log(sigmoid(margin)), also where that is next to nothing."""
    return log1p(exp(-margin)) if margin > 0 else log1p(exp(margin)) - margin


def _isotonic(outcomes: Sequence[Outcome]) -> Curve:
    """Pool adjacent violators, then lines between the centres of the pools."""
    pools: list[tuple[float, float, float]] = []  # sum of scores, wins, how many
    for score, won in sorted(outcomes):
        pools.append((score, float(won), 1.0))
        while len(pools) > 1 and pools[-2][1] * pools[-1][2] >= pools[-1][1] * pools[-2][2]:
            last, before = pools.pop(), pools.pop()
            pools.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    # Laplace's rule keeps a pool of few outcomes off 0 and 1.
    scores = [total / size for total, _, size in pools]
    rates = [(wins + 1) / (size + 2) for _, wins, size in pools]
    rates = [max(rates[: place + 1]) for place in range(len(rates))]
    return lambda score: _between(scores, rates, score)


def _between(scores: Sequence[float], rates: Sequence[float], score: float) -> float:
    place = bisect_left(scores, score)
    if place == 0:
        return rates[0]
    if place == len(scores):
        return rates[-1]
    left, right = scores[place - 1], scores[place]
    share = (score - left) / (right - left)
    return rates[place - 1] + share * (rates[place] - rates[place - 1])


def _brier(prior: Prior, outcomes: Sequence[Outcome]) -> float:
    folds = FOLDS if len(outcomes) >= 2 * FOLDS else 1
    error = 0.0
    for fold in range(folds):
        told = [one for place, one in enumerate(outcomes) if folds == 1 or place % folds != fold]
        curve = fit(prior, told) if folds > 1 else prior
        held = outcomes[fold::folds]
        error += sum((curve(one.score) - one.won) ** 2 for one in held)
    return error / len(outcomes)


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, x))))


def _logit(p: float) -> float:
    held = max(_EDGE, min(1 - _EDGE, p))
    return log(held / (1 - held))
