"""What a kind of visitor says, is asked and is offered: cues, questions, opening lines, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.offering import Offering
from core.persona import PersonaQuestion
from knowledge.reading.blocks import DETAIL_LEVEL
from personas.compiler.clauses import Clauses
from personas.compiler.drafting import Draft
from personas.compiler.figures import Scale, employees_in, has_figure, volume_in
from personas.compiler.material import Material
from personas.compiler.merging import Group
from personas.compiler.naming import Name
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.texts import BUTTON_LENGTH, Texts
from personas.compiler.words import Sort, Words

_MOST_CUES = 28
_MOST_NAMES = 3
_MOST_SYNONYMS = 4
_MOST_TOPICS = 5
_MOST_PAINS = 5
_MOST_WISHES = 4
_MOST_TOOLS = 4
_MOST_POSTS = 3
_MOST_OBJECTIONS = 3
_MOST_TERMS = 4
_MOST_STEPS = 2
_MOST_BUTTONS = 5
_MOST_OPTIONS = 5
_LONGEST_CUE = 80
_MOST_STEP_WORDS = 4
_CLEARLY = 0.9
"""Weight of a sighting from which a name is the customers' own."""
_SHORTEST_TERM = 4
_CLAUSE = frozenset({"we", "you", "they", "it", "i", "is", "are", "not", "never"})
_FIRST_PERSON = re.compile(r"\b(?:we|our|i|my|us)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is said about one persona: words that set it apart, noun phrases, and products of other vendors."""

    terms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


class Speech:
    """Words put into mouths, in one language; data for all of it are `texts`."""

    def __init__(
        self,
        words: Words,
        phrases: Phrasebook,
        texts: Texts,
        offering: Offering,
        clauses: Clauses,
        repeated: frozenset[str],
        everyday: frozenset[str],
    ) -> None:
        self._repeated = repeated
        self._silent = phrases.asking_words | words.determiners | words.own | words.yours
        self._words = words
        self._phrases = phrases
        self._texts = texts
        self._offering = offering
        self._clauses = clauses
        self._everyday = everyday

    def cues(self, group: Group, name: str, spoken: Spoken, draft: Draft) -> tuple[str, ...]:
        """Short phrases, most telling first, none twice."""
        told = [*self._selves(group)]
        told += self._unsaid(self._synonyms(group), told)[:_MOST_SYNONYMS]
        told += self._filled("post", draft.of("roles")[:_MOST_POSTS])
        told += list(filter(None, map(self._clauses.complaint, draft.of("pains"))))[:_MOST_PAINS]
        told += self._filled("wish", tuple(filter(None, map(self._clauses.wish, draft.of("features"))))[:_MOST_WISHES])
        told += self._filled("tool", spoken.tools[:_MOST_TOOLS])
        told += self._objections(draft)
        told += spoken.topics[:_MOST_TOPICS]
        if len(told) < _MOST_CUES // 2:
            said = {word for cue in told for word in cue.casefold().split()}
            said |= {self._words.singular(word) for word in said}
            terms = (one for one in spoken.terms if self._is_telling(one))
            told += [one for one in terms if self._words.singular(one.casefold()) not in said][:_MOST_TERMS]
        unique = {cue.casefold(): cue for cue in reversed([one.strip() for one in told]) if cue}
        return tuple(reversed(unique.values()))[:_MOST_CUES] or (name,)

    def quick_replies(self, material: Material, spoken: Spoken, plan: str) -> tuple[str, ...]:
        """Next steps, their plan and topics of their pages, whole words, short enough for a button."""
        found = [*[one for one in self._steps(material) if _fits(one)][:_MOST_STEPS]]
        buttons = self._texts.buttons
        found += [buttons["plan"].format(name=plan)] if plan and not plan.casefold().endswith("plan") else []
        found += [buttons["tool"].format(name=one) for one in spoken.tools][:1]
        found += self.topics(material, spoken.topics)
        return tuple(dict.fromkeys(one for one in found if _fits(one) and not self._is_price_row(one)))[:_MOST_BUTTONS]

    def topics(self, material: Material, topics: Iterable[str]) -> tuple[str, ...]:
        """Headings of their own pages that name a topic, then noun phrases, capitalised."""
        headings = [
            line.text
            for line in material.own_lines
            if 1 < line.level < DETAIL_LEVEL and self._is_topic(line.text) and not self._is_furniture(line.text)
        ]
        return tuple(
            dict.fromkeys(
                one for one in (*headings, *map(_capital, topics)) if _fits(one) and not self._is_price_row(one)
            )
        )

    def openers(self, draft: Draft) -> tuple[str, ...]:
        """Questions to begin with, about their own troubles where the site tells any that stand alone."""
        pains = [pain for one in draft.of("pains") if (pain := self._clauses.main(one)) and not has_figure(pain)]
        pains.sort(key=lambda pain: len(pain) > _LONGEST_CUE)  # short ones first, else in the order of the site
        told = [text.format(pain=pain) for text, pain in zip(self._texts.openers, pains, strict=False)]
        return tuple(told) or self._texts.plain_openers[:2]

    def questions(self, material: Material, draft: Draft, spoken: Spoken) -> tuple[PersonaQuestion, ...]:
        """Budget, authority, need and timeline; options from the site where it has any."""
        sources = {
            "topics": self.topics(material, spoken.topics),
            "employees": self._scale(
                next((one for line in material.lines for one in employees_in(line.text) if one.high), None)
            ),
            "volumes": self._scale(next((one for line in material.lines if (one := volume_in(line.text))), None)),
            "plans": tuple(plan.name for plan in self._offering.plans),
            "roles": tuple(_capital(one) for one in draft.of("roles")),
            "tools": spoken.tools,
        }
        return tuple(self._asked(sources))

    def _asked(self, sources: dict[str, tuple[str, ...]]) -> Iterator[PersonaQuestion]:
        for asking in self._texts.questions:
            own = tuple(one for one in sources.get(asking.source, ()) if _fits(one))
            options = own if len(own) > 1 else asking.options
            if options or asking.field in {"budget", "volume"}:
                yield PersonaQuestion(field=asking.field, text=asking.text, options=options[:_MOST_OPTIONS])

    def _scale(self, scale: Scale | None) -> tuple[str, ...]:
        if scale is None:
            return ()
        texts = self._texts
        between = texts.between.format(low=scale.low, high=scale.high)
        return texts.under.format(number=scale.low), between, texts.over.format(number=scale.high)

    def _selves(self, group: Group) -> Iterator[str]:
        """How they introduce themselves: under their first name in every way, under further names in one."""
        for place, name in enumerate(self._names(group)):
            told = tuple(self._said(name))
            yield from told if not place else told[:1]

    def _names(self, group: Group) -> tuple[Name, ...]:
        best: dict[str, Name] = {}
        sure = [one for one in group.evidence if one.ground.structural or one.weight >= _CLEARLY]
        for one in sure or group.evidence[:1]:
            for name in one.names if not one.use else one.names[:1]:
                if not self._is_somebodys(name) and (name.sort is not Sort.SIZE or one.ground.structural):
                    best.setdefault(self._words.singular(" ".join(name.words).casefold()), name)
        return tuple(best.values())[:_MOST_NAMES]

    def _is_somebodys(self, name: Name) -> bool:
        """Whether a word of a name is somebody's own: one the site writes nowhere small."""
        known = self._everyday | self._words.fields | self._words.scopes
        return any(
            one.isalpha() and one not in known and word == one
            for one, word in zip(name.modifiers, name.words, strict=False)
        )

    def _said(self, name: Name) -> Iterator[str]:
        text = " ".join(name.words)
        if name.sort is Sort.COLLECTIVE:
            text = text.removeprefix("the ")
        one, many = self._words.singular(text), self._words.plural(text)
        kind = self._kind(name)
        article = _article(one, self._texts.articles)
        for template in self._texts.cues[kind]:
            yield template.format(one=f"{article} {one}".strip(), name=one if kind != "field" else text, many=many)

    def _unsaid(self, names: Iterable[str], told: Iterable[str]) -> list[str]:
        """Names that hold a word nobody said yet."""
        said = {word for cue in told for word in cue.casefold().split()}
        kept: list[str] = []
        for name in names:
            if not said.issuperset(name.casefold().split()):
                kept.append(name)
                said.update(name.casefold().split())
        return kept

    def _filled(self, kind: str, names: Iterable[str]) -> list[str]:
        return [template.format(name=name) for name in names for template in self._texts.cues[kind]]

    def _objections(self, draft: Draft) -> list[str]:
        told = [one.rstrip(".") for one in draft.of("objections") if not one.endswith("?") and len(one) <= _LONGEST_CUE]
        return [one for one in told if _FIRST_PERSON.search(one)][:_MOST_OBJECTIONS]

    def _is_telling(self, term: str) -> bool:
        known = self._words.sort_of(term.casefold()) is not None or self._words.is_role(term.casefold())
        return " " not in term and len(term) > _SHORTEST_TERM and not term[:1].isupper() and not known

    def _kind(self, name: Name) -> str:
        if name.head == "team" or name.head in self._phrases.your_team:
            return "team"
        if name.sort is Sort.PEOPLE or name.sort is Sort.GUESSED:
            return "role"
        if name.sort in {Sort.FIELD, Sort.COLLECTIVE}:
            return "field"
        return "size" if name.sort is Sort.SIZE else "organisation"

    def _synonyms(self, group: Group) -> Iterator[str]:
        for synonyms in self._phrases.synonyms:
            if synonyms[0] in group.keys or not group.keys.isdisjoint(synonyms):
                yield from synonyms

    def _steps(self, material: Material) -> Iterator[str]:
        for reading in material.own:
            for link in reading.page.links:
                if not link.nav and self._is_step(link.text):
                    yield link.text.strip(" →›»")

    def _is_step(self, text: str) -> bool:
        parts = text.casefold().strip(" →›»").split()
        if not 1 < len(parts) <= _MOST_STEP_WORDS or not text[:1].isupper() or has_figure(text):
            return False
        if parts[-1] in self._phrases.empty_steps:
            return False
        return not self._phrases.step_words.isdisjoint((parts[0], parts[-1]))

    def _is_price_row(self, text: str) -> bool:
        words = text.casefold().split()
        pairs = map(" ".join, pairwise(words))
        return not self._phrases.price_rows.isdisjoint((*words, *pairs))

    def _is_topic(self, text: str) -> bool:
        """Whether a heading is a noun phrase: few words, no clause, no name of somebody."""
        parts = text.strip('“”"').split()
        if not 1 < len(parts) <= _MOST_STEP_WORDS or text.endswith(("?", ":", ".", "!")) or text[:1] in '“"„«':
            return False
        small = [part.casefold() for part in parts]
        if any(part in self._words.stops | _CLAUSE for part in small) or "," in text or has_figure(text):
            return False
        return all(part[:1].islower() or part.casefold() in self._everyday or part.isupper() for part in parts)

    def _is_furniture(self, text: str) -> bool:
        if text in self._repeated or not text[:1].isupper() or text.split(maxsplit=1)[0].casefold() in self._silent:
            return True
        names = ("audience_headings", "pain_headings", "proof_headings", "objection_headings", "feature_headings")
        return any(self._phrases.says(name, text) for name in names)


def _fits(text: str) -> bool:
    return 1 < len(text) <= BUTTON_LENGTH


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _article(word: str, articles: tuple[str, str]) -> str:
    return articles[1] if word[:1].casefold() in "aeiou" else articles[0]
