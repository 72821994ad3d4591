"""Findings as a reply tells them: sentences in the order of the page, prices in words, both sides of a conflict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from core.brief import Move
from core.claims import number
from core.moves import echoed, quote
from core.offering import PlanPrice, Price, Sum
from core.passage import Finding
from core.phrases import Phrases
from core.reply import Citation
from core.wording import listed

PRICES_TOLD = 5
"""Prices named in one reply; a longer list is read on the page."""

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ENDS = (".", "!", "。", "！", "…", ".”", ".»", ".)")


def tell(finding: Finding, sentences: int, phrases: Phrases) -> Iterator[Move]:
    """What a finding says: a quote, or its prices in words; with a conflict both sides and that they disagree."""
    yield (
        _added_up(finding, phrases)
        if finding.sums
        else _answer(finding, 1 if finding.conflicts else sentences, phrases)
    )
    for other in finding.conflicts[:1]:
        yield _answer(other, 1, phrases)
        yield Move(phrase="answer.conflict")


def closest(findings: Sequence[Finding], phrases: Phrases) -> Iterator[Move]:
    """That the site does not answer, with the closest that it says: of one page two sentences where they are short."""
    yield Move(phrase="answer.near")
    for finding in findings:
        yield _answer(finding, 2 if len(findings) == 1 else 1, phrases)


def closest_to(question: str, finding: Finding, phrases: Phrases) -> Move:
    """The same for one of several questions, which is named."""
    told = _answer(finding, 1, phrases)
    slots = {"questions": echoed((question,), phrases), "quote": told.text}
    return Move(phrase="answer.near_one", slots=slots, citation=told.citation)


def price_in_words(price: Price, phrases: Phrases) -> str:
    """An amount with its period and unit, as in $49 a month or from £9 a month per machine."""
    amount = _money(price)
    if price.period and phrases.has(f"value.per_{price.period}"):
        amount = phrases.say(f"value.per_{price.period}", amount=amount)
    if price.unit and phrases.has("value.per_unit"):
        amount = phrases.say("value.per_unit", amount=amount, unit=price.unit)
    return phrases.say("value.price_from", amount=amount) if price.at_least else amount


def _answer(finding: Finding, sentences: int, phrases: Phrases) -> Move:
    if not finding.prices or _says_them(finding, sentences):
        told = quote(finding, sentences)
        settled = finding.verdict and not finding.near
        return replace(told, text=f"{phrases.say(f'answer.{finding.verdict}')} {told.text}") if settled else told
    text = phrases.say("value.prices", amount=listed(_named(finding.prices, phrases), phrases))
    return Move(text=text, citation=Citation(url=finding.passage.url, quote=finding.sentences[0]))


def _added_up(finding: Finding, phrases: Phrases) -> Move:
    """The prices of the plans that suit, and what so many cost, with how that is worked out."""
    plans = {one.plan for one in finding.sums}
    told = _answer(replace(finding, prices=tuple(one for one in finding.prices if one.plan in plans)), 1, phrases)
    sums = listed((_worked_out(one, phrases) for one in finding.sums), phrases)
    text = phrases.say("value.sums", count=f"{finding.sums[0].count:,}", amount=sums)
    compared = len(plans) > 1 and all(one.base for one in finding.sums)  # the sums name each base
    return replace(told, text=text if compared else f"{told.text} {text}")


def _worked_out(one: Sum, phrases: Phrases) -> str:
    each = one.each.price
    period = one.base.price.period if one.base else each.period
    total = price_in_words(replace(each, amount=one.total, unit="", period=period, at_least=False), phrases)
    factor = f"{one.times:,} × {_money(each)}"
    if one.base is None:
        return f"{one.plan} {factor} = {total}"
    return f"{one.plan} {_money(one.base.price)} + {factor} = {total}" if one.times else f"{one.plan} {total}"


def _says_them(finding: Finding, sentences: int) -> bool:
    """Whether whole sentences of the finding tell all its prices: rows of tables and price cards do not."""
    said = finding.sentences[:sentences]
    figures = {number(found) for found in _FIGURE.findall(" ".join(said))}
    return said[0].endswith(_ENDS) and all(_figure(one) in figures for one in finding.prices)


def _figure(one: PlanPrice) -> str:
    return number(format(one.price.amount, "f"))


def _named(prices: Iterable[PlanPrice], phrases: Phrases) -> Iterator[str]:
    for one in list(prices)[:PRICES_TOLD]:
        amount = price_in_words(one.price, phrases)
        yield phrases.say("value.plan_price", plan=one.plan, amount=amount) if one.plan else amount


def _money(price: Price) -> str:
    whole = price.amount == price.amount.to_integral_value()
    amount = f"{price.amount:,.0f}" if whole else f"{price.amount.quantize(Decimal('0.01')):,}"
    sign = _SIGNS.get(price.currency)
    return f"{sign}{amount}" if sign else f"{price.currency} {amount}"
