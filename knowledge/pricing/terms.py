"""How sites write prices: words and marks, read once from `resources/pricing.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict


class PricingTerms(BaseModel):
    """The shipped data; the comments in the file say what each list is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbols: dict[str, str]
    codes: str
    names: dict[str, tuple[str, ...]]
    crowns: dict[str, str]
    cents: dict[str, str]
    thousands: tuple[str, ...]
    millions: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    adverbs: tuple[str, ...]
    per: tuple[str, ...]
    per_period: tuple[str, ...]
    unit_ends: str
    filler: str
    billed: tuple[str, ...]
    month_to_month: tuple[str, ...]
    from_: tuple[str, ...]
    pricing: tuple[str, ...]
    costs: tuple[str, ...]
    foreign: tuple[str, ...]
    problems: tuple[str, ...]
    foreign_after: tuple[str, ...]
    limits: tuple[str, ...]
    supposed: tuple[str, ...]
    we: tuple[str, ...]
    for_: tuple[str, ...]
    charges: tuple[str, ...]
    earning: tuple[str, ...]
    asked_of: tuple[str, ...]
    passive: frozenset[str]
    others: frozenset[str]
    badges: tuple[str, ...]
    apiece: tuple[str, ...]
    elsewhere: tuple[str, ...]
    stories: tuple[str, ...]
    comparing: tuple[str, ...]
    comparing_paths: frozenset[str]
    ourselves: tuple[str, ...]
    free: tuple[str, ...]
    free_to_use: tuple[str, ...]
    not_free: tuple[str, ...]
    free_within: tuple[str, ...]
    quote_only: tuple[str, ...]
    no_value: tuple[str, ...]
    plan_words: tuple[str, ...]
    generic: tuple[str, ...]
    links: tuple[str, ...]
    articles: tuple[str, ...]
    verbs: tuple[str, ...]
    things: tuple[str, ...]
    more: tuple[str, ...]
    each: frozenset[str]
    noun_ends: frozenset[str]
    no_things: frozenset[str]
    no_names: frozenset[str]
    openers: frozenset[str]
    reduced: tuple[str, ...]
    reduced_to: tuple[str, ...]
    bare: tuple[str, ...]
    joints: tuple[str, ...]
    instead: frozenset[str]


@cache
def pricing_terms() -> PricingTerms:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/pricing.yaml").read_text(encoding="utf-8")
    return PricingTerms.model_validate(yaml.safe_load(text))


def any_of(phrases: Iterable[str]) -> str:
    """An expression that matches one of the phrases, the longest first; spaces stand for any white space."""
    ordered = sorted(dict.fromkeys(phrases), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered) + ")"


def whole(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches one of the phrases as whole words, without regard to case."""
    return re.compile(rf"(?<![\w-]){any_of(phrases)}(?![\w-])", re.IGNORECASE)
