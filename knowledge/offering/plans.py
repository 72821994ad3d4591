"""The plans of a site: whom each is for, what is in it, whether its price is public, and how the company charges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from core.offering import Named, Plan, PlanPrice
from core.site import SiteSource
from knowledge.offering.terms import Said, first_of_each, offering_terms, said_on
from knowledge.pricing.lines import plan_name, speaks_of_prices
from knowledge.pricing.names import names_thing
from knowledge.pricing.prices import is_free, is_quote_only, plans_named, unpriced_plans
from knowledge.pricing.terms import any_of, whole
from knowledge.reading.blocks import PARAGRAPH
from knowledge.reading.page import SitePage

_MOST_FEATURES = 30
_LONGEST_FEATURE = 300
_MIN_TIERS = 2
_RECURRENT = frozenset({"week", "month", "quarter", "year"})


def plans_of(pages: Sequence[SitePage], prices: Sequence[PlanPrice]) -> tuple[Plan, ...]:
    """Every plan with a price or with none that is public, in the order of the pages."""
    priced = {one.plan.casefold() for one in prices if one.plan}
    # What is only priced by use ("$0.07 a message") is not what the plan itself costs.
    public = {one.plan.casefold() for one in prices if one.plan and (one.price.period or not one.price.unit)}
    plans: dict[str, Plan] = {}
    for page in pages:
        quoted = {name.casefold(): source for name, source in unpriced_plans(page)}
        names = {name.casefold() for name in plans_named(page)}
        for line in said_on(page):
            name = plan_name(line.text) if line.level != PARAGRAPH else ""
            folded = name.casefold()
            if not name or folded not in names or (folded not in priced and folded not in quoted) or folded in plans:
                continue
            plan = _card(name, line, page)
            if folded in quoted and folded not in public:
                source = quoted[folded]
                plan = replace(plan, public=False, sources=_joined(plan.sources, source))
            plans[folded] = plan
        for name, source in unpriced_plans(page):
            if name.casefold() not in public:
                plans.setdefault(name.casefold(), Plan(name=name, public=False, sources=(source,)))
    titles = frozenset(name for page in pages for name in _titles(page))
    recurs = any(one.plan and one.price.period in _RECURRENT for one in prices)
    for one in prices:
        if recurs and not one.price.period and one.price.amount:
            continue  # goods beside plans
        if one.plan and not one.price.unit and not names_thing(one.plan) and _is_name(one, titles):
            plans.setdefault(one.plan.casefold(), Plan(name=one.plan, sources=(one.source,)))
    return tuple(plans.values())


def _titles(page: SitePage) -> Iterator[str]:
    """What stands alone on a page as the name of something: headings, cells, short lines."""
    for block in page.blocks:
        for text in block.cells or (block.text,):
            if name := plan_name(text):
                yield name.casefold()


def _is_name(one: PlanPrice, titles: frozenset[str]) -> bool:
    """Whether a price is that of a plan: what a sentence only describes ("Your own domain") has a price and is none."""
    if one.plan.casefold() in titles:
        return True
    named = all(not word[0].islower() for word in one.plan.split())
    return named and one.price.period not in {"once", "day", "hour"}


def _card(name: str, heading: Said, page: SitePage) -> Plan:
    """What stands in a plan's card: the sentence that says whom it is for, and its features."""
    below = [
        line
        for line in said_on(page)
        if line.place > heading.place
        and line.headings[: len(heading.headings) + 1] == (*heading.headings, heading.text)
    ]
    texts = [
        line for line in below if line.level == PARAGRAPH and not is_quote_only(line.text) and not is_free(line.text)
    ]
    described = next((line for line in texts if _for_whom().search(line.text)), None)
    features = [
        line.text
        for line in texts
        if line is not described and not _money(line.text) and len(line.text) <= _LONGEST_FEATURE
    ]
    sources = [line.source for line in ([described] if described else []) + texts[:1]]
    return Plan(
        name=name,
        description=described.text if described else "",
        features=tuple(dict.fromkeys(features))[:_MOST_FEATURES],
        sources=tuple(dict.fromkeys(sources)) or (heading.source,),
    )


def strategies_of(pages: Sequence[SitePage], prices: Sequence[PlanPrice], plans: Sequence[Plan]) -> tuple[Named, ...]:
    """How the company charges; several may hold. Each rests on the line that shows it best."""
    return first_of_each(_strategies(pages, prices, plans))


def _strategies(pages: Sequence[SitePage], prices: Sequence[PlanPrice], plans: Sequence[Plan]) -> Iterator[Named]:
    paid = [one for one in prices if one.price.amount]
    seats = next((one for one in paid if _is_seat(one.price.unit)), None)
    if seats:
        yield Named(name="per seat", source=seats.source)
    yield from _worded(pages, offering_terms().usage, "usage")
    used = next((one for one in paid if one.price.unit and not _is_seat(one.price.unit) and not one.price.period), None)
    if used:
        yield Named(name="usage", source=used.source)
    yield from _worded(pages, offering_terms().flat, "flat")
    bases = [one for one in paid if one.plan and not one.price.unit and one.price.period not in {"once", "hour"}]
    kinds = Counter(
        (one.price.currency, one.price.period, one.source.url)
        for one in {(p.plan.casefold(), p.price): p for p in bases}.values()
    )
    tiers = next(
        (one for one in bases if kinds[one.price.currency, one.price.period, one.source.url] >= _MIN_TIERS), None
    )
    if tiers:
        yield Named(name="tiered", source=tiers.source)
    free = next((one for one in prices if not one.price.amount), None)
    if free:
        yield Named(name="free", source=free.source)
    hidden = [plan for plan in plans if not plan.public and plan.sources]
    if hidden:
        yield Named(name="quote only", source=hidden[0].sources[-1])


def _worded(pages: Sequence[SitePage], phrases: Sequence[str], name: str) -> Iterator[Named]:
    form = whole(phrases)
    for page in pages:
        for line in said_on(page):
            if form.search(line.text) and (
                speaks_of_prices(line.text) or speaks_of_prices(" ".join((page.title, *line.headings)))
            ):
                yield Named(name=name, source=line.source)
                return


@cache
def _seats() -> re.Pattern[str]:
    return whole([form for unit in offering_terms().seat_units for form in (unit, f"{unit}s")])


def _is_seat(unit: str) -> bool:
    return bool(unit) and _seats().search(unit) is not None


@cache
def _for_whom() -> re.Pattern[str]:
    phrases = offering_terms().for_whom
    longer = any_of(one for one in phrases if " " in one)
    return re.compile(rf"^{any_of(phrases)}\s|\b{longer}\s", re.IGNORECASE)


def _money(text: str) -> bool:
    return bool(re.match(r"^\W*(?:from\s)?[$€£¥]\s?\d|^\d[\d.,]*\s?[€£]|^(?:per|/)\s", text, re.IGNORECASE))


def _joined(sources: Sequence[SiteSource], more: SiteSource) -> tuple[SiteSource, ...]:
    return (*(one for one in sources if one != more), more)
