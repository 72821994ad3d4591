"""How much of what was once said still counts: belief in a fact halves over a time that depends on its field."""

from __future__ import annotations

from collections.abc import Mapping

from core.fact import Fact, Field
from core.ledger import Known

HalfLives = Mapping[Field, float]
"""Days, by field; a field that is missing does not age."""

STALE = 0.4
"""Confidence below which a fact is old news rather than knowledge."""
_DAY = 86_400.0


def confidence_at(fact: Fact, now: float, half_lives: HalfLives) -> float:
    """The fact's confidence, halved once for every half-life since it was said. `now`: seconds since the epoch."""
    half_life = half_lives.get(fact.field)
    if half_life is None:
        return fact.confidence
    age = max(0.0, now - fact.at) / _DAY
    return fact.confidence * float(0.5 ** (age / half_life))


def stale_fields(known: Known, now: float, half_lives: HalfLives) -> tuple[Field, ...]:
    """Fields of which nothing fresh is known, in the order of `known`."""
    return tuple(
        field
        for field, held in known.items()
        if all(confidence_at(fact, now, half_lives) < STALE <= fact.confidence for fact in held)
    )
