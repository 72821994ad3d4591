"""What a visitor's words mean for each persona: closeness to the personas' own texts, and a linear head over them."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from core.errors import ModelError
from core.persona import Persona
from core.ports import Embedder
from knowledge.search.vectors import vectors_of
from personas.examples import Example, examples_of, nobody
from personas.head import Matrix, fit, scores
from personas.trades import trades_of

_KEEN = 0.08
"""Cosine by which a message must be ahead of another to count 2.7 times as much."""
_CLOSEST = 3
"""Examples that decide how close a text is to a persona."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a text compares: one number a persona and, last, one for nobody.

    `closeness` are cosines (the mean of the closest examples), `head` logits with a mean of 0, `closest` the example
    of each persona that is closest.
    """

    closeness: tuple[float, ...]
    head: tuple[float, ...]
    closest: tuple[str, ...]


class Meaning:
    """The personas' examples as vectors. Needs numpy; about 40 microseconds a comparison."""

    def __init__(self, examples: Sequence[Example], vectors: Sequence[array[float]], personas: int) -> None:
        import numpy as np

        self._numpy: Any = np
        self._texts = [example.text for example in examples]
        groups = [personas if example.persona is None else example.persona for example in examples]
        self._rows = np.array([np.frombuffer(vector, np.float32) for vector in vectors], np.float64)
        self._groups = [np.flatnonzero(np.array(groups) == number) for number in range(personas + 1)]
        labels = np.eye(personas + 1)[groups]
        self._head = fit(self._rows, labels, np.array([example.weight for example in examples]))

    def likeness(self, vectors: Sequence[array[float]], weights: Sequence[float]) -> Likeness:
        """Compare what several messages say together; one that weighs more counts more."""
        text = self._together(vectors, weights)
        cosines = self._rows @ text
        closest = [group[cosines[group].argmax()] if len(group) else -1 for group in self._groups]
        return Likeness(
            closeness=tuple(self._closeness(cosines[group]) for group in self._groups),
            head=tuple(scores(text, self._head).tolist()),
            closest=tuple(self._texts[place] if place >= 0 else "" for place in closest),
        )

    def emphasis(self, vector: array[float]) -> float:
        """How much one message counts beside others: more, the more it sounds like a persona rather than nobody."""
        cosines = self._rows @ self._numpy.frombuffer(vector, self._numpy.float32).astype(self._numpy.float64)
        *personas, nobody = (self._closeness(cosines[group]) for group in self._groups)
        return exp((max(personas, default=0.0) - nobody) / _KEEN)

    def _together(self, vectors: Sequence[array[float]], weights: Sequence[float]) -> Matrix:
        numpy = self._numpy
        rows = numpy.array([numpy.frombuffer(vector, numpy.float32) for vector in vectors], numpy.float64)
        mean = numpy.array(weights) @ rows
        together: Matrix = mean / max(float(numpy.linalg.norm(mean)), 1e-9)
        return together

    def _closeness(self, cosines: Matrix) -> float:
        if not len(cosines):
            return 0.0
        some = min(_CLOSEST, len(cosines))
        return float(self._numpy.partition(cosines, len(cosines) - some)[-some:].mean())


async def learn_meaning(personas: Sequence[Persona], embedder: Embedder, cache: Path | None) -> Meaning:
    """Embed what the file `cache` does not hold yet, and fit the head in a thread.

    Raises `ModelError` and what else the embedder raises.
    """
    examples = examples_of(personas, nobody(), trades_of(personas))
    vectors = await vectors_of([example.text for example in examples], embedder, cache)
    if len({len(vector) for vector in vectors.values()}) > 1:
        raise ModelError("the embedding model's vectors are not of one length")
    rows = [vectors[example.text] for example in examples]
    return await asyncio.to_thread(Meaning, examples, rows, len(personas))
