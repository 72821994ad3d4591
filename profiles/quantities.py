"""Says of every number of a message what of the visitor's own it counts: people, a volume, a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import FactValue, Field
from profiles.amounts import Amounts
from profiles.budgets import BudgetReader
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.few_people import FewPeopleReader
from profiles.headcount import UNOWNED, HeadcountReader
from profiles.numbers import Number, numbers_in
from profiles.quantity_grammar import (
    ARRIVING,
    ASKING,
    FINE,
    HEAD,
    INSTEAD,
    LATELY,
    NOW_AFTER,
    OFFERED,
    SAME,
    SENT,
    QuantityFile,
    QuantityGrammar,
)
from profiles.reading import Reading

SECONDARY = "secondary"
"""The note of a volume that stands in for one of support requests."""
_OF_PEOPLE = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE})

SMALLEST_FLOW = 5
"""Fewer a day or a month than this, of nobody says what, are no volume."""
NOON = 12
CLOCK = re.compile(r"(?:[:.]\d\d)? ?(?:am|pm|a\.m|p\.m)\b")
"""After a number up to twelve, "pm" is an hour, though it is short for "per month" as well."""
SHORT_ANSWER = 60
"""Characters up to which a message with a bare number is an answer and no story."""


def stands(reading: Reading, context: Context, number: Number) -> bool:
    """Whether a number is said of the visitor's own as it is today: "35 today" is, whatever is planned beside it."""
    at = number.start
    if context.asserted(at):
        return True
    today = NOW_AFTER.match(reading.low, number.end) is not None
    return today and not context.negated(at) and not context.elsewhere(at)


class QuantityReader:
    """Says of every number of a message what it counts, if anything."""

    def __init__(self, data: QuantityFile) -> None:
        self._data = data
        self._grammar = QuantityGrammar(data)
        self._amounts = Amounts(self._grammar)
        self._few = FewPeopleReader(data)
        self._budgets = BudgetReader(self._grammar, self._amounts)
        self._headcount = HeadcountReader(self._grammar, self._amounts)

    def numbers(self, reading: Reading) -> list[Number]:
        """The numbers of the message, read once and shared by whoever needs them."""
        return numbers_in(reading, self._data)

    def counting(self, reading: Reading, number: Number) -> bool:
        """Whether a number may count something: "four weeks" is a length of time."""
        return self._grammar.spans.match(reading.low, number.end) is None

    def read(
        self, reading: Reading, context: Context, numbers: list[Number], *, asked: Field | None = None
    ) -> Iterator[Finding]:
        """Findings for company_size, team_size, volume and budget, in the order of the text.

        `asked` is the field of the question before: a number that counts nothing named is left to it.
        """
        few = list(self._few.read(reading, context, asked=asked))
        yield from few
        for number in numbers:
            if any(one.start <= number.start < one.end for one in few):
                continue
            # Right before a number, "dont" is French and denies nothing.
            part = reading.low.endswith("dont ", 0, number.start)
            if INSTEAD.search(reading.low, 0, number.start):
                continue
            if not part and not stands(reading, context, number):
                capped = self._budgets.read(reading, number) if self._capped(reading, context, number) else None
                found = capped or self._lately(reading, context, number)
            else:
                found = (
                    self._budgets.read(reading, number)
                    or (self._budgets.only_limit(reading, number) if asked is not Field.VOLUME else None)
                    or self._volume(reading, number, asked)
                    or self._headcount.read(reading, number)
                )
            # Asked for those in support, "four and a half FTE" are they.
            if found is not None and not (found.note == UNOWNED and asked is Field.TEAM_SIZE):
                yield found
        yield from self._budgets.spoken(reading, context)

    def _capped(self, reading: Reading, context: Context, number: Number) -> bool:
        """Whether all that denies an amount is the limit it sets: "150 a month is all, I can't do more"."""
        at = number.start
        if not context.negated(at) or context.past(at) or context.planned(at) or context.hypothetical(at):
            return False
        first = reading.clause(at)[0]
        limited = self._grammar.limit_before.search(reading.low, first, at) or self._grammar.less_before.search(
            reading.low, first, at
        )
        # What is denied to be more is at most as much: "I won't put more than 60 into it".
        limited = limited or self._grammar.more_before.search(reading.low, first, at)
        return limited is not None and not context.elsewhere(at)

    def _lately(self, reading: Reading, context: Context, number: Number) -> Finding | None:
        """As in "last month we had 2,300 chats": what was counted of late still tells the volume."""
        start, stop = reading.sentence(number.start)
        at = number.start
        if not LATELY.search(reading.low, start, stop):
            return None
        if context.negated(at) or context.hypothetical(at) or context.elsewhere(at):
            return None
        return self._volume(reading, number, None)

    def answer(self, field: Field, reading: Reading, number: Number, *, period: str) -> FactValue:
        """A bare number as the answer to a question about `field`; `period` is the one the question asked for."""
        grammar, low = self._grammar, reading.low
        if field is Field.VOLUME:
            unit = grammar.volume.match(low, number.end)
            spoken = self._amounts.period_near(reading, number, unit.end() if unit else number.end)
            name = grammar.unit(unit["unit"]) if unit else grammar.default_unit
            return self._amounts.quantity(reading, number, unit=name, period=spoken or period)
        if field is Field.BUDGET:
            code, end = self._amounts.currency(reading, number)
            each = self._amounts.period_near(reading, number, end) or period
            amount = self._amounts.quantity(reading, number, currency=code, period=each)
            return self._budgets.limited(reading, number, end, amount)
        return self._amounts.quantity(reading, number, unit="employees" if field is Field.COMPANY_SIZE else "agents")

    def lacking(self, reading: Reading) -> Finding | None:
        """What somebody asked for the budget says who has none; None otherwise."""
        return self._budgets.lacking(reading)

    def counted(self, reading: Reading, number: Number) -> tuple[Field, ...] | None:
        """The fields that what stands beside a number allows, empty for one that counts something else, else None."""
        grammar, low = self._grammar, reading.low
        if grammar.agents.match(low, number.end):
            return (Field.TEAM_SIZE,)
        if grammar.people.match(low, number.end) or grammar.of_us.match(low, number.end):
            return (Field.COMPANY_SIZE, Field.TEAM_SIZE)
        if grammar.volume.match(low, number.end):
            return (Field.VOLUME,)
        if number.sign or self._amounts.currency(reading, number)[0]:
            return (Field.BUDGET,)
        if grammar.period_after.match(low, number.end):
            return (Field.VOLUME, Field.BUDGET)
        return () if grammar.not_counted.match(low, number.end) else None

    def periods(self, reading: Reading) -> Iterator[Hit]:
        """The periods named as such, as in "a week", "per month", "yearly"."""
        for match in self._grammar.period_after.finditer(reading.low):
            yield Hit(match.start(), match.end(), self._grammar.periods.get(match["period"] or match["adverb"], ""))

    def may_answer(self, field: Field, reading: Reading, number: Number) -> bool:
        """Whether a number can be the answer: people are no tickets, tickets no money, people in a story nobody's."""
        grammar, low = self._grammar, reading.low
        start, stop = reading.sentence(number.start)
        if low[start:stop].rstrip().endswith("?") or ASKING.match(low, start):
            return False
        if field is Field.BUDGET and (
            grammar.volume.match(low, number.end)
            or (grammar.not_counted.match(low, number.end) and not grammar.period_after.match(low, number.end))
        ):
            return False
        people = grammar.people.match(low, number.end)
        if people is None:
            if not self._stands_alone(field, reading, number):
                return False
            # "One thread" counts nothing: the word is an article there.
            article = number.high == 1 and low[number.start].isalpha() and low[number.end : number.end + 1] == " "
            counts = grammar.volume.match(low, number.end) or grammar.alone_after.match(low, number.end)
            return not article or counts is not None
        return field in _OF_PEOPLE and grammar.story_after.match(low, people.end()) is None

    def _stands_alone(self, field: Field, reading: Reading, number: Number) -> bool:
        """Whether nothing follows that was not asked about: "3" and "3 or so" answer, "3 days" does not."""
        grammar, low = self._grammar, reading.low
        # In a longer message a number needs what it counts beside it.
        after = [grammar.answered] if len(low.strip()) <= SHORT_ANSWER else []
        if field is Field.VOLUME:
            after += [grammar.volume, grammar.secondary, grammar.period_after]
        elif field is Field.BUDGET:
            after += [grammar.currency_after, grammar.period_after]
        else:
            after += [grammar.agents, grammar.of_them, grammar.trades, grammar.staff_list, grammar.of_us, grammar.users]
        return any(one.match(low, number.end) for one in after)

    def _volume(self, reading: Reading, number: Number, asked: Field | None) -> Finding | None:
        grammar, low = self._grammar, reading.low
        if number.sign or SAME.search(low, 0, number.start):
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
            return self._flow(reading, number) if asked is not Field.BUDGET else None
        period = self._amounts.period_near(reading, number, end)
        if not period or self._offered(reading, number):
            return None
        quantity = self._amounts.quantity(reading, number, unit=grammar.unit(counted["unit"]), period=period)
        note = SECONDARY if secondary else ""
        return Finding(Field.VOLUME, quantity, number.start, end, confidence=0.6 if secondary else 0.85, note=note)

    def _offered(self, reading: Reading, number: Number) -> bool:
        """Whether others offer or sent as many: "1,000 chats a month are included", "three mails from you"."""
        start, stop = reading.sentence(number.start)
        if SENT.search(reading.low, number.end, stop):
            return True
        return self._grammar.included.search(reading.low, start, stop) is not None or (
            OFFERED.search(reading.low, max(start, number.start - HEAD), number.start) is not None
        )

    def _flow(self, reading: Reading, number: Number) -> Finding | None:
        """As in "about 600 a month": what, the talk has said; money is told by its words."""
        grammar, low = self._grammar, reading.low
        each = grammar.period_after.match(low, number.end)
        if not each or number.high < SMALLEST_FLOW or (number.high <= NOON and CLOCK.match(low, number.end)):
            return None
        start, stop = reading.sentence(number.start)
        first, last = reading.clause(number.start)
        if any(first <= hit.start < last for name in ("budget", "not_budget") for hit in reading.of(name)):
            return None
        if low[start:stop].rstrip().endswith("?"):
            return None
        goes_on = grammar.answered.match(low, each.end()) or ARRIVING.match(low, each.end())
        # "6k a year is fine" is money
        if grammar.money_words.search(low, start, stop) or not goes_on or FINE.match(low, each.end()):
            return None
        period = grammar.periods.get(each["period"] or each["adverb"], "")
        quantity = self._amounts.quantity(reading, number, unit=grammar.default_unit, period=period)
        return Finding(Field.VOLUME, quantity, number.start, each.end(), confidence=0.7)
