"""A small linear head over embeddings, fitted to a few dozen examples in a fraction of a second. Needs numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Matrix: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

SCALE = 10.0
"""Unit vectors are drawn apart by this, so that `SHRINKAGE` weighs on them as it does on ordinary features."""
SHRINKAGE = 10.0
"""With few examples of many dimensions, strong: the head shall turn the space, not learn its examples by heart."""
STEPS = 200


def fit(vectors: Matrix, labels: Matrix, weights: Matrix) -> Matrix:
    """Weights of a multinomial logistic regression, one column a label, the last row the intercepts.

    `vectors` is (examples, dimension), `labels` (examples, labels) with a 1 in each row, `weights` (examples,).
    Solved by accelerated gradient descent (Nesterov) with the step its smoothness allows, so it never diverges.
    """
    import numpy as np

    count = len(vectors)
    inputs = np.hstack([vectors * SCALE, np.ones((count, 1))])
    weighed = (weights / weights.sum())[:, None]
    shrinkage = np.full((inputs.shape[1], 1), SHRINKAGE / count)
    shrinkage[-1] = 0.0
    # trace of the weighted covariance: an upper bound of its largest eigenvalue
    step = 1.0 / (0.5 * float((weighed * inputs**2).sum()) + SHRINKAGE / count)
    best = np.zeros((inputs.shape[1], labels.shape[1]))
    ahead = best
    for number in range(STEPS):
        gradient = inputs.T @ ((softmax(inputs @ ahead) - labels) * weighed) + shrinkage * ahead
        moved = ahead - step * gradient
        ahead = moved + number / (number + 3) * (moved - best)
        best = moved
    return best


def scores(vector: Matrix, head: Matrix) -> Matrix:
    """The logit of each label, with a mean of 0."""
    raw = vector @ head[:-1] * SCALE + head[-1]
    centred: Matrix = raw - raw.mean()
    return centred


def softmax(logits: Matrix) -> Matrix:
    """Probabilities along the last axis."""
    import numpy as np

    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=-1, keepdims=True)
    return shares
