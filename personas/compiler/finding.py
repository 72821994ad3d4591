"""From pages to kinds of customer: every sighting, grouped, and those believed that are prominent enough."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.offering import Offering
from knowledge.site_name import site_name
from personas.compiler.evidence import Evidence, Ground
from personas.compiler.merging import Group, Keys, group
from personas.compiler.naming import NameReader
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.places import Places
from personas.compiler.reading import PageReading
from personas.compiler.sentences import Sentences
from personas.compiler.words import Words

_ENOUGH = 1.0
"""A strong sentence on an ordinary page, or a single entry of a list, is enough."""
_ENOUGH_BESIDE = 0.15
"""Share of the usual prominence of presented customers that those of mere sentences need beside them."""
_ENOUGH_ANYWHERE = 2.0
_ELSEWHERE = 0.4
_CARDS = frozenset({Ground.HEADING, Ground.LISTED})
_PRESENTED = 3
"""So many customers presented by the site's build say that it presents all it has."""
_MOST = 30
_ON_MOST = 0.6
_FEW_PAGES = 2
_RARELY = 0.2
_SMALL = re.compile(r"(?<![\w.@/])[^\W\dA-Z_][^\W\d_]+(?![\w@]|\.\w)")
_LARGE = re.compile(r"(?<![\w.])[A-Z][\w.]+\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`groups` are the kinds of customer believed, most prominent first; `own_names` what the company calls itself."""

    groups: tuple[Group, ...]
    own_names: frozenset[str]


def find(readings: Sequence[PageReading], offering: Offering, words: Words, phrases: Phrasebook) -> Found:
    """Everybody the pages address."""
    own_names = _own_names(readings, offering)
    reader = NameReader(words, own_names)
    places, sentences = Places(reader, phrases, everyday_words(readings)), Sentences(reader, phrases)
    evidence: list[Evidence] = []
    for reading in readings:
        evidence.extend(places.found(reading))
        evidence.extend(sentences.found(reading))
    evidence.extend(places.menus(readings))
    evidence = _discounted(evidence, readings, phrases)
    believed = _believed(group(evidence, Keys(words, phrases)))
    return Found(groups=believed[:_MOST], own_names=own_names)


def _discounted(evidence: Sequence[Evidence], readings: Sequence[PageReading], phrases: Phrasebook) -> list[Evidence]:
    """Whom a sentence names on a page or in a card about others is one of those, or a customer of theirs."""
    own = {one.own: one.names for one in evidence if one.own is not None}
    stories = {one.number for one in readings if not phrases.story_paths.isdisjoint(one.folders[:-1])}
    cards = {
        (one.page, place)
        for one in evidence
        if one.ground in _CARDS and readings[one.page].page.blocks[one.place].level
        for place in readings[one.page].section(one.place)
    }
    return [
        replace(one, weight=one.weight * _ELSEWHERE)
        if not one.ground.structural and (one.page in own or one.page in stories or (one.page, one.place) in cards)
        else one
        for one in evidence
    ]


def _believed(groups: Sequence[Group]) -> tuple[Group, ...]:
    presented = sorted((one.score for one in groups if one.structural), reverse=True)
    enough = _ENOUGH
    if len(presented) >= _PRESENTED:
        usual = presented[min(len(presented), 6) // 2]
        enough = min(max(enough, _ENOUGH_BESIDE * usual), _ENOUGH_ANYWHERE)
    return tuple(one for one in groups if one.score >= (_ENOUGH if one.structural else enough))


def everyday_words(readings: Sequence[PageReading]) -> frozenset[str]:
    """Every word the site writes small somewhere: what is none of them is somebody's name."""
    return frozenset(_pages_with(readings, _SMALL))


def _pages_with(readings: Sequence[PageReading], pattern: re.Pattern[str]) -> Counter[str]:
    return Counter(
        word for reading in readings for word in {w for b in reading.page.blocks for w in pattern.findall(b.text)}
    )


def _own_names(readings: Sequence[PageReading], offering: Offering) -> frozenset[str]:
    """What the company and its products are called, as far as it is one word; several everyday words name nobody."""
    titles = [reading.page.title for reading in readings]
    address = readings[0].page.url if readings else ""
    names = [site_name(titles, address), *(product.name for product in offering.products)]
    large, small = _pages_with(readings, _LARGE), _pages_with(readings, _SMALL)
    told = {name.casefold() for name in names if name and " " not in name and large[name] >= small[name.casefold()]}
    for word in {word for name in names for word in _LARGE.findall(name)}:
        if " " in " ".join(names) and not small[word.casefold()]:
            told.add(word.casefold())
    often = max(_FEW_PAGES, _ON_MOST * len(readings))
    for word in {word for title in titles for word in _LARGE.findall(title)}:
        if large[word] >= often and small[word.casefold()] <= _RARELY * large[word]:
            told.add(word.casefold())
    return frozenset(told)
