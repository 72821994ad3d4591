"""Who does not buy, by what is meant: a message compared with what such visitors write."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from core.understanding import VisitorType
from profiles.resources import Resource
from profiles.softmax import SoftmaxRegression

_SEVERAL = 2
"""Examples of a kind whose mean closeness counts, so that one odd example decides nothing."""
_GLOSSED = 1.8
_LEAST_SHARE = 1e-9


class VisitorMeaningFile(Resource):
    """`visitor_meaning.yaml`."""

    closest: float
    ahead: float
    outweighed: float
    overruled: float
    nearness: float
    freedom: float
    rounds: int
    aloof: float
    personal: tuple[VisitorType, ...]
    doubtful: float
    own: tuple[str, ...]
    kinds: dict[VisitorType, tuple[str, ...]]
    buyer: tuple[str, ...]

    def texts(self) -> list[str]:
        """All examples: those of each kind in order, then the buyers'."""
        return [*(text for examples in self.kinds.values() for text in examples), *self.buyer]


class VisitorHead:
    """Weighs vectors of messages against the examples (of `VisitorMeaningFile.texts`). Needs numpy.

    What speaks for a kind against a buyer is how much likelier a regression over all examples takes it to be (in
    natural logarithms), and how much nearer the nearest examples are.
    """

    def __init__(self, data: VisitorMeaningFile, vectors: Sequence[array[float]]) -> None:
        import numpy as np

        self._numpy: Any = np
        self._data = data
        rows = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        groups = [*data.kinds.values(), data.buyer]
        classes = [number for number, examples in enumerate(groups) for _ in examples]
        counts = [(len(rows) / len(groups[number])) ** 0.5 for number in classes]
        middle = sum(counts) / len(counts)
        self._regression = SoftmaxRegression(
            rows, classes, [count / middle for count in counts], freedom=data.freedom, rounds=data.rounds
        )
        places = np.array(classes)
        self._groups = [rows[places == number] for number in range(len(groups))]

    def kind(
        self, vectors: Sequence[array[float]], *, glossed: bool, aloof: bool = False, doubtful: bool = False
    ) -> VisitorType | None:
        """The kind that the texts of one message show; None where they may well be a buyer's.

        It takes more to tell of texts that are `glossed` word for word, where a message is `aloof` (asks, and says
        nothing of whoever writes it; that tells no kind that is `personal`), and where it is `doubtful`: its words tell
        of a buyer's business.
        """
        ahead, near = self._ahead(vectors)
        kind = int(ahead.max(axis=0).argmax())
        least = self._data.ahead * (_GLOSSED if glossed else 1.0) * (self._data.aloof if aloof else 1.0)
        least *= self._data.doubtful if doubtful else 1.0
        clear = (ahead[:, kind] >= least) & (near[:, kind] >= self._data.closest)
        is_shown = clear.any() and float(ahead[:, kind].min()) > -self._data.outweighed
        shown = list(self._data.kinds)[kind] if is_shown else None
        return None if aloof and shown in self._data.personal else shown

    def is_buyers(self, vectors: Sequence[array[float]]) -> bool:
        """Whether each text of a message is a buyer's far rather than anybody else's."""
        return float(self._ahead(vectors)[0].max()) <= -self._data.overruled

    def _ahead(self, vectors: Sequence[array[float]]) -> tuple[Any, Any]:
        """For each text and kind: what speaks for it against a buyer, and how near its examples are."""
        np = self._numpy
        texts = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        near = np.stack([self._close(texts, rows) for rows in self._groups], axis=1)
        score = np.log(self._regression.shares(texts) + _LEAST_SHARE) + self._data.nearness * near
        return score[:, :-1] - score[:, -1:], near

    def _close(self, texts: Any, rows: Any) -> Any:
        return self._numpy.sort(texts @ rows.T, axis=1)[:, -_SEVERAL:].mean(axis=1)
