"""When a slot's value counts as the labelled one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

NUMBERS = frozenset({"company_size", "team_size", "volume", "budget"})
LISTS = frozenset({"tech_stack", "integrations", "use_case", "pains", "security", "competitors"})
ANY_OF = "any_of"
TOLERANCE = 0.10
"""How far a number may be off."""
PHONE_DIGITS = 9
"""Final digits that must agree: with and without the country's code a number is the same."""
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "quarter": 91.3, "year": 365.0, "once": 365.0}

_SPELLINGS = {
    "azure ad": "microsoft entra id", "entra id": "microsoft entra id", "teams": "microsoft teams",
    "ms teams": "microsoft teams", "service cloud": "salesforce service cloud", "helpscout": "help scout",
    "magento": "adobe commerce", "shopify plus": "shopify", "rest api": "custom api", "api": "custom api",
}  # fmt: skip


def plain(text: object) -> str:
    """A text without letter case, punctuation and known variants of a product's name."""
    words = " ".join(re.sub(r"[^\w+.&@ ]", " ", str(text).casefold()).split())
    return _SPELLINGS.get(words, words)


def held(slots: Mapping[str, Any], slot: str) -> Any:
    """What a prediction holds for a slot, None where it holds nothing."""
    value = slots.get(slot)
    return None if value in (None, "", [], {}) else value


def matches(slot: str, value: Any, gold: Any) -> bool:
    """Whether a value of a single-valued slot is the labelled one.

    A list of labels, or an amount's `any_of`, means any of them.
    """
    wanted = gold.get(ANY_OF, gold) if isinstance(gold, dict) else gold
    same = _same_amount if slot in NUMBERS else partial(_same_text, slot)
    return any(same(value, one) for one in (wanted if isinstance(wanted, list) else [wanted]))


def item_in(value: object, items: Iterable[object]) -> object | None:
    """The item of a list slot that a value names, None for none."""
    return next((one for one in items if plain(one) == plain(value)), None)


def allows(slot: str, value: Any, optional: Sequence[Any]) -> bool:
    """Whether a value that is not required is at least no mistake."""
    return any(plain(one) == plain(value) if slot in LISTS else matches(slot, value, one) for one in optional)


def violates(slot: str, value: Any, forbidden: Any) -> bool:
    """Whether a held value is the one that must not be held."""
    if slot in LISTS:
        return item_in(forbidden, value) is not None
    if slot in NUMBERS:
        low, high = _bounds(value)
        return bool(low == high == forbidden)
    return matches(slot, value, forbidden)


def _same_text(slot: str, value: object, gold: object) -> bool:
    if slot == "phone":
        return _digits(value)[-PHONE_DIGITS:] == _digits(gold)[-PHONE_DIGITS:] != ""
    if slot == "company":
        return re.sub(r"\W", "", plain(value)) == re.sub(r"\W", "", plain(gold))
    if slot == "role":
        said, wanted = _role_words(value), _role_words(gold)
        return 2 * len(said & wanted) >= len(said | wanted) > 0
    if slot == "name" and len(plain(gold).split()) == 1:
        return plain(value).split()[:1] == plain(gold).split()
    return plain(value) == plain(gold)


def _digits(value: object) -> str:
    return re.sub(r"\D", "", str(value))


def _role_words(value: object) -> set[str]:
    return set(plain(value).split()) - {"of", "the", "and"}


def _same_amount(value: Any, gold: Any) -> bool:
    """Ranges that overlap or are at most 10 % apart, in one period; two currencies must agree."""
    if "none" in (value, gold):
        return bool(value == gold)
    value, gold = _as_amount(value), _as_amount(gold)
    if {value.get("currency"), gold.get("currency")} - {None, ""} and _differ(value, gold, "currency"):
        return False
    factor = 1.0
    if _differ(value, gold, "period"):
        spans = DAYS.get(value["period"]), DAYS.get(gold["period"])
        if spans[0] is None or spans[1] is None:
            return False
        factor = spans[1] / spans[0]
    low, high = _bounds(value)
    wanted_low, wanted_high = _bounds(gold)
    if low is None or high is None or wanted_low is None or wanted_high is None:
        return False
    return low * factor <= wanted_high * (1 + TOLERANCE) and wanted_low <= high * factor * (1 + TOLERANCE)


def _differ(value: Mapping[str, Any], gold: Mapping[str, Any], key: str) -> bool:
    return bool(value.get(key) and gold.get(key) and value[key] != gold[key])


def _as_amount(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {"value": value}


def _bounds(value: Any) -> tuple[float | None, float | None]:
    """Both ends of an amount; an open end is where the other one is."""
    amount = _as_amount(value)
    if isinstance(amount.get("value"), int | float):
        return amount["value"], amount["value"]
    low, high = amount.get("min"), amount.get("max")
    low = low if isinstance(low, int | float) else None
    high = high if isinstance(high, int | float) else None
    return (high if low is None else low), (low if high is None else high)
