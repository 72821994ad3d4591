"""A number with its currency, its period and its ends, as the words around it tell them."""

from __future__ import annotations

from core.fact import Quantity
from profiles.numbers import Number
from profiles.quantity_grammar import CODE_BEFORE, HEAD, QuantityGrammar
from profiles.reading import Reading


class Amounts:
    def __init__(self, grammar: QuantityGrammar) -> None:
        self._grammar = grammar

    def currency(self, reading: Reading, number: Number) -> tuple[str, int]:
        """The ISO code of a number's currency, "" without one, and where its sign or word ends."""
        after = self._grammar.currency_after.match(reading.low, number.end)
        end = after.end() if after else number.end
        if number.sign:
            return self._grammar.currency(number.sign), end
        return (self._grammar.currency(after["code"]) if after else self._code_before(reading, number)), end

    def _code_before(self, reading: Reading, number: Number) -> str:
        word = CODE_BEFORE.search(reading.low[max(0, number.start - 5) : number.start])
        return self._grammar.currency(word[1]) if word else ""

    def period_near(self, reading: Reading, number: Number, end: int) -> str:
        """The period right after `end`, else one named elsewhere in the sentence."""
        grammar = self._grammar
        if match := grammar.period_after.match(reading.low, end):
            return grammar.periods.get(match["period"] or match["adverb"], "")
        start, stop = reading.sentence(number.start)
        match = grammar.period_after.search(reading.low, number.end, stop)
        if match and self._of_another(reading, number, match.start()):
            return ""
        if match:
            return grammar.periods.get(match["period"] or match["adverb"], "")
        match = grammar.period_near.search(reading.low, start, stop)
        return grammar.periods[match[0]] if match else ""

    @staticmethod
    def _of_another(reading: Reading, number: Number, at: int) -> bool:
        """Whether a period belongs to the number right before it: "the same four questions, 300 a month"."""
        before = reading.low[number.end : at].rstrip()
        return before[-1:].isdigit() or any(
            number.end < hit.start and hit.end == number.end + len(before) for hit in reading.of("number")
        )

    def quantity(
        self, reading: Reading, number: Number, *, unit: str = "", period: str = "", currency: str = ""
    ) -> Quantity:
        """The number with what is said around it of its ends: "over 300", "at most 300"."""
        low: float | None = number.low
        high: float | None = number.high
        if number.low == number.high:
            head = reading.low[max(0, number.start - HEAD) : number.start]
            if number.open_ended or self._grammar.more_before.search(head):
                high = None
            elif self._grammar.less_before.search(head):
                low = None
        return Quantity(low=low, high=high, unit=unit, period=period, currency=currency)
