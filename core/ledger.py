"""Folding an append-only list of facts into what holds now. Pure; replaying the list gives the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.fact import LIST_FIELDS, Fact, FactValue, Field, Operation, Quantity, Standing

Known = Mapping[Field, tuple[Fact, ...]]
"""The facts that hold now, by field; scalar fields have exactly one, absent fields are unknown."""


def value_key(value: FactValue) -> object:
    """What makes two values the same value: letter case does not."""
    return value.casefold() if isinstance(value, str) else value


def fold(facts: Iterable[Fact]) -> dict[Field, tuple[Fact, ...]]:
    """The facts that hold after all of `facts`, applied in order."""
    known: dict[Field, tuple[Fact, ...]] = {}
    for fact in settled(facts):
        _apply(fact, known)
    return known


def settled(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that were not retracted, those of edited messages in the place of the words they stand for."""
    facts = tuple(facts)
    if not any(fact.retracts or fact.place is not None for fact in facts):
        return facts
    gone = {(fact.channel, fact.retracts) for fact in facts if fact.retracts}
    left = [fact for fact in facts if not fact.retracts and (fact.channel, fact.id) not in gone]
    ordered = [fact for fact in left if fact.place is None]
    for fact in left:
        if fact.place is not None:
            after = (number for number, one in enumerate(ordered) if _place(one) > fact.place)
            ordered.insert(next(after, len(ordered)), fact)
    return tuple(ordered)


def _place(fact: Fact) -> float:
    return fact.at if fact.place is None else fact.place


def _apply(fact: Fact, known: dict[Field, tuple[Fact, ...]]) -> bool:
    """Take one fact into `known`; whether that changed anything: repetition is no news."""
    held = known.get(fact.field, ())
    if fact.operation is Operation.CLEAR:
        return known.pop(fact.field, None) is not None
    key = value_key(fact.value)
    others = tuple(one for one in held if value_key(one.value) != key)
    repeated = len(others) < len(held)
    if fact.operation is Operation.REMOVE:
        kept = others
    elif fact.field in LIST_FIELDS:
        kept = held if repeated else (*held, fact)
    else:
        kept = held if repeated and _outranks(held[-1], fact) else (fact,)
    if kept:
        known[fact.field] = kept
    else:
        known.pop(fact.field, None)
    return repeated is (fact.operation is Operation.REMOVE)


def _outranks(held: Fact, fact: Fact) -> bool:
    """What was verified stays so when somebody merely says it again."""
    return held.standing is Standing.VERIFIED and fact.standing is not Standing.VERIFIED


def text_of(known: Known, field: Field) -> str:
    """The one text value of a scalar field, "" when unknown."""
    held = known.get(field)
    return str(held[-1].value) if held and isinstance(held[-1].value, str) else ""


def quantity_of(known: Known, field: Field) -> Quantity | None:
    """The one quantity of a field, None when unknown or not a quantity (a budget of "none")."""
    held = known.get(field)
    return held[-1].value if held and isinstance(held[-1].value, Quantity) else None


def texts_of(known: Known, field: Field) -> tuple[str, ...]:
    """All text values of a list field, in the order they were learned."""
    return tuple(fact.value for fact in known.get(field, ()) if isinstance(fact.value, str))


def changes(facts: Iterable[Fact], known: Known) -> tuple[Fact, ...]:
    """Those of `facts` that would change what is known: repetition is not news."""
    held = dict(known)
    return tuple(fact for fact in facts if _apply(fact, held))
