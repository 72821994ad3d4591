"""Sizes, volumes and budgets: numbers that count something of the visitor's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import FactValue, Field, Quantity
from profiles.context import Context
from profiles.facts import Finding
from profiles.numbers import Number, numbers_in
from profiles.quantity_grammar import QuantityFile, QuantityGrammar
from profiles.reading import Reading

HEAD = 64
"""Characters in front of a number that are looked at."""

SECONDARY = "secondary"
"""The note of a volume that stands in for one of support requests."""
UNOWNED = "unowned"
"""The note of a count of people that nobody is said to employ: it makes way for one with an owner."""
UNOWNED_CONFIDENCE = 0.6
_OF_PEOPLE = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE})

LARGEST_COMPANY = 3_000_000
LARGEST_TEAM = 50_000
SMALLEST_BUDGET = 10


class QuantityReader:
    """Says of every number of a message what it counts, if anything."""

    def __init__(self, data: QuantityFile) -> None:
        self._data = data
        self._grammar = QuantityGrammar(data)

    def numbers(self, reading: Reading) -> list[Number]:
        """The numbers of the message, read once and shared by whoever needs them."""
        return numbers_in(reading, self._data)

    def read(self, reading: Reading, context: Context, numbers: list[Number]) -> Iterator[Finding]:
        """Findings for company_size, team_size, volume and budget, in the order of the text."""
        for hit in reading.of("solo"):
            if not context.foreign(hit.start) and not context.negated(hit.start):
                yield Finding(Field.COMPANY_SIZE, Quantity(low=1, high=1, unit="employees"), hit.start, hit.end)
        for number in numbers:
            if context.asserted(number.start):
                found = self._budget(reading, number) or self._volume(reading, number) or self._size(reading, number)
                if found is not None:
                    yield found
        for hit in reading.of("no_budget"):
            if not context.foreign(hit.start) and not context.hypothetical(hit.start):
                yield Finding(Field.BUDGET, "none", hit.start, hit.end)

    def answer(self, field: Field, reading: Reading, number: Number, *, period: str) -> FactValue:
        """A bare number as the answer to a question about `field`; `period` is the one the question asked for."""
        grammar, low = self._grammar, reading.low
        if field is Field.VOLUME:
            unit = grammar.volume.match(low, number.end)
            spoken = self._period_near(reading, number, unit.end() if unit else number.end)
            name = grammar.unit(unit["unit"]) if unit else "tickets"
            return self._quantity(reading, number, unit=name, period=spoken or period)
        if field is Field.BUDGET:
            code, end = self._currency(reading, number)
            return self._quantity(
                reading, number, currency=code, period=self._period_near(reading, number, end) or period
            )
        return self._quantity(reading, number, unit="employees" if field is Field.COMPANY_SIZE else "agents")

    def may_answer(self, field: Field, reading: Reading, number: Number) -> bool:
        """Whether a number can be the answer: people are no tickets, tickets no money, people in a story nobody's."""
        grammar, low = self._grammar, reading.low
        if field is Field.BUDGET and (
            grammar.volume.match(low, number.end) or grammar.not_counted.match(low, number.end)
        ):
            return False
        people = grammar.people.match(low, number.end)
        if people is None:
            # "One thread" counts nothing: the word is an article there.
            article = number.high == 1 and low[number.start].isalpha() and low[number.end : number.end + 1] == " "
            counts = grammar.volume.match(low, number.end) or grammar.alone_after.match(low, number.end)
            return not article or counts is not None
        return field in _OF_PEOPLE and grammar.story_after.match(low, people.end()) is None

    def _size(self, reading: Reading, number: Number) -> Finding | None:
        grammar, low = self._grammar, reading.low
        if agents := grammar.agents.match(low, number.end):
            return self._team(reading, number, agents.end())
        head = low[max(0, number.start - HEAD) : number.start]
        if people := grammar.people.match(low, number.end):
            return self._people(reading, number, head, people.end())
        if number.sign or grammar.not_counted.match(low, number.end):
            return None
        return self._bare_size(reading, number, head)

    def _people(self, reading: Reading, number: Number, head: str, end: int) -> Finding | None:
        """As in "12 people", "a 12-person support team"; "12 people a day" are no size."""
        grammar, low = self._grammar, reading.low
        if grammar.period_after.match(low, end):
            return None
        support = (
            grammar.support_adjective.match(low, number.end)
            or grammar.in_support.match(low, end)
            or grammar.support_before.search(head)
        )
        if support:
            return self._team(reading, number, end)
        return self._counted_people(reading, number, end)

    def _counted_people(self, reading: Reading, number: Number, end: int) -> Finding | None:
        """People with an owner are the company's; a count that stands alone may be, one in a story is nobody's."""
        grammar, low = self._grammar, reading.low
        if grammar.story_after.match(low, end):
            return None
        start = max(reading.clause(number.start)[0], number.start - HEAD)
        own_head = low[start : number.start]
        if grammar.owner_before.search(own_head) or grammar.owner_after.match(low, end):
            return self._company(reading, number, end)
        alone = grammar.alone_before.match(own_head) and grammar.alone_after.match(low, end)
        if alone or grammar.employed.match(low, number.end):
            found = self._company(reading, number, end)
            return found._replace(confidence=UNOWNED_CONFIDENCE, note=UNOWNED) if found else None
        return None

    def _bare_size(self, reading: Reading, number: Number, head: str) -> Finding | None:
        """As in "Team of 12", "we are 12", "12 of us", "12 in support"."""
        grammar, low = self._grammar, reading.low
        if us := grammar.of_us.match(low, number.end):
            supports = grammar.in_support.match(low, us.end())
            return (self._team if supports else self._company)(reading, number, us.end())
        if in_support := grammar.in_support.match(low, number.end):
            return self._team(reading, number, in_support.end())
        if not grammar.count_after.match(low, number.end):
            return None
        if team := grammar.team_before.search(head):
            return (self._team if team["support"] else self._company)(reading, number, number.end)
        return self._company(reading, number, number.end) if grammar.own_count_before.search(head) else None

    def _company(self, reading: Reading, number: Number, end: int) -> Finding | None:
        if not 0 < number.high <= LARGEST_COMPANY:
            return None
        return Finding(Field.COMPANY_SIZE, self._quantity(reading, number, unit="employees"), number.start, end)

    def _team(self, reading: Reading, number: Number, end: int) -> Finding | None:
        if not 0 < number.high <= LARGEST_TEAM:
            return None
        return Finding(Field.TEAM_SIZE, self._quantity(reading, number, unit="agents"), number.start, end)

    def _volume(self, reading: Reading, number: Number) -> Finding | None:
        grammar, low = self._grammar, reading.low
        if number.sign:
            return None
        unit = grammar.volume.match(low, number.end)
        secondary = None if unit else grammar.secondary.match(low, number.end)
        counted = unit or secondary
        if counted is None:
            head = low[max(0, number.start - HEAD) : number.start]
            counted = grammar.unit_before.search(head)
            end = number.end
        else:
            end = counted.end()
        if counted is None:
            return None
        period = self._period_near(reading, number, end)
        if not period:
            return None
        quantity = self._quantity(reading, number, unit=grammar.unit(counted["unit"]), period=period)
        note = SECONDARY if secondary else ""
        return Finding(Field.VOLUME, quantity, number.start, end, confidence=0.6 if secondary else 0.85, note=note)

    def _budget(self, reading: Reading, number: Number) -> Finding | None:
        cues = reading.of("budget")
        if not cues:
            return None
        start, stop = reading.sentence(number.start)
        near = [hit for hit in cues if start <= hit.start < stop]
        if not near or any(start <= hit.start < stop for hit in reading.of("not_budget")):
            return None
        code, end = self._currency(reading, number)
        period = self._period_near(reading, number, end)
        if not code and not (number.high >= SMALLEST_BUDGET * 5 and self._bare(reading, end)):
            return None
        if number.high < SMALLEST_BUDGET:
            return None
        return Finding(
            Field.BUDGET,
            self._quantity(reading, number, currency=code, period=period),
            number.start,
            end,
            confidence=0.85,
        )

    def _bare(self, reading: Reading, end: int) -> bool:
        """Whether nothing countable follows: "budget of 500 a month" and not "budget for 500 tickets"."""
        low = reading.low
        return bool(
            self._grammar.period_after.match(low, end) or re.match(r"\s*(?:[.,;!)]|$|or so|max|total)", low[end:])
        )

    def _currency(self, reading: Reading, number: Number) -> tuple[str, int]:
        after = self._grammar.currency_after.match(reading.low, number.end)
        end = after.end() if after else number.end
        if number.sign:
            return self._grammar.currency(number.sign), end
        return (self._grammar.currency(after["code"]) if after else self._currency_before(reading, number)), end

    def _currency_before(self, reading: Reading, number: Number) -> str:
        word = re.search(r"([a-z]{3})\s?$", reading.low[max(0, number.start - 5) : number.start])
        return self._grammar.currency(word[1]) if word else ""

    def _period_near(self, reading: Reading, number: Number, end: int) -> str:
        """The period right after `end`, else one named elsewhere in the sentence."""
        grammar = self._grammar
        if match := grammar.period_after.match(reading.low, end):
            return grammar.periods.get(match["period"] or match["adverb"], "")
        start, stop = reading.sentence(number.start)
        if match := grammar.period_after.search(reading.low, number.end, stop):
            return grammar.periods.get(match["period"] or match["adverb"], "")
        match = grammar.period_near.search(reading.low, start, stop)
        return grammar.periods[match[0]] if match else ""

    def _quantity(
        self, reading: Reading, number: Number, *, unit: str = "", period: str = "", currency: str = ""
    ) -> Quantity:
        low: float | None = number.low
        high: float | None = number.high
        if number.low == number.high:
            head = reading.low[max(0, number.start - HEAD) : number.start]
            if number.open_ended or self._grammar.more_before.search(head):
                high = None
            elif self._grammar.less_before.search(head):
                low = None
        return Quantity(low=low, high=high, unit=unit, period=period, currency=currency)
