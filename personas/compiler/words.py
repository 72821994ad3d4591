"""Words for people and organisations, by language, in the shape the name reader needs. Data: `resources/who.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

_FALLBACK = "en"
_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "midwife": "midwives", "staff": "staff",
    "personnel": "personnel", "police": "police", "tradesperson": "tradespeople", "craftsperson": "craftspeople",
    "spa": "spas", "tradespeople": "tradespeople", "people": "people",
    "self-employed": "self-employed", "crew": "crews",
    "analysis": "analyses", "clinic": "clinics", "mechanic": "mechanics", "academic": "academics", "medic": "medics",
    "critic": "critics", "paramedic": "paramedics", "workforce": "workforces", "devops": "devops", "clergy": "clergy",
}  # fmt: skip
_SINGULARS = {plural: singular for singular, plural in _IRREGULAR.items()}
_ANYBODY = frozenset(
    {
        "team",
        "organisation",
        "organization",
        "company",
        "business",
        "firm",
        "body",
        "group",
        "institution",
        "people",
        "staff",
    }
)
_GROUPS = frozenset({"team", "lead", "head", "partner", "leader", "professional"})
_SHORTEST_COMPOUND = 5


class WhoWords(BaseModel):
    """One language's words; what each list means stands at the top of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    compounds: bool
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    roles: tuple[str, ...]
    collectives: tuple[str, ...]
    endings: tuple[str, ...]
    no_people: tuple[str, ...]
    fields: tuple[str, ...]
    sizes: Mapping[str, tuple[str, ...]]
    generic: tuple[str, ...]
    empty: tuple[str, ...]
    outsiders: tuple[str, ...]
    scopes: tuple[str, ...]
    determiners: tuple[str, ...]
    own: tuple[str, ...]
    yours: tuple[str, ...]
    stops: tuple[str, ...]
    joins: tuple[str, ...]
    links: tuple[str, ...]
    things: tuple[str, ...]
    counted: tuple[str, ...]
    lenders: tuple[str, ...]


class Sort(Enum):
    """What a head names."""

    PEOPLE = "people"
    ORGANISATION = "organisation"
    COLLECTIVE = "collective"
    FIELD = "field"
    SIZE = "size"
    GUESSED = "guessed"  # by its ending


class Words:
    """One language, ready to be asked. All questions are about lower-case words."""

    def __init__(self, data: WhoWords, language: str) -> None:
        self.language = language
        self.head_first = data.head == "first"
        self.compounds = data.compounds
        self.empty = frozenset(data.empty)
        self.determiners = frozenset(data.determiners)
        self.own = frozenset(data.own)
        self.yours = frozenset(data.yours)
        self.scopes = frozenset(data.scopes)
        self.joins = frozenset(data.joins)
        self.links = frozenset(data.links)
        self.stops = frozenset(data.stops) - self.determiners - self.joins - self.links
        self.counted = frozenset(data.counted)
        self.lenders = tuple(data.lenders)
        self.things = frozenset(data.things)
        self.fields = frozenset(data.fields)
        self.roles = frozenset(data.roles)
        self.sizes = {word: size for size, words in data.sizes.items() for word in words}
        self._endings = tuple(data.endings)
        self._no_people = frozenset(data.no_people)
        self._generic = frozenset(map(self.singular, data.generic)) | frozenset(data.generic)
        self._outsiders = frozenset(map(self.singular, data.outsiders)) | frozenset(data.outsiders)
        self._sorts = self._heads(data)
        self._long = tuple(word for word in self._sorts if len(word) >= _SHORTEST_COMPOUND) if data.compounds else ()

    def sort_of(self, phrase: str) -> tuple[Sort, bool] | None:
        """What a head names and whether it is a plural; None for every other word."""
        known = self._sorts.get(phrase)
        if known is not None:
            return known
        if " " in phrase:
            return None
        if self._long:
            return next((self._sorts[one] for one in self._long if phrase.endswith(one)), None)
        if "-" in phrase and phrase.rpartition("-")[2] in self._sorts:
            return self._sorts[phrase.rpartition("-")[2]]
        if phrase.endswith(self._endings) and self._endings and not self._names_no_people(phrase):
            return Sort.GUESSED, True
        return None

    def knows(self, phrase: str) -> bool:
        """Whether a phrase of several words is a head of its own ("law firm" is none, "credit union" is)."""
        return phrase in self._sorts

    def is_generic(self, head: str) -> bool:
        return head in self._generic or self.singular(head) in self._generic

    def is_outsider(self, head: str) -> bool:
        return head in self._outsiders or self.singular(head) in self._outsiders

    def is_plural(self, word: str) -> bool:
        """Whether a word looks like a plural; every word of another language than English does."""
        return (
            self.language != _FALLBACK or singular(word.casefold()) != word.casefold() or word.casefold() in _SINGULARS
        )

    def is_role(self, head: str) -> bool:
        return self.singular(head) in self.roles

    def is_bland(self, head: str) -> bool:
        """Whether a generic word could be anybody at all: organisations, not contractors."""
        return self.singular(head) in _ANYBODY

    def is_post(self, head: str) -> bool:
        """Whether a word names somebody by what they do rather than a group: director, not team."""
        return self.is_role(head) and self.singular(head) not in _GROUPS

    def singular(self, phrase: str) -> str:
        """The singular of a name by its last word; only English words change."""
        return _changed(phrase, singular) if self.language == _FALLBACK else phrase

    def plural(self, phrase: str) -> str:
        """The plural of a name by its last word; only English words change."""
        return _changed(phrase, plural) if self.language == _FALLBACK else phrase

    def _names_no_people(self, word: str) -> bool:
        return word in self._no_people or self.singular(word) in self._no_people or self.is_outsider(word)

    def _heads(self, data: WhoWords) -> dict[str, tuple[Sort, bool]]:
        heads: dict[str, tuple[Sort, bool]] = {}
        for sort, words in ((Sort.PEOPLE, data.people), (Sort.ORGANISATION, data.organisations)):
            for word in words:
                heads[word] = sort, False
                heads[self.plural(word)] = sort, True
            if self.language != _FALLBACK:
                # Their lists hold both numbers; a name is read in either.
                heads |= dict.fromkeys(words, (sort, True))
        for role in data.roles:
            heads.setdefault(role, (Sort.PEOPLE, False))
            heads.setdefault(self.plural(role), (Sort.PEOPLE, True))
        for word in data.collectives:
            heads[word] = Sort.COLLECTIVE, True
        for word in self.sizes:
            heads[word] = Sort.SIZE, self.language != _FALLBACK
            heads[self.plural(word)] = Sort.SIZE, True
        return heads


def singular(word: str) -> str:
    """The singular of an English noun, by rule."""
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word.endswith("men") and len(word) > len("omen"):
        return f"{word[:-3]}man"
    if word.endswith("ies") and len(word) > len("pies"):
        return f"{word[:-3]}y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")) and len(word) > len("gas"):
        return word[:-1]
    return word


def plural(word: str) -> str:
    """The plural of an English noun, by rule; a word that is one already stays."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SINGULARS or singular(word) != word:
        return word
    if word.endswith("man") and not word.endswith("human"):
        return f"{word[:-2]}en"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if word.endswith(("s", "sh", "ch", "x", "z")) and not word.endswith("tech"):
        return f"{word}es"
    return f"{word}s"


def _changed(phrase: str, change: Callable[[str], str]) -> str:
    before, space, last = phrase.rpartition(" ")
    return f"{before}{space}{change(last)}"


@cache
def words_for(language: str) -> Words:
    """The words of a language (primary subtag); English for one without words of its own."""
    known = _languages()
    return Words(known.get(language, known[_FALLBACK]), language if language in known else _FALLBACK)


def languages() -> Iterable[str]:
    """The languages with words of their own."""
    return _languages().keys()


@cache
def _languages() -> Mapping[str, WhoWords]:
    text = resources.files("personas").joinpath("resources/who.yaml").read_text(encoding="utf-8")
    return {language: WhoWords.model_validate(words) for language, words in yaml.safe_load(text).items()}
