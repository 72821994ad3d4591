"""Words and short phrases that set one kind of customer apart from the others of a site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log

from personas.compiler.material import Line, Material
from personas.compiler.naming import Token, tokens_of
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.words import Words

_LONGEST = 3
_SHORTEST_WORD = 3
_MOST_LINES = 200
_SHARED = 0.5
"""A term in the texts of more than this share of the personas says nothing."""
_REPEATED = 1.5
_IN_HEADING = 1.9
_IN_PAIN = 1.5


class Terms:
    """Weighs terms over all personas of a site; one persona's terms are those few others share."""

    def __init__(self, words: Words, phrases: Phrasebook, own_names: frozenset[str], everyday: frozenset[str]) -> None:
        self._silent = (
            words.stops | words.joins | words.determiners | words.own | words.yours | words.links | words.empty
        )
        self._common = phrases.common
        self._openers = (
            words.determiners | words.own | words.yours | words.links | phrases.prepositions | phrases.openers
        )
        self._objects = words.determiners | words.own | words.yours
        self._everyday = everyday
        self._phrases = phrases
        self._own_names = own_names

    def of_all(self, materials: Sequence[Material]) -> tuple[tuple[str, ...], ...]:
        """The terms of every persona, most telling first."""
        counts = [self._counts(material) for material in materials]
        spread = Counter(term for one in counts for term in one)
        return tuple(tuple(self._ranked(one, spread, len(materials))) for one in counts)

    def _ranked(self, counts: dict[str, float], spread: Counter[str], total: int) -> Iterator[str]:
        def weight(term: str) -> float:
            return (
                counts[term]
                * log(1 + total / spread[term])
                * (1.0 + 0.4 * term.count(" "))
                * (_REPEATED if counts[term] > 1 else 1.0)
            )

        shared = max(1, int(_SHARED * total))
        ranked = sorted(counts, key=lambda term: (-round(weight(term), 6), term))
        taken: list[str] = []
        for term in ranked:
            if spread[term] > shared or counts[term] < self._least(term):
                continue
            if any(f" {term} " in f" {other} " or f" {other} " in f" {term} " for other in taken):
                continue
            taken.append(term)
            yield term

    def _least(self, term: str) -> float:
        return 1.0 if term.count(" ") == 1 else 2.0

    def _counts(self, material: Material) -> dict[str, float]:
        counts: dict[str, float] = {}
        for line in material.lines[:_MOST_LINES]:
            weight = self._line_weight(line)
            for term in dict.fromkeys(self._terms(tokens_of(line.text))):
                counts[term] = counts.get(term, 0.0) + weight
        return counts

    def _line_weight(self, line: Line) -> float:
        if line.level > 1:
            return _IN_HEADING
        return _IN_PAIN if line.headings and self._phrases.says("pain_headings", line.headings[-1]) else 1.0

    def _terms(self, tokens: Sequence[Token]) -> Iterator[str]:
        for start, end in self._runs(tokens):
            for place in range(start, end):
                if tokens[place].lower not in self._common and self._may_stand(tokens, place):
                    yield _text(tokens[place : place + 1])
            run = tokens[start:end]
            if 1 < len(run) <= _LONGEST and self._is_phrase(tokens, start, end):
                yield _text(run)

    def _may_stand(self, tokens: Sequence[Token], place: int) -> bool:
        """A name in running text counts in a row with others, as tools stand; anywhere else it is a customer's."""
        if not tokens[place].spelled or not tokens[place].text.istitle():
            return True
        around = [tokens[one] for one in (place - 2, place + 2) if 0 <= one < len(tokens)]
        beside = [tokens[one] for one in (place - 1, place + 1) if 0 <= one < len(tokens)]
        return any(token.text == "," for token in beside) and any(token.spelled for token in around)

    def _is_phrase(self, tokens: Sequence[Token], start: int, end: int) -> bool:
        """Words that stand alone between an article or a preposition and the next of those: no verb is among them."""
        run = tokens[start:end]
        if any(token.lower in self._common for token in (run[0], run[-1])) or any(token.spelled for token in run):
            return False
        if any(token.lower.endswith("ly") for token in run):
            return False
        if start == 0:
            return end == len(tokens)
        following = tokens[end] if end < len(tokens) else None
        if following is not None and (following.text[0].isdigit() or following.lower in self._objects):
            return False  # what takes an object is a verb
        return tokens[start - 1].lower in self._openers

    def _runs(self, tokens: Sequence[Token]) -> Iterable[tuple[int, int]]:
        start = None
        for place, token in enumerate(tokens):
            if self._tells(token):
                start = place if start is None else start
            elif start is not None:
                yield start, place
                start = None
        if start is not None:
            yield start, len(tokens)

    def _tells(self, token: Token) -> bool:
        if not token.is_word or token.text[0].isdigit() or token.lower in self._silent:
            return False
        plain = token.lower
        if plain.endswith("'s") or (token.text.istitle() and not token.spelled and plain not in self._everyday):
            return False
        return plain not in self._own_names and len(plain) >= _SHORTEST_WORD


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text if token.spelled else token.lower for token in tokens)
