"""A classifier of clauses for each field of labels, trained on the examples while a desk starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from core.fact import Field
from profiles.label_examples import ClassFile, Sounding

_MOMENTUM = 0.9
_STEP = 8.0
"""Of one round, over the number of texts."""


class _Classes(NamedTuple):
    """What was learned of one field: a column of weights a label, and one for "none of these"."""

    field: Field
    labels: tuple[str, ...]
    weights: Any


class LabelClasses:
    """Tells which label a clause shows by all examples at once, those of other fields and of nothing counting against.

    Needs numpy; learning takes a fraction of a second for a thousand examples. A field of one label is left out.
    """

    def __init__(self, data: ClassFile, known: Sequence[Sounding], vectors: Any) -> None:
        """`vectors` has a row for each of the soundings, then those of the sentences that show nothing."""
        import numpy as np

        self._numpy: Any = np
        self._data = data
        rows = self._with_bias(vectors)
        self._classes = [self._learned(field, known, rows) for field in self._fields(known)]

    def likely(self, texts: Any) -> Iterator[tuple[float, int, Field, str]]:
        """Probability, number of the text, field and label, of all that are believed."""
        rows = self._with_bias(texts)
        for field, labels, weights in self._classes:
            shares = self._softmax(rows @ weights)[:, :-1]
            for number, place in self._numpy.argwhere(shares >= self._data.threshold[field]).tolist():
                yield float(shares[number, place]), number, field, labels[place]

    def _fields(self, known: Sequence[Sounding]) -> list[Field]:
        labels = {(one.field, one.label) for one in known}
        return [field for field in self._data.threshold if sum(one is field for one, _ in labels) > 1]

    def _learned(self, field: Field, known: Sequence[Sounding], rows: Any) -> _Classes:
        labels = tuple(dict.fromkeys(one.label for one in known if one.field is field))
        places = [labels.index(one.label) if one.field is field else len(labels) for one in known]
        places += [len(labels)] * (len(rows) - len(known))
        counts = [1.0 if one.field is field else self._data.others for one in known] + [1.0] * (len(rows) - len(known))
        return _Classes(field, labels, self._descend(rows, places, counts, len(labels) + 1))

    def _descend(self, rows: Any, places: list[int], counts: list[float], size: int) -> Any:
        """Weights of a softmax regression, by Nesterov's method."""
        np, data = self._numpy, self._data
        wanted, counting = np.eye(size, dtype=np.float32)[places], np.array(counts, np.float32)[:, None]
        weights = np.zeros((rows.shape[1], size), np.float32)
        speed = weights.copy()
        for _ in range(data.rounds):
            ahead = weights + _MOMENTUM * speed
            slope = rows.T @ ((self._softmax(rows @ ahead) - wanted) * counting) + ahead / data.freedom
            speed = _MOMENTUM * speed - _STEP / len(rows) * slope
            weights = weights + speed
        return weights

    def _softmax(self, logits: Any) -> Any:
        powers = self._numpy.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def _with_bias(self, vectors: Any) -> Any:
        return self._numpy.hstack([vectors, self._numpy.ones((len(vectors), 1), self._numpy.float32)])
