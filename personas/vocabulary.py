"""What the personas' own texts and the lexicon listen for, and what each thing heard says about whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from math import sqrt

from core.persona import Persona
from knowledge.words import Phrases, Stemmer
from personas.lexicon import Lexicon, Weights
from personas.singulars import SINGULARS
from personas.trades import Trade, trades_of

SERVES = "@serves"
"""Heard where the visitor runs other people's business."""
_SERVED = 2
"""Texts of a persona that speak of clients, from which it has clients itself."""
_TECHNICAL = frozenset({"high", "expert"})
_FAINT = 0.3
"""What a word counts in a phrase when every visitor may say it."""
_THIN = 0.9
"""Weight a phrase needs to be told from others; phrases of weaker words can never be said completely."""
_MANY_INDUSTRIES = 4
_FIELDS = (("name", 1.0), ("cues", 1.0), ("roles", 0.8), ("description", 0.7), ("pains", 0.6), ("features", 0.6))


class Kind(Enum):
    """Kinds of evidence in words. Several of one kind count less and less, except that words and pairs add up."""

    PHRASE = 0
    WORD = 1
    INDUSTRY = 2
    SIZE = 3
    TOOL = 4
    OUTSIDER = 5
    FOREIGN = 6
    SERVES = 7
    TRADE = 8  # of others; the personas' own are INDUSTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something a visitor may say: (persona number, logit) pairs; `none` speaks for no persona at all."""

    kind: Kind
    pulls: tuple[tuple[int, float], ...] = ()
    none: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A phrase of one persona with the share of each of its stems, which sum to at most 1."""

    persona: int
    shares: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What to listen for. `traits` label phrases with names of `features`; words and pairs are names as they are."""

    features: Mapping[str, Feature]
    traits: Phrases[str]
    cues: tuple[Cue, ...]
    cues_by_stem: Mapping[str, tuple[tuple[int, float], ...]]
    industries: tuple[frozenset[str], ...]  # labels of each persona
    sizes: tuple[frozenset[str], ...]  # likewise
    trades: tuple[Trade, ...]


def build_vocabulary(
    personas: Sequence[Persona],
    lexicon: Lexicon,
    weights: Weights,
    stemmer: Stemmer,
    *,
    silent: frozenset[str],
    faint: frozenset[str],
) -> Vocabulary:
    """Listen for these personas. `silent` stems are never heard alone, `faint` ones tell little."""
    build = _Builder(personas, lexicon, weights, stemmer, silent, faint)
    build.words()
    build.traits()
    cues = tuple(build.cues())
    by_stem: dict[str, list[tuple[int, float]]] = {}
    for number, cue in enumerate(cues):
        for stem, share in cue.shares.items():
            by_stem.setdefault(stem, []).append((number, share))
    return Vocabulary(
        features=build.features,
        traits=Phrases(SINGULARS, build.labelled),
        cues=cues,
        cues_by_stem={stem: tuple(entries) for stem, entries in by_stem.items()},
        industries=build.industries,
        sizes=build.sizes,
        trades=build.trades,
    )


def focus(industries: frozenset[str]) -> float:
    """How much one industry tells of a persona: less where it has many."""
    return min(1.0, sqrt(_MANY_INDUSTRIES / max(len(industries), 1)))


@dataclass(slots=True)
class _Builder:
    personas: Sequence[Persona]
    lexicon: Lexicon
    weights: Weights
    stemmer: Stemmer
    silent: frozenset[str]
    faint: frozenset[str]
    features: dict[str, Feature] = field(default_factory=dict)
    labelled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    industries: tuple[frozenset[str], ...] = ()
    sizes: tuple[frozenset[str], ...] = ()
    trades: tuple[Trade, ...] = ()
    spread: Counter[str] = field(default_factory=Counter)

    def words(self) -> None:
        """Single words and pairs of the personas' texts, by how few of the personas use them."""
        pulls: dict[str, dict[int, float]] = {}
        for number, persona in enumerate(self.personas):
            for name, strength in _FIELDS:
                for feature in self._grams(getattr(persona, name)):
                    known = pulls.setdefault(feature, {})
                    known[number] = max(known.get(number, 0.0), strength)
        self.spread = Counter({feature: len(numbers) for feature, numbers in pulls.items()})
        for feature, strengths in pulls.items():
            most = self.weights.pair if " " in feature else self.weights.word
            told = tuple((number, most * strength * self._contrast(feature)) for number, strength in strengths.items())
            if feature not in self.faint:
                self.features[feature] = Feature(kind=Kind.WORD, pulls=told)

    def traits(self) -> None:
        """Trades, industries, sizes and tools, for those personas that have them."""
        self.trades = trades_of(self.personas)
        for trade in self.trades:
            self._listen(f"@trade {trade.name}", trade.words, self._trade(trade))
        listed = {word: (label,) for label, words in self.lexicon.industries.items() for word in words}
        finder = Phrases(SINGULARS, listed)
        self.industries = tuple(self._labels(persona, finder) for persona in self.personas)
        told = {tuple(SINGULARS.stems(word)) for trade in self.trades for word in trade.words}
        for label, words in self.lexicon.industries.items():
            others = [word for word in words if tuple(SINGULARS.stems(word)) not in told]
            self._listen(f"@industry {label}", others, self._industry(label, Kind.INDUSTRY, self.weights.industry_word))
        sizing = Phrases(
            SINGULARS, {word: (label,) for label, words in self.lexicon.size_words.items() for word in words}
        )
        self.sizes = tuple(self._sizes_of(persona, sizing) for persona in self.personas)
        for label, words in self.lexicon.size_words.items():
            self._listen(f"@size {label}", words, self._sized((label,), Kind.SIZE, self.weights.size_word))
        for number, group in enumerate(self.lexicon.tools):
            pulls: dict[int, float] = {}
            for label in group.industries:
                pulls |= dict(self._industry(label, Kind.TOOL, self.weights.tool).pulls)
            pulls |= dict(self._sized(group.sizes, Kind.TOOL, self.weights.tool).pulls)
            if group.technical:
                for one, persona in enumerate(self.personas):
                    if persona.technical_level in _TECHNICAL:
                        pulls[one] = pulls.get(one, 0.0) + self.weights.technical_tool
            self._listen(f"@tool {number}", group.names, Feature(kind=Kind.TOOL, pulls=tuple(pulls.items())))
        self.features[SERVES] = self._serving()
        outsider = Feature(kind=Kind.OUTSIDER, none=self.weights.outsider)
        self._listen("@outsider", self.lexicon.outsiders, outsider)

    def _serving(self) -> Feature:
        """Personas that have clients of their own."""
        finder = Phrases(SINGULARS, dict.fromkeys(self.lexicon.served, (True,)))
        users = []
        for number, persona in enumerate(self.personas):
            texts = (persona.description, *persona.cues, *persona.pains, *persona.features, *persona.objections)
            if sum(any(finder.found(SINGULARS.stems(text))) for text in texts) >= _SERVED:
                users.append(number)
        weight = self.weights.serves * self._share(len(users)) if users else 0.0
        return Feature(kind=Kind.SERVES, pulls=tuple((number, weight) for number in users))

    def cues(self) -> Iterable[Cue]:
        """Every persona's phrases, each stem with its share of the phrase."""
        for number, persona in enumerate(self.personas):
            own = self._own_stems(persona)
            for cue in persona.cues:
                stems = [stem for stem in dict.fromkeys(self.stemmer.stems(cue)) if stem not in self.silent]
                told = {stem: self._contrast(stem) * (_FAINT if stem in self.faint else 1.0) for stem in stems}
                total = max(sum(told.values()), _THIN)
                if told:
                    topic = len(told) == 1 and own.isdisjoint(told)
                    shares = {stem: share / total for stem, share in told.items()}
                    yield Cue(persona=number, shares=shares, weight=self.weights.topic if topic else 1.0)

    def _own_stems(self, persona: Persona) -> frozenset[str]:
        """What such visitors are called: their name, roles and industries, and phrases that say "we are ..."."""
        said = [persona.name, *persona.roles]
        for label in persona.industries:
            said += [label.replace("_", " "), *self.lexicon.industries.get(label, ())]
        for group in self.lexicon.tools:
            if set(group.industries) & set(persona.industries) or set(group.sizes) & set(persona.company_sizes):
                said += group.names
        said += [cue for cue in persona.cues if len(cue.split()) > 1]
        return frozenset(stem for text in said for stem in self.stemmer.stems(text)) - self.silent

    def _labels(self, persona: Persona, finder: Phrases[str]) -> frozenset[str]:
        """The industries a persona names by their label, and those its name or its own words for them tell."""
        labels = frozenset(persona.industries).intersection(self.lexicon.industries)
        told = " . ".join((persona.name, *(one for one in persona.industries if one not in labels)))
        return labels | frozenset(finder.found(SINGULARS.stems(told)))

    def _sizes_of(self, persona: Persona, finder: Phrases[str]) -> frozenset[str]:
        """The sizes a persona names, else those that its name and its phrases tell: "sole traders"."""
        if persona.company_sizes:
            return frozenset(persona.company_sizes)
        return frozenset(finder.found(SINGULARS.stems(" . ".join((persona.name, *persona.cues)))))

    def _grams(self, value: str | Sequence[str]) -> Iterable[str]:
        for text in (value,) if isinstance(value, str) else value:
            stems = self.stemmer.stems(text)
            yield from (stem for stem in stems if stem not in self.silent and not stem.isdecimal())
            pairs = pairwise(stems)
            quiet = self.silent | self.faint
            yield from (f"{a} {b}" for a, b in pairs if not quiet.issuperset((a, b)) and not self.silent & {a, b})

    def _contrast(self, feature: str) -> float:
        """1 for what one persona alone says, falling to nearly 0 for what all of them say."""
        return self._share(self.spread.get(feature, 1))

    def _share(self, users: int) -> float:
        count = max(len(self.personas), 1)
        return ((count + 1 - users) / count) ** 2 if users <= count else 0.0

    def _trade(self, trade: Trade) -> Feature:
        if trade.foreign:
            return Feature(kind=Kind.TRADE, none=self.weights.foreign_trade * trade.foreign)
        share = self._share(len(trade.owners)) if trade.owners else 0.0
        pulls = tuple((number, self.weights.trade * share * owned) for number, owned in trade.owners)
        return Feature(kind=Kind.INDUSTRY, pulls=pulls)

    def _industry(self, label: str, kind: Kind, weight: float) -> Feature:
        users = [number for number, labels in enumerate(self.industries) if label in labels]
        if not users:
            return Feature(kind=Kind.FOREIGN, none=self.weights.foreign_industry)
        share = self._share(len(users))
        pulls = tuple((number, weight * share * focus(self.industries[number])) for number in users)
        return Feature(kind=kind, pulls=pulls)

    def _sized(self, labels: Sequence[str], kind: Kind, weight: float) -> Feature:
        users = [number for number, sizes in enumerate(self.sizes) if not sizes.isdisjoint(labels)]
        share = self._share(len(users)) if users else 0.0
        return Feature(kind=kind, pulls=tuple((number, weight * share) for number in users))

    def _listen(self, name: str, phrases: Sequence[str], feature: Feature) -> None:
        self.features[name] = feature
        for phrase in phrases:
            self.labelled[phrase] = (*self.labelled.get(phrase, ()), name)
