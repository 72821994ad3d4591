"""From scores to chances: a prior until outcomes exist, and honest about how few there are."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.calibration import ISOTONIC_FROM, PERCENT_FROM, Calibration, Outcome, Prior, fit

PRIOR = Prior(midpoint=85.0, spread=17.0)
OUTCOMES = st.lists(st.builds(Outcome, st.floats(0, 100), st.booleans()), max_size=60)
SCORES = [float(score) for score in range(0, 101, 5)]


def drawn(seed: int, count: int, *, rate: float) -> list[Outcome]:
    """Leads of which a share is won that grows with the score, up to `rate` at a score of 100."""
    random = Random(seed)
    scores = [random.uniform(0, 100) for _ in range(count)]
    return [Outcome(score, random.random() < rate * (score / 100) ** 2) for score in scores]


def brier(curve: object, outcomes: list[Outcome]) -> float:
    return sum((curve(one.score) - one.won) ** 2 for one in outcomes) / len(outcomes)  # type: ignore[operator]


@given(OUTCOMES)
def test_a_chance_is_a_probability_inside_its_band_and_never_falls_with_the_score(outcomes: list[Outcome]) -> None:
    chances = [Calibration(PRIOR, outcomes).chance(score) for score in SCORES]
    assert all(0 <= one.low <= one.value <= one.high <= 1 for one in chances)
    values = [one.value for one in chances]
    assert values == sorted(values)


def test_without_outcomes_it_is_the_prior_and_says_so() -> None:
    chance = Calibration(PRIOR).chance(60)
    assert chance.value == PRIOR(60)
    assert (chance.outcomes, chance.brier, chance.exact) == (0, None, False)
    assert chance.in_words().endswith("a prior: no outcomes yet")
    assert " to " in chance.in_words()


def test_few_outcomes_move_the_prior_a_little_and_many_a_lot() -> None:
    lost = [Outcome(90.0, won=False)]
    few, many = (Calibration(PRIOR, lost * count).chance(90).value for count in (3, 300))
    assert PRIOR(90) > few > 0.1 > many > 0


@pytest.mark.parametrize("count", [PERCENT_FROM - 1, PERCENT_FROM])
def test_a_percentage_needs_enough_outcomes(count: int) -> None:
    chance = Calibration(PRIOR, drawn(1, count, rate=0.4)).chance(70)
    assert chance.exact is (count >= PERCENT_FROM)
    assert ("Brier" in chance.in_words()) is chance.exact


@pytest.mark.parametrize("count", [200, ISOTONIC_FROM, 3 * ISOTONIC_FROM])
@pytest.mark.parametrize("seed", range(5))
def test_calibrating_helps_on_outcomes_it_has_not_seen(count: int, seed: int) -> None:
    unseen = drawn(seed + 100, 4_000, rate=0.35)
    calibrated = fit(PRIOR, drawn(seed, count, rate=0.35))
    assert brier(calibrated, unseen) < brier(PRIOR, unseen)


def test_the_brier_score_is_that_of_curves_that_had_not_seen_the_outcome() -> None:
    outcomes = drawn(3, 400, rate=0.4)
    told = Calibration(PRIOR, outcomes).brier
    assert told is not None
    assert told == pytest.approx(brier(fit(PRIOR, drawn(4, 400, rate=0.4)), drawn(5, 4_000, rate=0.4)), abs=0.03)
    assert told > brier(fit(PRIOR, outcomes), outcomes)


@pytest.mark.parametrize("score", [5.0, 40.0, 60.0, 95.0])
@pytest.mark.parametrize("won", [1, 0])
def test_outcomes_that_all_say_the_same_are_believed_the_more_of_them_there_are(score: float, won: int) -> None:
    chances = [Calibration(PRIOR, [Outcome(score, won == 1)] * n).chance(score).value for n in (0, 5, 20, 100, 900)]
    assert chances == sorted(chances, reverse=not won)
    assert abs(chances[-1] - won) < 0.15
