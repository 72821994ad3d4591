"""Which amounts are a budget: money that is there for what is to be bought."""

from __future__ import annotations

from dataclasses import replace

from core.fact import Field, Quantity
from profiles.amounts import Amounts
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.quantity_grammar import QuantityGrammar
from profiles.reading import Reading

SMALLEST_BUDGET = 10


class BudgetReader:
    def __init__(self, grammar: QuantityGrammar, amounts: Amounts) -> None:
        self._grammar = grammar
        self._amounts = amounts

    def read(self, reading: Reading, number: Number) -> Finding | None:
        """The budget a number is, if it is one."""
        code, end = self._amounts.currency(reading, number)
        if number.high < SMALLEST_BUDGET or not (code or reading.of("budget")):
            return None
        if self._counts_something(reading, number):
            return None
        first, last = reading.clause(number.start)
        if not self._for_buying(reading, number, end, given=bool(code)):
            return None
        if any(first <= hit.start < last for hit in reading.of("not_budget")):
            return None
        period = self._amounts.period_near(reading, number, end)
        quantity = self._amounts.quantity(reading, number, currency=code, period=period)
        return Finding(Field.BUDGET, self._limited(reading, number, end, quantity), number.start, end, confidence=0.85)

    def _for_buying(self, reading: Reading, number: Number, end: int, *, given: bool) -> bool:
        """Whether the amount is said to be there for a purchase; `given` says that it names its currency."""
        grammar, low = self._grammar, reading.low
        each = grammar.period_after.match(low, end)
        if given and grammar.for_this.match(low, each.end() if each else end):
            return True
        start, stop = reading.sentence(number.start)
        near = [hit for hit in reading.of("budget") if start <= hit.start < stop]
        follows = any(0 <= hit.start - end <= 1 for hit in near)
        return bool(near) and (given or follows or self._plain_amount(reading, number, end))

    def _counts_something(self, reading: Reading, number: Number) -> bool:
        """As in "no more than 50 tickets a day", said in the words of a limit on money."""
        grammar, low = self._grammar, reading.low
        return any(
            one.match(low, number.end) for one in (grammar.volume, grammar.people, grammar.agents, grammar.trades)
        )

    def _limited(self, reading: Reading, number: Number, end: int, quantity: Quantity) -> Quantity:
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
