"""Numbers in sentences: how many people work somewhere, how much is handled, what was achieved, what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import inf

from personas.compiler.phrasebook import phrasebook

_NUMBER = r"\d[\d.,]*"
_SMALL, _MIDDLE, _LARGE = 50, 100, 1_000
"""Employees: below the first a company is small; from the second to the third it is mid-market; above that, large."""
_LONGEST = 600
_FIGURE = re.compile(r"\d")
_MONEY = re.compile(r"[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:€|(?:EUR|USD|GBP|CHF)\b)|\b(?:EUR|USD|GBP|CHF)\s?\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A row of numbers as written; `high` is "" where the text gives one end only."""

    low: str
    high: str = ""
    open: bool = False  # nothing ends it above

    def bands(self) -> Iterator[str]:
        """The sizes of companies with so many people."""
        low = _value(self.low)
        high = _value(self.high) if self.high else (inf if self.open else low)
        if high <= 1:
            yield "solo"
        elif low < _SMALL:
            yield "small_business"
        if high > _MIDDLE and low < _LARGE:
            yield "mid_market"
        if high > _LARGE:
            yield "enterprise"


def employees_in(text: str) -> Iterator[Scale]:
    """The numbers of people a text gives for companies."""
    for match in _employees().finditer(text[:_LONGEST]):
        more = bool(match["more"] or match["open"])
        yield Scale(low=match["low"].rstrip(".,"), high=(match["high"] or "").rstrip(".,"), open=more)


def volume_in(text: str) -> Scale | None:
    """How much is handled in a period: "300 to 3,000 orders per month"; None where no row is given."""
    match = _volume().search(text[:_LONGEST])
    return Scale(low=match["low"].rstrip(".,"), high=match["high"].rstrip(".,")) if match else None


def has_figure(text: str) -> bool:
    return _FIGURE.search(text) is not None


def has_money(text: str) -> bool:
    return _MONEY.search(text) is not None


def has_result(text: str) -> bool:
    """Whether a text tells how far something changed or how long it takes."""
    return _result().search(text.casefold()) is not None


def _value(text: str) -> float:
    return float(re.sub(r"[.,]", "", text) or 0)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _employees() -> re.Pattern[str]:
    book = phrasebook()
    between = rf"\s?(?:[-–—]|{_any(book.range_words)})\s?"
    return re.compile(
        rf"(?P<more>\b(?:{_any(book.more_words)})\s)?(?P<low>{_NUMBER})(?:{between}(?P<high>{_NUMBER}))?"
        rf"(?P<open>\+|\s(?:{_any(book.open_words)}))?\s(?:[^\W\d_]+\s)?(?:{_any(book.staff_words)})\b",
        re.IGNORECASE,
    )


@cache
def _volume() -> re.Pattern[str]:
    book = phrasebook()
    between = rf"\s?(?:[-–—]|{_any(book.range_words)})\s?"
    return re.compile(
        rf"(?P<low>{_NUMBER}){between}(?P<high>{_NUMBER})\s(?:[^\W\d_][\w-]*\s){{1,2}}(?:{_any(book.per_words)})\s"
        rf"(?:{_any(book.period_words)})\b",
        re.IGNORECASE,
    )


@cache
def _result() -> re.Pattern[str]:
    book = phrasebook()
    return re.compile(rf"\d\s?%|\b(?:{_any(book.result_words)})\s\d|\d\s(?:{_any(book.unit_words)})\b")
