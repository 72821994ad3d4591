"""Kinds of visitor that keep coming and fit no persona: groups of like chats, proposed as a new persona."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field

from core.ids import PersonaId
from core.persona import Persona
from core.unmatched import HIDDEN, UnmatchedChat
from knowledge.search.lexicon import lexicon as search_lexicon
from knowledge.words import Stemmer, words_of
from personas.grouping import Rarity, Similarities, by_meaning, by_words, groups, mixed, weighed

EXAMPLE_CHARACTERS = 160
_SHORTEST_WORD = 3
_ID_CHARACTERS = 48
_NAME_WORDS = 2
_LONGEST_PHRASE = 3


class Rules(BaseModel):
    """When a group is worth a proposal; explained one by one in `resources/proposals.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fewest_chats: int = Field(ge=2)
    fewest_visitors: int = Field(ge=2)
    said_by: int = Field(ge=2)
    alike_in_words: float = Field(gt=0, lt=1)
    alike_in_meaning: float = Field(gt=0, lt=1)
    meaning_share: float = Field(ge=0, le=1)
    most_chats: int = Field(ge=2)
    common_over: int = Field(ge=1)
    telling_words: int = Field(ge=1)
    most_cues: int = Field(ge=1)
    most_examples: int = Field(ge=1)
    same_again: float = Field(gt=0, le=1)
    everyday: str


@cache
def rules() -> Rules:
    """The shipped rules."""
    text = resources.files("personas").joinpath("resources/proposals.yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.safe_load(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A persona the site does not speak of. `words` are stems by which it is known again when more chats come."""

    id: str
    name: str
    cues: tuple[str, ...]  # each said by several visitors
    examples: tuple[str, ...]  # beginnings of chats, of different visitors
    count: int
    visitors: int
    nearest_persona: PersonaId | None
    why: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What else is said in this field: words that are common there tell nothing about a group."""

    texts: Sequence[str] = ()  # of the site and of the personas
    language: str = "en"


def propose(
    chats: Iterable[UnmatchedChat],
    *,
    vectors: Sequence[array[float]] = (),
    background: Background | None = None,
    dismissed: Iterable[Collection[str]] = (),
    by: Rules | None = None,
) -> tuple[Proposal, ...]:
    """Groups of like chats, the largest first; the order of the chats does not matter.

    `vectors` are embeddings of the chats' texts, in their order; without them words alone decide. `dismissed` holds the
    `words` of proposals nobody wants to see again. Raises ValueError for vectors that are not one a chat.
    """
    ruling, held = by or rules(), list(chats)
    if vectors and len(vectors) != len(held):
        raise ValueError(f"{len(vectors)} vectors for {len(held)} chats")
    newest = sorted(range(len(held)), key=lambda n: (-held[n].at, held[n].visitor, held[n].text))[: ruling.most_chats]
    reading = _Reading([held[number] for number in newest], background or Background(), ruling)
    threshold = ruling.alike_in_meaning if vectors else ruling.alike_in_words
    alike = reading.alike(tuple(vectors[number] for number in newest) if vectors else ())
    found = [one for members in groups(alike, threshold=threshold) if (one := reading.proposal(members, alike))]
    turned_down = [frozenset(words) for words in dismissed]
    kept = [one for one in found if not any(_same(one, words, ruling.same_again) for words in turned_down)]
    return tuple(sorted(kept, key=lambda one: (-one.count, one.id)))


def _same(proposal: Proposal, dismissed: frozenset[str], share: float) -> bool:
    return len(dismissed.intersection(proposal.words)) >= share * len(proposal.words) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One chat as the groups see it: its words in order, and the stem of each, "" for one that tells nothing."""

    chat: UnmatchedChat
    words: tuple[str, ...]
    stems: tuple[str, ...]
    telling: frozenset[str] = field(default_factory=frozenset)


def words_of_personas(personas: Iterable[Persona], language: str) -> tuple[frozenset[str], ...]:
    """What each persona is known by, in the terms of `Proposal.words`: a proposal that became a persona is settled."""
    return tuple(
        _telling_stems(" ".join((one.name, one.description, *one.cues, *one.industries, *one.roles)), language)
        for one in personas
    )


class _Reading:
    """All chats, read once, and how alike they are."""

    def __init__(self, chats: Sequence[UnmatchedChat], background: Background, ruling: Rules) -> None:
        self._ruling = ruling
        self._said = [_said(chat) for chat in chats]
        around = [_telling_stems(text, background.language) for text in background.texts]
        self._rarity = Rarity([*(one.telling for one in self._said), *around], at_least=ruling.common_over)

    def alike(self, vectors: Sequence[array[float]]) -> Similarities:
        words = by_words([weighed(one.telling, self._rarity) for one in self._said])
        return mixed(by_meaning(vectors), words, self._ruling.meaning_share) if vectors else words

    def proposal(self, members: Sequence[int], alike: Similarities) -> Proposal | None:
        """None for a group that is too small, or that nothing said by several of its visitors tells apart."""
        said, ruling = [self._said[number] for number in members], self._ruling
        visitors = len({one.chat.visitor for one in said})
        if len(said) < ruling.fewest_chats or visitors < ruling.fewest_visitors:
            return None
        words = self._telling_words(said)
        if not words:
            return None
        spoken = _spoken_as(said)
        name = _name(said, words, spoken)
        nearest, share = _nearest(said)
        return Proposal(
            id=_identifier(name),
            name=name,
            cues=_cues(said, words, spoken, ruling),
            examples=_examples(members, alike, self._said, ruling.most_examples),
            count=len(said),
            visitors=visitors,
            nearest_persona=nearest,
            why=_why(said, visitors, [spoken[word] for word in words[:3]], nearest, share),
            words=tuple(words),
        )

    def _telling_words(self, said: Sequence[_Said]) -> list[str]:
        """Stems that several visitors of the group say and others seldom do, the most telling first."""
        inside, everywhere = _visitors_saying(said), _visitors_saying(self._said)
        scores = {
            word: len(by) * self._rarity[word] * len(by) / len(everywhere[word])
            for word, by in inside.items()
            if len(by) >= self._ruling.said_by
        }
        best = sorted((word for word in scores if scores[word] > 0), key=lambda word: (-scores[word], word))
        return best[: self._ruling.telling_words]


def _said(chat: UnmatchedChat) -> _Said:
    words = tuple(words_of(chat.text.replace(HIDDEN, " | ")))
    stems = tuple(_stem_of(word, chat.language) for word in words)
    return _Said(chat=chat, words=words, stems=stems, telling=frozenset(filter(None, stems)))


def _telling_stems(text: str, language: str) -> frozenset[str]:
    return frozenset(filter(None, (_stem_of(word, language) for word in words_of(text))))


def _stem_of(word: str, language: str) -> str:
    """The stem of a word that tells something about who speaks, "" for any other."""
    if len(word) < _SHORTEST_WORD or any(map(str.isdigit, word)) or word.partition("'")[0] in _empty_words():
        return ""
    stem = _stemmer(language).stem(word)
    return "" if stem in _everyday(language) else stem


@cache
def _stemmer(language: str) -> Stemmer:
    return Stemmer(language)


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(word for text in search_lexicon().stopwords.values() for word in text.split())


@cache
def _everyday(language: str) -> frozenset[str]:
    return frozenset(_stemmer(language).stems(rules().everyday))


def _visitors_saying(said: Iterable[_Said]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in said:
        for word in one.telling:
            found.setdefault(word, set()).add(one.chat.visitor)
    return found


def _spoken_as(said: Iterable[_Said]) -> dict[str, str]:
    """How each stem is written most often."""
    counted: dict[str, Counter[str]] = {}
    for one in said:
        for word, stem in zip(one.words, one.stems, strict=True):
            if stem:
                counted.setdefault(stem, Counter())[word] += 1
    return {stem: min(forms, key=lambda form: (-forms[form], form)) for stem, forms in counted.items()}


def _phrases(said: Iterable[_Said]) -> dict[tuple[str, ...], set[str]]:
    """Runs of two and three words that begin and end with a telling one, and the visitors that say them."""
    found: dict[tuple[str, ...], set[str]] = {}
    for one in said:
        for length in range(2, _LONGEST_PHRASE + 1):
            for start in range(len(one.words) - length + 1):
                if one.stems[start] and one.stems[start + length - 1]:
                    found.setdefault(one.words[start : start + length], set()).add(one.chat.visitor)
    return found


def _name(said: Sequence[_Said], words: Sequence[str], spoken: dict[str, str]) -> str:
    """The commonest phrase of two telling words, else the two most telling words."""
    top = {spoken[word] for word in words}
    paired = {
        phrase: len(by)
        for phrase, by in _phrases(said).items()
        if len(phrase) == _NAME_WORDS and len(by) >= _NAME_WORDS and top.issuperset(phrase)
    }
    best = min(paired, key=lambda phrase: (-paired[phrase], phrase), default=None)
    name = " ".join(best) if best else ", ".join(spoken[word] for word in words[:_NAME_WORDS])
    return name[:1].upper() + name[1:]


def _identifier(name: str) -> str:
    """A slug; a name of another script becomes a fingerprint."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:_ID_CHARACTERS]
    return slug or f"visitors_{blake2b(name.encode(), digest_size=4).hexdigest()}"


def _cues(said: Sequence[_Said], words: Sequence[str], spoken: dict[str, str], ruling: Rules) -> tuple[str, ...]:
    """Phrases and words that several visitors say, each telling one."""
    top = {spoken[word] for word in words}
    phrases = {phrase: len(by) for phrase, by in _phrases(said).items() if len(by) >= ruling.said_by}
    shared = sorted(
        (phrase for phrase in phrases if top.intersection(phrase)), key=lambda phrase: (-phrases[phrase], phrase)
    )
    return tuple(dict.fromkeys((*map(" ".join, shared), *(spoken[word] for word in words))))[: ruling.most_cues]


def _examples(members: Sequence[int], alike: Similarities, said: Sequence[_Said], most: int) -> tuple[str, ...]:
    """Beginnings of the chats closest to the rest of the group, one a visitor."""
    closeness = {one: sum(alike[one][other] for other in members) for one in members}
    chosen: dict[str, str] = {}
    for number in sorted(members, key=lambda one: (-closeness[one], said[one].chat.text)):
        chat = said[number].chat
        chosen.setdefault(chat.visitor, _beginning(chat.text))
    return tuple(chosen.values())[:most]


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXAMPLE_CHARACTERS else line[:EXAMPLE_CHARACTERS].rpartition(" ")[0] + " …"


def _nearest(said: Sequence[_Said]) -> tuple[PersonaId | None, float]:
    """The persona that most chats were closest to, and how likely it was on average."""
    counted = Counter(one.chat.nearest for one in said if one.chat.nearest is not None)
    if not counted:
        return None, 0.0
    nearest = min(counted, key=lambda persona: (-counted[persona], persona))
    shares = [one.chat.share for one in said if one.chat.nearest == nearest]
    return nearest, sum(shares) / len(shares)


def _why(said: Sequence[_Said], visitors: int, words: Sequence[str], nearest: PersonaId | None, share: float) -> str:
    told = f"{len(said)} chats of {visitors} visitors speak of {', '.join(words)}."
    return f"{told} The nearest persona is {nearest}, with {share:.0%} on average." if nearest else told
