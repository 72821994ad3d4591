"""What was heard in a visitor's words, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.words import Phrases, Stemmer, words_of
from personas.asides import Asides
from personas.lexicon import Lexicon, Weights
from personas.singulars import SINGULARS
from personas.vocabulary import SERVES, Vocabulary

_CLAUSE = re.compile(
    r"[.,;:!?()\n\"“”]+(?:\s+|$)|\s[-–—]+\s|\s+(?:but|although|whereas|aber|mais|pero)\s+", re.IGNORECASE
)
_CACHED_CLAUSES = 4_096
_CLAUSE_LIMIT = 400
_NEGATED = 4
"""Words that a negation reaches."""
_HEARD_PHRASE = 0.6
"""Share of a phrase from which it counts as said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing said: the feature's name, how much of it counts (0 to 1), and the visitor's words."""

    name: str
    share: float
    words: str


class Hearing:
    """Hears the features of a vocabulary. Clauses heard before cost next to nothing."""

    def __init__(
        self, vocabulary: Vocabulary, lexicon: Lexicon, weights: Weights, stemmer: Stemmer, *, silent: frozenset[str]
    ) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._stemmer = stemmer
        self._silent = silent
        markers = dict.fromkeys(lexicon.others, ("others",))
        markers |= dict.fromkeys(lexicon.own, ("own",)) | dict.fromkeys(lexicon.negations, ("not",))
        self._markers = Phrases(SINGULARS, markers)
        self._asides = Asides(lexicon)
        self._clause = lru_cache(_CACHED_CLAUSES)(self._hear)
        self._spoken = lru_cache(_CACHED_CLAUSES)(self._speaks_of)

    def heard(self, said: str) -> dict[str, Heard]:
        """Everything heard in all that was said, each once, at its clearest."""
        found: dict[str, Heard] = {}
        clause = self._clause
        for text in _CLAUSE.split(said):
            if not text:
                continue
            for one in clause(text[:_CLAUSE_LIMIT]):
                known = found.get(one.name)
                if known is None or known.share < one.share:
                    found[one.name] = one
        return found

    def disowned(self, said: str) -> frozenset[str]:
        """Traits that were spoken of, but never as the visitor's own."""
        spoken: set[str] = set()
        own: set[str] = set()
        for text in _CLAUSE.split(said):
            if text:
                everything, counted = self._spoken(text[:_CLAUSE_LIMIT])
                spoken |= everything
                own |= counted
        return frozenset(spoken - own)

    def _speaks_of(self, clause: str) -> tuple[frozenset[str], frozenset[str]]:
        """The traits of a clause, and those of them that count in full."""
        words = words_of(clause)
        singulars = [SINGULARS.stem(word) for word in words]
        everything = self._traits(words, singulars, [1.0] * len(words))
        counted = self._traits(words, singulars, self._counts(singulars))
        return (
            frozenset(one.name.partition("|")[0] for one in everything),
            frozenset(one.name.partition("|")[0] for one in counted if one.share == 1.0),
        )

    def own_words(self, message: str) -> str:
        """A message without what it denies and without what it says of other people's business."""
        kept = (self._own_clause(text[:_CLAUSE_LIMIT]) for text in _CLAUSE.split(message) if text)
        return ", ".join(filter(None, kept))

    def _own_clause(self, clause: str) -> str:
        """Whole words up to the first that does not count, and on from the next that does."""
        words = words_of(clause)
        counts = self._counts([SINGULARS.stem(word) for word in words])
        if all(count == 1.0 for count in counts):
            return clause.strip()
        return " ".join(word for word, count in zip(words, counts, strict=True) if count == 1.0)

    def _hear(self, clause: str) -> tuple[Heard, ...]:
        words = words_of(clause)
        stems = [self._stemmer.stem(word) for word in words]
        singulars = [SINGULARS.stem(word) for word in words]
        counts = self._counts(singulars)
        served = self._asides.served(singulars)
        return (
            *([Heard(SERVES, 1.0, served)] if served else ()),
            *self._traits(words, singulars, counts),
            *self._grams(words, stems, counts),
            *self._cues(words, stems, counts),
        )

    def _counts(self, singulars: Sequence[str]) -> list[float]:
        """How much each word counts: nothing after a negation, little where other people are spoken of."""
        counts: list[float] = []
        about, negated = 1.0, 0
        for place in range(len(singulars)):
            length, labels = self._markers.at(singulars, place)
            if "not" in labels and self._vocabulary.traits.at(singulars, place)[0] <= length:
                negated = _NEGATED + 1
            if "own" in labels:
                about = 1.0
            counts.append(0.0 if 0 < negated <= _NEGATED else about)
            if "others" in labels:
                about = self._weights.others
            negated -= 1
        for place in self._asides.places(singulars):
            counts[place] = min(counts[place], self._weights.others)
        return counts

    def _traits(self, words: Sequence[str], singulars: Sequence[str], counts: Sequence[float]) -> list[Heard]:
        heard: list[Heard] = []
        place = 0
        while place < len(singulars):
            length, names = self._vocabulary.traits.at(singulars, place)
            if names and counts[place]:
                text = " ".join(words[place : place + length])
                heard.extend(Heard(f"{name}|{text}", counts[place], text) for name in names)
            place += length or 1
        return heard

    def _grams(self, words: Sequence[str], stems: Sequence[str], counts: Sequence[float]) -> list[Heard]:
        features = self._vocabulary.features
        heard: list[Heard] = []
        for place, stem in enumerate(stems):
            if not counts[place] or stem in self._silent:
                continue
            if stem in features:
                heard.append(Heard(stem, counts[place], words[place]))
            pair = f"{stem} {stems[place + 1]}" if place + 1 < len(stems) else ""
            if pair in features:
                heard.append(Heard(pair, counts[place], " ".join(words[place : place + 2])))
        return heard

    def _cues(self, words: Sequence[str], stems: Sequence[str], counts: Sequence[float]) -> list[Heard]:
        shares: dict[int, float] = {}
        places: dict[int, list[int]] = {}
        for stem in dict.fromkeys(stems):
            entries = self._vocabulary.cues_by_stem.get(stem)
            if not entries:
                continue
            place = stems.index(stem)
            for cue, share in entries:
                shares[cue] = shares.get(cue, 0.0) + share * counts[place]
                places.setdefault(cue, []).append(place)
        return [
            Heard(
                f"@cue {cue}",
                share**self._weights.phrase_power,
                " ".join(words[place] for place in sorted(places[cue])),
            )
            for cue, share in shares.items()
            if share >= _HEARD_PHRASE
        ]
