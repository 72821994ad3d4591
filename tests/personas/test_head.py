from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.head import fit, scores, softmax


def test_a_head_tells_groups_apart() -> None:
    rng = np.random.default_rng(3)
    centres = np.eye(8)[:3]
    vectors = np.repeat(centres, 12, axis=0) + rng.normal(0, 0.1, (36, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.repeat(np.eye(3), 12, axis=0)
    head = fit(vectors, labels, np.ones(36))
    for number, centre in enumerate(centres):
        found = scores(centre, head)
        assert found.argmax() == number
        assert found.mean() == pytest.approx(0)


def test_weights_decide_between_contradictions() -> None:
    vectors = np.array([[1.0, 0.0], [1.0, 0.0]])
    head = fit(vectors, np.eye(2), np.array([0.2, 0.8]))
    assert softmax(scores(vectors[0], head))[1] > 0.6


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 1_000))
def test_any_examples_give_finite_weights(count: int, dimension: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.eye(3)[rng.integers(0, 3, count)]
    head = fit(rng.normal(0, 1, (count, dimension)), labels, rng.uniform(0.1, 1, count))
    assert head.shape == (dimension + 1, 3)
    assert np.isfinite(head).all()
