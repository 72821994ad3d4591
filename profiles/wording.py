"""Values in words, for the people in sales."""

from __future__ import annotations

from collections.abc import Mapping

from core.fact import Fact, FactValue, Field, Quantity
from core.ledger import Known
from profiles.qualification_file import LabelSets

SHOWN = 3
"""Values of a list field that are spelled out; more do not help a reader."""


class Wording:
    """Turns facts into words; labels by the names of the company's own file."""

    def __init__(self, labels: LabelSets, words: Mapping[str, str], symbols: Mapping[str, str]) -> None:
        self._words = words
        self._symbols = symbols
        self._names = {
            field: {name: label.name or _plain(name) for name, label in named.items()}
            for field, named in (
                (Field.USE_CASE, labels.use_case),
                (Field.PAINS, labels.pains),
                (Field.SECURITY, labels.security),
                (Field.FEATURES, labels.features),
                (Field.INDUSTRY, labels.industry),
            )
        }
        self._coded = frozenset(
            {Field.TIMELINE, Field.DECISION_MAKER, Field.BUDGET, Field.OBJECTIONS, Field.SIGNALS, Field.SCALING}
        )

    def of(self, fact: Fact) -> str:
        """One fact's value, e.g. "100 tickets a day"."""
        return self.value(fact.field, fact.value)

    def value(self, field: Field, value: FactValue) -> str:
        if isinstance(value, Quantity):
            return self.quantity(value)
        if field in self._names:
            return self._names[field].get(value, _plain(value))
        if field in self._coded:
            return self._words.get(value, _plain(value))
        return value

    def field(self, known: Known, field: Field) -> str:
        """All that is known of a field, "" for nothing."""
        return ", ".join(self.of(fact) for fact in known.get(field, ())[-SHOWN:])

    def filled(self, text: str, known: Known) -> str:
        """`text` with each "{field}" replaced by what is known of it."""
        if "{" not in text:
            return text
        head, _, rest = text.partition("{")
        name, _, tail = rest.partition("}")
        return head + self.field(known, Field(name)) + self.filled(tail, known)

    def quantity(self, value: Quantity) -> str:
        """E.g. "$500 to $800 a month", "more than 300 employees"."""
        symbol = self._symbols.get(value.currency, "")
        amount = _amount(value, symbol)
        if value.currency and not symbol:
            amount += f" {value.currency}"
        if value.unit:
            amount += f" {_unit(value)}"
        if value.period:
            amount += (
                " once" if value.period == "once" else f" {'an' if value.period == 'hour' else 'a'} {value.period}"
            )
        return amount


def _unit(value: Quantity) -> str:
    return value.unit.removesuffix("s") if value.low == value.high == 1 else value.unit


def _amount(value: Quantity, symbol: str) -> str:
    low, high = _number(value.low, symbol), _number(value.high, symbol)
    if value.low is not None and value.high is not None:
        return low if value.low == value.high else f"{low} to {high}"
    return f"more than {low}" if high == "" else f"up to {high}"


def _number(value: float | None, symbol: str) -> str:
    if value is None:
        return ""
    return f"{symbol}{value:,.0f}" if value == int(value) else f"{symbol}{value:,.2f}"


def _plain(label: str) -> str:
    return label.replace("_", " ")
