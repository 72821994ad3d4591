"""When a slot's value counts as the labelled one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from frontdesk.evaluation.resources import product_names

Ends = tuple[float | None, float | None]

HEADCOUNTS = frozenset({"company_size", "team_size"})
NUMBERS = HEADCOUNTS | {"volume", "budget"}
LISTS = frozenset({"tech_stack", "integrations", "use_case", "pains", "security", "competitors"})
SINGLE = ("email", "phone", "name", "company", "industry", "timeline", "role", "decision_maker", *sorted(NUMBERS))
SLOTS = (*SINGLE, *sorted(LISTS))
"""Every slot that is scored; a prediction may hold others."""
ANY_OF = "any_of"
TOLERANCE = 0.10
"""How far a number may be off."""
PHONE_DIGITS = 9
"""Final digits that must agree: with and without the country's code a number is the same."""
FORBIDDEN_DIGITS = 8
"""Final digits by which a number that must not be held is recognised."""
DAYS = {
    "second": 1 / 86400,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.4,
    "quarter": 91.3,
    "year": 365.0,
    "once": 365.0,
}


def plain(text: object) -> str:
    """A text without letter case, punctuation and known variants of a product's name."""
    words = " ".join(re.sub(r"[^\w+.&@ ]", " ", str(text).casefold()).split())
    return product_names().get(words, words)


def held(slots: Mapping[str, Any], slot: str) -> Any:
    """What a prediction holds for a slot, None where it holds nothing."""
    value = slots.get(slot)
    return None if value in (None, "", [], {}) else value


def matches(slot: str, value: Any, gold: Any) -> bool:
    """Whether a value is the labelled one. A list of roles or labels, or an amount's `any_of`, means any of them."""
    if value is None:
        return False
    if slot in HEADCOUNTS:
        return _same_headcount(value, gold)
    if slot in NUMBERS:
        wanted = gold[ANY_OF] if isinstance(gold, Mapping) and ANY_OF in gold else [gold]
        return any(_same_amount(value, one, monetary=slot == "budget") for one in wanted)
    return _SAME_TEXT.get(slot, _same_label)(value, gold)


def item_in(value: object, items: Iterable[object]) -> object | None:
    """The item of a list slot that a value names, None for none."""
    return next((one for one in items if plain(one) == plain(value)), None)


def allows(slot: str, value: Any, optional: Sequence[Any]) -> bool:
    """Whether a value that is not required is at least no mistake."""
    return any(plain(one) == plain(value) if slot in LISTS else matches(slot, value, one) for one in optional)


def violates(slot: str, value: Any, forbidden: Any) -> bool:
    """Whether a held value is the one that must not be held; one end of a range is not."""
    if slot in LISTS:
        return item_in(forbidden, value) is not None
    if slot in NUMBERS:
        low, high = _bounds(value)
        return low is not None and bool(low == high == forbidden)
    if slot == "role":
        return set(plain(forbidden).split()) <= set(plain(value).split())
    if slot == "phone":
        return _digits(value)[-FORBIDDEN_DIGITS:] == _digits(forbidden)[-FORBIDDEN_DIGITS:]
    starts = slot == "email" and str(forbidden).endswith("@") and plain(value).startswith(plain(forbidden))
    return starts or plain(value) == plain(forbidden)


def _same_label(value: object, gold: object) -> bool:
    return plain(value) in {plain(one) for one in _each(gold)}


def _same_address(value: object, gold: object) -> bool:
    return str(value).lower().strip() == gold


def _same_phone(value: object, gold: object) -> bool:
    return _digits(value)[-PHONE_DIGITS:] == _digits(gold)[-PHONE_DIGITS:]


def _same_name(value: object, gold: object) -> bool:
    """A first name alone is found in a full one."""
    said, wanted = plain(value), plain(gold)
    return said == wanted or (len(wanted.split()) == 1 and said.split()[:1] == [wanted])


def _same_company(value: object, gold: object) -> bool:
    return re.sub(r"\W", "", plain(value)) == re.sub(r"\W", "", plain(gold))


def _same_role(value: object, gold: object) -> bool:
    """At least half of the words of both together are in each."""
    said = _role_words(value)
    return any(2 * len(said & wanted) >= len(said | wanted) > 0 for wanted in map(_role_words, _each(gold)))


_SAME_TEXT: Mapping[str, Callable[[object, object], bool]] = {
    "email": _same_address,
    "phone": _same_phone,
    "name": _same_name,
    "company": _same_company,
    "role": _same_role,
}


def _each(gold: object) -> list[object]:
    return gold if isinstance(gold, list) else [gold]


def _digits(value: object) -> str:
    return re.sub(r"\D", "", str(value))


def _role_words(value: object) -> set[str]:
    return set(plain(value).split()) - {"of", "the", "and"}


def _same_headcount(value: Any, gold: Any) -> bool:
    """Ranges that meet within the tolerance; where only a minimum is labelled, the lower end must reach it."""
    if isinstance(gold, Mapping) and set(gold) == {"min"}:
        low, _ = _numbers(value)
        return low is not None and low >= gold["min"] * (1 - TOLERANCE)
    return _meet(_numbers(value), _numbers(gold))


def _same_amount(value: Any, gold: Any, *, monetary: bool) -> bool:
    """Ranges that meet within the tolerance once they are told in one period; two currencies must agree."""
    if "none" in (value, gold):
        nothing = isinstance(value, Mapping) and _bounds(value) == (0, 0)
        return bool(value == gold) or (nothing and gold == "none")
    value, gold = _as_amount(value), _as_amount(gold)
    if monetary and _differ(value, gold, "currency"):
        return False
    factor = _factor(value["period"], gold["period"]) if _differ(value, gold, "period") else 1.0
    if factor is None:
        return False
    low, high = _numbers(value)
    scaled = (None if low is None else low * factor, None if high is None else high * factor)
    return _meet(scaled, _numbers(gold))


def _factor(period: str, wanted: str) -> float | None:
    """What an amount in one period is multiplied by for another one; None for a period that is not known."""
    spans = DAYS.get(period), DAYS.get(wanted)
    return None if spans[0] is None or spans[1] is None else spans[1] / spans[0]


def _differ(value: Mapping[str, Any], gold: Mapping[str, Any], key: str) -> bool:
    return bool(value.get(key) and gold.get(key) and value[key] != gold[key])


def _as_amount(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"value": value}


def _bounds(value: Any) -> tuple[Any, Any]:
    """Both ends as they were written; an end that is not there is where the other one is."""
    amount = _as_amount(value)
    if "value" in amount:
        return amount["value"], amount["value"]
    return amount.get("min", amount.get("max")), amount.get("max", amount.get("min"))


def _numbers(value: Any) -> Ends:
    low, high = _bounds(value)
    return (low if isinstance(low, int | float) else None), (high if isinstance(high, int | float) else None)


def _meet(one: Ends, other: Ends) -> bool:
    (low, high), (wanted_low, wanted_high) = one, other
    if low is None or high is None or wanted_low is None or wanted_high is None:
        return False
    return low <= wanted_high * (1 + TOLERANCE) and wanted_low <= high * (1 + TOLERANCE)
