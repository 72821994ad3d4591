"""Everything a site says of its offer, each statement with its page and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice

from core.offering import Offering, Plan, PlanPrice
from core.site import SiteSource
from knowledge.offering.faqs import faqs_of
from knowledge.offering.not_for import not_for_of
from knowledge.offering.plans import plans_of, strategies_of
from knowledge.offering.products import industries_of, products_of
from knowledge.offering.rivals import rivals_of
from knowledge.offering.terms import segments
from knowledge.pricing.lines import speaks_of_prices
from knowledge.pricing.prices import prices_of
from knowledge.reading.page import SitePage
from knowledge.site_name import site_name

MOST = 1_000
"""Entries of one kind that are kept; no offer has more."""
_OVERVIEW = 3
"""Plans with a price that make a page the overview of all of them."""


def offering_of(pages: Sequence[SitePage]) -> Offering:
    """What the pages say. Deterministic; every quote is the text of one block of its page, letter for letter.

    Prices that two pages give differently are both kept: see `conflicts`.
    """
    pages = [page for page in pages if page.indexable]
    company = site_name([page.title for page in pages], pages[0].url) if pages else ""
    prices = tuple(islice(_each_once(_prices(_pricing_first(pages), company)), MOST))
    plans = plans_of(_pricing_first(pages), prices)
    return Offering(
        products=products_of(pages, company)[:MOST],
        plans=plans[:MOST],
        prices=prices,
        faqs=faqs_of(pages)[:MOST],
        competitors=rivals_of(pages, company)[:MOST],
        industries=industries_of(pages),
        not_for=not_for_of(pages, company)[:MOST],
        pricing=strategies_of(_pricing_first(pages), prices, plans),
    )


def conflicts(offering: Offering) -> tuple[tuple[PlanPrice, PlanPrice], ...]:
    """Prices of one plan that two pages give differently for the same currency, unit, period and term."""
    return tuple(
        (one, other)
        for one, other in combinations(offering.prices, 2)
        if one.source.url != other.source.url and _same_thing(one, other) and one.price.amount != other.price.amount
    )


def unlisted_prices(offering: Offering) -> tuple[PlanPrice, ...]:
    """Prices of whole plans that the page with the overview of plans does not know: likely an older model."""
    pages: dict[str, set[str]] = {}
    for one in offering.prices:
        if _is_base(one):
            pages.setdefault(one.source.url, set()).add(one.plan.casefold())
    overview = max(pages, key=lambda url: len(pages[url]), default="")
    if len(pages.get(overview, ())) < _OVERVIEW:
        return ()
    known = {one.plan.casefold() for one in offering.prices if one.source.url == overview}
    known |= {plan.name.casefold() for plan in offering.plans if _stands_on(plan, overview)}
    return tuple(
        one
        for one in offering.prices
        if _is_base(one)
        and one.plan.casefold() not in known
        and not speaks_of_prices(" ".join(segments(one.source.url)))
    )


def _prices(pages: Sequence[SitePage], company: str) -> Iterator[PlanPrice]:
    """The prices of all pages. What earlier ones call a plan is the company's own on later ones."""
    plans: set[str] = set()
    for page in pages:
        found = prices_of(page, company, plans)
        yield from found
        plans |= {one.plan for one in found if one.plan}


def _is_base(one: PlanPrice) -> bool:
    price = one.price
    return bool(one.plan and price.amount and not price.unit and price.period in {"month", "year"})


def _stands_on(plan: Plan, url: str) -> bool:
    return any(source.url == url for source in plan.sources)


def _same_thing(one: PlanPrice, other: PlanPrice) -> bool:
    a, b = one.price, other.price
    same = (a.currency, a.period, a.unit.casefold(), a.billed, a.at_least) == (
        b.currency, b.period, b.unit.casefold(), b.billed, b.at_least,
    )  # fmt: skip
    return same and one.plan.casefold() == other.plan.casefold() and bool(one.plan)


def _each_once(prices: Iterable[PlanPrice]) -> Iterator[PlanPrice]:
    seen: set[tuple[object, ...]] = set()
    for one in prices:
        price = one.price
        key = (
            one.plan.casefold(),
            price.amount,
            price.currency,
            price.period,
            price.unit.casefold(),
            price.billed,
            price.at_least,
        )
        if key not in seen:
            seen.add(key)
            yield one


def _pricing_first(pages: Sequence[SitePage]) -> list[SitePage]:
    """Pages about prices before the others, else in their order."""
    return sorted(pages, key=lambda page: not speaks_of_prices(f"{page.title} {page.url}"))


def quotes(offering: Offering) -> Iterator[SiteSource]:
    """Every source an offering rests on."""
    for named in (
        *offering.products,
        *offering.competitors,
        *offering.industries,
        *offering.not_for,
        *offering.pricing,
    ):
        yield named.source
    for faq in offering.faqs:
        yield faq.source
    for price in offering.prices:
        yield price.source
    for plan in offering.plans:
        yield from plan.sources
