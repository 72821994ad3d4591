"""Numbers in running text: digits, words, multipliers and ranges."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from profiles.cues import Hit
from profiles.number_words import NumberWords, spoken_numbers
from profiles.reading import Reading

NUMBERS_READ = 40
"""Numbers looked at in one message: a longer list is a table, not a statement."""

_FACTORS = {
    **dict.fromkeys(("k", "tsd", "thousand", "tausend", "mille", "mil", "miles", "duizend", "grand", "ribu"), 1e3),
    **dict.fromkeys(
        ("m", "mm", "mio", "mln", "million", "millionen", "millions", "millones", "milhões", "miljoen"), 1e6
    ),
    "hundred": 100.0,
    "dozen": 12.0,
    "lakh": 1e5,
}
_MULTIPLIER = rf"(?:\s?(?:{'|'.join(sorted(_FACTORS, key=len, reverse=True))})(?!\w))"
_FIGURE = r"(?:\d{1,3}(?:[.,'\u2019 ]\d{3})+(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d))"
_SIGN = r"(?:(?:us|ca|au|r|c|a)?\$|[€£¥₹])"
_NUMBER = re.compile(
    rf"(?<![\w.,/@:+#-])(?P<sign>{_SIGN})?\s?(?P<a>{_FIGURE})(?P<am>{_MULTIPLIER})?(?P<plus>\+)?"
    r"(?:-?ish(?!\w)|[- ]odd(?!\w))?(?!/\d|:\d|-\d\d-|\.\d|%|\s%)"
    rf"(?:\s?(?P<link>-|–|—|to|or|bis|à|a|até|and|und|y|et|e|en)\s?(?P<sign2>{_SIGN})?(?P<b>{_FIGURE})(?P<bm>{_MULTIPLIER})?)?"
    r"(?P<plus2>\+)?(?!/\d|:\d|-\d|[.,]\d|%|\s%)",
)
_ABOUT = re.compile(r"-?ish(?!\w)|[- ]?odd(?!\w)")
_WORD_RANGE = re.compile(r"\s*(?:-|–|to|or|bis|oder|à|ou|a|o|tot|of|maybe|or maybe|perhaps)\s*$")
_WORD_AND = re.compile(r"\s*(?:and|und|y|et|e|en)\s*")
_BETWEEN = re.compile(r"(?:between|zwischen|entre|tussen)\s[^.]{0,12}$")
_ALONE = frozenset({"-", "–", "—", "to", "or", "bis", "à", "a", "até"})


class Number(NamedTuple):
    """A number as it stands in the text; `sign` is a currency sign in front of it."""

    start: int
    end: int
    low: float
    high: float
    sign: str = ""
    open_ended: bool = False  # "300+"


_OUR_IN_DUTCH = "onze"
_DUTCH = re.compile(
    r"\b(?:wij|voor|het|een|hebben|heeft|zijn|met|van|niet|geen|ook|jullie|naar|elke|zoeken|gebruiken|krijgen|willen|ik)\b"
)


def numbers_in(reading: Reading, words: NumberWords) -> list[Number]:
    """All numbers of a message, in order. Dates, versions, percentages and clock times are left out."""
    low = reading.low
    found = (
        [_from_digits(match, low) for match in islice(_NUMBER.finditer(low), NUMBERS_READ)] if reading.digits else []
    )
    spoken = [hit for hit in reading.of("number") if not _is_our(reading, hit)][:NUMBERS_READ]
    if spoken:
        taken = [(one.start, one.end) for one in found]
        found += [
            one
            for one in _from_words(spoken, low, words)
            if not any(start < one.end and one.start < end for start, end in taken)
        ]
        found.sort(key=lambda one: one.start)
    return found


def _is_our(reading: Reading, hit: Hit) -> bool:
    """Whether it is the Dutch "onze", which is eleven in French and Portuguese."""
    return reading.low[hit.start : hit.end] == _OUR_IN_DUTCH and _DUTCH.search(reading.low) is not None


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
    between = link not in _ALONE and _BETWEEN.search(low[:start]) is not None
    second = _value(match["b"], match["bm"])
    if match["bm"] and not match["am"] and first < second / 100:
        first = _value(match["a"], match["bm"])
    if (link in _ALONE or between) and first < second:
        return Number(start, match.end(), first, second, sign)
    end = match.end("plus") if match["plus"] else match.end("am") if match["am"] else match.end("a")
    return Number(start, end, _value(match["a"], match["am"]), _value(match["a"], match["am"]), match["sign"] or "")


def _from_words(hits: list[Hit], low: str, words: NumberWords) -> list[Number]:
    spoken = spoken_numbers(hits, low, words)
    numbers = [Number(one.start, _with_about(low, one.end), one.value, one.value) for one in spoken]
    return _ranges(numbers, low, words)


def _with_about(low: str, end: int) -> int:
    about = _ABOUT.match(low, end)
    return about.end() if about else end


def _ranges(numbers: list[Number], low: str, words: NumberWords) -> list[Number]:
    merged: list[Number] = []
    for one in numbers:
        if merged and merged[-1].low < one.low and _ranging(low, merged[-1], one):
            least = merged[-1].low * _scale_for_both(merged[-1], one, low, words)
            merged[-1] = Number(merged[-1].start, one.end, least, one.high)
        else:
            merged.append(one)
    return merged


def _scale_for_both(first: Number, second: Number, low: str, words: NumberWords) -> float:
    """Of "three to four hundred" the hundred, which is meant of both; 1 where the first stands for itself."""
    scale = words.scales.get(low[second.start : second.end].rsplit(maxsplit=1)[-1], 1.0)
    return scale if first.low * scale < second.low else 1.0


def _ranging(low: str, first: Number, second: Number) -> bool:
    """As in "ten to twelve"; "ten and twelve" only after "between"."""
    if _WORD_RANGE.fullmatch(low, first.end, second.start):
        return True
    return (
        _WORD_AND.fullmatch(low, first.end, second.start) is not None
        and _BETWEEN.search(low[: first.start]) is not None
    )
