"""Numbers in running text: digits, words, multipliers and ranges."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from profiles.cues import Hit
from profiles.reading import Reading
from profiles.resources import Resource

NUMBERS_READ = 40
"""Numbers looked at in one message: a longer list is a table, not a statement."""

_MULTIPLIER = r"(?:\s?(?:k|m|mm|mio|tsd|thousand|million|tausend|mille|mil|duizend|hundred|dozen)(?![\w]))"
_FIGURE = r"(?:\d{1,3}(?:[.,'\u2019 ]\d{3})+(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d))"
_SIGN = r"(?:(?:us|ca|au|r|c|a)?\$|[€£¥₹])"
_NUMBER = re.compile(
    rf"(?<![\w.,/@:+#-])(?P<sign>{_SIGN})?\s?(?P<a>{_FIGURE})(?P<am>{_MULTIPLIER})?(?P<plus>\+)?(?!/\d|:\d|-\d\d-|\.\d|%|\s%)"
    rf"(?:\s?(?P<link>-|–|—|to|or|bis|à|a|até|and|und|y|et|e|en)\s?(?P<sign2>{_SIGN})?(?P<b>{_FIGURE})(?P<bm>{_MULTIPLIER})?)?"
    r"(?P<plus2>\+)?(?!/\d|:\d|-\d|[.,]\d|%|\s%)",
)
_JOINED = re.compile(r"\s*(?:-|and|und|y|e|et)?\s*$")
_WORD_RANGE = re.compile(r"\s*(?:-|–|to|or|bis|oder|à|ou|a|o|tot|of)\s*$")
_ALONE = frozenset({"-", "–", "—", "to", "or", "bis", "à", "a", "até"})
_FACTORS = {
    "k": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mio": 1e6,
    "tsd": 1e3,
    "thousand": 1e3,
    "tausend": 1e3,
    "mille": 1e3,
    "mil": 1e3,
    "duizend": 1e3,
    "million": 1e6,
    "hundred": 100.0,
    "dozen": 12.0,
}


class Number(NamedTuple):
    """A number as it stands in the text; `sign` is a currency sign in front of it."""

    start: int
    end: int
    low: float
    high: float
    sign: str = ""
    open_ended: bool = False  # "300+"


class NumberWords(Resource):
    """The part of `quantities.yaml` this file reads."""

    words: dict[str, float]
    scales: dict[str, float]


def numbers_in(reading: Reading, words: NumberWords) -> list[Number]:
    """All numbers of a message, in order. Dates, versions, percentages and clock times are left out."""
    low = reading.low
    found = (
        [_from_digits(match, low) for match in islice(_NUMBER.finditer(low), NUMBERS_READ)] if reading.digits else []
    )
    spoken = reading.of("number")[:NUMBERS_READ]
    if spoken:
        taken = [(one.start, one.end) for one in found]
        found += [
            one
            for one in _from_words(spoken, low, words)
            if not any(start < one.end and one.start < end for start, end in taken)
        ]
        found.sort(key=lambda one: one.start)
    return found


def _value(figure: str, multiplier: str | None) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,'\u2019 ]\d{3})+", figure):
        value = float(re.sub(r"\D", "", figure))
    else:
        value = float(figure.replace(",", "."))
    return value * _FACTORS[multiplier.strip()] if multiplier else value


def _from_digits(match: re.Match[str], low: str) -> Number:
    start = match.start("sign") if match["sign"] else match.start("a")
    first = _value(match["a"], match["am"])
    sign = match["sign"] or match["sign2"] or ""
    link = match["link"]
    if not match["b"]:
        return Number(start, match.end(), first, first, sign, bool(match["plus"] or match["plus2"]))
    between = link not in _ALONE and bool(re.search(r"(?:between|zwischen|entre|tussen)\s[^.]{0,12}$", low[:start]))
    second = _value(match["b"], match["bm"])
    if match["bm"] and not match["am"] and first < second / 100:
        first = _value(match["a"], match["bm"])
    if (link in _ALONE or between) and first < second:
        return Number(start, match.end(), first, second, sign)
    end = match.end("plus") if match["plus"] else match.end("am") if match["am"] else match.end("a")
    return Number(start, end, _value(match["a"], match["am"]), _value(match["a"], match["am"]), match["sign"] or "")


def _from_words(hits: list[Hit], low: str, words: NumberWords) -> list[Number]:
    longest = [
        hit
        for hit in hits
        if not any(
            o is not hit and o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start
            for o in hits
        )
    ]
    numbers: list[Number] = []
    group: list[Hit] = []
    for hit in longest:
        if group and not _JOINED.fullmatch(low, group[-1].end, hit.start):
            numbers.append(_composed(group, words))
            group = []
        group.append(hit)
    if group:
        numbers.append(_composed(group, words))
    return _ranges([one for one in numbers if one.low > 0], low)


def _composed(group: list[Hit], words: NumberWords) -> Number:
    total = current = 0.0
    for hit in group:
        if scale := words.scales.get(hit.name):
            current = max(current, 1.0) * scale
            if scale >= 1000:  # noqa: PLR2004  from a thousand on, what follows is added
                total, current = total + current, 0.0
        else:
            current += words.words[hit.name]
    value = total + current
    return Number(group[0].start, group[-1].end, value, value)


def _ranges(numbers: list[Number], low: str) -> list[Number]:
    merged: list[Number] = []
    for one in numbers:
        if merged and merged[-1].low < one.low and _WORD_RANGE.fullmatch(low, merged[-1].end, one.start):
            merged[-1] = Number(merged[-1].start, one.end, merged[-1].low, one.high)
        else:
            merged.append(one)
    return merged
