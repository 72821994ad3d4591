"""Questions that only one kind of statement can answer: who somebody is, where an office stands, what a number is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.passage import Finding
from knowledge.search.index import Entry
from knowledge.search.lexicon import StrictKind

_IDENTIFIER = re.compile(r"\d[\d ./-]{3,}\d")
"""At least five figures in a row, as in a number under which something is registered or reached."""


class Strict:
    """Tells which questions want a name, a place or a number, and whether statements tell one."""

    def __init__(self, kinds: Iterable[StrictKind]) -> None:
        self._kinds = [(re.compile("|".join(kind.asks), re.IGNORECASE), kind.holds) for kind in kinds]

    def misses(self, question: str, finding: Finding, entry: Entry) -> bool:
        """Whether a question wants what the statements that would be told do not tell."""
        wanted = {holds for asks, holds in self._kinds if asks.search(question)}
        return any(not self._tells(finding.sentences[:2], entry, one) for one in wanted)

    def _tells(self, sentences: Sequence[str], entry: Entry, holds: str) -> bool:
        if holds == "identifier":
            return any(_IDENTIFIER.search(one) for one in sentences)
        return any(holds in one.holds for one in entry.sentences if one.text in sentences)
