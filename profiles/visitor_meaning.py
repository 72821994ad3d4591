"""Who does not buy, by what is meant: a message compared with what such visitors write."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from core.understanding import VisitorType
from profiles.resources import Resource

_SEVERAL = 2
"""Examples of a kind whose mean closeness counts, so that one odd example decides nothing."""


class VisitorMeaningFile(Resource):
    """`visitor_meaning.yaml`."""

    closest: float
    ahead: float
    aloof: float
    own: tuple[str, ...]
    kinds: dict[VisitorType, tuple[str, ...]]
    buyer: tuple[str, ...]

    def texts(self) -> list[str]:
        """All examples: those of each kind in order, then the buyers'."""
        return [*(text for examples in self.kinds.values() for text in examples), *self.buyer]


class VisitorHead:
    """Compares vectors of messages with those of the examples (of `VisitorMeaningFile.texts`). Needs numpy."""

    def __init__(self, data: VisitorMeaningFile, vectors: Sequence[array[float]]) -> None:
        import numpy as np

        self._numpy: Any = np
        self._data = data
        rows = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        self._rows: dict[VisitorType, Any] = {}
        for kind, examples in data.kinds.items():
            self._rows[kind], rows = rows[: len(examples)], rows[len(examples) :]
        self._buyer = rows

    def kind(self, vectors: Sequence[array[float]], *, aloof: bool = False) -> VisitorType | None:
        """The kind that the texts of one message show; None where they may well be a buyer's.

        `aloof`: the message asks, and says nothing of whoever writes it; then it has to be much closer.
        """
        np = self._numpy
        ahead = self._data.ahead * (self._data.aloof if aloof else 1.0)
        texts = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        buyer = self._close(texts, self._buyer)
        shares = {kind: self._close(texts, rows) for kind, rows in self._rows.items()}
        kind = max(shares, key=lambda one: float((shares[one] - buyer).max()))
        clear = (shares[kind] - buyer >= ahead) & (shares[kind] >= self._data.closest)
        return kind if clear.any() and float((buyer - shares[kind]).max()) < ahead else None

    def _close(self, texts: Any, rows: Any) -> Any:
        return self._numpy.sort(texts @ rows.T, axis=1)[:, -_SEVERAL:].mean(axis=1)
