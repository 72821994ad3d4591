"""Which topic a question means, whatever its wording: compared with how buyers put the questions of `topics.yaml`.

Needs numpy, so it is imported where an embedder is at hand.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import yaml
from pydantic import TypeAdapter

from knowledge.search.topics import Topic

OTHER = "other"
"""The key of questions that belong to no topic."""
MEANT = 0.5
"""Closeness (cosine) from which a question means a topic."""
AHEAD = 0.05
"""By how much closer it must be to that topic than to any other."""
CLEAR = 0.78
"""Both together, from which there is hardly a doubt."""
_SEVERAL = 2
"""Examples whose mean closeness counts, so that no odd one decides alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The topic that a question means; `clearly`: hardly any other."""

    topic: Topic
    clearly: bool


class TopicMeaning:
    """Compares questions with the examples of topics. Holds data only."""

    def __init__(self, topics: Sequence[Topic], vectors: Mapping[str, array[float]]) -> None:
        examples = topic_examples()
        groups = [*((one.question, *examples[one.question]) for one in topics), examples[OTHER]]
        self._topics = tuple(topics)
        self._rows = np.stack([np.frombuffer(vectors[text], dtype=np.float32) for group in groups for text in group])
        self._ends = np.cumsum([len(group) for group in groups])[:-1]

    def of(self, question: array[float]) -> Meant | None:
        """What the question of this vector means; None where that is no topic, or not to be told."""
        near = self._rows @ np.frombuffer(question, dtype=np.float32)
        close = [float(np.sort(part)[-_SEVERAL:].mean()) for part in np.split(near, self._ends)]
        second, first = np.argsort(close)[-2:].tolist()
        ahead = close[first] - close[second]
        if first == len(self._topics) or close[first] < MEANT or ahead < AHEAD:
            return None
        return Meant(topic=self._topics[first], clearly=close[first] + ahead >= CLEAR)


def example_texts() -> list[str]:
    """Every text that `TopicMeaning` needs a vector of."""
    examples = topic_examples()
    return [*(key for key in examples if key != OTHER), *(text for group in examples.values() for text in group)]


@cache
def topic_examples() -> Mapping[str, tuple[str, ...]]:
    """The shipped examples by the question of their topic. A fault in them is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/topic_examples.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(yaml.safe_load(text))
