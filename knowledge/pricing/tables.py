"""Prices in tables: plans in rows or in columns, cell by cell or as the lines a page was flattened to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.offering import PlanPrice
from knowledge.pricing.lines import Line, Sheet, compares, plan_name, price_of, speaks_of_prices
from knowledge.pricing.money import Money
from knowledge.pricing.names import split_each
from knowledge.pricing.tails import Tail, is_bare_label, label_of, starts_from, tail_of, without_from
from knowledge.pricing.terms import any_of, pricing_terms, whole

_LEAD = re.compile(r"[A-ZÀ-Þ][^\d$€£¥]*?(?=\s+[\d$€£¥]|\s+[A-Z]{2,3}\$?\s?\d)")
_MIDDLE = re.compile(r"\s*(?:[\d.,]+[kKmM+]?\s*(?:[A-Za-z]+\s*)?){0,3}")
_QUANTITY = re.compile(
    r"^\W*\d[\d.,]*\s*[kKmM]?\s*(?:[A-Za-z]{1,6}\s*)?(?:[-–—+<>]|to\b|bis\b|and\b|or\b)|^\W*(?:\D{1,9}\s)?\d[\d.,]*\s*\+?$"
)
"""The lead of a row that is priced by how much one takes: "5 – 100 GB"."""
_MIN_ROWS = 2
_MOST_ROWS = 200
_LABEL_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as a label and the values after it."""

    line: Line
    label: str
    values: tuple[str, ...]


@cache
def _value() -> re.Pattern[str]:
    terms = pricing_terms()
    words = any_of([*terms.quote_only, *terms.no_value, *terms.free])
    return re.compile(rf"\s*(?:{words})(?![\w-])", re.IGNORECASE)


def table_prices(lines: Sequence[Line], sheet: Sheet) -> tuple[list[PlanPrice], frozenset[str]]:
    """The prices of all tables among the lines of one section, and the lines that were read as tables."""
    found: list[PlanPrice] = []
    used: set[str] = set()
    for group in _groups(lines):
        for line, price in list(_columns(group, sheet)) or list(_rows(group, sheet)):
            found.append(price)
            used.add(line.text)
    return found, frozenset(used)


def column_plans(lines: Sequence[Line], sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(plan, cell, quote) for every cell of a price row that has no amount, for plans without a public price."""
    for group in _groups(lines):
        for row in _value_rows(group, sheet):
            names = _names_above(group, row, sheet)
            if _price_label(row.label) and names:
                for name, value in zip(names, row.values, strict=True):
                    if name:
                        yield name, value, value if row.line.cells else row.line.text


def row_plans(lines: Sequence[Line], sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(plan, cell, quote) for every cell without an amount in a column where other rows have their price."""
    for group in _groups(lines):
        priced = {
            (line.columns, place)
            for line in group
            for place, cell in enumerate(line.cells)
            if place and sheet.money(cell)
        }
        for line in group:
            name = plan_name(line.cells[0]) if line.columns else ""
            for place, cell in enumerate(line.cells):
                if name and (line.columns, place) in priced and not sheet.money(cell):
                    yield name, cell, cell


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines that may be one table; the first line of each may be its head."""
    group: list[Line] = []
    for line in lines:
        tabular = bool(line.cells) or not re.search(r"[.!?]$", line.text)
        if tabular and len(group) < _MOST_ROWS:
            group.append(line)
            continue
        if len(group) > 1:
            yield group
        group = [line] if tabular else []
    if len(group) > 1:
        yield group


def _columns(group: Sequence[Line], sheet: Sheet) -> Iterator[tuple[Line, PlanPrice]]:
    """The prices of a row of them under a row of plans, each with its row."""
    for row in _value_rows(group, sheet):
        names = _names_above(group, row, sheet)
        if not names or not (_price_label(row.label) or _each_priced(row, sheet)):
            continue
        label = label_of(row.label)
        unit = label.unit or _sold_item(row.label)
        for name, value in zip(names, row.values, strict=True):
            money = sheet.money(value)
            if not name or not money or money[0].millions or _other_thing(value, money[0]):
                continue
            tail = tail_of(value, money[0].end).filled(Tail(period=label.period, unit=unit, billed=label.billed))
            quote = value if row.line.cells else row.line.text
            yield row.line, _priced(sheet, name, money[0], tail, value, quote)


def _rows(group: Sequence[Line], sheet: Sheet) -> Iterator[tuple[Line, PlanPrice]]:
    """The prices of rows that begin with a plan and end with its price, or one for each term, each with its row."""
    header: Line | None = None
    rows: list[tuple[str, tuple[Money, ...], Line]] = []
    for line in group:
        row = _plan_row(line, sheet)
        if row is not None:
            rows.append((*row, line))
        elif not rows and not sheet.money(line.text):
            header = line
    for lead, moneys, line in rows:
        name, each = split_each(lead)
        head = " ".join(line.columns) or (header.text if header else "")
        told = speaks_of_prices(head)
        if not told and len(rows) < _MIN_ROWS:
            continue
        labels = _cell_labels(line, sheet) if line.columns else _column_labels(header, len(moneys))
        for place, money in enumerate(moneys):
            tail = tail_of(line.text, money.end)
            tail = tail.filled(labels[place]) if place < len(labels) else tail
            tail = tail.filled(Tail(unit=each))
            if (told or tail.period or tail.unit) and (money.amount or not _QUANTITY.search(name)):
                yield line, _priced(sheet, name, money, tail, line.text, line.quoted(money.start))


def _cell_labels(line: Line, sheet: Sheet) -> list[Tail]:
    """For every amount of a row what the head of its column says."""
    return [
        label_of(line.columns[place]) if place < len(line.columns) else Tail()
        for place, cell in enumerate(line.cells)
        for _ in sheet.money(cell)
    ]


def _priced(sheet: Sheet, plan: str, money: Money, tail: Tail, text: str, quote: str) -> PlanPrice:
    lowest = money.lowest or starts_from(text[: money.start])
    price = price_of(money, period=tail.period, unit=tail.unit, billed=tail.billed, at_least=lowest)
    return sheet.priced(plan, price, quote)


def _plan_row(line: Line, sheet: Sheet) -> tuple[str, tuple[Money, ...]] | None:
    """A plan's name and the amounts its row ends with."""
    moneys = sheet.money_of(line)
    if not moneys or any(money.millions for money in moneys):
        return None
    lead = line.cells[0] if line.cells else without_from(_lead_of(line.text, moneys[0]))
    measured = bool(line.cells) and _QUANTITY.search(lead) is not None
    name = lead.strip() if measured else plan_name(lead)  # "Up to 20" is told with its unit
    if (
        not (name or measured)
        or speaks_of_prices(lead)
        or label_of(lead).unit
        or (not line.cells and len(lead.split()) > _LABEL_WORDS - 2)
    ):
        return None
    gaps = [line.text[a.end : b.start] for a, b in pairwise(moneys)]
    last = tail_of(line.text, moneys[-1].end)
    clean = all(not gap[tail_of(gap, 0).end :].strip(" /|·") for gap in gaps) and not line.text[last.end :].strip(
        " *†.)"
    )
    return (name, moneys) if clean or line.cells else None


def _lead_of(text: str, first: Money) -> str:
    lead = _LEAD.match(text)
    if lead is None or lead.end() > first.start:
        return ""
    middle = text[lead.end() : first.start]
    return lead[0].strip() if _MIDDLE.fullmatch(middle) else ""


def _column_labels(header: Line | None, count: int) -> list[Tail]:
    if header is None:
        return []
    if count == 1:
        return [label_of(header.text)]
    names = [name for group in pricing_terms().periods.values() for name in group]
    found = [Tail(period=label_of(match[0]).period) for match in whole(names).finditer(header.text)]
    return found if len(found) == count else []


def _value_rows(group: Sequence[Line], sheet: Sheet) -> Iterator[Row]:
    for line in group:
        row = _value_row(line, sheet)
        if row is not None and any(sheet.money(value) for value in row.values):
            yield row


def _value_row(line: Line, sheet: Sheet) -> Row | None:
    if len(line.cells) > 1:
        return Row(line=line, label=line.cells[0], values=line.cells[1:])
    starts = _value_starts(line.text, sheet)
    if len(starts) < _MIN_ROWS:
        return None
    ends = [*starts[1:], len(line.text)]
    values = tuple(line.text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    label = line.text[: starts[0]].strip()
    return Row(line=line, label=label, values=values) if label else None


def _value_starts(text: str, sheet: Sheet) -> list[int]:
    """Where the values of a row begin: the longest end of the line that holds nothing but values."""
    spans = {money.start: tail_of(text, money.end).end for money in sheet.money(text)}
    best: list[int] = []
    for first in [match.start() for match in re.finditer(r"(?<=\s)\S", text)]:
        starts, at = [], first
        while at < len(text):
            word = _value().match(text, at)
            end = spans.get(at) or (word.end() if word else 0)
            if not end:
                break
            starts.append(at)
            at = end + len(text[end:]) - len(text[end:].lstrip(" *†"))
        if at >= len(text) and len(starts) > len(best):
            best = starts
    return best


def _names_above(group: Sequence[Line], row: Row, sheet: Sheet) -> list[str]:
    """The plans of a row's columns, from its head or the nearest line above that names as many."""
    if row.line.columns:
        heads = row.line.columns[: len(row.line.cells)]  # a row may end before its last columns, where they are empty
        return _column_names(Line(text="", headings=row.line.headings, cells=heads), len(row.values), sheet)
    above = [line for line in group[: group.index(row.line)] if not sheet.money(line.text)]
    found = (_column_names(line, len(row.values), sheet) for line in reversed(above))
    return next((names for names in found if names), [])


def _column_names(header: Line, count: int, sheet: Sheet) -> list[str]:
    """The plans at the head of `count` columns, "" for a column of somebody else; empty where they are not told."""
    if header.cells:
        cells = header.cells[-count:] if len(header.cells) >= count else ()
        names = [plan_name(cell) for cell in cells]
    else:
        names = _split(header.text, count, sheet)
    if any(compares(text) for text in (*header.cells, *([header.text, *header.headings]))) or _beside_others(
        names, sheet
    ):
        names = [name if sheet.own(name) else "" for name in names]
    return names if len(names) == count and any(names) else []


def sets_beside_others(line: Line, sheet: Sheet) -> bool:
    """Whether a line is a row of a table in which the company is one column of several, or of a page that compares."""
    heads = [plan_name(cell) for cell in line.columns[1:]]
    others = [name for name in heads if name and not sheet.own(name)]
    return bool(others) and len(line.cells) > 1 and (sheet.compares or _beside_others(heads, sheet))


def _beside_others(names: Sequence[str], sheet: Sheet) -> bool:
    """One column is the company itself: the others are those it is compared with."""
    return any(name.casefold() in sheet.company and not sheet.known(name) for name in names)


def _split(text: str, count: int, sheet: Sheet) -> list[str]:
    known = sorted(
        (match.start(), plan)
        for plan in sheet.plans
        if (match := re.search(rf"(?<!\w){re.escape(plan)}(?!\w)", text)) is not None
    )
    if len(known) == count:
        return [plan for _, plan in known]
    words = text.split()
    last = words[-count:]
    return (
        [plan_name(word) for word in last]
        if count <= len(words) <= count + 2 and all(w[0].isupper() for w in last)
        else []
    )


def _each_priced(row: Row, sheet: Sheet) -> bool:
    """Whether a row says what one of the thing it names costs: "Messages | $0.11 each | $0.09 each"."""
    ends = [(value, money[0].end) for value in row.values if (money := sheet.money(value))]
    return bool(ends) and all(_each().match(value, end) for value, end in ends)


@cache
def _each() -> re.Pattern[str]:
    return re.compile(rf"\s*{any_of((*pricing_terms().per, *pricing_terms().apiece))}(?!\w)", re.IGNORECASE)


def _price_label(label: str) -> bool:
    return bool(speaks_of_prices(label) or not label_of(label).empty) and len(label.split()) <= _LABEL_WORDS + 2


def _sold_item(label: str) -> str:
    """What else than the plan a row's prices are for ("Extra seat per month"), "" for the plan itself."""
    text = re.split(r"\s*[,(]|\s+(?:per|pro|par|por|/)\s", label, maxsplit=1)[0].strip(" :")
    return "" if is_bare_label(text) else text


def _other_thing(value: str, money: Money) -> bool:
    """A cell that prices something named in it: "Add-on, $200 per month"."""
    return bool(re.search(r"\w", value[: money.start])) and not starts_from(value[: money.start])
