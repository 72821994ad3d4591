"""The values a model may claim, from text to facts: the company's labels, and a small strict notation for figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from core.fact import FactValue, Field, Quantity

QUANTITIES = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.VOLUME, Field.BUDGET})
TIMELINES = ("now", "1-3m", "3-6m", "6-12m", "12m+", "none")
AUTHORITIES = ("yes", "shared", "no")
_CODES = {Field.TIMELINE: TIMELINES, Field.DECISION_MAKER: AUTHORITIES}
PERIODS = ("hour", "day", "week", "month", "quarter", "year", "once")
_NONE = "none"
_LONGEST = 80
_UNITS = {Field.COMPANY_SIZE: "employees", Field.TEAM_SIZE: "agents"}
_NUMBER = r"\d+(?:\.\d+)?"
_NOTATION = re.compile(
    rf"(?P<bound>>=|<=)?\s*(?P<low>{_NUMBER})(?:\s*-\s*(?P<high>{_NUMBER}))?"
    rf"(?:\s+(?P<unit>[A-Za-z][A-Za-z _-]{{0,30}}))?(?:\s*/\s*(?P<period>{'|'.join(PERIODS)}))?",
)
_NOTATIONS = {
    Field.COMPANY_SIZE: "a number as in 40, 40-60, >=500",
    Field.TEAM_SIZE: "a number as in 4, 4-6, >=10",
    Field.VOLUME: "an amount as in 1200 tickets/day, 40-60 orders/week",
    Field.BUDGET: f"{_NONE}, or an amount as in 500-800 EUR/month, >=2000 USD/year, 1500 GBP/once",
    Field.TIMELINE: f"one of {', '.join(TIMELINES)}: from today to going live or deciding",
    Field.DECISION_MAKER: f"one of {', '.join(AUTHORITIES)}: whether the visitor decides",
}
_CURRENCY = re.compile(r"[A-Z]{3}")


def notation_of(field: Field, labels: Mapping[Field, Collection[str]]) -> str:
    """How a value of the field is to be written, for the model's instructions."""
    if field in labels:
        return f"one of {', '.join(sorted(labels[field]))}"
    return _NOTATIONS.get(field, "a short text as the visitor says it")


def value_of(field: Field, text: str, labels: Mapping[Field, Collection[str]]) -> FactValue | None:
    """The fact's value, None for text outside the field's notation or labels."""
    text = " ".join(text.split())
    if field in QUANTITIES:
        return text if text == _NONE and field is Field.BUDGET else _quantity(field, text)
    allowed = labels.get(field) if field in labels else _CODES.get(field)
    if allowed is not None:
        return text if text in allowed else None
    return text if 0 < len(text) <= _LONGEST else None


def _quantity(field: Field, text: str) -> Quantity | None:
    match = _NOTATION.fullmatch(text)
    if match is None:
        return None
    low, high = float(match["low"]), float(match["high"] or match["low"])
    if high < low or (match["bound"] and match["high"]):
        return None
    unit, currency = (match["unit"] or "").strip(), ""
    if field is Field.BUDGET:
        if not _CURRENCY.fullmatch(unit):
            return None
        unit, currency = "", unit
    return Quantity(
        low=None if match["bound"] == "<=" else low,
        high=None if match["bound"] == ">=" else high,
        unit=_UNITS.get(field, unit.lower().replace(" ", "_")),
        period=match["period"] or "",
        currency=currency,
    )
