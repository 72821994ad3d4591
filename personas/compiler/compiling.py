"""Pages to personas: whom the site addresses, and what it says about each of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256

from core.ids import PersonaId
from core.offering import Offering
from core.persona import Persona
from knowledge.reading.page import SitePage
from personas.compiler.drafting import Draft, Drafter
from personas.compiler.evidence import Evidence, Ground
from personas.compiler.finding import Found, everyday_words, find
from personas.compiler.material import Gatherer, Material
from personas.compiler.merging import Group, Keys
from personas.compiler.naming import Name, NameReader, tokens_of
from personas.compiler.phrasebook import Phrasebook, phrasebook
from personas.compiler.places import Places
from personas.compiler.reading import PageReading, read_pages
from personas.compiler.speech import Speech
from personas.compiler.terms import Terms
from personas.compiler.texts import texts_for
from personas.compiler.words import Sort, Words, words_for

_LONGEST_NAME = 60
_LONGEST_ID = 48
_MOST_PAGES = 12
_MOST_TOOLS = 5
_OFTEN_TOLD = 0.25


def compile_personas(pages: Sequence[SitePage], *, offering: Offering, language: str = "en") -> tuple[Persona, ...]:
    """The kinds of customer these pages address, most prominent first; the same pages give the same personas.

    Every value that the site gives is cited in `sources` by page, verbatim quote and page hash. `language` is the
    site's (primary subtag); pages in other languages are left out where some are in it.
    """
    phrases, words = phrasebook(), words_for(language)
    spoken = [page for page in pages if page.language == language] or list(pages)
    readings = read_pages(spoken, phrases)
    found = find(readings, offering, words, phrases)
    return _Compiler(readings, found, offering, words, phrases, language).personas()


class _Compiler:
    def __init__(
        self,
        readings: Sequence[PageReading],
        found: Found,
        offering: Offering,
        words: Words,
        phrases: Phrasebook,
        language: str,
    ) -> None:
        self._found = found
        self._plans = frozenset(plan.name for plan in offering.plans)
        self._words = words
        self._everyday = everyday_words(readings)
        reader = NameReader(words, found.own_names)
        self._gatherer = Gatherer(readings, Keys(words, phrases), Places(reader, phrases, self._everyday))
        self._drafter = Drafter(reader, phrases, offering)
        self._terms = Terms(words, phrases, found.own_names, self._everyday)
        self._speech = Speech(words, phrases, texts_for(language), offering, _repeated(readings))

    def personas(self) -> tuple[Persona, ...]:
        materials = [self._gatherer.material(group) for group in self._found.groups]
        terms = self._terms.of_all(materials)
        personas: dict[PersonaId, Persona] = {}
        for material, own_terms in zip(materials, terms, strict=True):
            name = self._name(material.group)
            if not name or self._gatherer.is_private(name):
                continue
            persona = self._persona(material, own_terms, name)
            if persona.sources:
                personas.setdefault(persona.id, persona)
        return tuple(personas.values())

    def _persona(self, material: Material, terms: tuple[str, ...], name: str) -> Persona:
        draft = self._drafter.draft(material, name)
        terms = tuple(term for term in terms if not self._gatherer.is_private(term))
        replies = tuple(
            one for one in self._speech.quick_replies(material, terms) if not self._gatherer.is_private(one)
        )
        topics = tuple(term for term in terms if " " in term and term == term.casefold())[:4]
        tools = tuple(term for term in terms if term.istitle() and term not in self._plans)[:_MOST_TOOLS]
        return Persona(
            id=identifier(name),
            name=name,
            kind=self._kind(material.group, draft),
            description=draft.one("description"),
            company_sizes=draft.of("company_sizes"),
            industries=draft.of("industries"),
            roles=draft.of("roles"),
            pains=draft.of("pains"),
            features=draft.of("features"),
            cues=self._speech.cues(material.group, name, terms, draft),
            objections=draft.of("objections"),
            proof=draft.of("proof"),
            openers=self._speech.openers(name, topics),
            quick_replies=replies,
            technical_level=draft.one("technical_level"),
            buying_patterns=draft.of("buying_patterns"),
            budget=draft.one("budget"),
            plan=draft.one("plan"),
            questions=self._speech.questions(material, draft, topics, tools),
            pages=_pages(material),
            sources=draft.sources() or self._gatherer.seen(material.group),
        )

    def _name(self, group: Group) -> str:
        labels: dict[str, float] = defaultdict(float)
        for one in group.evidence:
            if one.label and len(one.label) <= _LONGEST_NAME and not one.use:
                clear = 2.0 if any(name.sort not in {Sort.FIELD, Sort.SIZE} for name in one.names) else 1.0
                labels[self._cased(one.label)] += clear * one.weight * (0.5 if one.ground is Ground.NAVIGATION else 1.0)
        if labels:
            return max(labels, key=lambda label: (round(labels[label], 6), len(label), label))
        use = next((one.label for one in group.evidence if one.use and one.label), "")
        return self._cased(use) if use else self._from_words(group.evidence)

    def _from_words(self, evidence: Sequence[Evidence]) -> str:
        told: dict[str, float] = defaultdict(float)
        seen: Counter[str] = Counter()
        bare: set[str] = set()
        for one in evidence:
            text = " and ".join(self._many(name) for name in one.names)
            told[text] += one.weight
            seen[text] += 1
            if not any(name.modifiers for name in one.names):
                bare.add(text)

        def rank(text: str) -> tuple[bool, float, int, str]:
            return text not in bare, round(told[text], 6), len(text), text

        most = max(told.values())
        often = [text for text in told if told[text] == most or (seen[text] > 1 and told[text] >= _OFTEN_TOLD * most)]
        return _capital(max(often, key=rank)[:_LONGEST_NAME])

    def _many(self, name: Name) -> str:
        text = " ".join(name.words)
        if name.sort in {Sort.COLLECTIVE, Sort.FIELD}:
            return text
        if " of " in text:
            first, _, rest = text.partition(" of ")
            return f"{self._words.plural(first)} of {rest}"
        return self._words.plural(text)

    def _cased(self, label: str) -> str:
        """The label as a name in running text: capitals of headings go, those of abbreviations and names stay."""
        tokens = tokens_of(label)
        written: list[str] = []
        end = 0
        for place, token in enumerate(tokens):
            written.append(label[end : token.start])
            small = place > 0 and token.text.istitle() and token.lower in self._everyday and not self._words.compounds
            written.append(token.lower if small else token.text)
            end = token.end
        return _capital("".join(written).strip())

    def _kind(self, group: Group, draft: Draft) -> str:
        if any(one.use for one in group.evidence):
            return "use_case"
        names = [name for one in group.evidence for name in one.names]
        sorts = Counter(name.sort for name in names)
        if any(key in self._words.sizes for key in group.keys):
            return "segment"
        people = sorts[Sort.PEOPLE] + sorts[Sort.GUESSED]
        if people * 2 > len(names):
            return "role"
        if sorts[Sort.SIZE] * 2 > len(names) or "startup" in " ".join(group.keys):
            return "segment"
        return "industry" if draft.of("industries") or sorts[Sort.FIELD] else "segment"


def identifier(name: str) -> PersonaId:
    """A stable id made of the name's letters; names in other scripts get a short fingerprint."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").casefold()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_ID].strip("_")
    return PersonaId(slug or f"persona_{sha256(name.encode()).hexdigest()[:8]}")


def _repeated(readings: Sequence[PageReading]) -> frozenset[str]:
    """Headings that stand on more than one page: furniture, no topic of anybody."""
    counts = Counter(text for one in readings for text in {block.text for block in one.page.blocks if block.level})
    return frozenset(text for text, count in counts.items() if count > 1)


def _pages(material: Material) -> tuple[str, ...]:
    own = [reading.page.url for reading in material.own]
    cards = [line.page.page.url for line in material.lines if line.card]
    mentions = [line.page.page.url for line in material.lines if line.mention and line.page.weight >= 1]
    return tuple(dict.fromkeys((*own, *cards, *mentions)))[:_MOST_PAGES]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
