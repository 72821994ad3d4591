"""What a kind of visitor says, is asked and is offered: cues, questions, opening lines, buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.offering import Offering
from core.persona import PersonaQuestion
from knowledge.reading.blocks import DETAIL_LEVEL
from personas.compiler.drafting import Draft
from personas.compiler.figures import Scale, employees_in, volume_in
from personas.compiler.material import Material
from personas.compiler.merging import Group
from personas.compiler.naming import Name
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.texts import BUTTON_LENGTH, Texts
from personas.compiler.words import Sort, Words

_MOST_CUES = 24
_MOST_NAMES = 4
_MOST_TERMS = 12
_MOST_PAINS = 4
_MOST_BUTTONS = 5
_MOST_OPTIONS = 5
_LONGEST_CUE = 80
_MOST_STEP_WORDS = 4


class Speech:
    """Words put into mouths, in one language; data for all of it are `texts`."""

    def __init__(
        self, words: Words, phrases: Phrasebook, texts: Texts, offering: Offering, repeated: frozenset[str]
    ) -> None:
        self._repeated = repeated
        self._silent = phrases.asking_words | words.determiners | words.own | words.yours
        self._words = words
        self._phrases = phrases
        self._texts = texts
        self._offering = offering

    def cues(self, group: Group, name: str, terms: Sequence[str], draft: Draft) -> tuple[str, ...]:
        """Short phrases, most telling first, none twice."""
        told: list[str] = []
        for one in self._names(group):
            told.extend(self._said(one))
        told.extend(self._synonyms(group))
        spoken = {word for cue in told for word in cue.casefold().split()}
        told.extend(term for term in terms[:_MOST_TERMS] if self._words.singular(term.casefold()) not in spoken)
        told.extend(pain.rstrip(".") for pain in draft.of("pains")[:_MOST_PAINS] if len(pain) <= _LONGEST_CUE)
        told.extend(draft.of("roles")[:_MOST_NAMES])
        unique = {cue.casefold(): cue for cue in reversed([one.strip() for one in told]) if cue}
        return tuple(reversed(unique.values()))[:_MOST_CUES] or (name,)

    def quick_replies(self, material: Material, terms: Sequence[str]) -> tuple[str, ...]:
        """Next steps and topics of their pages, whole words, short enough for a button."""
        found = dict.fromkeys(one for one in (*self._steps(material), *self._topics(material, terms)) if _fits(one))
        return tuple(found)[:_MOST_BUTTONS]

    def openers(self, name: str, topics: Sequence[str]) -> tuple[str, ...]:
        """Questions to begin with, about their topics where there are two."""
        if not topics:
            return self._texts.plain_openers[:2]
        other = topics[1] if len(topics) > 1 else ""
        slots = {"topic": topics[0], "other": other, "many": name}
        return tuple(one.format(**slots) for one in self._texts.openers if other or "{other}" not in one)[:2]

    def questions(
        self, material: Material, draft: Draft, topics: Sequence[str], tools: Sequence[str]
    ) -> tuple[PersonaQuestion, ...]:
        """Budget, authority, need and timeline; options from the site where it has any."""
        sources = {
            "topics": tuple(_capital(one) for one in topics),
            "employees": self._scale(
                next((one for line in material.lines for one in employees_in(line.text) if one.high), None)
            ),
            "volumes": self._scale(next((one for line in material.lines if (one := volume_in(line.text))), None)),
            "plans": tuple(plan.name for plan in self._offering.plans),
            "roles": tuple(_capital(one) for one in draft.of("roles")),
            "tools": tuple(tools),
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

    def _names(self, group: Group) -> tuple[Name, ...]:
        best: dict[str, Name] = {}
        for one in group.evidence:
            for name in one.names:
                best.setdefault(" ".join(name.words).casefold(), name)
        return tuple(best.values())[:_MOST_NAMES]

    def _said(self, name: Name) -> Iterator[str]:
        text = " ".join(name.words)
        one, many = self._words.singular(text), self._words.plural(text)
        kind = self._kind(name)
        article = _article(one, self._texts.articles)
        for template in self._texts.cues[kind]:
            yield template.format(one=f"{article} {one}".strip(), name=one if kind != "field" else text, many=many)

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
                yield from synonyms[:_MOST_NAMES]

    def _steps(self, material: Material) -> Iterator[str]:
        for reading in material.own:
            for link in reading.page.links:
                if not link.nav and _is_step(link.text):
                    yield link.text.strip(" →›»")

    def _topics(self, material: Material, terms: Iterable[str]) -> Iterator[str]:
        for line in material.own_lines:
            topic = 1 < line.level < DETAIL_LEVEL and _fits(line.text) and " " in line.text
            if topic and not line.text.endswith(("?", ":")) and not self._is_furniture(line.text):
                yield line.text
        for term in terms:
            if " " in term:
                yield _capital(term)

    def _is_furniture(self, text: str) -> bool:
        if text in self._repeated or not text[:1].isupper() or text.split(maxsplit=1)[0].casefold() in self._silent:
            return True
        names = ("audience_headings", "pain_headings", "proof_headings", "objection_headings", "feature_headings")
        return any(self._phrases.says(name, text) for name in names)


def _is_step(text: str) -> bool:
    words = text.split()
    return 1 < len(words) <= _MOST_STEP_WORDS and text[:1].isupper() and not any(letter.isdigit() for letter in text)


def _fits(text: str) -> bool:
    return 1 < len(text) <= BUTTON_LENGTH


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _article(word: str, articles: tuple[str, str]) -> str:
    return articles[1] if word[:1].casefold() in "aeiou" else articles[0]
