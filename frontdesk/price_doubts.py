"""What an admin should look at in the prices a site publishes: pages that disagree, and plans that look outdated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from core.offering import Offering, PlanPrice
from knowledge.offering.catalogue import conflicts, unlisted_prices

_MOST_LINES = 5
"""Doubts of one kind that are printed."""
_MOST = 200
"""Doubts of one kind in a report for programs."""
_LONGEST = 120
"""Characters of a quote that are printed."""


def doubts(offering: Offering) -> dict[str, Any]:
    """`conflicts` are pairs of prices of one thing, `unlisted` prices of plans that the list of plans does not have."""
    pairs = conflicts(offering)[:_MOST]
    return {
        "conflicts": [{"plan": one.plan, "prices": [_entry(one), _entry(other)]} for one, other in pairs],
        "unlisted": [{"plan": one.plan, **_entry(one)} for one in unlisted_prices(offering)[:_MOST]],
    }


def doubt_lines(offering: Offering) -> Iterator[str]:
    """The same for people, in a few lines; nothing for a site without doubts."""
    differing = conflicts(offering)
    for one, other in islice(differing, _MOST_LINES):
        yield f"Two pages give different prices for {one.plan}: {_told(one)}; {_told(other)}."
    yield from _more(len(differing), "plans with two prices")
    unlisted = unlisted_prices(offering)
    for one in islice(unlisted, _MOST_LINES):
        yield f"{one.plan} is not in the list of plans, but has a price: {_told(one)}."
    yield from _more(len(unlisted), "prices of plans that are not in the list")


def _more(count: int, what: str) -> Iterator[str]:
    if count > _MOST_LINES:
        yield f"... and {count - _MOST_LINES} more {what}; --json has them."


def _entry(one: PlanPrice) -> dict[str, str]:
    price = one.price
    return {
        "amount": f"{price.amount:f}",
        "currency": price.currency,
        "period": price.period,
        "unit": price.unit,
        "url": one.source.url,
        "quote": one.source.quote,
    }


def _told(one: PlanPrice) -> str:
    price = one.price
    per = "".join(f" per {part}" for part in (price.unit, price.period) if part)
    quote = one.source.quote if len(one.source.quote) <= _LONGEST else f"{one.source.quote[:_LONGEST].rstrip()}…"
    return f"{price.amount:f} {price.currency}{per} on {one.source.url} (“{quote}”)"
