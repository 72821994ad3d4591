"""What may be claimed: seldom wrongly, however often somebody looks; soon where something differs."""

from __future__ import annotations

from math import exp, inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trial_evidence import ALPHA, MISMATCH, Arm, Verdict, chi_square_tail, evidence, judged, share_mismatch

EXPERIMENTS, VISITORS = 400, 1_500


def arms(*counts: tuple[int, int], weights: tuple[float, ...] = ()) -> list[Arm]:
    of = weights or (1.0,) * len(counts)
    return [
        Arm(variant=f"v{place}", weight=weight, units=units, reached=reached)
        for place, ((units, reached), weight) in enumerate(zip(counts, of, strict=True))
    ]


def first_claim(rng: Random, rates: tuple[float, float], *, share: float = 0.5, visitors: int = VISITORS) -> int:
    """The visitor after whom a difference would have been claimed, looking after each; 0 for never."""
    needed = judged(arms((0, 0), (0, 0))).comparisons[0].needed
    units, reached = [0, 0], [0, 0]
    for visitor in range(1, visitors + 1):
        arm = int(rng.random() < share)
        units[arm] += 1
        if rng.random() < rates[arm]:
            reached[arm] += 1
            first, other = arms(*zip(units, reached, strict=True), weights=(1 - share, share))
            if evidence(first, other) >= needed:
                return visitor
    return 0


@pytest.mark.parametrize(("rate", "share"), [(0.2, 0.5), (0.6, 0.5), (0.3, 0.1)])
def test_where_nothing_differs_looking_after_every_visitor_seldom_ends_in_a_claim(rate: float, share: float) -> None:
    rng = Random(20_260_301)
    wrong = sum(bool(first_claim(rng, (rate, rate), share=share)) for _ in range(EXPERIMENTS))
    assert wrong / EXPERIMENTS <= ALPHA


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.02, 0.98))
def test_without_a_difference_the_next_success_is_expected_to_change_nothing(
    ours: int, theirs: int, share: float
) -> None:
    """The martingale that the limit of claims rests on, exactly."""

    def grown(other: int, first: int) -> float:
        """How many times as large the ratio is after that many more successes."""
        weights = (1 - share, share)
        after = evidence(*arms((0, theirs + first), (0, ours + other), weights=weights))
        return exp(after - evidence(*arms((0, theirs), (0, ours), weights=weights)))

    assert share * grown(1, 0) + (1 - share) * grown(0, 1) == pytest.approx(1, rel=1e-6)


def test_a_fixed_test_looked_at_as_often_would_claim_far_more() -> None:
    """That the simulation could fail: the usual 5 % test of the same successes, after each visitor."""
    rng = Random(20_260_301)
    wrong = 0
    for _ in range(100):
        reached = [0, 0]
        for _ in range(VISITORS):
            arm = int(rng.random() < 0.5)
            reached[arm] += rng.random() < 0.2
            total = sum(reached)
            if total > 20 and (reached[1] - total / 2) ** 2 / (total / 4) > 3.84:
                wrong += 1
                break
    assert wrong > 20


def test_where_something_differs_it_is_found() -> None:
    rng = Random(7)
    found = [first_claim(rng, (0.2, 0.32), visitors=4_000) for _ in range(60)]
    assert sum(map(bool, found)) >= 54
    assert sorted(found)[30] < 1_500


def test_the_bounds_hold_the_truth_at_every_look() -> None:
    rng = Random(11)
    true_lift, missed = 0.5, 0
    for _ in range(60):
        units, reached = [0, 0], [0, 0]
        outside = False
        for visitor in range(1, 801):
            arm = int(rng.random() < 0.5)
            units[arm] += 1
            reached[arm] += rng.random() < (0.2, 0.3)[arm]
            if visitor % 40 == 0:
                one = judged(arms(*zip(units, reached, strict=True))).comparisons[0]
                outside = outside or not one.low <= true_lift <= one.high
        missed += outside
    assert missed / 60 <= 2 * ALPHA  # of sixty, a little by chance


def test_a_claim_and_its_bounds_agree() -> None:
    better, worse = judged(arms((1_000, 200), (1_000, 290))), judged(arms((1_000, 290), (1_000, 200)))
    assert (better.comparisons[0].claim, worse.comparisons[0].claim) == ("better", "worse")
    assert better.comparisons[0].lift == pytest.approx(0.45)
    assert 0 < better.comparisons[0].low < 0.45 < better.comparisons[0].high
    assert worse.comparisons[0].high < 0
    unclear = judged(arms((1_000, 200), (1_000, 230))).comparisons[0]
    assert unclear.claim == ""
    assert unclear.low < 0 < unclear.high


def test_more_variants_need_more_evidence() -> None:
    counts = (1_000, 200), (1_000, 262)
    assert judged(arms(*counts)).comparisons[0].evidence == pytest.approx(
        judged(arms(*counts, (1_000, 200))).comparisons[0].evidence
    )
    assert judged(arms(*counts)).comparisons[0].needed < judged(arms(*counts, (1_000, 200))).comparisons[0].needed


def test_before_anything_is_reached_nothing_is_said() -> None:
    one = judged(arms((0, 0), (0, 0))).comparisons[0]
    assert (one.lift, one.low, one.high, one.claim) == (None, -1.0, inf, "")
    assert judged(arms((40, 0), (40, 3))).comparisons[0].claim == ""


def test_visitors_that_get_lost_are_noticed_and_nothing_is_claimed() -> None:
    lost = judged(arms((5_000, 1_000), (4_600, 1_400)))
    assert lost.mismatch < MISMATCH
    assert not lost.is_trustworthy
    assert lost.comparisons[0].claim == ""
    assert judged(arms((5_000, 1_000), (4_900, 1_400))).comparisons[0].claim == "better"


def test_sound_shares_seldom_alarm() -> None:
    rng = Random(3)

    def dealt() -> Verdict:
        other = sum(rng.random() < 0.25 for _ in range(1_000))
        return judged(arms((1_000 - other, 0), (other, 0), weights=(3, 1)))

    assert sum(not dealt().is_trustworthy for _ in range(300)) <= 3
    assert share_mismatch(arms((10, 1))) == share_mismatch(arms((0, 0), (0, 0))) == 1.0


@pytest.mark.parametrize(
    ("statistic", "freedom", "tail"),
    [
        (3.8415, 1, 0.05),
        (5.9915, 2, 0.05),
        (7.8147, 3, 0.05),
        (9.4877, 4, 0.05),
        (10.828, 1, 0.001),
        (20.515, 5, 0.001),
    ],
)
def test_the_chi_square_tail_is_that_of_the_tables(statistic: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(statistic, freedom) == pytest.approx(tail, rel=1e-3)
