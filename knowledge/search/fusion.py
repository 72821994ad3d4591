"""Words and meaning together: which statement answers a question, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp
from operator import attrgetter
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict

from core.passage import Finding
from knowledge.search.index import Entry, Sentence
from knowledge.search.language import MONEY, OPEN, PRICE, Reading

if TYPE_CHECKING:
    from knowledge.search.meaning import Nearness  # needs numpy, which is there only with an embedder

_SENTENCES = 3
_ALSO = 2.5
"""A further statement may rank this much below the best one of its passage."""
_PRICE_OF_ANOTHER = 0.6
"""What is left of sureness where a price is asked for, and the statement does not name all that it is asked for."""
_NAME_MISSED = 0.3
"""A name counts as missed where the finding has at most this much of it."""
_LATE = 4
_MUCH = 4.0
_TROUBLED = 2.0
"""Rank that a statement of what goes wrong for customers lies behind."""
_HARDLY = 0.5
"""What is left of sureness that such a statement answers."""
_PER_BOOST = 5.0
"""Rank for a page that is preferred by 100 %."""
_HELD_BY = {
    "money": frozenset({"money", "amount", PRICE}),
    "duration": frozenset({"duration", "number"}),
    "number": frozenset({"number"}),
    "contact": frozenset({"contact", "@contact"}),
}
"""What any of must be in a statement that answers a question of a kind."""
_HELD_BY_TERMS = frozenset({PRICE, "@contact"})
_KINDS = ("money", "duration", "number", "contact", "person", "place", "frequency")


class FusionWeights(BaseModel):
    """`rank` orders statements; `sure` with `bias` tells how sure it is that the first one answers (logistic)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: dict[str, float]
    sure: dict[str, float]
    bias: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as the words see it, the passages that they propose, and what they find."""

    text: str
    reading: Reading
    names: Mapping[str, str]  # words written like names: in small letters, and as written
    candidates: tuple[int, ...]
    priced: tuple[Finding, ...]  # what the price book answers
    worded: tuple[Finding, ...]  # what words alone would answer with; the score is how much of the question it covers
    boosts: Mapping[str, float]  # of pages, by path


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A part of a question: the terms that stand for it, what it weighs, and what it adds to passages."""

    terms: Sequence[tuple[str, float]]
    weight: float
    impacts: Mapping[int, float]
    name: str = ""  # the part as the question writes it, where that is like a name

    telling: bool = True  # says more than "get", "new" or "thing"
    vital: bool = False  # a thing that is neither on the site nor like anything there
    part: str = ""
    light: bool = False  # an ordinary verb or adjective


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A statement of a passage with its rank against others and, for the best of a passage, how sure it answers."""

    entry: int
    place: int
    rank: float
    features: Mapping[str, float]


@cache
def fusion_weights() -> FusionWeights:
    """The shipped weights. They are part of the program, so a fault in them is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/fusion.yaml").read_text(encoding="utf-8")
    return FusionWeights.model_validate(yaml.safe_load(text))


def ranked_statements(
    candidates: Mapping[int, Entry],
    asked: Sequence[Asked],
    near: Nearness,
    query: Query,
    weights: FusionWeights,
) -> list[list[Ranked]]:
    """The statements of every candidate passage, best first, and the passage with the best one first."""
    by_passage = []
    for number, entry in candidates.items():
        liked = _PER_BOOST * (query.boosts.get(entry.path, 1.0) - 1) - _TROUBLED * entry.troubles
        statements = [
            _ranked(features, number, place, liked, weights)
            for place, features in enumerate(_statements(number, entry, asked, near, query.reading.cues))
        ]
        by_passage.append(sorted(statements, key=attrgetter("rank"), reverse=True))
    return sorted((ranked for ranked in by_passage if ranked), key=lambda ranked: ranked[0].rank, reverse=True)


def _ranked(features: Mapping[str, float], number: int, place: int, liked: float, weights: FusionWeights) -> Ranked:
    rank = liked + sum(weight * features[name] for name, weight in weights.rank.items())
    return Ranked(entry=number, place=place, rank=rank, features=features)


def _statements(
    number: int, entry: Entry, asked: Sequence[Asked], near: Nearness, kinds: frozenset[str]
) -> Iterator[dict[str, float]]:
    """The features of every statement of a passage, in order."""
    total = sum(one.weight for one in asked) or 1.0
    heading = float(near.headings[number])
    headed = [_hit(one, entry.headed) for one in asked]
    of_passage = {
        "passage": float(near.passages[number]),
        "heading": heading,
        "asked_above": heading if entry.heading.endswith("?") else 0.0,
        "words_passage": sum(one.impacts.get(number, 0.0) for one in asked) / total,
    }
    terms = frozenset(term for one in asked for term, _ in one.terms)
    for place, sentence in enumerate(entry.sentences):
        own = [_hit(one, sentence.terms) for one in asked]
        both = map(max, own, headed)
        yield {
            **of_passage,
            **{kind: 0.0 if kind not in kinds else 1.0 if kind in sentence.holds else -1.0 for kind in _KINDS},
            "statement": float(near.statements[near.starts[number] + place]),
            "headed": float(near.headed[near.starts[number] + place]),
            "words_own": sum(one.weight * hit for one, hit in zip(asked, own, strict=True)) / total,
            "words_both": sum(one.weight * hit for one, hit in zip(asked, both, strict=True)) / total,
            "amount": 0.0 if MONEY not in kinds else 1.0 if "amount" in sentence.holds else -1.0,
            "fragment": 0.0 if sentence.stated else 1.0,
            "label": 0.0 if sentence.stated or any(map(str.isdigit, sentence.text)) else 1.0,
            "about_us": 1.0 if sentence.about_us else 0.0,
            "anothers": 1.0 if sentence.billed and sentence.billed.isdisjoint(terms) else 0.0,
            "late": min(place, _LATE) / _LATE,
        }


def sureness(
    ranked: Sequence[Ranked],
    entry: Entry,
    asked: Sequence[Asked],
    worded: float,
    weights: FusionWeights,
    *,
    ahead: float,
) -> float:
    """How sure it is that the first statements of a passage answer, 0 to 1.

    `worded`: what words alone think of it; `ahead`: by how much rank it leaves all other passages behind.
    """
    features = sure_features(ranked, entry, asked, worded, ahead=ahead)
    return 1 / (1 + exp(-weights.bias - sum(weight * features[name] for name, weight in weights.sure.items())))


def doubts(ranked: Sequence[Ranked], entry: Entry, asked: Sequence[Asked], reading: Reading) -> float:
    """What is left of sureness, 1 for most, 0 where the first statements of a passage cannot be the answer.

    They cannot where an amount or a time is asked for, and they tell none. What something costs is told by a statement
    that names the thing.
    """
    if entry.troubles:
        return _HARDLY
    statements = [entry.sentences[one.place] for one in told(ranked, entry, reading)[:2]]
    held = frozenset[str]().union(*map(_held, statements))
    if any(held.isdisjoint(one) for one in _wanted(reading)):
        return 0.0
    spoken_of = entry.headed.union(*(one.terms for one in statements))
    things = [one for one in asked if one.telling and not _is_price(one)]
    another = MONEY in reading.cues and not all(_hit(one, spoken_of) for one in things)
    return _PRICE_OF_ANOTHER if another else 1.0


def told(ranked: Sequence[Ranked], entry: Entry, reading: Reading) -> list[Ranked]:
    """The statements of a passage that are said, best first.

    The second is the one with the amount or time that is asked for, where the best ones tell none.
    """
    said = [one for one in ranked[:_SENTENCES] if one.rank >= ranked[0].rank - _ALSO]
    for wanted in _wanted(reading):
        if all(_held(entry.sentences[one.place]).isdisjoint(wanted) for one in said[:2]):
            telling = (one for one in ranked if not wanted.isdisjoint(entry.sentences[one.place].holds))
            said[1:1] = [one for one in (next(telling, None),) if one is not None]
    return list({one.place: one for one in said}.values())[:_SENTENCES]


def unanswered(asked: Sequence[Asked], ranked: Sequence[Ranked], entry: Entry, *, but: str) -> tuple[str, ...]:
    """The things that are asked about, `but` those of some words, of which the first statements do not speak."""
    terms = entry.headed.union(*(entry.sentences[one.place].terms for one in ranked[:2]))
    things = (one for one in asked if one.telling and not one.light and not _is_price(one))
    return tuple(one.part for one in things if one.part.casefold() not in but and not _hit(one, terms))


def _wanted(reading: Reading) -> list[frozenset[str]]:
    return [_HELD_BY[kind] for kind in sorted(reading.cues) if kind in _HELD_BY and OPEN in reading.cues]


def _held(sentence: Sentence) -> frozenset[str]:
    return sentence.holds | (sentence.terms & _HELD_BY_TERMS)


def _is_price(asked: Asked) -> bool:
    return asked.terms[0][0] == PRICE


def sure_features(
    ranked: Sequence[Ranked], entry: Entry, asked: Sequence[Asked], worded: float, *, ahead: float
) -> dict[str, float]:
    """What sureness is told from: nearness, and what of the question the passage does not speak of."""
    best = ranked[0].features
    terms = frozenset().union(*(entry.sentences[one.place].terms for one in ranked[:2]))
    missed = [(one, one.weight * (1 - max(_hit(one, terms), _around(one, entry)))) for one in asked]
    return {
        **best,
        "missed_most": max((miss for _, miss in missed), default=0.0),
        "missed_name": float(any(one.name and not _is_named(one, miss, entry) for one, miss in missed)),
        "worded": worded,
        "ahead": min(max(ahead, 0.0), _MUCH),
        "vital": float(sum(one.vital for one in asked)),
        "little": float(not any(one.telling for one in asked)),
    }


def _is_named(asked: Asked, miss: float, entry: Entry) -> bool:
    """Whether a passage speaks of what has this name: of the Starter plan, not of whom starts."""
    if miss > (1 - _NAME_MISSED) * asked.weight:
        return False
    passage = entry.passage
    words = re.findall(r"\w+", " ".join((passage.title, *passage.headings, passage.text)))
    plain = asked.name.casefold()
    spelled = [word for word in words if word.casefold() == plain]
    return not spelled or any(word[0] == asked.name[0] for word in spelled)


def _hit(asked: Asked, terms: frozenset[str]) -> float:
    return max((strength for term, strength in asked.terms if term in terms), default=0.0)


def _around(asked: Asked, entry: Entry) -> float:
    return max((strength * entry.around.get(term, 0.0) for term, strength in asked.terms), default=0.0)
