"""The parts of a question on the scales of one site: how telling each is, and which passages speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.search.index import Entry, postings_of, rarity
from knowledge.search.language import Language

_CACHED_PIECES = 4_096
_FAINT = 0.15  # weight of a word that says little, against any other
_FAINT_KNOWN = 0.22  # ... where the site uses it
_WEIGHT_FLOOR = 0.9  # on a small site every word is common
_WEIGHT_CAP = 4.0  # a word that stands once is not worth twice one that stands five times
_UNKNOWN_MODIFIER = 0.3
_ALIKE = 0.5
"""How much a word must be like one of the site to stand for the same thing."""
_LIGHT = 0.6
_UNKNOWN_LIGHT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A part of a question: its weight, what it adds to passages, and (filled on use) to each of their sentences."""

    part: str
    terms: tuple[tuple[str, float], ...]
    weight: float
    faint: bool
    company: bool
    modifier: bool
    impacts: Mapping[int, float]
    hits: dict[int, tuple[float, ...]]


class Scales:
    """Weighs parts of questions against the passages of one site."""

    def __init__(self, entries: Sequence[Entry], language: Language, company: frozenset[str]) -> None:
        self._language = language
        self._company = company
        self._count = len(entries)
        self._postings = postings_of(entries, language)
        self.weigh = lru_cache(_CACHED_PIECES)(self._weigh)

    def _weigh(self, part: str) -> Weighed:
        piece = self._language.piece(part)
        impacts = self._impacts(piece.terms)
        weight = min(max(rarity(len(impacts), self._count), _WEIGHT_FLOOR), _WEIGHT_CAP)
        company = any(term in self._company for term, _ in piece.terms)
        faint = piece.faint or company
        if faint:
            weight *= _FAINT_KNOWN if impacts else _FAINT
        elif piece.modifier and not impacts:
            weight *= _UNKNOWN_MODIFIER
        return Weighed(
            part=part,
            terms=piece.terms,
            weight=weight,
            faint=faint,
            company=company,
            modifier=piece.modifier,
            impacts={number: weight * impact for number, impact in impacts.items()},
            hits={},
        )

    def likened(self, weighed: Weighed, like: Sequence[tuple[str, float]]) -> Weighed:
        """The same part with terms that mean nearly the same standing in, each with its strength."""
        own = {term for term, _ in weighed.terms}
        terms = weighed.terms + tuple((term, strength) for term, strength in like if term not in own)
        light = not weighed.faint and self._language.is_light(weighed.part)
        weight = weighed.weight * ((_LIGHT if weighed.impacts else _UNKNOWN_LIGHT) if light else 1.0)
        impacts = {number: weight * impact for number, impact in self._impacts(terms).items()}
        return replace(weighed, terms=terms, weight=weight, impacts=impacts, hits={})

    def is_vital(self, weighed: Weighed) -> bool:
        """Whether a part names a thing that neither it nor a like word names anywhere on the site."""
        little = weighed.faint or weighed.company or weighed.modifier
        known = any(strength >= _ALIKE and term in self._postings for term, strength in weighed.terms)
        return not (known or little or self._language.is_light(weighed.part))

    def is_light(self, weighed: Weighed) -> bool:
        """Whether a part is an ordinary verb or adjective, or says how rather than what."""
        return weighed.modifier or self._language.is_light(weighed.part)

    def _impacts(self, terms: Sequence[tuple[str, float]]) -> dict[int, float]:
        impacts: dict[int, float] = {}
        for term, strength in terms:
            for number, impact in self._postings.get(term, {}).items():
                impacts[number] = max(impacts.get(number, 0.0), strength * impact)
        return impacts
