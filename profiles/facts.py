"""From what a reader found in a text to facts with evidence."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from core.fact import LIST_FIELDS, Fact, FactValue, Field, Operation, Quantity, Source
from core.ids import FactId
from profiles.reading import Reading


class Finding(NamedTuple):
    """Something a reader took from `text[start:end]`; the operation follows from the field unless it is named."""

    field: Field
    value: FactValue
    start: int
    end: int
    operation: Operation | None = None
    source: Source = Source.STATED
    confidence: float = 0.8
    note: str = ""


def _spelled(value: FactValue) -> str:
    if isinstance(value, Quantity):
        return f"{value.low}|{value.high}|{value.unit}|{value.period}|{value.currency}"
    return value.casefold()


def fact_id(message: str, field: Field, operation: Operation, value: FactValue) -> FactId:
    """The same message read again gives the same id."""
    return FactId(f"{message}:{field.value}:{operation.value}:{crc32(_spelled(value).encode('utf-8', 'replace')):08x}")


def to_fact(found: Finding, reading: Reading) -> Fact:
    """The fact, quoting the clause the finding stands in."""
    operation = found.operation
    if operation is None:
        operation = Operation.ADD if found.field in LIST_FIELDS else Operation.SET
    message = reading.message
    return Fact(
        id=fact_id(message.id, found.field, operation, found.value),
        field=found.field,
        value=found.value,
        operation=operation,
        quote=reading.quote(found.start, found.end),
        message=message.id,
        channel=message.channel,
        at=message.at,
        source=found.source,
        confidence=found.confidence,
        note=found.note,
    )
