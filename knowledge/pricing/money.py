"""Amounts of money in a line of text. An amount without a mark of its currency is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from knowledge.pricing.terms import any_of, pricing_terms

MOST = 40
"""Amounts of a line that are read: a line with more is no statement of prices."""
_CACHED = 2_048
_BEFORE = 16
"""Characters before an amount that may change what it means."""
_GROUPED = r"\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d{1,2})?(?![\d])"
_SPACED = r"\d{1,3}(?: \d{3})+(?:,\d{1,2})?(?!\d)"
_PLAIN = r"\d{1,9}(?:[.,]\d{1,4})?(?!\d)"
_DASHED = r"(?:[.,][-–—])?"
_RAISED_END = r"(?=\s*(?:$|/|per\b))"
"""What follows raised cents, which are read as a word of their own: "$29 00"."""
_GROUP = 3
_NEGATIVE = re.compile(r"[-−–]\s?$")
_RANGE = re.compile(r"\s?(?:-|–|—|\bto\b|\band\b|\bbis\b|\bà\b|\ba\b|\btot\b)\s?")
_BARE_LOW = re.compile(rf"(?<![\w.,$€£¥])(?P<low>{_GROUPED}|{_PLAIN})\s?(?:-|–|—)\s?$")
_BARE_HIGH = re.compile(rf"\s?(?:-|–|—)\s?(?:{_GROUPED}|{_PLAIN})(?:\s?[kK]\b)?")
_PERCENT = re.compile(r"%\s?(?:\+|plus|and|und|et|y|e|&)\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """One amount. `start` and `end` are offsets into the line, the currency's mark included."""

    amount: Decimal
    currency: str  # ISO 4217
    start: int
    end: int
    millions: bool = False  # written as millions or more: what companies earn, not what they charge
    partial: bool = False  # the rest of the price is a percentage
    lowest: bool = False  # the lower end of a range
    highest: bool = False  # the upper end of one


@dataclass(frozen=True, slots=True)
class _Forms:
    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    cents: re.Pattern[str]
    scale: re.Pattern[str]
    code: re.Pattern[str]


@lru_cache(_CACHED)
def money_in(line: str, *, language: str = "en", dollar: str = "USD") -> tuple[Money, ...]:
    """The amounts of a line in order. `dollar` is what a bare "$" means on this page."""
    if not any(character.isdigit() for character in line):
        return ()
    found = sorted(_amounts(line, language, dollar), key=lambda one: one.start)[:MOST]
    return tuple(_ranged(line, _apart(found)))


def number_of(text: str) -> Decimal:
    """A number as people write it: the last separator is the decimal one unless three digits follow it."""
    digits = text.replace(" ", "").replace("'", "").replace("’", "").rstrip("-–—").rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    separator, tail = digits[last], digits[last + 1 :]
    grouped = (len(tail) == _GROUP and not digits.startswith("0")) or digits.count(separator) > 1
    whole = digits if grouped else digits[:last]
    fraction = "" if grouped else tail
    return Decimal(whole.replace(",", "").replace(".", "") + (f".{fraction}" if fraction else ""))


def _amounts(line: str, language: str, dollar: str) -> Iterator[Money]:
    forms = _forms(language)
    for match in forms.prefix.finditer(line):
        yield from _money(line, match, forms, language, dollar)
    for match in forms.suffix.finditer(line):
        yield from _money(line, match, forms, language, dollar)
    for match in forms.cents.finditer(line):
        amount = number_of(match["number"]) / 100
        partial = _PERCENT.search(line[max(0, match.start() - _BEFORE) : match.start()]) is not None
        yield Money(
            amount=amount,
            currency=pricing_terms().cents[match["mark"]],
            start=match.start(),
            end=match.end(),
            partial=partial,
        )


def _money(line: str, match: re.Match[str], forms: _Forms, language: str, dollar: str) -> Iterator[Money]:
    groups = {"sign": "", "cents": "", **match.groupdict()}
    currency = _currency((groups["mark"] or groups["sign"]).strip(), language, dollar)
    before = line[max(0, match.start() - _BEFORE) : match.start()]
    if not currency or (_NEGATIVE.search(before) and not before.rstrip("-−– ")[-1:].isalnum()):
        return
    cents = groups["cents"] if match["number"].isdigit() else ""
    number = match["number"] + (f".{cents}" if cents else "")
    end = match.end("number") if groups["cents"] and not cents else match.end()
    amount, millions = number_of(number), False
    if scale := forms.scale.match(line, match.end("number")):
        millions = scale["scale"] in pricing_terms().millions
        amount = amount if millions else amount * 1000
        end = max(end, scale.end())
    if code := forms.code.match(line, end):
        currency, end = code["code"], code.end()
    yield Money(
        amount=amount,
        currency=currency,
        start=match.start(),
        end=end,
        millions=millions,
        partial=_PERCENT.search(before) is not None,
    )


def _currency(mark: str, language: str, dollar: str) -> str:
    terms = pricing_terms()
    if mark == "$":
        return dollar
    if mark in {"kr", "kr.", "Kr", "Kr.", ":-"}:
        return terms.crowns.get(language, "")
    if mark == "¥" and language == "zh":
        return "CNY"
    if mark in terms.symbols:
        return terms.symbols[mark]
    if mark in terms.codes.split():
        return mark
    folded = " ".join(mark.split()).casefold()
    return next((code for code, names in terms.names.items() if folded in {name.casefold() for name in names}), "")


@cache
def _forms(language: str) -> _Forms:
    terms = pricing_terms()
    number = f"{_GROUPED}|{_PLAIN}" if language == "en" else f"{_GROUPED}|{_SPACED}|{_PLAIN}"
    signs = any_of(sign for sign in terms.symbols if not sign[0].isalpha())
    words = any_of(
        [*(sign for sign in terms.symbols if sign[0].isalpha()), "kr.", "kr", "Kr.", "Kr", *terms.codes.split()]
    )
    names = any_of(name for group in terms.names.values() for name in group)
    mark = rf"(?:(?<!\w){words}\s?|{signs}\s?)"
    after = rf"(?:{signs}(?!\s?\d)|{words}(?!\w)|:-|(?i:{names})(?!\w))"
    scales = any_of([*terms.thousands, *terms.millions])
    return _Forms(
        prefix=re.compile(rf"(?P<mark>{mark})(?P<number>(?:{number})){_DASHED}(?:\s(?P<cents>\d\d){_RAISED_END})?"),
        suffix=re.compile(
            rf"(?<![\w.,'’$€£¥])(?P<number>(?:{number}))(?:{_DASHED}(?:\s?{scales})?\s?(?P<mark>{after})"
            r"|(?P<sign>[€£])(?P<cents>\d\d)(?![\d.,]))",
        ),
        cents=re.compile(
            rf"(?<![\w.,$€£])(?P<number>\d{{1,3}}(?:\.\d{{1,2}})?)\s?(?P<mark>{any_of(terms.cents)})(?!\w)"
        ),
        scale=re.compile(rf"\s?(?P<scale>{scales})(?![\w])"),
        code=re.compile(rf"\s?(?P<code>{any_of(terms.codes.split())})(?!\w)"),
    )


def _apart(found: list[Money]) -> Iterator[Money]:
    end = 0
    for money in found:
        if money.start >= end:
            yield money
            end = money.end


def _ranged(line: str, found: Iterator[Money]) -> Iterator[Money]:
    """Marks the ends of ranges: "$10-$20", "10-20 €", "$10-20"."""
    held: Money | None = None
    for money in found:
        if held is not None:
            joined = _RANGE.fullmatch(line, held.end, money.start)
            span = joined is not None and held.amount < money.amount and _spans(line, held, money)
            yield replace(held, lowest=True) if span else held
            money = replace(money, highest=True) if span else money  # noqa: PLW2901  the next one is judged by it
        held = _with_bare_end(line, money)
    if held is not None:
        yield held


def _spans(line: str, low: Money, high: Money) -> bool:
    joint = line[low.end : high.start].strip().casefold()
    return low.currency == high.currency and (joint != "and" or "between" in line[: low.start].casefold())


def _with_bare_end(line: str, money: Money) -> Money:
    begin = max(0, money.start - _BEFORE)
    if low := _BARE_LOW.search(line[begin : money.start]):
        return replace(money, amount=number_of(low["low"]), start=begin + low.start(), lowest=True)
    if high := _BARE_HIGH.match(line, money.end):
        return replace(money, end=high.end(), lowest=True)
    return money
