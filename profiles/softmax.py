"""Softmax regression over vectors of texts, learned while a desk starts. Needs numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_MOMENTUM = 0.9
_STEP = 8.0
"""Of one round, over the number of texts."""


class SoftmaxRegression:
    """Tells classes apart by all examples at once. Learning takes a fraction of a second for a thousand of them."""

    def __init__(
        self, vectors: Any, classes: Sequence[int], counts: Sequence[float], *, freedom: float, rounds: int
    ) -> None:
        """`classes` and `counts` (how much an example weighs) have an entry for each row of `vectors`.

        `freedom` is the variance of the prior of the weights: the larger, the closer the fit.
        """
        import numpy as np

        self._numpy: Any = np
        rows = self._with_bias(vectors)
        wanted = np.eye(max(classes) + 1, dtype=np.float32)[list(classes)]
        self._weights = self._descend(rows, wanted, np.array(counts, np.float32)[:, None], freedom, rounds)

    def shares(self, vectors: Any) -> Any:
        """A row of probabilities for each vector, one a class."""
        return self._softmax(self._with_bias(vectors) @ self._weights)

    def _descend(self, rows: Any, wanted: Any, counting: Any, freedom: float, rounds: int) -> Any:
        """Weights by Nesterov's method."""
        weights = self._numpy.zeros((rows.shape[1], wanted.shape[1]), self._numpy.float32)
        speed = weights.copy()
        for _ in range(rounds):
            ahead = weights + _MOMENTUM * speed
            slope = rows.T @ ((self._softmax(rows @ ahead) - wanted) * counting) + ahead / freedom
            speed = _MOMENTUM * speed - _STEP / len(rows) * slope
            weights = weights + speed
        return weights

    def _softmax(self, logits: Any) -> Any:
        powers = self._numpy.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def _with_bias(self, vectors: Any) -> Any:
        return self._numpy.hstack([vectors, self._numpy.ones((len(vectors), 1), self._numpy.float32)])
