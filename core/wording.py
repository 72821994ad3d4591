"""Facts and quantities in words, for replies, cards and profiles. The patterns come from the phrase file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.fact import Fact, FactValue, Field, Quantity
from core.phrases import Phrases

_NOT_A_KEY = re.compile(r"[^a-z0-9]+")

SPOKEN_FIELDS = (
    Field.NAME,
    Field.COMPANY,
    Field.ROLE,
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.VOLUME,
    Field.INTEGRATIONS,
    Field.TECH_STACK,
    Field.COMPETITORS,
    Field.BUDGET,
    Field.TIMELINE,
)
"""Facts that may be said back to the visitor; labels inferred from their words would sound like a form."""

FACTS_NAMED = 5
"""Facts said back in one reply."""


def number_in_words(value: float, phrases: Phrases) -> str:
    """`100`, `2.5`, `12,000`: no trailing zeros, set apart as in the language's `number.example` of 1,234.5."""
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
    if "," not in number and "." not in number:
        return number
    example = phrases.say("number.example")
    return number.translate({ord(","): example[1], ord("."): example[-2]})


def quantity_in_words(quantity: Quantity, phrases: Phrases) -> str:
    """For people: "100 tickets a day", "10 to 20", "at least 500"."""
    low, high = quantity.low, quantity.high
    if low is not None and high is not None:
        ends = (number_in_words(end, phrases) for end in ((low,) if low == high else (low, high)))
        amount = "–".join(ends)
    elif low is not None:
        amount = phrases.say("value.at_least", amount=number_in_words(low, phrases))
    elif high is not None:
        amount = phrases.say("value.at_most", amount=number_in_words(high, phrases))
    else:
        return ""
    amount = f"{amount} {quantity.currency}" if quantity.currency else _counted(amount, quantity, phrases)
    per = f"value.per_{quantity.period}"
    return phrases.say(per, amount=amount) if quantity.period and phrases.has(per) else amount


def _counted(amount: str, quantity: Quantity, phrases: Phrases) -> str:
    """An amount with its unit: as the phrase file says it ("one person", "30 people"), else with the plain name."""
    if not quantity.unit:
        return amount
    name = _slug(quantity.unit)
    one = f"unit_one.{name}"
    if quantity.low == quantity.high == 1 and phrases.has(one):
        return phrases.say(one)
    if phrases.has(f"unit.{name}"):
        return phrases.say(f"unit.{name}", amount=amount)
    return f"{amount} {quantity.unit.replace('_', ' ')}"


def label_in_words(value: str, phrases: Phrases) -> str:
    """A label of the data files by its phrase; without one, its underscores become spaces."""
    key = f"label.{_slug(value)}"
    if phrases.has(key):
        return phrases.say(key)
    return value.replace("_", " ") if value.islower() else value


def _slug(value: str) -> str:
    slug = _NOT_A_KEY.sub("_", value.casefold()).strip("_")
    return f"n{slug}" if slug[:1].isdigit() else slug


def value_in_words(field: Field, value: FactValue, phrases: Phrases) -> str:
    """A fact's value as a person would say it."""
    special = f"{field.value}.{_slug(value)}" if isinstance(value, str) else ""
    if special and phrases.has(special):
        return phrases.say(special)
    amount = quantity_in_words(value, phrases) if isinstance(value, Quantity) else label_in_words(value, phrases)
    pattern = f"value.{field.value}"
    return phrases.say(pattern, amount=amount) if phrases.has(pattern) else amount


def listed(words: Iterable[str], phrases: Phrases) -> str:
    """`a`, `a and b`, `a, b and c`, in the phrase file's language."""
    items = list(dict.fromkeys(word for word in words if word))
    if len(items) <= 1:
        return "".join(items)
    return phrases.say("list.last", first=", ".join(items[:-1]), last=items[-1])


def facts_in_words(
    facts: Iterable[Fact], phrases: Phrases, *, fields: tuple[Field, ...] = SPOKEN_FIELDS, most: int | None = None
) -> str:
    """Those of `facts` that may be said aloud, in the order of `fields`, joined; "" when there are none.

    `most` limits how many are named.
    """
    by_field: dict[Field, list[FactValue]] = {}
    for fact in facts:
        by_field.setdefault(fact.field, []).append(fact.value)
    parts: list[str] = []
    for field in fields:
        parts.extend(value_in_words(field, value, phrases) for value in by_field.get(field, ()))
    return listed(list(dict.fromkeys(parts))[:most], phrases)
