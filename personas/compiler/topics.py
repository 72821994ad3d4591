"""Noun phrases of a site that can stand alone: as a button, as an option, in a question. English, without a tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from personas.compiler.material import Line, Material
from personas.compiler.naming import Token, tokens_of
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.reading import PageReading
from personas.compiler.words import Sort, Words

_LONGEST = 3
_OFTEN = 2
_SHORTEST_WORD = 3
_SHARED = 0.5
"""A topic of more than this share of the personas is nobody's own."""
_MOST_TOPICS = 8
_IN_HEADING = 2
_ENDS = frozenset('.,;:!?)…–—"”')
_BEFORE_VERBS = frozenset(
    {"to", "can", "cannot", "will", "would", "must", "may", "might", "should", "could"}
    | {"not", "they", "you", "we", "who", "i", "he", "she"}
)
_AFTER_NOUNS = frozenset({"is", "are", "was", "were", "has", "have", "had", "can", "cannot", "will", "must", "may"})
_OF_VERBS = ("ed", "ly")


class Topics:
    """Knows the site's noun phrases: those that end where nouns end, and more than once."""

    def __init__(self, readings: Sequence[PageReading], words: Words, phrases: Phrasebook, own: frozenset[str]) -> None:
        self._words = words
        self._common = phrases.common
        self._own = own
        self._before = words.determiners | words.own | words.yours | phrases.openers | phrases.prepositions
        self._articles = words.determiners | words.own | words.yours
        self._silent = (
            words.stops | words.joins | words.links | words.empty | self._before | phrases.asking_words | _BEFORE_VERBS
        )
        self._verbs: set[str] = set()
        self._nouns: set[str] = set()
        self._seen: Counter[str] = Counter()
        self._clean: Counter[str] = Counter()
        self._whole: set[str] = set()
        for reading in readings:
            for text in dict.fromkeys(block.text for block in reading.page.blocks if block.text):
                self._learn(tokens_of(text))

    def of_all(self, materials: Sequence[Material]) -> tuple[tuple[str, ...], ...]:
        """The topics of each persona, in lower case but for abbreviations, most telling first; few or none."""
        counts = [self._counts(material.own_lines or material.lines) for material in materials]
        spread = Counter(topic for one in counts for topic in one)
        shared = max(1, int(_SHARED * len(materials)))
        return tuple(tuple(self._ranked(one, spread, shared))[:_MOST_TOPICS] for one in counts)

    def _ranked(self, counts: Counter[str], spread: Counter[str], shared: int) -> Iterator[str]:
        def rank(topic: str) -> tuple[float, str]:
            return -round(counts[topic] * log(1 + (shared + 1) / spread[topic]), 6), topic

        taken: set[str] = set()
        for topic in sorted(counts, key=rank):
            said = set(topic.casefold().split())
            if spread[topic] <= shared and taken.isdisjoint(said):
                taken |= said
                yield topic

    def _counts(self, lines: Sequence[Line]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for line in lines:
            for topic, _ in self._phrases(tokens_of(line.text)):
                if self._is_topic(topic):
                    counts[topic] += _IN_HEADING if line.level > 1 else 1
        return counts

    def _is_topic(self, topic: str) -> bool:
        first, *_, last = topic.casefold().split()
        if self._seen[topic] < _OFTEN or not self._clean[topic] or topic not in self._whole:
            return False
        return self._is_noun(last) and self._may_begin(first) and not self._names_somebody(last)

    def _is_noun(self, word: str) -> bool:
        if word.endswith(_OF_VERBS) or word in self._common or (word in self._verbs and word not in self._nouns):
            return False
        # "depends" is a verb where "depend" is one.
        return self._words.singular(word) == word or self._words.singular(word) not in self._verbs - self._nouns

    def _may_begin(self, word: str) -> bool:
        if word in self._common or (word in self._verbs and word not in self._nouns) or word.endswith(_OF_VERBS):
            return False
        return not word.endswith("s") or word.endswith("ss") or word in self._words.counted | self._words.fields

    def _names_somebody(self, word: str) -> bool:
        sort = self._words.sort_of(word)
        return self._words.is_outsider(word) or (sort is not None and sort[0] is not Sort.SIZE)

    def _learn(self, tokens: Sequence[Token]) -> None:
        for before, token in pairwise(tokens):
            if before.lower in _BEFORE_VERBS:
                self._verbs.add(token.lower)
            if before.lower in self._articles:
                self._nouns.add(token.lower)
        for topic, clean in self._phrases(tokens):
            self._seen[topic] += 1
            self._clean[topic] += clean

    def _phrases(self, tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
        """Rows of telling words after an article or a preposition, and whether the row ends as a noun does."""
        start = 0
        while start < len(tokens):
            end = start
            while end < len(tokens) and self._tells(tokens[end]):
                end += 1
            if end - start > 1 and (start == 0 or tokens[start - 1].lower in self._before):
                following = tokens[end].lower if end < len(tokens) else "."
                clean = following in _ENDS or following in self._words.joins or following in _AFTER_NOUNS
                ends = tuple(self._ends_of(tokens[start:end]))
                self._whole.update(text for text in ends if text.count(" ") == end - start - 1)
                yield from ((text, clean) for text in ends)
            start = end + 1

    def _ends_of(self, run: Sequence[Token]) -> Iterator[str]:
        for length in {2, min(len(run), _LONGEST)}:
            yield " ".join(token.text if token.text.isupper() else token.lower for token in run[-length:])

    def _tells(self, token: Token) -> bool:
        if not token.is_word or not token.text.replace("-", "").isalpha() or len(token.text) < _SHORTEST_WORD:
            return False
        if token.lower in self._silent or token.lower in self._own:
            return False
        return not token.spelled or token.text.isupper()
