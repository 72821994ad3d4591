"""Looking at an append-only list of facts: as it stood, without some messages, where it disagrees with itself. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from core.fact import LIST_FIELDS, Fact, FactValue, Field, Operation, Quantity, Standing
from core.ids import MessageId
from core.ledger import value_key

INDEPENDENT_AFTER = 20 * 3_600.0
"""Seconds after which the same words from the same source confirm what was said, rather than repeat it."""
SAME_AMOUNT = 0.10
"""Two figures no further apart than this share of the larger are one figure said twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two values of one field of which only one can hold; nobody has said yet which. The newer one is used."""

    field: Field
    earlier: Fact
    later: Fact


def as_of(facts: Iterable[Fact], at: float) -> tuple[Fact, ...]:
    """What had been learned by `at` (seconds since the epoch), that moment included."""
    return tuple(fact for fact in facts if fact.at <= at)


def without_messages(facts: Iterable[Fact], messages: Collection[MessageId]) -> tuple[Fact, ...]:
    """The list as if these messages had never been said: for words that were edited, deleted or erased."""
    return tuple(fact for fact in facts if fact.message not in messages)


def contradictions(facts: Iterable[Fact]) -> tuple[Contradiction, ...]:
    """Scalar fields whose newest value clashes with the one before it, unless it was said as a correction.

    A value that is taken back ends the matter, and so do a correction and a fuller form that fits both.
    """
    held: dict[Field, Fact] = {}
    open_: dict[Field, Contradiction] = {}
    for fact in facts:
        if fact.field in LIST_FIELDS:
            continue
        earlier = held.get(fact.field)
        if fact.operation is not Operation.SET:
            held.pop(fact.field, None)
            open_.pop(fact.field, None)
            continue
        if earlier is not None and clash(earlier.value, fact.value) and not fact.corrects:
            open_[fact.field] = Contradiction(field=fact.field, earlier=earlier, later=fact)
        elif (
            (doubt := open_.pop(fact.field, None)) is not None
            and not fact.corrects
            and clash(doubt.earlier.value, fact.value)  # said more exactly, and still not what was said first
        ):
            open_[fact.field] = replace(doubt, later=fact)
        held[fact.field] = fact
    return tuple(open_.values())


def corroborated(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The same list, in which a fact said again independently has earned belief.

    Independent is another source, another channel, or the same words `INDEPENDENT_AFTER` seconds later. Its confidence
    becomes 1 - (1 - a)(1 - b), as for two witnesses who do not know of each other. Verified facts stay as they are.
    """
    if not _may_confirm_each_other(facts):
        return tuple(facts)
    earned: list[Fact] = []
    told: dict[object, Fact] = {}
    for fact in facts:
        key = (fact.field, value_key(fact.value))
        witness = told.get(key)
        states = fact.operation in {Operation.SET, Operation.ADD}
        if states and witness is not None and _independent(witness, fact):
            fact = _believed(fact, witness)  # noqa: PLW2901  the list is rebuilt on purpose
        if states:
            told.setdefault(key, fact)
        else:
            told = {held: one for held, one in told.items() if not _takes_back(fact, one)}
        earned.append(fact)
    return tuple(earned)


def clash(earlier: FactValue, later: FactValue) -> bool:
    """Whether two values of one field cannot both hold. A fuller form of a name or a narrower range is no clash."""
    if isinstance(earlier, Quantity) and isinstance(later, Quantity):
        return _figures_clash(earlier, later)
    if isinstance(earlier, str) and isinstance(later, str):
        one, other = set(earlier.casefold().split()), set(later.casefold().split())
        return not (one <= other or other <= one)
    return True


def _may_confirm_each_other(facts: Sequence[Fact]) -> bool:
    """Whether any two of them can be independent; most lists come from one talk, which is asked first."""
    if not facts:
        return False
    first = facts[0]
    return any(_independent(first, fact) for fact in facts)


def _figures_clash(earlier: Quantity, later: Quantity) -> bool:
    if earlier.currency and later.currency and earlier.currency != later.currency:
        return True
    if earlier.period != later.period or earlier.unit != later.unit:
        return False  # 40 a day and 900 a month are not compared: one may be the other
    bottom = max(_low(earlier), _low(later))
    top = min(_high(earlier), _high(later))
    return bottom > top and bottom - top > SAME_AMOUNT * bottom


def _low(quantity: Quantity) -> float:
    return quantity.low if quantity.low is not None else 0.0


def _high(quantity: Quantity) -> float:
    return quantity.high if quantity.high is not None else float("inf")


def _independent(witness: Fact, fact: Fact) -> bool:
    return (
        fact.source is not witness.source
        or fact.channel != witness.channel
        or fact.at - witness.at >= INDEPENDENT_AFTER
    )


def _believed(fact: Fact, witness: Fact) -> Fact:
    standing = Standing.CORROBORATED if fact.standing is Standing.CLAIMED else fact.standing
    confidence = round(1 - (1 - fact.confidence) * (1 - witness.confidence), 4)
    return replace(fact, standing=standing, confidence=max(fact.confidence, confidence))


def _takes_back(fact: Fact, held: Fact) -> bool:
    if fact.field is not held.field:
        return False
    return fact.operation is Operation.CLEAR or value_key(fact.value) == value_key(held.value)
