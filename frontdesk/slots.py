"""Known facts in the format conversation files are scored in."""

from __future__ import annotations

from typing import Any

from core.fact import LIST_FIELDS, QUALIFYING, Field, Quantity
from core.ledger import Known, texts_of

SCORED = (Field.EMAIL, Field.PHONE, Field.NAME, Field.COMPANY, *QUALIFYING)
HEADCOUNTS = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE})


def slots_of(known: Known) -> dict[str, Any]:
    """The scored slots that are known: text, list of texts, a number, or an object with value or min and max."""
    slots: dict[str, Any] = {}
    for field in SCORED:
        if field not in known:
            continue
        value = known[field][-1].value
        if field in LIST_FIELDS:
            slots[field.value] = list(texts_of(known, field))
        elif isinstance(value, Quantity):
            slots[field.value] = _headcount(value) if field in HEADCOUNTS else _amount(value)
        else:
            slots[field.value] = value
    return slots


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _range(quantity: Quantity) -> dict[str, float | int]:
    bounds = {"min": quantity.low, "max": quantity.high}
    return {name: _number(bound) for name, bound in bounds.items() if bound is not None}


def _headcount(quantity: Quantity) -> float | int | dict[str, float | int]:
    if quantity.low is not None and quantity.low == quantity.high:
        return _number(quantity.low)
    return _range(quantity)


def _amount(quantity: Quantity) -> dict[str, Any]:
    if quantity.low is not None and quantity.low == quantity.high:
        amount: dict[str, Any] = {"value": _number(quantity.low)}
    else:
        amount = dict(_range(quantity))
    details = {"unit": quantity.unit, "period": quantity.period, "currency": quantity.currency}
    return amount | {name: word for name, word in details.items() if word}
