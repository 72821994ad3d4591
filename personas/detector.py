"""The live guess at which persona is talking: cue phrases, words, tools, facts and the page, as one posterior."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log, sqrt

from core.fact import Field
from core.ids import PersonaId
from core.ledger import Known, quantity_of, text_of, texts_of
from core.message import Page
from core.persona import Persona, PersonaGuess
from knowledge.index import path_of
from knowledge.lexicon import lexicon as search_lexicon
from knowledge.words import Stemmer
from personas.hearing import Hearing
from personas.lexicon import Weights, lexicon, weights
from personas.sizes import Employees, from_quantity, stated, usual_size
from personas.vocabulary import Kind, build_vocabulary, focus

_SIGNALS = 5
_MIN_SIGNAL = 0.15
_TECHNICAL = frozenset({"high", "expert"})
_ADDED_UP = frozenset({Kind.WORD})


class CuePersonaDetector:
    """Implements `core.ports.PersonaDetector` for any set of personas.

    The more a visitor's words, facts and page look like one persona and unlike the others, the likelier it is. `chosen`
    stays None until one is likely enough and clear of the next, and then changes only for a better one.
    """

    def __init__(self, personas: Sequence[Persona], *, language: str = "en", weighing: Weights | None = None) -> None:
        self._personas = tuple(personas)
        self._by_id = {persona.id: persona for persona in self._personas}
        self._weights = weighing or weights()
        words, search = lexicon(), search_lexicon()
        self._stemmer = Stemmer(language)
        silent = frozenset(stem for text in search.stopwords.values() for stem in self._stemmer.stems(text))
        faint = frozenset(self._stemmer.stems(f"{search.faint} {words.everyday}"))
        self._vocabulary = build_vocabulary(
            self._personas, words, self._weights, self._stemmer, silent=silent, faint=faint
        )
        self._hearing = Hearing(self._vocabulary, words, self._weights, self._stemmer, silent=silent)
        self._nobody = self._weights.none + log(max(len(self._personas), 1))
        self._sizes = [usual_size(persona, words.sizes) for persona in self._personas]
        self._pages = _pages(self._personas)
        self._roles = [[set(self._stemmer.stems(role)) - silent for role in one.roles] for one in self._personas]

    async def detect(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """See `core.ports.PersonaDetector`."""
        return self.guess(said, page=page, known=known, previous=previous)

    def persona(self, persona: PersonaId | None) -> Persona | None:
        """See `core.ports.PersonaDetector`."""
        return self._by_id.get(persona) if persona else None

    def guess(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """What `detect` returns, for callers that do not wait."""
        tally = _Tally(len(self._personas), self._weights)
        self._hear(tally, said, known)
        self._weigh_facts(tally, said, known)
        tally.settle()
        if page is not None:
            path = path_of(page.url)
            readers = self._pages.get(path, ())
            for number in readers:
                tally.add(number, self._weights.page / sqrt(len(readers)), f"reads {path}")
        self._remember(tally, previous)
        return self._decide(tally, previous)

    def _hear(self, tally: _Tally, said: str, known: Known) -> None:
        heard = self._hearing.heard(said)
        for tool in texts_of(known, Field.TECH_STACK):
            for name, one in self._hearing.heard(tool).items():
                heard.setdefault(name, one)
        vocabulary, weight = self._vocabulary, self._weights.phrase
        for name, one in heard.items():
            if name.startswith("@cue "):
                cue = vocabulary.cues[int(name[5:])]
                tally.hear(Kind.PHRASE, cue.persona, weight * one.share, one.words)
                continue
            feature = vocabulary.features[name.split("|", 1)[0]]
            for number, pull in feature.pulls:
                tally.hear(feature.kind, number, pull * one.share, one.words)
            if feature.none:
                tally.doubt(feature.kind, feature.none * one.share)

    def _weigh_facts(self, tally: _Tally, said: str, known: Known) -> None:
        self._weigh_size(tally, _employees(said, known))
        industry = text_of(known, Field.INDUSTRY)
        if industry:
            self._weigh_industry(tally, industry)
        role = set(self._stemmer.stems(text_of(known, Field.ROLE)))
        if role:
            for number, roles in enumerate(self._roles):
                if any(one and one <= role for one in roles):
                    tally.add(number, self._weights.role_fact, f"role: {text_of(known, Field.ROLE)}")
        if text_of(known, Field.TECHNICAL_LEVEL) in _TECHNICAL:
            for number, persona in enumerate(self._personas):
                if persona.technical_level in _TECHNICAL:
                    tally.add(number, self._weights.technical_fact, "speaks the language of developers")

    def _weigh_size(self, tally: _Tally, employees: Employees | None) -> None:
        if employees is None:
            return
        for number, usual in enumerate(self._sizes):
            if usual is not None:
                away = min(self._weights.size_slope * employees.doublings_from(usual), self._weights.size_cap)
                tally.add(number, self._weights.size_fits - away, employees.words)

    def _weigh_industry(self, tally: _Tally, industry: str) -> None:
        holders = [number for number, labels in enumerate(self._vocabulary.industries) if industry in labels]
        if not holders and not any(industry in persona.industries for persona in self._personas):
            tally.doubt(Kind.FOREIGN, self._weights.foreign_industry)
        for number, persona in enumerate(self._personas):
            if number in holders or industry in persona.industries:
                weight = self._weights.industry_fact * focus(self._vocabulary.industries[number])
                tally.add(number, weight, f"industry: {industry.replace('_', ' ')}")

    def _remember(self, tally: _Tally, previous: PersonaGuess) -> None:
        for number, persona in enumerate(self._personas):
            if persona.id == previous.chosen:
                tally.logits[number] += self._weights.earlier

    def _decide(self, tally: _Tally, previous: PersonaGuess) -> PersonaGuess:
        chances, none = _softmax(tally.logits, self._nobody + tally.against, self._weights.temperature)
        order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
        if not order:
            return PersonaGuess()
        best = order[0]
        rivals = [none, *(chances[number] for number in order[1:2])]
        again = self._personas[best].id == previous.chosen
        sure = self._weights.sure_again if again else self._weights.sure
        margin = self._weights.margin_again if again else self._weights.margin
        chosen = chances[best] >= sure and chances[best] - max(rivals) >= margin
        return PersonaGuess(
            probabilities=tuple((self._personas[number].id, chances[number]) for number in order),
            none=none,
            chosen=self._personas[best].id if chosen else None,
            signals=tally.signals(best),
        )


class _Tally:
    """Adds up evidence for each persona and for none of them."""

    __slots__ = ("_doubts", "_heard", "_reasons", "_weights", "against", "logits")

    def __init__(self, personas: int, weighing: Weights) -> None:
        self._weights = weighing
        self._heard: dict[tuple[Kind, int], list[tuple[float, str]]] = {}
        self._doubts: dict[Kind, list[float]] = {}
        self._reasons: list[list[tuple[float, str]]] = [[] for _ in range(personas)]
        self.logits = [0.0] * personas
        self.against = 0.0

    def hear(self, kind: Kind, number: int, weight: float, words: str) -> None:
        self._heard.setdefault((kind, number), []).append((weight, words))

    def doubt(self, kind: Kind, weight: float) -> None:
        self._doubts.setdefault(kind, []).append(weight)

    def add(self, number: int, weight: float, reason: str) -> None:
        self.logits[number] += weight
        self._reasons[number].append((weight, reason))

    def settle(self) -> None:
        """Turn what was heard into logits: each further sign of a kind counts less, and all of them are capped."""
        again, cap = self._weights.again, self._weights.text_cap
        totals = [0.0] * len(self.logits)
        for (kind, number), pulls in self._heard.items():
            if kind in _ADDED_UP:
                totals[number] += sum(weight for weight, _ in pulls)
            else:
                totals[number] += _fading((weight for weight, _ in pulls), again)
            self._reasons[number].extend((weight, f"says: '{words}'") for weight, words in pulls)
        for number, total in enumerate(totals):
            self.logits[number] += cap * (1 - exp(-total / cap))
        self.against += sum(_fading(doubts, again) for doubts in self._doubts.values())

    def signals(self, number: int) -> tuple[str, ...]:
        """What spoke for a persona, most telling first."""
        ranked = sorted(self._reasons[number], reverse=True)
        told = dict.fromkeys(reason for weight, reason in ranked if weight >= _MIN_SIGNAL)
        return tuple(told)[:_SIGNALS]


def _fading(weights_: Iterable[float], again: float) -> float:
    return sum(weight * again**place for place, weight in enumerate(sorted(weights_, reverse=True)))


def _employees(said: str, known: Known) -> Employees | None:
    quantity = quantity_of(known, Field.COMPANY_SIZE)
    if quantity is not None:
        return from_quantity(quantity)
    return stated(said)


def _pages(personas: Sequence[Persona]) -> Mapping[str, tuple[int, ...]]:
    pages: dict[str, tuple[int, ...]] = {}
    for number, persona in enumerate(personas):
        for url in persona.pages:
            path = path_of(url)
            pages[path] = (*pages.get(path, ()), number)
    return pages


def _softmax(logits: Sequence[float], none: float, temperature: float) -> tuple[list[float], float]:
    peak = max([none, *logits])
    raised = [exp((logit - peak) / temperature) for logit in logits]
    rest = exp((none - peak) / temperature)
    total = sum(raised) + rest
    return [one / total for one in raised], rest / total
