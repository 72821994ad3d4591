"""Which amounts are a budget: money that is there for what is to be bought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from core.fact import Field, Quantity
from profiles.amounts import Amounts
from profiles.context import Context
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.quantity_grammar import FINE, LIMIT_AFTER, QuantityGrammar
from profiles.reading import Reading

SMALLEST_BUDGET = 10
NAMED, UNNAMED = 0.85, 0.8
SHORT_SENTENCE = 48
"""Characters up to which an amount is all that a sentence says."""
PROPOSING = re.compile(
    r"\b(?:let's say|lets say|let us say|say|call it|think|roughly|something like|disons|mettons|sagen wir(?: mal)?"
    r"|digamos|pongamos|zeg(?: maar)?|laten we zeggen)\s+"
    r"(?:(?:around|about|maybe|so|etwa|environ|unos|uns|zo'n)\s+)?$"
)
PRICED = re.compile(
    r"\b(?:plans?|prices?|priced|pricing|costs?|costing|charges?|charged|pays?|paid|paying|earn\w*|salary|fees?|invoice\w*"
    r"|refund\w*|kostet|kosten|preis\w*|zahl\w+|prix|coûte\w*|pai\w+|precio\w*|cuesta\w*|pag[ao]\w*|preço\w*|custa\w*"
    r"|prijs|kost|betaal\w*|your|ihr|votre|vos|su|seu|uw|they|their)\b"
)
"""What makes an amount somebody's price, wage or bill."""
HEADING_WORDS = 2
_PAID_BY = frozenset({"month", "year"})
"""Periods that software is paid by."""
_PARTS = ((1, 3), (3, 7), (7, 10))
"""Low, middle and high figures, in times of the smallest number that has as many."""


_YEAR_OF = re.compile(
    r"\b(?:for|in|until|by|of|since|from|für|bis|seit|im jahr|pour|en|jusqu'en|para|hasta|desde|até|em|voor|tot)\s+$"
)
_YEARS = range(1990, 2060)


def _is_year(reading: Reading, number: Number) -> bool:
    return number.low in _YEARS and _YEAR_OF.search(reading.low, max(0, number.start - 12), number.start) is not None


class BudgetReader:
    def __init__(self, grammar: QuantityGrammar, amounts: Amounts) -> None:
        self._grammar = grammar
        self._amounts = amounts

    def read(self, reading: Reading, number: Number) -> Finding | None:
        """The budget a number is, if it is one."""
        code, end = self._amounts.currency(reading, number)
        each = self._grammar.period_after.match(reading.low, end)
        suits = each is not None and FINE.match(reading.low, each.end()) is not None
        if number.high < SMALLEST_BUDGET or not (code or suits or reading.of("budget") or self._had(reading, number)):
            return None
        if self._counts_something(reading, number) or (not code and _is_year(reading, number)):
            return None
        first, last = reading.clause(number.start)
        if not self._for_buying(reading, number, end, given=bool(code)):
            return None
        if any(first <= hit.start < last for hit in reading.of("not_budget")):
            return None
        period = self._amounts.period_near(reading, number, end)
        quantity = self._amounts.quantity(reading, number, currency=code, period=period)
        limited = self.limited(reading, number, end, quantity)
        sure = NAMED if code or period else UNNAMED  # of two amounts, the one that names its currency or period
        return Finding(Field.BUDGET, limited, number.start, end, confidence=sure)

    def only_limit(self, reading: Reading, number: Number) -> Finding | None:
        """As in "at most 300 a month", when a whole sentence says no more than that: what is limited so is money."""
        start, stop = reading.sentence(number.start)
        each = self._grammar.period_after.match(reading.low, number.end)
        limit = self._grammar.less_before.search(reading.low, start, number.start)
        if each is None or limit is None or number.high < SMALLEST_BUDGET:
            return None
        if reading.low[start : limit.start()].strip(" ,") or reading.low[each.end() : stop].strip(" .!"):
            return None
        quantity = self._amounts.quantity(
            reading, number, period=self._amounts.period_near(reading, number, number.end)
        )
        limited = self.limited(reading, number, number.end, quantity)
        return Finding(Field.BUDGET, limited, number.start, each.end(), confidence=UNNAMED)

    def spoken(self, reading: Reading, context: Context) -> Iterator[Finding]:
        """A budget told by the number of its figures, or that there is none."""
        for match in self._grammar.figures.finditer(reading.low) if self._grammar.figured(reading.low) else ():
            if self._grammar.free(reading, match.start()) and self._ours(reading, context, match.start()):
                least = 10.0 ** (self._grammar.figure_counts[match["n"]] - 1)
                low, high = _PARTS[self._grammar.figure_parts[match["part"]]] if match["part"] else (1, 10)
                period = self._amounts.period_near(reading, Number(match.start(), match.end(), 1, 1), match.end())
                amount = Quantity(low=least * low, high=least * high, period=period)
                yield Finding(Field.BUDGET, amount, match.start(), match.end(), confidence=0.75)
        for hit in reading.of("no_budget"):
            limitless = LIMIT_AFTER.match(reading.low, hit.end)
            if not limitless and not context.elsewhere(hit.start) and not context.hypothetical(hit.start):
                yield Finding(Field.BUDGET, "none", hit.start, hit.end)

    @staticmethod
    def _ours(reading: Reading, context: Context, at: int) -> bool:
        """Whether what stands there is said of the visitor's own money."""
        start, stop = reading.sentence(at)
        told = any(start <= hit.start < stop for hit in (*reading.of("budget"), *context.hits("own")))
        short = stop - start <= SHORT_SENTENCE
        return context.asserted(at) and (told or short)

    def lacking(self, reading: Reading) -> Finding | None:
        """What somebody asked for the budget says who has none: "haven't got one yet"."""
        match = self._grammar.budgetless.match(reading.low)
        return Finding(Field.BUDGET, "none", match.start(1), match.end(), confidence=0.8) if match else None

    def _for_buying(self, reading: Reading, number: Number, end: int, *, given: bool) -> bool:
        """Whether the amount is said to be there for a purchase; `given` says that it names its currency."""
        grammar, low = self._grammar, reading.low
        each = grammar.period_after.match(low, end)
        meant = grammar.for_this.match(low, each.end() if each else end)
        if meant and (given or self._had(reading, number)):
            return True
        if each and FINE.match(low, each.end()) and number.high >= SMALLEST_BUDGET * 5:
            return True
        if given and self._proposed(reading, number, end):
            return True
        start, stop = reading.sentence(number.start)
        near = [hit for hit in reading.of("budget") if self._heading(reading, start) <= hit.start < stop]
        follows = any(0 <= hit.start - end <= 1 for hit in near)
        return bool(near) and (given or follows or self._plain_amount(reading, number, end))

    @staticmethod
    def _heading(reading: Reading, start: int) -> int:
        """Where a sentence begins with what heads it: "Budget? About 300 a month"."""
        before = reading.sentence(start - 1)[0] if start else start
        return before if len(reading.low[before:start].split()) <= HEADING_WORDS else start

    def _proposed(self, reading: Reading, number: Number, end: int) -> bool:
        """As in "let's say 600 euros a month", "up to 900 reais per month": named as what one would go to."""
        low = reading.low
        start, stop = reading.sentence(number.start)
        if not self._grammar.period_after.match(low, end) or low[start:stop].rstrip().endswith("?"):
            return False
        first = reading.clause(number.start)[0]
        led = PROPOSING.search(low, first, number.start) or self._grammar.less_before.search(low, first, number.start)
        return led is not None and PRICED.search(low, start, stop) is None

    def _had(self, reading: Reading, number: Number) -> bool:
        """Whether a round sum is said to be there: "I have 12k for the year"."""
        thousand = number.high >= 1_000 and number.high % 100 == 0  # noqa: PLR2004
        return thousand and self._grammar.trade_before.search(reading.low, 0, number.start) is not None

    def _counts_something(self, reading: Reading, number: Number) -> bool:
        """As in "no more than 50 tickets a day", said in the words of a limit on money."""
        grammar, low = self._grammar, reading.low
        return any(
            one.match(low, number.end)
            for one in (grammar.volume, grammar.people, grammar.agents, grammar.trades, grammar.of_us, grammar.of_them)
        )

    def limited(self, reading: Reading, number: Number, end: int, quantity: Quantity) -> Quantity:
        """At most 500, as in "not over 500", "500 or less", "a ceiling of 500"."""
        start = reading.sentence(number.start)[0]
        limited = self._grammar.limit_before.search(reading.low, start, number.start)
        exact = quantity.low is not None and quantity.low == quantity.high
        if exact and (limited or self._grammar.or_less.match(reading.low, end)):
            return replace(quantity, low=None)
        if quantity.high is None and (limited or self._denied(reading, number)):
            return replace(quantity, low=None, high=number.high)
        return quantity

    @staticmethod
    def _denied(reading: Reading, number: Number) -> bool:
        start, stop = reading.clause(number.start)
        return any(hit.name == "negation" and start <= hit.start < stop for hit in reading.of("context"))

    def _plain_amount(self, reading: Reading, number: Number, end: int) -> bool:
        """Whether a number without a currency is an amount: "2k a month" and not "budget for 500 tickets"."""
        if number.high < SMALLEST_BUDGET * 5:
            return False
        return bool(
            self._grammar.period_after.match(reading.low, end) or self._grammar.answered.match(reading.low, end)
        )
