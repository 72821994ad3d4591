"""What somebody who does not buy tells of an organisation is no prospect's fact: a thesis, a complaint, a CV."""

from __future__ import annotations

from collections.abc import Iterator

from core.asking import NOT_BUYERS
from core.fact import QUALIFYING, Fact, Field, Operation
from core.ledger import Known
from core.session import Session
from core.understanding import Intent, VisitorType
from profiles.facts import Finding, to_fact
from profiles.reading import Reading

OF_A_PROSPECT = (*QUALIFYING, Field.FEATURES, Field.SCALING)
"""Fields that qualify an organisation; who the visitor is and how to reach them stays."""

_GIVING = frozenset({Operation.SET, Operation.ADD})


def of_standing(
    facts: tuple[Fact, ...], readings: list[Reading], known: Known, session: Session, kind: VisitorType
) -> tuple[Fact, ...]:
    """The facts of a turn as far as the visitor's standing lets them be facts, and what it takes back."""
    if kind not in NOT_BUYERS or any(reading.has("visitors", "buyer") for reading in readings):
        return facts
    kept = tuple(one for one in facts if one.field not in OF_A_PROSPECT or one.operation not in _GIVING)
    if kind is VisitorType.CUSTOMER and session.intent_peak >= Intent.ACTING:
        return kept
    return (*kept, *_taken_back(readings, known, kind))


def _taken_back(readings: list[Reading], known: Known, kind: VisitorType) -> Iterator[Fact]:
    """One for every field known that qualifies, quoting the words that tell the standing."""
    told = ((reading, hit) for reading in readings for hit in reading.of("visitors") if hit.name == kind.value)
    reading, hit = next(told, (None, None))
    if reading is None or hit is None:
        return
    for field in OF_A_PROSPECT:
        if field in known:
            yield to_fact(Finding(field, "", hit.start, hit.end, Operation.CLEAR), reading)
