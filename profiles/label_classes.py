"""A classifier of clauses for each field of labels, trained on the examples while a desk starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from core.fact import Field
from profiles.label_examples import ClassFile, Sounding
from profiles.softmax import SoftmaxRegression


class _Classes(NamedTuple):
    """What was learned of one field: a class for each label, and one for "none of these"."""

    field: Field
    labels: tuple[str, ...]
    learned: SoftmaxRegression


class LabelClasses:
    """Tells which label a clause shows by all examples at once, those of other fields and of nothing counting against.

    Needs numpy; learning takes a fraction of a second for a thousand examples. A field of one label is left out.
    """

    def __init__(self, data: ClassFile, known: Sequence[Sounding], vectors: Any) -> None:
        """`vectors` has a row for each of the soundings, then those of the sentences that show nothing."""
        import numpy as np

        self._numpy: Any = np
        self._data = data
        self._classes = [self._learned(field, known, vectors) for field in self._fields(known)]

    def likely(self, texts: Any) -> Iterator[tuple[float, int, Field, str]]:
        """Probability, number of the text, field and label, of all that are believed."""
        for field, labels, learned in self._classes:
            shares = learned.shares(texts)[:, :-1]
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
        learned = SoftmaxRegression(rows, places, counts, freedom=self._data.freedom, rounds=self._data.rounds)
        return _Classes(field, labels, learned)
