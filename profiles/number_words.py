"""Numbers said in words, put together from the words of one language after the other."""

from __future__ import annotations

import re
from functools import cached_property

from profiles.cues import Hit, longest
from profiles.resources import Resource

_JOINED = re.compile(r"\s*(?:-|and|und|y|e|et|en)?\s*")
_THOUSAND = 1000
_TENS = 10


class Compound(Resource):
    """How a language writes its numbers as one word: "fünfundzwanzig", "zweihundert", "drieduizend"."""

    ones: dict[str, float]
    links: tuple[str, ...]  # between a one and a ten
    tens: dict[str, float]
    scales: dict[str, float]

    def words(self) -> dict[str, float]:
        """Every number of two parts this language can write, with its value."""
        words = {
            f"{one}{link}{ten}": low + high
            for one, low in self.ones.items()
            for ten, high in self.tens.items()
            for link in self.links
        }
        words |= {f"{ten}{scale}": value * by for ten, value in self.tens.items() for scale, by in self.scales.items()}
        return words | {
            f"{one}{scale}": value * by for one, value in self.ones.items() for scale, by in self.scales.items()
        }


class NumberWords(Resource):
    """The part of `quantities.yaml` that names numbers. A word below one ("and a half") is added to what it follows."""

    words: dict[str, float]
    scales: dict[str, float]
    compounds: dict[str, Compound]

    @cached_property
    def values(self) -> dict[str, float]:
        """Every word but the scales."""
        found: dict[str, float] = {}
        for compound in self.compounds.values():
            found |= compound.words()
        return found | self.words


class SpokenNumber:
    """One number under composition; `take` says whether a further word belongs to it."""

    __slots__ = ("_current", "_last", "_total", "end", "start")

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self._total = self._current = 0.0
        self._last = float("inf")  # what the next word must stay below to be added

    @property
    def value(self) -> float:
        return self._total + self._current

    def take(self, hit: Hit, words: NumberWords) -> bool:
        """Adds the word and says so; False where it begins a number of its own, as in "four five six"."""
        scale = words.scales.get(hit.name)
        taken = self._add(words.values[hit.name]) if scale is None else self._multiply(scale)
        if taken:
            self.end = hit.end
        return taken

    def _add(self, value: float) -> bool:
        if value >= self._last or (value < 1 and not self.value):
            return False
        self._current += value
        self._last = 1 if value < _TENS else _TENS if value < 100 and value % _TENS == 0 else 1  # noqa: PLR2004
        if value >= 100 and value % 100 == 0:  # noqa: PLR2004  "doscientos cincuenta"
            self._last = 100
        return True

    def _multiply(self, scale: float) -> bool:
        if self._current >= scale > 1 and self._current % scale == 0:
            return False
        self._current = max(self._current, 1.0) * scale
        self._last = scale
        if scale >= _THOUSAND:  # from a thousand on, what follows is added
            self._total, self._current = self._total + self._current, 0.0
        return True


def spoken_numbers(hits: list[Hit], low: str, words: NumberWords) -> list[SpokenNumber]:
    """The numbers that the words of a text make up, in order."""
    numbers: list[SpokenNumber] = []
    for hit in longest(hits):
        last = numbers[-1] if numbers else None
        if last is None or not _JOINED.fullmatch(low, last.end, hit.start) or not last.take(hit, words):
            begun = SpokenNumber(hit.start)
            if begun.take(hit, words):
                numbers.append(begun)
    return [one for one in numbers if one.value >= 1]
