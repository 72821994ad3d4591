"""Which trades are a persona's, and which are nobody's: read off the personas' own texts by a list of trades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.persona import Persona
from knowledge.words import Phrases
from personas.singulars import SINGULARS

_NAMED, _DESCRIBED = 1.0, 0.6
"""How much a trade is a persona's whose name or phrases hold it, or whose description does."""
_OF_SECTOR, _BESIDE = 0.8, 0.5
"""... that names the sector, or several other trades of it."""
_LABELLED = 0.5
"""... whose industry it belongs to, when no trade is named at all."""
_CALLING = 6
"""Words up to which a phrase says what somebody is; longer ones tell of their days."""
_NEAR = 0.5
"""What a trade counts as foreign that is of the industry of a persona with other trades."""
_SEVERAL = 2
"""Trades of a sector from which the others are meant, too."""


class Sector(BaseModel):
    """Trades that are alike; see the comment of `resources/trades.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: tuple[str, ...]
    names: tuple[str, ...]
    trades: tuple[tuple[str, ...], ...]
    crosses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Words for one trade, the industries it is part of, and (persona number, share from 0 to 1) of its owners.

    `foreign` is 1 when it is none of theirs, less when it is near to them, else 0. Owners of a trade that
    `crosses` may be of any other trade beside.
    """

    name: str
    words: tuple[str, ...]
    labels: tuple[str, ...]
    owners: tuple[tuple[int, float], ...]
    foreign: float
    crosses: bool


@cache
def sectors() -> Mapping[str, Sector]:
    """The shipped trades."""
    text = resources.files("personas").joinpath("resources/trades.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Sector]).validate_python(yaml.safe_load(text))


def trades_of(personas: Sequence[Persona]) -> tuple[Trade, ...]:
    """Every trade, with the personas it belongs to."""
    known = sectors()
    named, described = _spoken(personas, known)
    settled = {number for number in range(len(personas)) if any(number in one for one in named.values())}
    found: list[Trade] = []
    for name, sector in known.items():
        own = _owners_of(name, sector, named, described)
        labelled = {n for n, one in enumerate(personas) if set(one.industries) & set(sector.labels)}
        for place, words in enumerate((sector.names, *sector.trades)):
            owners = own[place]
            if not owners and not any(own):
                owners = dict.fromkeys(labelled - settled, _LABELLED)
            found.append(
                Trade(
                    name=f"{name} {place}",
                    words=words,
                    labels=sector.labels,
                    owners=tuple(owners.items()),
                    foreign=0.0 if owners or any(own) else _NEAR if labelled else 1.0,
                    crosses=sector.crosses,
                )
            )
    return tuple(found)


_Spoken = Mapping[tuple[str, int], frozenset[int]]


def _spoken(personas: Sequence[Persona], known: Mapping[str, Sector]) -> tuple[_Spoken, _Spoken]:
    """Who names each trade (sector, place) in name or phrases, and who does so in the description alone."""
    labels = {
        word: ((name, place),)
        for name, sector in known.items()
        for place, words in enumerate((sector.names, *sector.trades))
        for word in words
    }
    finder = Phrases(SINGULARS, labels)
    labels_ = {label for sector in known.values() for label in sector.labels}
    named: dict[tuple[str, int], set[int]] = {}
    described: dict[tuple[str, int], set[int]] = {}
    for number, persona in enumerate(personas):
        own = [one for one in persona.industries if one not in labels_]
        callings = [cue for cue in persona.cues if len(cue.split()) <= _CALLING]
        for trade in _heard(finder, (persona.name, *callings, *own)):
            named.setdefault(trade, set()).add(number)
        for trade in _heard(finder, (persona.description,)):
            described.setdefault(trade, set()).add(number)
    return (
        {trade: frozenset(numbers) for trade, numbers in named.items()},
        {trade: frozenset(numbers) for trade, numbers in described.items()},
    )


def _heard(finder: Phrases[tuple[str, int]], texts: Iterable[str]) -> Iterable[tuple[str, int]]:
    for text in texts:
        stems, place = SINGULARS.stems(text.replace("_", " ")), 0
        while place < len(stems):
            length, trades = finder.at(stems, place)
            yield from trades
            place += length or 1


def _owners_of(name: str, sector: Sector, named: _Spoken, described: _Spoken) -> list[dict[int, float]]:
    """The owners of a sector's names (first) and of each of its trades."""
    places = range(len(sector.trades) + 1)
    owners: list[dict[int, float]] = [dict.fromkeys(named.get((name, place), ()), _NAMED) for place in places]
    everybody = {number for one in owners for number in one}
    for place in places:
        if not owners[place] and (place or not everybody):
            owners[place] = dict.fromkeys(described.get((name, place), ()), _DESCRIBED)
    whole = {number for number, share in owners[0].items() if share == _NAMED}
    several = {
        number
        for number in {number for one in owners for number in one} - whole
        if sum(number in one for one in owners[1:]) >= _SEVERAL
    }
    for one in owners:
        if not one:
            one.update(dict.fromkeys(whole, _OF_SECTOR) or dict.fromkeys(several, _BESIDE))
    return owners
