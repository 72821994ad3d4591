"""Short texts that sound like each persona, or like nobody in particular: what meaning is compared with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from core.persona import Persona
from personas.trades import Trade

_LONGEST = 300
"""Characters of an example; beyond that a text is about many things."""
_MOST = 80
"""Examples of one persona; those that tell most come first."""
_NAMED = 4
_TRADE = 0.6
_TOPIC = 0.5
"""Weight of a cue of one word, which may be a topic rather than somebody."""
_SHORTEST_NAME = 4
_WORD = re.compile(r"[\w-]+")


class Nobody(BaseModel):
    """What is said by visitors of any kind, and by people who are no prospects."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anybody: tuple[str, ...]
    outsiders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A text, how much it counts beside the others, and its persona's number; None for nobody."""

    text: str
    weight: float
    persona: int | None


@cache
def nobody() -> Nobody:
    """The shipped texts of nobody in particular."""
    text = resources.files("personas").joinpath("resources/nobody.yaml").read_text(encoding="utf-8")
    return Nobody.model_validate(yaml.safe_load(text))


def examples_of(personas: Sequence[Persona], others: Nobody, trades: Sequence[Trade]) -> tuple[Example, ...]:
    """Each persona's examples with weights that sum to 1; those of nobody, and half as much of foreign trades."""
    found: list[Example] = []
    shortened = _without_product(personas)
    for number, persona in enumerate(personas):
        texts = ((shortened(text), weight) for text, weight in _texts(persona))
        found += _weighed((*texts, *_own(trades, number)), number, total=1.0)
    found += _weighed(((text, 1.0) for text in (*others.anybody, *others.outsiders)), None, total=1.0)
    found += _weighed(_foreign(trades), None, total=0.5)
    return tuple(found)


def _without_product(personas: Sequence[Persona]) -> Callable[[str], str]:
    """Takes out what most personas name with a capital, and none without: the product, which tells nobody apart."""
    spread: Counter[str] = Counter()
    ordinary: set[str] = set()
    for persona in personas:
        words = {word for text, _ in _texts(persona) for word in _WORD.findall(text)}
        spread.update(word for word in words if word[0].isupper() and len(word) >= _SHORTEST_NAME)
        ordinary |= {word for word in words if not word[0].isupper()}
    most = max(len(personas) / 2, 1)
    names = [word for word, users in spread.items() if users > most and word.lower() not in ordinary]
    if not names:
        return str.strip
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?:['’]s)?\b")
    return lambda text: named.sub("", text).strip()


def _texts(persona: Persona) -> Iterable[tuple[str, float]]:
    yield f"We are {persona.name}", 1.0
    yield persona.name, 1.0
    yield from ((cue, 1.0 if " " in cue else _TOPIC) for cue in persona.cues)
    yield persona.description, 1.0
    yield f"{persona.name}: {persona.description}", 1.0
    yield from ((f"I am a {role}", 0.7) for role in persona.roles)
    yield from ((pain, 0.7) for pain in persona.pains)
    yield from ((f"We are in {industry.replace('_', ' ')}", 0.6) for industry in persona.industries)
    yield from ((feature, 0.6) for feature in persona.features)
    yield from ((pattern, 0.4) for pattern in persona.buying_patterns)


def _foreign(trades: Sequence[Trade]) -> Iterable[tuple[str, float]]:
    """A text for each trade that is no persona's."""
    for trade in trades:
        if trade.foreign:
            yield f"We are a {', '.join(trade.words[:_NAMED])}", trade.foreign


def _own(trades: Sequence[Trade], number: int) -> Iterable[tuple[str, float]]:
    """A text for each trade of a persona."""
    for trade in trades:
        share = dict(trade.owners).get(number, 0.0)
        if share:
            yield f"We are a {', '.join(trade.words[:_NAMED])}", _TRADE * share


def _weighed(texts: Iterable[tuple[str, float]], persona: int | None, *, total: float) -> list[Example]:
    kept: dict[str, float] = {}
    for text, weight in texts:
        kept.setdefault(text.strip()[:_LONGEST], weight)
    kept.pop("", None)
    some = list(kept.items()) if persona is None else list(kept.items())[:_MOST]
    whole = sum(weight for _, weight in some) / total
    return [Example(text, weight / whole, persona) for text, weight in some]
