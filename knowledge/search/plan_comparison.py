"""Two plans side by side: the rows of a table in which they differ, or what the site says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from core.passage import CELL, Finding
from knowledge.search.index import Entry
from knowledge.search.price_sums import PRICING_PATH, rows
from knowledge.words import Stemmer, words_of

_COMPARES = re.compile(
    r"\b(?:differ\w*|versus|vs|compar\w*|rather than"
    r"|instead of|against|stacks? up|worth|better|step up|upgrade|between|over"
    r"|extra|more for|lacks?|has\W?n.t|without|does\W?n.t have|what do (?:i|we) get|which (?:one|of)|or"
    r"|unterschied\w*|oder|besser|lohnt|différence|ou|mieux|diferencia|mejor|diferença|melhor|verschil|of|beter)\b|違い|どちら",
    re.IGNORECASE,
)
_TOLD = 3
_EACH = 2
_SURE = 0.95
_FEWEST_WORDS = 3


class PlanComparison:
    """Answers what sets plans apart. `names` are those of the plans with a price, as stems."""

    def __init__(self, entries: Sequence[Entry], names: frozenset[tuple[str, ...]], stemmer: Stemmer) -> None:
        self._stem = stemmer.stem
        self._tables = [(entry, columns) for entry in entries if (columns := _columns(entry))]
        self._told = [entry for entry in entries if PRICING_PATH.search(entry.path)]
        beside = {
            self._key(one)
            for entry, columns in self._tables
            if PRICING_PATH.search(entry.path) and any(self._key(one) in names for one in columns)
            for one in columns
        }
        self._names = frozenset(name for name in names | beside if name)

    def find(self, question: str) -> tuple[Finding, ...]:
        """What sets apart the two plans that a question names; () where it names none, or compares nothing."""
        plans = self._named(question)
        if len(plans) != _EACH or not _COMPARES.search(question):
            return ()
        tables = (found for entry, columns in self._tables if (found := self._rows(entry, columns, plans)))
        return next(((one,) for one in tables), None) or self._statements(plans)

    def _named(self, question: str) -> list[tuple[str, ...]]:
        stems = [self._stem(word) for word in words_of(question)]
        found = [(stems.index(name[0]), name) for name in self._names if set(name) <= set(stems)]
        return [name for _, name in sorted(found)]

    def _rows(self, entry: Entry, columns: Sequence[str], plans: Sequence[tuple[str, ...]]) -> Finding | None:
        heads = [head for plan in plans for head in columns if self._key(head) == plan]
        if len(heads) != len(plans):
            return None
        texts: dict[str, str] = {}  # by the first word of what a row is about: one price says enough
        for line, cells in _lines(entry):
            told = [cells.get(head, "") for head in heads]
            if all(told) and len(set(told)) > 1:
                texts.setdefault(line.split(maxsplit=1)[0], line)
        best = tuple(texts.values())[:_TOLD]
        return Finding(passage=entry.passage, sentences=best, score=_SURE, columns=tuple(heads)) if best else None

    def _statements(self, plans: Sequence[tuple[str, ...]]) -> tuple[Finding, ...]:
        found = [self._of(plan) for plan in plans]
        return tuple(one for one in found if one) if all(found) else ()

    def _of(self, plan: tuple[str, ...]) -> Finding | None:
        """What stands under the name of a plan."""
        for entry in self._told:
            texts = [one.text for one in entry.sentences if one.stated and len(one.text.split()) >= _FEWEST_WORDS]
            if self._key(entry.heading) == plan and texts:
                said = tuple(texts[:_EACH])
                return Finding(passage=entry.passage, sentences=said, score=_SURE, lead=entry.heading, together=True)
        return None

    def _key(self, name: str) -> tuple[str, ...]:
        return tuple(self._stem(word) for word in words_of(name) if word not in {"plan", "the"})


def _columns(entry: Entry) -> tuple[str, ...]:
    head = next((line for line in entry.passage.text.split("\n") if line.endswith(CELL)), "")
    return tuple(one for one in head.removesuffix(CELL).split(CELL)[1:] if one)


def _lines(entry: Entry) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The rows of a passage as they stand there, with their cells."""
    texts = (line for line in entry.passage.text.split("\n") if CELL in line and not line.endswith(CELL))
    yield from zip(texts, rows(entry.passage.text), strict=False)
