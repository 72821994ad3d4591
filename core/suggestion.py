"""What to say to a visitor who asked nothing: a sentence of the site that fits them and their page, and next steps."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TypeVar
from zlib import crc32

from core.aspects import Aspect, Aspects, AspectTerms, Terms
from core.ids import PersonaId
from core.ledger import fold
from core.message import MessageKind, Page, opening_on
from core.moves import button_tag
from core.passage import Finding
from core.persona import Persona
from core.ports import Interpreter, Knowledge
from core.receiving import begin, receive, wants_person
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS
from core.research import look_up
from core.session import Session
from core.site_search import fingerprint
from core.turn import TurnView

SENTENCE_WORDS = 20
SHORTEST_SENTENCE = 6
OWN_QUERIES = 3
"""Pains and features of a persona that an aspect is looked up by, before its general queries."""
FOUND = 6
"""Findings of a query that are looked at."""
ENOUGH_LABELS = 8
"""Names of next steps that are tried of each kind; each costs a search the first time."""
BELOW_THE_TITLE = 2
"""Headings of a passage, the page's own among them; that one would only lead back to the page."""
WORTH_SAYING = 0.5
STEM = 5
"""Letters of a word that its other forms share."""
TELLING = 3
"""Letters; shorter words do not show that two texts are about the same."""
REMEMBERED = 4_000

K = TypeVar("K")
V = TypeVar("V")

_SIGNS = re.compile(r"[\W_]+")
_NOWHERE = Page(url="")
_NOBODY = Persona(id=PersonaId(""), name="")
_ON_THIS_PAGE, _ON_THEIR_PAGE, _SHARED_WORD, _MOST_SHARED, _BY_US, _LEADS = 0.12, 0.2, 0.06, 4, 0.15, 0.2
_IN_A_MANUAL = 0.6
_ASPECT_ON_PAGE, _ASPECT_SAID, _ASPECT_OF_PERSONA = 3.0, 2.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Whom to speak to, and what was said to them before."""

    seed: str  # differs between conversations, so that not everybody hears the same first
    page: Page | None = None
    persona: Persona | None = None
    said: str = ""  # the visitor's words
    words: int = SENTENCE_WORDS  # of the site's sentence at most
    aspects: frozenset[str] = frozenset()  # spoken about already
    sentences: frozenset[str] = frozenset()  # fingerprints of sentences said already
    buttons: frozenset[str] = frozenset()  # offered already


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`finding` holds the one sentence to say."""

    aspect: Aspect
    finding: Finding
    buttons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return self.finding.sentences[0]


def ground_of(session: Session, persona: Persona | None, *, words: int = SENTENCE_WORDS) -> Ground:
    """The ground a conversation gives."""
    state = session.follow_ups
    tag = button_tag("")
    offered = (one.removeprefix(tag) for one in session.used_phrases if one.startswith(tag))
    return Ground(
        seed=session.conversation,
        page=session.page,
        persona=persona,
        said=session.said,
        words=words,
        aspects=frozenset(state.aspects),
        sentences=frozenset((*session.used_quotes, *state.sentences)),
        buttons=frozenset((*state.buttons, *offered)),
    )


def noted(session: Session, suggestion: Suggestion) -> Session:
    """The session after a suggestion was said."""
    state = session.follow_ups
    return replace(
        session,
        follow_ups=replace(
            state,
            in_a_row=state.in_a_row + 1,
            aspects=(*state.aspects, suggestion.aspect.value),
            sentences=(*state.sentences, fingerprint(suggestion.sentence)),
            buttons=(*state.buttons, *suggestion.buttons),
        ),
    )


class Suggester:
    """Finds suggestions on the site. The same ground gives the same suggestion."""

    def __init__(
        self,
        knowledge: Knowledge,
        interpreter: Interpreter,
        aspects: Aspects,
        *,
        company: str,
        language: str,
        personas: Sequence[Persona] = (),
    ) -> None:
        """`language` is the site's. Pages of `personas` are said nothing from to visitors of another kind."""
        self._knowledge = knowledge
        self._interpreter = interpreter
        self._company = company.casefold()
        self._terms = aspects.terms(language)
        self._language = language.partition("-")[0]
        self._owners = _owners(personas)
        self._found: OrderedDict[tuple[str, ...], tuple[Finding, ...]] = OrderedDict()
        self._answers: OrderedDict[tuple[str, ...], tuple[str, ...]] = OrderedDict()

    def speaks(self, language: str) -> bool:
        """Whether what is found can be said in a talk in this language."""
        return self._terms is not None and language.partition("-")[0] == self._language

    async def suggest(self, ground: Ground) -> Suggestion | None:
        """The best that the site has for this visitor; None when it has nothing that was not said yet."""
        if self._terms is None or not (ground.page or ground.persona or ground.said):
            return None
        for terms in self._ranked(self._terms, ground):
            finding = await self._best(terms, self._terms, ground)
            if finding is None:
                continue
            buttons = await self._buttons(terms, self._terms, ground, finding)
            if buttons:
                return Suggestion(aspect=terms.aspect, finding=finding, buttons=buttons)
        return None

    def _ranked(self, terms: Terms, ground: Ground) -> list[AspectTerms]:
        page, persona = _page_text(ground.page), " ".join(_traits(ground.persona))
        most = max((one.mentions(persona) for one in terms.aspects), default=0) or 1

        def rank(one: AspectTerms) -> float:
            chance = crc32(f"{ground.seed}:{one.aspect}".encode("utf-8", "replace")) / 2**32
            told = _ASPECT_ON_PAGE * bool(one.mentions(page)) + _ASPECT_SAID * bool(one.mentions(ground.said))
            return told + _ASPECT_OF_PERSONA * one.mentions(persona) / most + chance

        fresh = (one for one in terms.aspects if one.aspect not in ground.aspects)
        return sorted(fresh, key=rank, reverse=True)

    async def _best(self, aspect: AspectTerms, terms: Terms, ground: Ground) -> Finding | None:
        proof = ground.persona.proof if ground.persona else ()
        own = [trait for trait in (*proof, *_traits(ground.persona)) if aspect.mentions(trait)][:OWN_QUERIES]
        found = [finding for query in (*own, *aspect.queries) for finding in await self._search(query, ground)]
        offers = [
            (worth + _LEADS * terms.leads(aspect, sentence), replace(finding, sentences=(sentence,)))
            for finding in found
            for sentence in finding.sentences
            if _fits(sentence, aspect, terms, ground) and (worth := self._worth(sentence, finding, terms, ground))
        ]
        return max(offers, key=itemgetter(0))[1] if offers else None

    def _worth(self, sentence: str, finding: Finding, terms: Terms, ground: Ground) -> float:
        """How well a sentence suits the visitor; 0 when it speaks to others, or of something else than what is sold."""
        if any(terms.is_about_trouble(heading) for heading in finding.passage.headings[-1:]):
            return 0.0
        address = _place(finding.passage.url)
        owners = self._owners.get(address, frozenset())
        here = ground.page is not None and _place(ground.page.url) == address
        theirs = bool(ground.persona and ground.persona.id in owners)
        if owners and not here and not theirs:
            return 0.0
        about_us = self._company in sentence.casefold()
        proves = ground.persona is not None and sentence in ground.persona.proof
        path = _path(address)
        words = {word for part in path for word in (part, *part.split("-"))}
        manual = bool(words & set(terms.manuals)) and not (here or theirs)
        if path & set(terms.aside) or (path & set(terms.stories) and not (about_us or proves)):
            return 0.0
        context = f"{' '.join(_traits(ground.persona))} {ground.said} {_page_text(ground.page)}"
        fit = _SHARED_WORD * min(len(_words(sentence) & _words(context)), _MOST_SHARED)
        spoken_by_us = _BY_US * (about_us or terms.addresses(sentence))
        place = _ON_THIS_PAGE * here + _ON_THEIR_PAGE * (theirs or proves) - _IN_A_MANUAL * manual
        worth = finding.score + place + fit + spoken_by_us
        return worth if worth >= WORTH_SAYING else 0.0

    async def _buttons(self, aspect: AspectTerms, terms: Terms, ground: Ground, finding: Finding) -> tuple[str, ...]:
        """A pain, a feature and a requirement that pages answer, as far as there are such."""
        persona = ground.persona or _NOBODY
        pains = (*(pain for pain in persona.pains if len(pain) <= MAX_BUTTON_LENGTH), *aspect.pains)
        features = (*_named(persona.features, aspect, terms), *aspect.features, *persona.quick_replies)
        told = _path(finding.passage.url) & set(terms.stories) or len(finding.passage.headings) < BELOW_THE_TITLE
        headings = () if told else finding.passage.headings[-1:]
        requirements = (*headings, *aspect.requirements, *persona.quick_replies)
        spare = (*features, *requirements, *pains)  # instead of a kind of which pages answer none
        chosen: list[str] = []
        for labels in (pains, features, requirements, spare, spare):
            if len(chosen) == MAX_BUTTONS:
                break
            taken = {*ground.buttons, *chosen}
            label = await self._first_answered(labels, taken, aspect, ground, finding)
            chosen += [label] if label else []
        return tuple(chosen)

    async def _first_answered(
        self, labels: Iterable[str], taken: set[str], aspect: AspectTerms, ground: Ground, finding: Finding
    ) -> str:
        """The first label that is free and, when pressed, gets an answer that was not given yet.

        The answer must have a word of the label, and that to a label which any site might be asked one of the aspect.
        """
        general = {*aspect.pains, *aspect.features, *aspect.requirements}
        said, told = ground.said.casefold(), {*ground.sentences, fingerprint(finding.sentences[0])}
        used = {word for label in taken for word in _words(label)}
        tried = 0
        for label in dict.fromkeys(map(_capital, labels)):
            short = 1 < len(label) <= MAX_BUTTON_LENGTH
            if not short or label.casefold() in said or _words(label) & used or tried >= ENOUGH_LABELS:
                continue
            tried += 1
            answers = await self._answers_to(label, ground)
            fresh = any(fingerprint(one) not in told for one in answers)
            fits = label not in general or any(map(aspect.mentions, answers))
            if fresh and fits and _is_named(label, " ".join(answers)):
                return label
        return ""

    async def _answers_to(self, label: str, ground: Ground) -> tuple[str, ...]:
        """What pressing a button would be answered with from the site, as a new visitor on this page."""
        key = (label, ground.page.url if ground.page else "", ground.persona.id if ground.persona else "")
        if key not in self._answers:
            pressed = replace(opening_on(ground.page or _NOWHERE, at=0.0), kind=MessageKind.BUTTON, text=label)
            session = receive(begin(pressed).session, (pressed,))
            understanding = await self._interpreter.interpret((pressed,), session, {})
            view = TurnView(
                session=session,
                facts=understanding.facts,
                understanding=understanding,
                news=understanding.facts,
                persona=ground.persona,
                messages=(pressed,),
                now=0.0,
            )
            research = await look_up(self._knowledge, view, fold(understanding.facts))
            answers = tuple(sentence for found in research.findings for sentence in found.sentences)
            person = (label,) if wants_person(understanding) else ()
            _keep(self._answers, key, answers or person)
        return self._answers[key]

    async def _search(self, query: str, ground: Ground) -> tuple[Finding, ...]:
        """A search whose answer is kept: pages do not change, and many visitors are told the same."""
        page = ground.page.url if ground.page else ""
        hints = (*ground.persona.features, *ground.persona.industries) if ground.persona else ()
        key = (query, page, ground.persona.id if ground.persona else "")
        if key not in self._found:
            _keep(self._found, key, await self._knowledge.search(query, page=page, hints=hints, limit=FOUND))
        return self._found[key]


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)


def _fits(sentence: str, aspect: AspectTerms, terms: Terms, ground: Ground) -> bool:
    """Whether a sentence may be said: short, whole, about the aspect, and new."""
    if not SHORTEST_SENTENCE <= len(sentence.split()) <= min(ground.words, SENTENCE_WORDS):
        return False
    new = fingerprint(sentence) not in ground.sentences
    return new and terms.stands_alone(sentence) and terms.leads(aspect, sentence) > 0


def _named(traits: Sequence[str], aspect: AspectTerms, terms: Terms) -> Iterator[str]:
    """Names of a persona's pains or features, those of the aspect first, shortened to what fits a button."""
    for trait in sorted(traits, key=lambda one: not aspect.mentions(one)):
        short = trait if len(trait) <= MAX_BUTTON_LENGTH else terms.shortened(trait)
        if len(short.split()) > 1 or short.isupper():
            yield short


def _owners(personas: Sequence[Persona]) -> Mapping[str, frozenset[str]]:
    """Which personas a page speaks to, for pages that do not speak to everybody."""
    owners: dict[str, set[str]] = {}
    for persona in personas:
        for page in persona.pages:
            owners.setdefault(_place(page), set()).add(persona.id)
    return {page: frozenset(ids) for page, ids in owners.items() if len(ids) < max(2, len(personas))}


def _traits(persona: Persona | None) -> tuple[str, ...]:
    return (*persona.pains, *persona.features) if persona else ()


def _place(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].removesuffix("index.html").rstrip("/")


def _path(url: str) -> set[str]:
    """The parts of an address after its host."""
    return set(re.split(r"[/_.]", url.partition("://")[2].partition("/")[2].casefold()))


def _page_text(page: Page | None) -> str:
    path = page.url.partition("://")[2].partition("/")[2] if page else ""
    return f"{page.title} {page.heading} {path.replace('/', ' ').replace('-', ' ')}" if page else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in map(_bare, text.casefold().split()) if len(word) > TELLING)


def _is_named(label: str, text: str) -> bool:
    """Whether a text has a word of a label, however it is written: "set-up" is "Setup"."""
    plain = _SIGNS.sub("", text.casefold())
    initials = [word for word in label.split() if word.isupper()]
    if any(re.search(rf"\b{re.escape(word)}", text) for word in initials):
        return True
    return any(_SIGNS.sub("", word)[:STEM] in plain for word in _words(label))


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'()“”„«»").removesuffix("'s")


def _capital(label: str) -> str:
    """With a capital letter at the start, unless its first word is a name that has one within."""
    label = label.strip()
    first = label.partition(" ")[0]
    return label if first != first.lower() else label[:1].upper() + label[1:]
