"""What lies near a question in meaning: vectors of a site's statements, passages, headings and words.

The only file of search that needs numpy; it is imported where an embedder is at hand.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.search.index import Entry

Floats = NDArray[np.float32]

_CANDIDATES = 12
_LIKE = 6
"""Words of the site that stand in for one of the question."""
_FAR, _SPAN = 3.5, 3.5
"""A word is like another from so many deviations above the average on, and the same after as many more."""
_UNIT = 8.0
"""Deviations are divided by this, which brings them to the size of cosines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near a question every statement, passage and heading lies, in deviations above the site's average / 8.

    `starts` are the places of each passage's first statement. A site's own average makes models comparable.
    """

    statements: Floats
    headed: Floats  # statements behind the heading they stand under
    passages: Floats
    headings: Floats
    candidates: tuple[int, ...]  # passages, nearest first
    starts: Sequence[int]


class Meaning:
    """The vectors of one index. Asks for nothing and stores nothing; sizes are those of the index."""

    def __init__(self, entries: Sequence[Entry], words: Mapping[str, str], vectors: Mapping[str, array[float]]) -> None:
        counts = [len(entry.sentences) for entry in entries]
        self._starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64) if counts else np.zeros(0, int)
        self._place = self._starts.tolist()
        self._statements = _matrix([one.text for entry in entries for one in entry.sentences], vectors)
        self._headed = _matrix([headed_text(entry, one.text) for entry in entries for one in entry.sentences], vectors)
        self._passages = _matrix([passage_text(entry) for entry in entries], vectors)
        headings = dict.fromkeys(entry.heading for entry in entries)
        places = {heading: place for place, heading in enumerate(headings)}
        self._headings = _matrix(list(headings), vectors)
        self._heading_of = np.array([places[entry.heading] for entry in entries], dtype=np.int64)
        self._stems = tuple(words)
        self._words = _matrix(list(words.values()), vectors)

    def near(self, question: array[float]) -> Nearness:
        """The nearness of everything to a question."""
        vector = np.frombuffer(question, dtype=np.float32)
        statements = _deviations(self._statements @ vector)
        passages = _deviations(self._passages @ vector)
        best = np.maximum.reduceat(statements, self._starts) + passages
        count = min(_CANDIDATES, len(best))
        first = np.argpartition(-best, count - 1)[:count]
        return Nearness(
            statements=statements,
            headed=_deviations(self._headed @ vector),
            passages=passages,
            headings=_deviations((self._headings @ vector)[self._heading_of]),
            candidates=tuple(int(number) for number in first[np.argsort(-best[first])]),
            starts=self._place,
        )

    def like(self, word: array[float]) -> tuple[tuple[str, float], ...]:
        """The site's stems that mean nearly the same as a word, and how nearly, 0 to 1."""
        if not len(self._stems):
            return ()
        near = self._words @ np.frombuffer(word, dtype=np.float32)
        strengths = ((near - near.mean()) / (near.std() + 1e-6) - _FAR) / _SPAN
        count = min(_LIKE, len(strengths))
        first = np.argpartition(-strengths, count - 1)[:count]
        return tuple((self._stems[one], min(float(strengths[one]), 1.0)) for one in first if strengths[one] > 0)


def passage_text(entry: Entry) -> str:
    """What stands for a passage as a whole."""
    return f"{entry.heading}: {entry.passage.text}"


def headed_text(entry: Entry, statement: str) -> str:
    """What stands for a statement where it stands: "Fifty." says nothing without the question above it."""
    return f"{entry.heading}: {statement}"


def texts_of(entries: Sequence[Entry], words: Mapping[str, str]) -> list[str]:
    """Every text of an index that needs a vector."""
    texts = [one.text for entry in entries for one in entry.sentences]
    texts += [headed_text(entry, one.text) for entry in entries for one in entry.sentences]
    texts += [passage_text(entry) for entry in entries]
    texts += [entry.heading for entry in entries]
    return [*texts, *words.values()]


def _matrix(texts: Sequence[str], vectors: Mapping[str, array[float]]) -> Floats:
    if not texts:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([np.frombuffer(vectors[text], dtype=np.float32) for text in texts])


def _deviations(near: Floats) -> Floats:
    spread = float(near.std()) + 1e-6
    return np.asarray((near - near.mean()) / (spread * _UNIT), dtype=np.float32)
