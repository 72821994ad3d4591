"""Search by words: the statements that hold what a question names, under headings that do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest
from operator import itemgetter

from core.passage import Finding
from knowledge.search.index import Entry, lead_of
from knowledge.search.language import ADDRESSED, NEED, OVERVIEW, Reading
from knowledge.search.weighing import Scales, Weighed

_KINDS = frozenset({"money", "duration", "number", "contact"})
_CANDIDATES = 9
_CANDIDATES_FOR_NEED = 14
_ENOUGH = 20  # passages found, before a common word may no longer add any
_MAX_PIECES = 24
_SENTENCES = 3
_ALSO = 0.88  # a further sentence must do this well against the best one of its passage

_UNKNOWN_IN_NEED = 0.3  # who tells of a need tells of much that no page can know
_MIN_WEIGHT = 0.8  # less than one telling word

_WRONG_KIND = 0.72  # "how much" answered without an amount
_MISSES_THE_POINT = 0.7  # the rarest word of the question is nowhere near
_HELD = 0.3
_TELLING = 0.9  # words this near the rarest one count as much
_UNDER_ITS_HEADING = 0.2
_ON_ITS_PAGE = 0.3
_HEADED = 0.8
_ABOUT_US = 1.25
_ABOUT_US_ASKED = 1.3
_ABOUT_US_FOR_NEED = 1.2
_EASIER_FOR_NEED = 0.75
_NEGATIVE_FOR_NEED = 0.75
_ANOTHERS_BILL = 0.6  # what a customer paid or saved, to somebody who did not ask about that customer
_BILL_ASKED_FOR = 1.25
_OVERVIEW_SCORE = 0.75


class WordSearch:
    """Finds what answers a question among the passages of one site, by their words."""

    def __init__(self, entries: Sequence[Entry], scales: Scales, *, threshold: float) -> None:
        self._entries = entries
        self._scales = scales
        self._threshold = threshold
        self._overview = self._find_overview()

    def find(self, reading: Reading, boosts: Mapping[str, float], *, limit: int) -> tuple[Finding, ...]:
        """Findings that answer, best first; for a question about the company as a whole, how the site introduces it."""
        weigh = self._scales.weigh
        pieces = [weigh(part) for part in reading.parts[:_MAX_PIECES]]
        need = NEED in reading.cues
        unknown = sum(piece.weight for piece in pieces if not piece.impacts) * (_UNKNOWN_IN_NEED if need else 1.0)
        telling = any(piece.impacts and not piece.faint for piece in pieces)
        if not telling:
            general = unknown < _MIN_WEIGHT and (OVERVIEW in reading.cues or (need and bool(pieces)))
            return self._overview[:limit] if general else ()
        judge = _Judge(pieces, unknown, reading.cues)
        threshold = self._threshold * (_EASIER_FOR_NEED if need else 1.0)
        found = []
        for number in self._proposed(pieces, need=need):
            entry = self._entries[number]
            ranked = judge.sentences(number, entry)
            rank, score, _ = ranked[0]
            if score >= threshold:
                rank *= (entry.need if need else entry.weight) * boosts.get(entry.path, 1.0)
                found.append((rank, score, number, ranked))
        if need and not found:
            return self._overview[:limit]
        found.sort(key=itemgetter(0), reverse=True)
        return self._findings(found, limit)

    def candidates(self, reading: Reading) -> tuple[int, ...]:
        """The passages that hold most of a question's telling words, by their number."""
        pieces = [self._scales.weigh(part) for part in reading.parts[:_MAX_PIECES]]
        return tuple(self._proposed(pieces, need=NEED in reading.cues))

    def _proposed(self, pieces: Sequence[Weighed], *, need: bool) -> list[int]:
        scores: dict[int, float] = {}
        for piece in sorted(pieces, key=_telling, reverse=True):
            impacts = piece.impacts
            if len(scores) > _ENOUGH and len(impacts) > len(scores):
                # A word that stands everywhere tells passages apart, but finds none that the rarer words did not.
                for number in scores:
                    if number in impacts:
                        scores[number] += impacts[number]
                continue
            for number, impact in impacts.items():
                scores[number] = scores.get(number, 0.0) + impact
        if need:
            for number in scores:
                scores[number] *= self._entries[number].need
        return nlargest(_CANDIDATES_FOR_NEED if need else _CANDIDATES, scores, key=scores.__getitem__)

    def _findings(
        self, found: Sequence[tuple[float, float, int, list[tuple[float, float, int]]]], limit: int
    ) -> tuple[Finding, ...]:
        """The first ones whose best sentence was not said by one before."""
        kept: dict[str, Finding] = {}
        for _, score, number, ranked in found:
            entry = self._entries[number]
            enough = ranked[0][0] * _ALSO
            texts = tuple(entry.sentences[place].text for rank, _, place in ranked[:_SENTENCES] if rank >= enough)
            if texts[0] not in kept:
                lead = lead_of(entry, entry.sentences[ranked[0][2]])
                kept[texts[0]] = Finding(passage=entry.passage, sentences=texts, score=min(score, 1.0), lead=lead)
            if len(kept) >= limit:
                break
        return tuple(kept.values())

    def _find_overview(self) -> tuple[Finding, ...]:
        """The statements with which the site introduces the company: the first ones about itself on its front page."""
        front = [entry for entry in self._entries if entry.path == "/"] or self._entries[:3]
        found: list[Finding] = []
        for entry in front:
            texts = [one.text for one in entry.sentences if one.about_us and one.quality > _HEADED]
            if texts:
                found.append(Finding(passage=entry.passage, sentences=tuple(texts[:2]), score=_OVERVIEW_SCORE))
        return tuple(found)


class _Judge:
    """Scores the sentences of one passage after another against one question."""

    __slots__ = ("_about_us", "_asked", "_holds", "_need", "_peak", "_pieces", "_points", "_total")

    def __init__(self, pieces: Sequence[Weighed], unknown: float, cues: frozenset[str]) -> None:
        addressed = ADDRESSED in cues or any(piece.company for piece in pieces)
        self._need = NEED in cues
        self._pieces = [piece for piece in pieces if piece.impacts]
        self._asked = {term for piece in self._pieces for term, _ in piece.terms}
        self._total = unknown + sum(piece.weight for piece in self._pieces)
        telling = self._pieces if self._need else pieces
        self._peak = _TELLING * max(piece.weight for piece in telling)
        self._points = sum(piece.weight >= self._peak for piece in telling)
        self._holds = next(iter(sorted(cues & _KINDS)), "")
        self._about_us = _ABOUT_US_FOR_NEED if self._need else _ABOUT_US_ASKED if addressed else _ABOUT_US

    def sentences(self, number: int, entry: Entry) -> list[tuple[float, float, int]]:
        """(rank, score, place) of every sentence, best rank first."""
        count = len(entry.sentences)
        covered = [0.0] * count
        points = [0] * count
        headed = topical = 0.0
        for piece in self._pieces:
            if number not in piece.impacts:
                continue
            weight = piece.weight
            hits = piece.hits.get(number)
            if hits is None:
                hits = piece.hits[number] = _hits(piece, entry)
            telling = weight >= self._peak
            for place in range(count):
                hit = hits[place]
                covered[place] += weight * hit
                if telling and hit >= _HELD:
                    points[place] += 1
            headed += weight * hits[-2]
            topical += weight * hits[-1]
        bonus = 1 + (_UNDER_ITS_HEADING * headed + _ON_ITS_PAGE * topical) / self._total
        ranked = [
            self._ranked(entry, place, covered[place], bonus, missed=points[place] < self._points)
            for place in range(count)
        ]
        ranked.sort(reverse=True)
        return ranked

    def _ranked(
        self, entry: Entry, place: int, covered: float, bonus: float, *, missed: bool
    ) -> tuple[float, float, int]:
        sentence = entry.sentences[place]
        score = covered / self._total
        if missed:
            score *= _MISSES_THE_POINT
        if self._holds and self._holds not in sentence.holds:
            score *= _WRONG_KIND
        rank = score * sentence.quality * bonus
        if sentence.about_us:
            rank *= self._about_us
        if sentence.billed:
            asked = not sentence.billed.isdisjoint(self._asked)
            rank *= _BILL_ASKED_FOR if asked else _ANOTHERS_BILL
            score *= 1.0 if asked else _ANOTHERS_BILL
        if self._need and sentence.negative:
            rank *= _NEGATIVE_FOR_NEED
        return rank, score, place


def _telling(piece: Weighed) -> float:
    return piece.weight


def _hits(piece: Weighed, entry: Entry) -> tuple[float, ...]:
    """How far each sentence of a passage speaks of a piece, 0 to 1; then how far its heading and its page do."""
    around = max(strength * entry.around.get(term, 0.0) for term, strength in piece.terms)
    hits = [
        max(around, *(strength if term in sentence.terms else 0.0 for term, strength in piece.terms))
        for sentence in entry.sentences
    ]
    headed = max(strength if term in entry.headed else 0.0 for term, strength in piece.terms)
    topical = max(strength if term in entry.topic else 0.0 for term, strength in piece.terms)
    return (*hits, headed, topical)
