"""Pages to personas: whom the site addresses, and what it says about each of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.ids import PersonaId
from core.offering import Offering
from core.persona import Persona
from knowledge.reading.page import SitePage
from personas.compiler.clauses import Clauses
from personas.compiler.drafting import Draft, Drafter
from personas.compiler.evidence import Evidence, Ground
from personas.compiler.finding import Found, everyday_words, find
from personas.compiler.identifying import identifier, slug
from personas.compiler.material import Gatherer, Material
from personas.compiler.merging import Group, Keys
from personas.compiler.naming import Name, NameReader, tokens_of
from personas.compiler.phrasebook import Phrasebook, phrasebook
from personas.compiler.places import Places
from personas.compiler.reading import PageReading, read_pages
from personas.compiler.speech import Speech, Spoken
from personas.compiler.terms import Terms
from personas.compiler.texts import texts_for
from personas.compiler.tools import tools_of_all
from personas.compiler.topics import Topics
from personas.compiler.words import Sort, Words, words_for

_LONGEST_NAME = 60
_MOST_PAGES = 12
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
        self._keys = Keys(words, phrases)
        self._gatherer = Gatherer(readings, self._keys, Places(reader, phrases, self._everyday))
        self._drafter = Drafter(reader, phrases, offering)
        self._terms = Terms(words, phrases, found.own_names, self._everyday)
        self._topics = Topics(readings, words, phrases, found.own_names)
        clauses = Clauses(words, found.own_names, _proper(readings) - self._everyday)
        self._speech = Speech(
            words, phrases, texts_for(language), offering, clauses, _repeated(readings), self._everyday
        )
        self._phrases = phrases

    def personas(self) -> tuple[Persona, ...]:
        materials = [self._gatherer.material(group) for group in self._found.groups]
        personas: dict[PersonaId, Persona] = {}
        for material, spoken in zip(materials, self._spoken(materials), strict=True):
            name = self._name(material.group)
            if not name or self._gatherer.is_private(name) or any(one.name == name for one in personas.values()):
                continue
            persona = self._persona(material, spoken, name)
            if persona.sources:
                unique = persona if persona.id not in personas else replace(persona, id=slug(name))
                personas.setdefault(unique.id, unique)
        return tuple(personas.values())

    def _spoken(self, materials: Sequence[Material]) -> Iterator[Spoken]:
        silent = self._found.own_names | {name.casefold() for name in self._plans} | self._phrases.common
        english = not self._words.head_first and not self._words.compounds
        rows = zip(
            self._terms.of_all(materials),
            self._topics.of_all(materials) if english else [()] * len(materials),
            tools_of_all(materials, self._phrases, silent),
            strict=True,
        )
        for terms, topics, tools in rows:
            yield Spoken(terms=self._public(terms), topics=self._public(topics), tools=self._public(tools))

    def _public(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in texts if not self._gatherer.is_private(one))

    def _persona(self, material: Material, spoken: Spoken, name: str) -> Persona:
        draft = self._drafter.draft(material, name)
        replies = self._speech.quick_replies(material, spoken, draft.one("plan"))
        return Persona(
            id=identifier(name, self._words),
            name=name,
            kind=self._kind(material.group, draft),
            description=draft.one("description"),
            company_sizes=draft.of("company_sizes"),
            industries=draft.of("industries"),
            roles=draft.of("roles"),
            pains=draft.of("pains"),
            features=draft.of("features"),
            cues=self._speech.cues(material.group, name, spoken, draft),
            objections=draft.of("objections"),
            proof=draft.of("proof"),
            openers=self._speech.openers(draft),
            quick_replies=self._public(replies),
            technical_level=draft.one("technical_level"),
            buying_patterns=draft.of("buying_patterns"),
            budget=draft.one("budget"),
            plan=draft.one("plan"),
            questions=self._speech.questions(material, draft, spoken),
            pages=_pages(material),
            sources=draft.sources() or self._gatherer.seen(material.group),
        )

    def _name(self, group: Group) -> str:
        labels: dict[str, float] = defaultdict(float)
        for one in group.evidence:
            # A label that names others too belongs to all of them.
            alone = all(self._keys.of(name) in group.keys for name in one.names)
            if one.label and len(one.label) <= _LONGEST_NAME and not one.use and alone:
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


def _proper(readings: Sequence[PageReading]) -> frozenset[str]:
    """Words with a capital letter inside a sentence."""
    return frozenset(
        token.lower for one in readings for block in one.page.blocks for token in tokens_of(block.text) if token.spelled
    )


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
