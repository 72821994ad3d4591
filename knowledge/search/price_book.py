"""What a question about money is answered from: the prices that the passages publish, by plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from core.offering import PlanPrice, Price
from core.passage import Finding
from knowledge.pricing.prices import published_prices
from knowledge.search.index import Entry
from knowledge.search.language import Language
from knowledge.search.price_sums import PRICING_PATH
from knowledge.words import words_of

_SURE = 0.95
_NAME_WORDS = frozenset({"plan", "plans", "package", "tier", "edition", "the", "machine"})
_RECURRENT = frozenset({"month", "year", "week", "quarter", "day", ""})
_PLANS_OF_A_LIST = 2
_MOST = 0.6
"""Share of the plans that one statement has to name to stand for all of them."""
_EXTRA = re.compile(
    r"\b(?:extra|additional|further|beyond|overage|above|zusätzlich\w*|weitere\w*|supplémentaire\w*|adicion\w*)\b",
    re.IGNORECASE,
)
"""What one may add, and need not pay."""
_COMMITTED = re.compile(r"\b(?:annual\w*|yearly|per year|a year|for a year|in advance|months? free)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A published price and the statement of a passage that publishes it."""

    price: PlanPrice
    entry: int
    place: int
    plan: tuple[str, ...]  # the stems of the plan's name
    on_price_page: bool


class PriceBook:
    """The published prices of one site. Built once; answers without waiting."""

    def __init__(self, entries: Sequence[Entry], language: Language, company: frozenset[str]) -> None:
        self._entries = entries
        self._stem = language.stemmer.stem
        self._is_little = language.is_little
        self._company = company
        plans = frozenset(one.plan for entry in entries for one in published_prices(entry.passage) if one.plan)
        offers = [offer for number, entry in enumerate(entries) for offer in self._of(number, entry, plans)]
        offers = [self._completed(offer, offers) for offer in offers]
        self._offers = [self._adopted(offer, offers) for offer in offers]

    def _of(self, number: int, entry: Entry, plans: frozenset[str]) -> Iterator[Offer]:
        for price in published_prices(entry.passage, plans):
            place = _publishing(entry, price)
            if place is not None:
                plan = tuple(self._name(price.plan))
                on_page = PRICING_PATH.search(entry.path) is not None
                yield Offer(price=price, entry=number, place=place, plan=plan, on_price_page=on_page)

    def _name(self, plan: str) -> Iterator[str]:
        for word in words_of(plan):
            stem = self._stem(word)
            if word not in _NAME_WORDS and stem not in self._company:
                yield stem

    @property
    def names(self) -> frozenset[tuple[str, ...]]:
        """The plans with a price, as stems of their names."""
        return frozenset(offer.plan for offer in self._offers if offer.plan)

    def cheapest(self) -> Finding | None:
        """The plan with the lowest price of those sold side by side; all of them where their units differ."""
        return self._end(min)

    def dearest(self) -> Finding | None:
        """The plan with the highest public price of those sold side by side; all of them where their units differ."""
        return self._end(max)

    def _end(self, choose: Callable[..., Offer]) -> Finding | None:
        main = self._main()
        if len(_plans(main)) < _PLANS_OF_A_LIST:
            return None
        base = [offer for offer in main if not offer.price.price.unit]
        main = base if _plans(base) == _plans(main) else main
        comparable = len({_unit(offer.price.price) for offer in main}) == 1
        if not comparable:
            return next(iter(self.overview()), None)
        return self._joined(self._whole(choose(main, key=_amount)))

    def published(self) -> tuple[PlanPrice, ...]:
        """Every price of a plan, those on the page of prices first."""
        return tuple(one.price for one in sorted(self._offers, key=lambda one: not one.on_price_page) if one.plan)

    def units(self) -> frozenset[str]:
        """The stems of what the prices of the plans are counted in."""
        return frozenset(self._stem(word) for offer in self._main() for word in words_of(offer.price.price.unit))

    def plan(self, stems: Sequence[str], units: Iterable[str] = ()) -> Finding | None:
        """What the plan that a question names costs, with everything that other pages publish for it instead.

        `units` are stems of the question's other words; they choose between the prices of one plan.
        """
        asked = set(stems)
        named = [offer for offer in self._offers if offer.plan and asked.issuperset(offer.plan)]
        if not named:
            return None
        longest = max(len(offer.plan) for offer in named)
        offers = [offer for offer in named if len(offer.plan) == longest]
        if len({offer.plan for offer in offers}) > 1:
            return None
        wanted = set(units)
        chosen = max(offers, key=lambda offer: self._fit(offer, wanted))
        conflicts = self._conflicts(chosen, offers)
        if conflicts:
            return self._finding(chosen, conflicts=conflicts)
        return self._joined(self._whole(chosen))

    def _whole(self, chosen: Offer) -> list[Offer]:
        """A price with the one that is paid on top of it, so much for the business and so much for each person."""
        path = self._entries[chosen.entry].path
        beside = (
            one
            for one in self._offers
            if _goes_with(one, chosen)
            and self._entries[one.entry].path == path
            and not _EXTRA.search(self._entries[one.entry].sentences[one.place].text)
        )
        return [chosen, *islice(beside, 1)]

    def overview(self) -> tuple[Finding, ...]:
        """What the plans cost, in one statement where the site has one, else plan by plan; () without plans."""
        main = self._main()
        if len(_plans(main)) < _PLANS_OF_A_LIST:
            return ()
        places: dict[tuple[int, int], list[Offer]] = {}
        for offer in main:
            places.setdefault((offer.entry, offer.place), []).append(offer)
        best = max(places.values(), key=lambda offers: (len(_plans(offers)), self._stated(offers[0])))
        if len(_plans(best)) >= max(_PLANS_OF_A_LIST, _MOST * len(_plans(main))) and self._stated(best[0]):
            return (self._joined(best),)
        by_plan: dict[tuple[str, ...], Offer] = {}
        for offer in sorted(main, key=lambda one: not one.on_price_page):
            by_plan.setdefault(offer.plan, offer)
        each = (self._whole(offer) for offer in sorted(by_plan.values(), key=_amount))
        return (self._joined([offer for whole in each for offer in whole]),)

    def _main(self) -> list[Offer]:
        """The prices of the plans that are sold side by side: of one currency and period, the most plans."""
        groups: dict[tuple[str, str], list[Offer]] = {}
        for offer in self._offers:
            price = offer.price.price
            if self._is_plan(offer) and price.period in _RECURRENT and not price.billed:
                groups.setdefault((price.currency, price.period), []).append(offer)
        if not groups:
            return []
        best = max(groups.values(), key=lambda offers: (len(_plans(offers)), sum(one.on_price_page for one in offers)))
        listed = [offer for offer in best if offer.on_price_page]
        return listed if len(_plans(listed)) >= _PLANS_OF_A_LIST else best

    def _is_plan(self, offer: Offer) -> bool:
        """Whether a price is that of a plan by name, not of "your subscription" or "a day at your plant"."""
        return bool(offer.plan) and not any(map(self._is_little, words_of(offer.price.plan)))

    def _completed(self, offer: Offer, offers: Sequence[Offer]) -> Offer:
        """A row of a table that names neither period nor unit has those of the rows beside it, where they agree."""
        price = offer.price.price
        if self._stated(offer) or price.period or price.unit:
            return offer
        rows = [one.price.price for one in offers if one.entry == offer.entry and not self._stated(one)]
        terms = {(row.period, row.unit) for row in rows if row.period}
        if len(terms) != 1:
            return offer
        period, unit = terms.pop()
        return replace(offer, price=replace(offer.price, price=replace(price, period=period, unit=unit)))

    def _adopted(self, offer: Offer, offers: Sequence[Offer]) -> Offer:
        """A yearly price that names no plan is that of the one plan sold in the same passage."""
        beside = {one.price.plan: one.plan for one in offers if one.entry == offer.entry and one.plan}
        if offer.plan or offer.price.price.period != "year" or len(beside) != 1:
            return offer
        ((name, plan),) = beside.items()
        return replace(offer, plan=plan, price=replace(offer.price, plan=name))

    def _stated(self, offer: Offer) -> bool:
        return self._entries[offer.entry].sentences[offer.place].stated

    def _fit(self, offer: Offer, wanted: set[str]) -> tuple[bool, bool, bool, bool]:
        price = offer.price.price
        unit = {self._stem(word) for word in words_of(price.unit)}
        per_year = "year" in {price.period, price.billed}
        return (
            bool(unit & wanted),
            per_year == bool(wanted & {"annual", "year", "yearly", "annually"}),
            self._stated(offer) and not unit - wanted,
            offer.on_price_page,
        )

    def _conflicts(self, chosen: Offer, offers: Sequence[Offer]) -> tuple[Finding, ...]:
        """One finding for every other amount that another page publishes for the same thing."""
        found: dict[str, Finding] = {}
        for other in offers:
            if _disagree(chosen.price.price, other.price.price) and self._comparable(chosen, other):
                finding = self._finding(other)
                found.setdefault(str(other.price.price.amount), finding)
        return tuple(found.values())

    def _comparable(self, one: Offer, other: Offer) -> bool:
        texts = [self._entries[offer.entry].sentences[offer.place].text for offer in (one, other)]
        committed = {bool(_COMMITTED.search(text)) for text in texts}
        return self._entries[one.entry].path != self._entries[other.entry].path and len(committed) == 1

    def _joined(self, offers: Sequence[Offer]) -> Finding:
        first = self._finding(offers[0])
        same = [offer for offer in offers if offer.entry == offers[0].entry]
        texts = dict.fromkeys(self._entries[one.entry].sentences[one.place].text for one in same)
        return replace(first, sentences=tuple(texts), prices=tuple(one.price for one in offers))

    def _finding(self, offer: Offer, conflicts: tuple[Finding, ...] = ()) -> Finding:
        entry = self._entries[offer.entry]
        sentence = entry.sentences[offer.place]
        named = all(stem in sentence.terms for stem in offer.plan)
        return Finding(
            passage=entry.passage,
            sentences=(sentence.text,),
            score=_SURE,
            prices=(offer.price,),
            conflicts=conflicts,
            lead="" if named else offer.price.plan,
        )


def _publishing(entry: Entry, price: PlanPrice) -> int | None:
    """The statement of a passage that names a price, as the quote itself may be a whole paragraph."""
    amount = format(price.price.amount.normalize(), "f")
    whole, _, part = amount.partition(".")
    figure = re.compile(rf"(?<!\d){_grouped(whole)}{f'[.,]{part}0?' if part else ''}(?![\d])")
    named = words_of(price.plan)
    found = [
        place
        for place, sentence in enumerate(entry.sentences)
        if (sentence.text in price.source.quote or price.source.quote in sentence.text) and figure.search(sentence.text)
    ]
    if not found:
        return None
    return max(found, key=lambda place: sum(word in words_of(entry.sentences[place].text) for word in named))


def _grouped(whole: str) -> str:
    """The digits of a whole number as an expression that also reads it with its thousands set apart."""
    head = len(whole) % 3 or 3
    return r"[.,'’\s]?".join((whole[:head], *re.findall("...", whole[head:])))


def _plans(offers: Iterable[Offer]) -> set[tuple[str, ...]]:
    return {offer.plan for offer in offers}


def _amount(offer: Offer) -> tuple[float, bool]:
    return float(offer.price.price.amount), not offer.on_price_page


def _unit(price: Price) -> str:
    return price.unit.casefold()


def _goes_with(other: Offer, chosen: Offer) -> bool:
    """Whether a price is paid on top of another one: so much for the business, and so much for each person."""
    one, two = chosen.price.price, other.price.price
    same = (one.currency, one.period, one.billed) == (two.currency, two.period, two.billed)
    on_top = bool(two.unit) and not one.unit and other.plan == chosen.plan
    return same and on_top and bool(one.period)


def _disagree(one: Price, other: Price) -> bool:
    same = (one.currency, one.period, one.billed) == (other.currency, other.period, other.billed)
    units = {_unit(one), _unit(other)} - {""}
    return same and len(units) <= 1 and one.amount != other.amount
