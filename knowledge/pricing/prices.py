"""Prices as the company's own pages publish them: plan, amount, currency, period, unit and term, each with its quote.

What a calculator shows, what customers earn, save or order, what others charge and what a plan used to cost are no
prices. Where it is doubtful whether an amount is one, it is left out: a missing price is asked for, a wrong one quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import groupby

from core.offering import PlanPrice, Price
from core.passage import Passage
from core.site import SiteSource
from knowledge.pricing.around import Reading, bare, completed, is_joint, without_prices
from knowledge.pricing.lines import (
    NAME_WORDS,
    Line,
    Sheet,
    compares,
    distinct,
    plan_name,
    price_of,
    sheet_of_page,
    sheet_of_passage,
    was_prices,
)
from knowledge.pricing.money import Money
from knowledge.pricing.names import (
    lead_of_line,
    name_after,
    name_before,
    name_listed,
    split_each,
    thing_before,
    thing_sold,
    without_opener,
)
from knowledge.pricing.rules import expects_prices, is_price, may_hold_prices
from knowledge.pricing.tables import column_plans, row_plans, sets_beside_others, table_prices
from knowledge.pricing.tails import Tail, is_bare_label, starts_from, tail_of
from knowledge.pricing.terms import any_of, pricing_terms, whole
from knowledge.reading.page import SitePage

_LOOK_AHEAD = 2
"""Lines below a bare price that may go on about it: "per month", "billed yearly"."""
_LOOK_BACK = 3
"""Lines above a price in which a card without a heading may name its plan."""
_TERM_WORDS = 6
"""Words of a term in a list of terms that may name what costs so much."""
_SENTENCE_REACH = 240
"""Characters before an amount in which its plan is looked for."""
_MOST_PLANS = 100
_MOST_PRICES = 500
"""Of one page: a page with more lists goods, not plans."""
_NAMES = re.compile(r"\b(?P<name>[A-Z][\w+-]*(?:\s[A-Z][\w+-]*)?)\s(?:plan|package|tier|edition)s?\b")


def published_prices(passage: Passage, plans: Iterable[str] = ()) -> tuple[PlanPrice, ...]:
    """The prices one passage publishes, in order. Every quote stands in a line of the passage, letter for letter.

    `plans` are those known from other passages: on a page that sets the company beside others they are its own.
    """
    return _read(sheet_of_passage(passage, plans))


def prices_of(page: SitePage, company: str = "", plans: Iterable[str] = ()) -> tuple[PlanPrice, ...]:
    """The prices a whole page publishes, in order. Every quote is the text of one block or cell, letter for letter.

    `company` is the name the site goes by and `plans` are those of its other pages: on a page that sets it beside
    others they are its own.
    """
    return _read(sheet_of_page(page, company, plans))


def plans_named(page: SitePage) -> tuple[str, ...]:
    """The plans a page names, in order: what its cards are called, and what it calls a plan."""
    return _with_plans(sheet_of_page(page)).plans


def unpriced_plans(page: SitePage) -> tuple[tuple[str, SiteSource], ...]:
    """The plans for whose price a page sends people to sales, each with the words that do."""
    sheet = _with_plans(sheet_of_page(page))
    found: dict[str, SiteSource] = {}
    for _, group in groupby(sheet.lines, key=lambda line: line.headings):
        lines = tuple(group)
        cards = _cards(lines, sheet)
        for place, line in enumerate(lines):
            name = cards.get(place) or plan_name(line.heading)
            if name and is_quote_only(line.text) and expects_prices(line, sheet):
                found.setdefault(name, SiteSource(url=page.url, quote=line.text, hash=page.hash))
        for name, cell, quote in (*column_plans(lines, sheet), *row_plans(lines, sheet)):
            if is_quote_only(cell):
                found.setdefault(name, SiteSource(url=page.url, quote=quote, hash=page.hash))
    return tuple(found.items())


def is_free(text: str) -> bool:
    """Whether a short line says that there is nothing to pay."""
    return _free().fullmatch(text.strip(" .!*")) is not None


def is_quote_only(text: str) -> bool:
    """Whether a short line stands where a price would, and sends people to sales instead."""
    lead = re.split(r"\s*[,.(:–—]|\s+(?:no|for|with)\s", text.strip(" *"), maxsplit=1)[0]
    return bool(_quoted().fullmatch(text.strip(" .!*:")) or _quoted().fullmatch(lead))


def _read(sheet: Sheet) -> tuple[PlanPrice, ...]:
    if sheet.tells_of_others or not _worth_reading(sheet):
        return ()
    sheet = _with_plans(sheet)
    found: list[PlanPrice] = []
    for _, group in groupby(sheet.lines, key=lambda line: line.headings):
        found += _section(tuple(group), sheet)
    return distinct(_with_currency(found[:_MOST_PRICES]))


def _worth_reading(sheet: Sheet) -> bool:
    """Whether anything on a page could be a price at all: most pages have none, and are done with here."""
    return any(_free_anywhere().search(line.text) or sheet.money(line.text) for line in sheet.lines)


def _section(lines: Sequence[Line], sheet: Sheet) -> Iterator[PlanPrice]:
    if not may_hold_prices(lines[0], sheet):
        return
    tabled, used = table_prices(lines, sheet)
    yield from tabled
    cards = _cards(lines, sheet)
    for place, line in enumerate(lines):
        if line.text in used or sets_beside_others(line, sheet):
            continue
        plan = cards.get(place, "")
        if is_free(line.text) and (plan or plan_name(line.heading)):
            yield sheet.priced(plan or plan_name(line.heading), _nothing(), line.text)
        below = tuple(one.text for one in lines[place + 1 : place + 1 + _LOOK_AHEAD])
        above = lines[place - 1].text if place else ""
        yield from _line_prices(Reading(line=line, sheet=sheet, card=plan, above=above, below=below))
        yield from _free_things(line, sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    money: Money
    tail: Tail
    plan: str
    named: bool
    at_least: bool
    sentence: int  # the number of its sentence in the line


def _line_prices(reading: Reading) -> Iterator[PlanPrice]:
    line, sheet = reading.line, reading.sheet
    moneys = sheet.money_of(line)
    struck = was_prices(line.text, moneys)
    found: list[_Found] = []
    end = 0
    for place, money in enumerate(moneys):
        following = moneys[place + 1].start if place + 1 < len(moneys) else len(line.text)
        if money in struck or money.start < end:
            continue
        one = _found(reading, money, (end, following), several=len(moneys) > 1)
        if one is None:
            continue
        end = one.tail.end
        if is_price(line, sheet, money, one.tail, named=one.named):
            if found and one.tail.empty and _is_again(found[-1], money, line.text):
                continue
            goes_on = found and is_joint(line.text[found[-1].tail.end : money.start])
            found.append(replace(one, plan=found[-1].plan) if goes_on and not one.plan else one)
    for one in _shared(found):
        price = price_of(
            one.money, period=one.tail.period, unit=one.tail.unit, billed=one.tail.billed, at_least=one.at_least
        )
        yield sheet.priced(one.plan, price, line.quoted(one.money.start))


def _found(reading: Reading, money: Money, span: tuple[int, int], *, several: bool) -> _Found | None:
    """An amount with its plan and tail. `span` is what belongs to it of the line."""
    line, sheet = reading.line, reading.sheet
    text, before = line.text, line.text[span[0] : money.start]
    tail = tail_of(text, _range_end(text, money, sheet))
    loose = expects_prices(line, sheet)
    plan, reach = name_after(text[tail.end : span[1]], sheet, loose=loose and several)
    if reach:
        later = tail_of(text, tail.end + reach)
        tail = tail.filled(later) if not later.empty else replace(tail, end=tail.end + reach)
        tail = replace(tail, end=max(tail.end, later.end))
    sentence = re.split(r"(?<=[.!?])\s+", before.lstrip())[-1][-_SENTENCE_REACH:]
    lead = lead_of_line(before) if loose and not span[0] else ""
    lead, unit = split_each(lead)
    plan = thing_sold(sentence) or plan or lead or ("" if unit else name_before(sentence, sheet, loose=loose))
    plan = plan or (name_listed(before) if span[0] else "")
    if not unit and (not plan or not tail.unit):
        thing, unit = thing_before(re.split(r"(?<=[.!?])\s+", text[: money.start])[-1][-_SENTENCE_REACH:])
        plan = plan or thing
    named = bool(plan or unit)
    if not plan and not span[0] and not sentence.strip():
        plan = name_before(text[: money.start], sheet, loose=False)
    tail = completed(reading, tail, sentence).filled(Tail(unit=unit))
    if not plan and not (unit and _MORE_OF.match(unit)):
        plan = _default_plan(reading, money, tail)
    return _Found(
        money=money,
        tail=tail,
        plan=plan,
        named=named,
        sentence=len(_SENTENCE_END.findall(text[: money.start])),
        at_least=money.lowest or starts_from(text[: money.start] or reading.above),
    )


def _is_again(before: _Found, money: Money, text: str) -> bool:
    """Whether an amount is the one before it for the whole term: "$25 a month billed yearly ($300)"."""
    between = text[before.tail.end : money.start].strip()
    return between == "(" or (bool(before.tail.billed) and money.amount > before.money.amount and between in _AGAIN)


def _range_end(text: str, money: Money, sheet: Sheet) -> int:
    """Where the words about an amount begin: after the upper end of its range, if it has one."""
    upper = (other.end for other in sheet.money(text) if money.lowest and other.highest and other.start > money.start)
    return next((end for end in upper if end - money.end <= _RANGE_REACH), money.end)


_RANGE_REACH = 15
_AGAIN = frozenset({"at", "as", "à", "zu", "mit", "a", "="})
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[^a-z])")
_MORE_OF = re.compile(r"extra|additional|further|added|more")


def _default_plan(reading: Reading, money: Money, tail: Tail) -> str:
    """The plan of the card an amount stands in, for lines that are a price or begin with one."""
    line, sheet = reading.line, reading.sheet
    if reading.card:
        return reading.card
    name = plan_name(line.heading, words=_TERM_WORDS if line.term else NAME_WORDS)
    if not name:
        return ""
    starts = is_joint(without_prices(line.text[: money.start], sheet)) or is_bare_label(line.text[: money.start])
    if sheet.known(name) and (starts or not tail.unit):
        return name
    return name if starts and expects_prices(line, sheet) else ""


def _cards(lines: Sequence[Line], sheet: Sheet) -> dict[int, str]:
    """The plan of every bare price line of a section whose cards have no headings of their own.

    Cards are built alike, so the name stands the same number of lines above every price.
    """
    heading = plan_name(lines[0].heading) if lines else ""
    prices = [
        place
        for place, line in enumerate(lines)
        if bare(line.text, sheet) or is_quote_only(line.text) or is_free(line.text)
    ]
    starts = [place for number, place in enumerate(prices) if not number or place - prices[number - 1] > 1]
    if not starts or not any(sheet.money(lines[place].text) for place in prices) or (heading and len(starts) == 1):
        return {}
    best: list[str] = []
    for offset in range(1, _LOOK_BACK + 1):
        names = [plan_name(lines[place - offset].text) if place >= offset else "" for place in starts]
        usable = all(names) and len(set(names)) == len(names) and not any(sheet.money(name) for name in names)
        if usable and (not best or _words(names) < _words(best)):
            best = names
    if not best:
        return {}
    owner = dict(zip(starts, best, strict=True))
    current, cards = "", {}
    for place in prices:
        current = owner.get(place, current)
        cards[place] = current
    return cards


def _words(names: Sequence[str]) -> int:
    return sum(len(name.split()) for name in names)


def _shared(found: Sequence[_Found]) -> Iterator[_Found]:
    """In "$49 per month on Starter, $249 on Growth" the month and the thing hold for both, not beyond the sentence."""
    for place, one in enumerate(found):
        tail = one.tail
        for other in (*reversed(found[:place]), *found[place + 1 :]):
            alike = other.sentence == one.sentence and other.plan != one.plan and one.plan[:1].isupper()
            if alike and not tail.period and not tail.unit:
                tail = tail.filled(replace(other.tail, end=tail.end))
        yield replace(one, tail=tail)


def _free_things(line: Line, sheet: Sheet) -> Iterator[PlanPrice]:
    """The company or one of its plans costs nothing: "Acme is free to use"."""
    for sentence in re.split(r"(?<=[.!?])\s+", line.text):
        match = _free_to_use().search(sentence)
        if match is None or compares(sentence):
            continue
        subject = sentence[: match.start()].strip()
        rest = sentence[match.end() :][:40]
        name = plan_name(without_opener(subject))
        within = not sheet.known(name) and _free_within().search(rest)
        if name and sheet.own(name) and not within and not _not_free().search(f"{subject} {rest}"):
            yield sheet.priced(name, _nothing(), line.text)


def _nothing() -> Price:
    return Price(amount=Decimal(0), currency="")


def _with_currency(found: Sequence[PlanPrice]) -> list[PlanPrice]:
    """What is free has the currency of the other prices, where that is one."""
    used = {one.price.currency for one in found} - {""}
    only = used.pop() if len(used) == 1 else ""
    return [replace(one, price=replace(one.price, currency=one.price.currency or only)) for one in found]


def _with_plans(sheet: Sheet) -> Sheet:
    """The sheet with the names that surely are plans: headings right above a price, and "the X plan"."""
    cards: dict[str, bool] = {}
    for line, above in zip(sheet.lines[1:], sheet.lines, strict=False):
        priced = bare(line.text, sheet) or is_quote_only(line.text) or is_free(line.text)
        if not priced or not may_hold_prices(line, sheet):
            continue
        if (name := plan_name(line.heading)) and (line.heading == above.text or sheet.about_prices):
            cards[name] = cards.get(name, False) or expects_prices(line, sheet)
    # Where nobody expects prices, a heading above one is the name of a plan only if there are several like it.
    names = dict.fromkeys(name for name, sure in cards.items() if sure or len(cards) > 1)
    for line in sheet.lines:
        for match in _NAMES.finditer(line.text):
            if name := plan_name(without_opener(match["name"])):
                names.setdefault(name)
    return replace(sheet, plans=tuple(names)[:_MOST_PLANS])


@cache
def _free_anywhere() -> re.Pattern[str]:
    return whole([*pricing_terms().free, *pricing_terms().free_to_use])


@cache
def _free() -> re.Pattern[str]:
    return re.compile(any_of(pricing_terms().free), re.IGNORECASE)


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(any_of(pricing_terms().quote_only), re.IGNORECASE)


@cache
def _free_to_use() -> re.Pattern[str]:
    return whole(pricing_terms().free_to_use)


@cache
def _not_free() -> re.Pattern[str]:
    return whole(pricing_terms().not_free)


@cache
def _free_within() -> re.Pattern[str]:
    return whole(pricing_terms().free_within)
