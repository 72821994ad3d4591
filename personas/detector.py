"""The live guess at which persona is talking: cue phrases, words, tools, facts and the page, as one posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from math import log, sqrt

from core.fact import Field
from core.ids import PersonaId
from core.ledger import Known, quantity_of, text_of, texts_of
from core.message import Page
from core.persona import Persona, PersonaGuess
from knowledge.search.index import path_of
from knowledge.search.lexicon import lexicon as search_lexicon
from knowledge.words import Stemmer
from personas.glossary import glossed
from personas.hearing import Hearing
from personas.lexicon import Weights, lexicon, weights
from personas.sizes import Employees, from_quantity, stated, usual_size
from personas.tally import Tally, decide
from personas.telling import Listener
from personas.vocabulary import SERVES, Kind, build_vocabulary, focus

_TECHNICAL = frozenset({"high", "expert"})
BUSINESS = frozenset(
    {
        Field.COMPANY_SIZE,
        Field.TEAM_SIZE,
        Field.VOLUME,
        Field.TECH_STACK,
        Field.INTEGRATIONS,
        Field.BUDGET,
        Field.TIMELINE,
        Field.DECISION_MAKER,
        Field.ROLE,
        Field.USE_CASE,
        Field.PAINS,
        Field.INDUSTRY,
    }
)
"""What a prospect tells of their own business, and hardly anybody else."""
MOST_TOLD = 3
"""Such things that count: a fourth changes nothing."""


class CuePersonaDetector:
    """Implements `core.ports.PersonaDetector` for any set of personas.

    The more a visitor's words, facts and page look like one persona and unlike the others, the likelier it is. `chosen`
    stays None until one is likely enough and clear of the next, and then changes only for a better one.
    """

    def __init__(self, personas: Sequence[Persona], *, language: str = "en", weighing: Weights | None = None) -> None:
        self.personas = tuple(personas)
        self._by_id = {persona.id: persona for persona in self.personas}
        self._weights = weighing or weights()
        words, search = lexicon(), search_lexicon()
        self._stemmer = Stemmer(language)
        self.ids = tuple(persona.id for persona in self.personas)
        silent = frozenset(stem for text in search.stopwords.values() for stem in self._stemmer.stems(text))
        faint = frozenset(self._stemmer.stems(f"{search.faint} {words.everyday}"))
        self._vocabulary = build_vocabulary(
            self.personas, words, self._weights, self._stemmer, silent=silent, faint=faint
        )
        self._hearing = Hearing(self._vocabulary, words, self._weights, self._stemmer, silent=silent)
        self.listener = Listener(self._hearing, self._stemmer, silent=silent, faint=faint)
        self.nobody = self._weights.none + log(max(len(self.personas), 1))
        trading = {number for trade in self._vocabulary.trades for number, _ in trade.owners if not trade.crosses}
        self._horizontal = tuple(
            number
            for number, persona in enumerate(self.personas)
            if number not in trading and not self._vocabulary.industries[number] and not persona.industries
        )
        self._sizes = [
            usual_size(persona, sizes, words.sizes)
            for persona, sizes in zip(self.personas, self._vocabulary.sizes, strict=True)
        ]
        self._pages = _pages(self.personas)
        self._roles = [[set(self._stemmer.stems(role)) - silent for role in one.roles] for one in self.personas]

    async def detect(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """See `core.ports.PersonaDetector`."""
        return self.guess(said, page=page, known=known, previous=previous)

    def persona(self, persona: PersonaId | None) -> Persona | None:
        """See `core.ports.PersonaDetector`."""
        return self._by_id.get(persona) if persona else None

    def guess(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """What `detect` returns, for callers that do not wait."""
        return self.decide(self.weigh(said, page=page, known=known, previous=previous), previous)

    def decide(self, tally: Tally, previous: PersonaGuess) -> PersonaGuess:
        """The guess on a tally of `weigh` alone."""
        none = self.nobody + tally.against - self._weights.buyer * tally.told
        logits = tally.by_words(self._weights.buyer)
        guess = decide(self.ids, logits, none, previous=previous, caution=self._weights.caution)
        if not guess.probabilities:
            return guess
        return replace(guess, signals=tally.signals(self.ids.index(guess.probabilities[0][0])))

    def weigh(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> Tally:
        """All the evidence but meaning, added up; the tally's personas are in the order of `ids`."""
        tally = Tally(len(self.personas), self._weights)
        english = glossed(said)
        self._hear(tally, said, english, known)
        fitting = self._weigh_facts(tally, said, known)
        served = (number for number, _ in self._vocabulary.features[SERVES].pulls if tally.spoke_for(number))
        any_trade = (number for number in self._horizontal if tally.spoke_for(number) or number in fitting)
        tally.excuse((*any_trade, *served))
        tally.trust(min(sum(field in known for field in BUSINESS), MOST_TOLD))
        tally.settle()
        if page is not None:
            self._weigh_page(tally, path_of(page.url))
        self._remember(tally, previous)
        return tally

    def _hear(self, tally: Tally, said: str, english: str, known: Known) -> None:
        heard = self._hearing.heard(english)
        spoken = said.casefold() if english is not said else ""
        for tool in texts_of(known, Field.TECH_STACK):
            for name, one in self._hearing.heard(tool).items():
                heard.setdefault(name, one)
        vocabulary, weight = self._vocabulary, self._weights.phrase
        for name, one in heard.items():
            if name.startswith("@cue "):
                cue = vocabulary.cues[int(name[5:])]
                tally.hear(Kind.PHRASE, cue.persona, weight * cue.weight * one.share, _told(one.words, spoken))
                continue
            feature = vocabulary.features[name.split("|", 1)[0]]
            for number, pull in feature.pulls:
                tally.hear(feature.kind, number, pull * one.share, _told(one.words, spoken))
            if feature.none:
                tally.doubt(feature.kind, feature.none * one.share)

    def _weigh_facts(self, tally: Tally, said: str, known: Known) -> AbstractSet[int]:
        """Returns the personas whose size of company it is."""
        fitting = self._weigh_size(tally, _employees(said, known))
        industry = text_of(known, Field.INDUSTRY)
        if industry and not self._disowned(industry, said):
            self._weigh_industry(tally, industry)
        role = set(self._stemmer.stems(text_of(known, Field.ROLE)))
        if role:
            for number, roles in enumerate(self._roles):
                if any(one and one <= role for one in roles):
                    tally.add(number, self._weights.role_fact, f"role: {text_of(known, Field.ROLE)}")
        if text_of(known, Field.TECHNICAL_LEVEL) in _TECHNICAL:
            for number, persona in enumerate(self.personas):
                if persona.technical_level in _TECHNICAL:
                    tally.add(number, self._weights.technical_fact, "speaks the language of developers")
        return fitting

    def _disowned(self, industry: str, said: str) -> bool:
        """Whether it was spoken of, but never as the visitor's own."""
        names = {f"@trade {trade.name}" for trade in self._vocabulary.trades if industry in trade.labels}
        return not self._hearing.disowned(said).isdisjoint({f"@industry {industry}", *names})

    def _weigh_size(self, tally: Tally, employees: Employees | None) -> AbstractSet[int]:
        fitting: set[int] = set()
        for number, usual in enumerate(self._sizes):
            if usual is not None and employees is None:
                if number in self._horizontal and not tally.spoke_for(number):
                    tally.add(number, -self._weights.unsized, "no size")
            elif usual is not None and employees is not None:
                away = min(self._weights.size_slope * employees.doublings_from(usual), self._weights.size_cap)
                fits = self._weights.size_fits - away
                tally.add(
                    number, fits * self._weights.size_defines if number in self._horizontal else fits, employees.words
                )
                if fits > 0:
                    fitting.add(number)
        return fitting

    def _weigh_industry(self, tally: Tally, industry: str) -> None:
        holders = [number for number, labels in enumerate(self._vocabulary.industries) if industry in labels]
        if not holders and not any(industry in persona.industries for persona in self.personas):
            tally.doubt(Kind.FOREIGN, self._weights.foreign_industry)
        for number, persona in enumerate(self.personas):
            if number in holders or industry in persona.industries:
                weight = self._weights.industry_fact * focus(self._vocabulary.industries[number])
                tally.add(number, weight, f"industry: {industry.replace('_', ' ')}")

    def _weigh_page(self, tally: Tally, path: str) -> None:
        readers = self._pages.get(path, ())
        for number in readers:
            tally.add(number, self._weights.page / sqrt(len(readers)), f"reads {path}")

    def _remember(self, tally: Tally, previous: PersonaGuess) -> None:
        for number, persona in enumerate(self.personas):
            if persona.id == previous.chosen:
                tally.logits[number] += self._weights.earlier


def _told(words: str, spoken: str) -> str:
    """Why: the visitor's own words, or what they mean where `spoken` (if any) does not hold them."""
    return f"says: '{words}'" if not spoken or words.casefold() in spoken else f"speaks of: {words}"


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
    # a page that speaks to everybody tells nothing of its reader
    return {path: numbers for path, numbers in pages.items() if len(numbers) < max(len(personas), 2)}
