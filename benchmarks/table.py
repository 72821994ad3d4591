"""The bench's rows: measured against gate and stretch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

import msgspec


class Target(msgspec.Struct, frozen=True):
    """What must be reached, and what would be fine; less is better."""

    gate: float
    stretch: float


class Measured(msgspec.Struct, frozen=True):
    """The median of the rounds and their range."""

    value: float
    low: float
    high: float


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a scenario. Without a target it only explains another; without a figure it was not measured."""

    scenario: int
    what: str
    measured: Measured | None
    unit: str = ""
    target: Target | None = None

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        if self.target is None:
            return ""
        if self.measured.value <= self.target.stretch:
            return "stretch met"
        return "met" if self.measured.value <= self.target.gate else "not met"


def measured(values: Iterable[float]) -> Measured | None:
    """None when there are no values."""
    taken = list(values)
    return Measured(median(taken), min(taken), max(taken)) if taken else None


def shown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    cells = [("#", "what", "measured", "range", "gate", "stretch", ""), *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (cells[0], rule, *cells[1:])
    )


def _cells(row: Row) -> tuple[str, ...]:
    found, target = row.measured, row.target
    return (
        str(row.scenario),
        row.what,
        f"{_number(found.value)} {row.unit}".strip() if found else "-",
        f"{_number(found.low)} to {_number(found.high)}" if found and found.low < found.high else "",
        _number(target.gate) if target else "",
        _number(target.stretch) if target else "",
        row.verdict,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
