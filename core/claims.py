"""What a text claims: figures, prices, names, promises. Pure; the expressions are in `resources/guard`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FOREIGN_WORDS = 3
"""Small words of another language from which on a text counts as written in it."""
FOREIGN_SHARE = 0.3
"""Share of letters in another script from which on a text counts as written in it."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_WORD = re.compile(r"[^\W\d_]+")
_SPOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+|(?<=[^\W\d_]{2}))")
"""A word of at least two letters, with what an apostrophe adds to it."""
_ENDINGS = ("ings", "ing", "ies", "ied", "ers", "er", "est", "ed", "es", "ly", "s")
SHORTEST_STEM = 3
_NAME = re.compile(r"(?<=[^\s.!?…:]\s)[A-Z][\w.+'-]*")
_CURRENCIES = {"$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr", "%": "%"}
_UNITS = {
    **_CURRENCIES,
    "percent": "%",
    "per cent": "%",
    "prozent": "%",
    "dollar": "usd",
    "usd": "usd",
    "euro": "eur",
    "eur": "eur",
    "pound": "gbp",
    "gbp": "gbp",
    "chf": "chf",
}
_AMOUNT = re.compile(
    rf"(?P<sign>[$€£¥₹])\s?(?P<after>{_NUMBER.pattern})"
    rf"|(?P<before>{_NUMBER.pattern})[\s-]?(?P<unit>per ?cent|prozent|dollar|usd|euro?|pound|gbp|chf|[$€£¥₹%])",
    re.IGNORECASE,
)


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = (files("core") / "resources" / "guard" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def expressions(kind: str) -> tuple[re.Pattern[str], ...]:
    """The compiled expressions of a resource, for casefolded text."""
    return tuple(re.compile(line) for line in _lines(kind))


@cache
def _number_words() -> frozenset[str]:
    return frozenset(" ".join(_lines("number_words")).split())


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(_stem(word) for line in _lines("plain_words") for word in line.split())


@cache
def _small_words() -> dict[str, frozenset[str]]:
    lines = (line.partition(": ") for line in _lines("function_words"))
    return {name: frozenset(listed.split()) for name, _, listed in lines}


def number(figure: str) -> str:
    """One spelling for `1,900`, `1.900` and `1900`, and for `124.50` and `124.5`."""
    if _GROUPED.fullmatch(figure):
        return re.sub(r"[.,]", "", figure)
    figure = figure.replace(",", ".")
    return figure.rstrip("0").rstrip(".") if figure.count(".") == 1 else figure


def figures(text: str) -> frozenset[str]:
    """Every number of a text: digits in one spelling, words of counting, signs such as a circled nine."""
    written = {number(found) for found in _NUMBER.findall(text)}
    spelled = _number_words().intersection(_WORD.findall(text.casefold()))
    signs = () if text.isascii() else (char for char in text if char.isnumeric() and not char.isdecimal())
    return frozenset(written) | spelled | frozenset(signs)


def amounts(text: str) -> frozenset[tuple[str, str]]:
    """Every price and percentage, as (currency or "%", number)."""
    found = set()
    for match in _AMOUNT.finditer(text):
        unit = (match["sign"] or match["unit"]).casefold()
        unit = unit if unit in _UNITS else unit.replace("percent", "per cent")
        found.add((_UNITS.get(unit, unit), number(match["after"] or match["before"])))
    return frozenset(found)


def words(text: str) -> frozenset[str]:
    """Every word, in small letters, with and without the signs around and inside it."""
    return frozenset(map(_bare, text.split())) | frozenset(re.findall(r"\w+", text.casefold()))


def words_of_its_own(text: str, sources: Iterable[str]) -> frozenset[str]:
    """The words of an English text that no source has in any form and that are no plain words of every talk."""
    spoken = {_stem(word) for word in _SPOKEN.findall(text.casefold())} - _plain_words()
    return frozenset(spoken.difference(*({_stem(word) for word in _SPOKEN.findall(one.casefold())} for one in sources)))


def _stem(word: str) -> str:
    """What the forms of an English word have in common, roughly: prices and priced, try and tries."""
    bare = word.replace("'", "")
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= SHORTEST_STEM:
            bare = bare.removesuffix(ending)
            break
    return bare[:-1] + "i" if bare.endswith("y") else bare.removesuffix("e")


def names(text: str) -> frozenset[str]:
    """Words with a capital inside a sentence, in small letters."""
    found = (_bare(match) for match in _NAME.findall(text))
    return frozenset(name for name in found if name not in {"i", "i'm", "i'd", "i'll", "i've"})


def _bare(word: str) -> str:
    return word.casefold().strip(".,;:!?\"'()[]“”„«»*").removesuffix("'s")


def speaks_another_language(text: str, language: str, site: str) -> bool:
    """Whether a text is neither in `language` nor in English, the language of our phrases, nor in the site's words."""
    if _foreign_script(text, site):
        return True
    small = _small_words()
    own = small.get(language.partition("-")[0], frozenset()) | small["en"]
    said = set(_WORD.findall(text.casefold()))
    known = set(_WORD.findall(site.casefold()))
    strange = max(len((said & others) - own - known) for others in small.values())
    return strange >= FOREIGN_WORDS and strange > len(said & own)


def _foreign_script(text: str, site: str) -> bool:
    if text.isascii():
        return False
    letters = [char for char in text if char.isalpha()]
    strange = [char for char in letters if char not in site and not unicodedata.name(char, "").startswith("LATIN")]
    return len(strange) > FOREIGN_SHARE * len(letters)
