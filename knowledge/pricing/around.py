"""What the words around an amount say of it: the label before it, and the lines around one that stands alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from knowledge.pricing.lines import Line, Sheet
from knowledge.pricing.tails import Tail, label_of, only_tail, tail_of
from knowledge.pricing.terms import any_of, pricing_terms, whole

_LABEL_REACH = 60
_LABEL_WORDS = 4
"""A label with more words is a sentence."""
_COUNTED = re.compile(
    r"\b(?:an?|one|ein|eine|un|une|una|een)\s+(?P<noun>\w+)\s+(?:costs?|is|kostet|coûte|cuesta|costa|kost)\s+$",
    re.IGNORECASE,
)
"""What costs so much is a time: "a day costs"."""
_SUM_OF = re.compile(r"\w\s+(?:at|of)\s+$")
"""What is billed by the year at an amount is that for a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line with what stands around it; `card` is the plan of a card without a heading."""

    line: Line
    sheet: Sheet
    card: str
    above: str
    below: tuple[str, ...]


def completed(reading: Reading, tail: Tail, before: str) -> Tail:
    """The tail with what the label before the amount, or the lines around a bare one, say of it."""
    label = _label_before(before)
    if (not tail.period and label.period) or (tail.empty and label.unit):
        tail = tail.filled(replace(label, unit=tail.unit or label.unit))
    if bare(reading.line.text, reading.sheet):
        for below in reading.below:
            more = only_tail(below)
            if more.empty:
                break
            tail = tail.filled(more)
        if not tail.period and _bare_label(reading.above):
            tail = tail.filled(label_of(reading.above))
        if not tail.period:
            tail = tail.filled(_from_heading(reading.line))
    return tail


def _label_before(before: str) -> Tail:
    """What the words before an amount say: all of a short label, of a sentence what surely is about the amount."""
    if not before.strip():
        return Tail()
    prose = len(before.split()) > _LABEL_WORDS
    if counted := _COUNTED.search(before):
        return label_of(counted["noun"])
    label = label_of(before[-_LABEL_REACH:], prose=prose)
    prose = prose or _SUM_OF.search(before) is not None
    # "Pay yearly and get two months free: $290": what is paid by the year is the sum of it.
    return replace(label, period=label.billed, billed="") if prose and label.billed and not label.period else label


def _from_heading(line: Line) -> Tail:
    headings = [heading for heading in reversed(line.headings) if len(heading.split()) <= 3]  # noqa: PLR2004  "Billed per year"
    return next((tail for heading in headings if not (tail := label_of(heading)).empty), Tail())


def _bare_label(text: str) -> bool:
    return bool(text) and len(text.split()) <= 3 and not label_of(text).empty  # noqa: PLR2004  "Price per month"


def bare(text: str, sheet: Sheet) -> bool:
    """Whether a line holds nothing but prices."""
    return bool(sheet.money(text)) and is_joint(without_prices(text, sheet))


def without_prices(text: str, sheet: Sheet) -> str:
    rest, end = "", 0
    for money in sheet.money(text):
        rest += f" {text[end : money.start]}" if money.start > end else ""
        end = max(end, tail_of(text, money.end).end)
    return f"{rest} {text[end:]}"


def is_joint(text: str) -> bool:
    """Whether a text only links prices: "or", "from", "/"."""
    return not _joints().sub("", _froms().sub(" ", text))


@cache
def _froms() -> re.Pattern[str]:
    return whole(pricing_terms().from_)


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(pricing_terms().joints)}\b|[\W_]+", re.IGNORECASE)
