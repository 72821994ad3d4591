"""Sizes of companies: which a persona has in mind, and how far another one is from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf, log2

from core.fact import Quantity
from core.persona import Persona
from personas.lexicon import Band

_PEOPLE = (
    r"(?:employees|staff|people|persons|heads|mitarbeiter\w*|beschäftigten?|angestellten?|salariés|collaborateurs|empleados|trabajadores"
    r"|funcionários|colaboradores|medewerkers|werknemers)"
)
_RANGE = re.compile(rf"(\d[\d,.]*)\s*(?:to|-|–|bis|à|a)\s*(\d[\d,.]*)\s+{_PEOPLE}", re.IGNORECASE)
_MORE = re.compile(
    rf"(?:more than|over|at least|from|mehr als|plus de|más de)\s+(\d[\d,.]*)\s+{_PEOPLE}", re.IGNORECASE
)
_STATED = re.compile(
    r"(\d{1,3}(?:[,.]\d{3})+|\d{1,7})\s*(k\b)?\s*\+?[\s-]{0,2}"
    rf"(?:person|people|employees|staff\b|man team|of us\b|headcount|{_PEOPLE})",
    re.IGNORECASE,
)
_THOUSAND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Employees:
    """The number of a company's employees, at least and at most; `inf` for an open end."""

    least: float
    most: float

    @property
    def words(self) -> str:
        """For people: "10 employees", "20 to 50 employees"."""
        if self.most == inf:
            return f"at least {self.least:,.0f} employees"
        if self.least == self.most:
            return f"{self.least:,.0f} employees"
        return f"{self.least:,.0f} to {self.most:,.0f} employees"

    def doublings_from(self, other: Employees) -> float:
        """How often one has to double to reach the other; 0 where they overlap."""
        if self.most < other.least:
            return log2(other.least / max(self.most, 1.0))
        if self.least > other.most:
            return log2(self.least / max(other.most, 1.0))
        return 0.0


def usual_size(persona: Persona, sizes: AbstractSet[str], bands: Mapping[str, Band]) -> Employees | None:
    """The numbers in a persona's description, else those of its `sizes`; None where neither says."""
    between, more = _RANGE.search(persona.description), _MORE.search(persona.description)
    if between:
        return Employees(least=_number(between[1]), most=max(_number(between[1]), _number(between[2])))
    if more:
        return Employees(least=_number(more[1]), most=inf)
    known = [bands[size] for size in sizes if size in bands]
    if not known:
        return None
    most = max(inf if band.most is None else float(band.most) for band in known)
    return Employees(least=float(min(band.least for band in known)), most=most)


def from_quantity(quantity: Quantity) -> Employees | None:
    """A known number or range; None when it holds neither end."""
    if quantity.low is None and quantity.high is None:
        return None
    least = 1.0 if quantity.low is None else max(quantity.low, 1.0)
    return Employees(least=least, most=inf if quantity.high is None else max(quantity.high, least))


def stated(text: str) -> Employees | None:
    """The last number of people a text speaks of, for when no fact about the size is known."""
    numbers = list(_STATED.finditer(text))
    if not numbers:
        return None
    found = numbers[-1]
    number = max(_number(found[1]) * (_THOUSAND if found[2] else 1), 1.0)
    return Employees(least=number, most=number)


def _number(text: str) -> float:
    return float(re.sub(r"[,.]", "", text) or 1)
