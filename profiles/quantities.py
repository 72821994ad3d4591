"""Sizes, volumes and budgets: numbers that count something of the visitor's own."""

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
from profiles.numbers import Number, numbers_in
from profiles.people_at_work import ANSWERER, ANSWERING, AT_THE_INBOX, HIRED, PLACES_AND, TEAM_OF
from profiles.quantity_grammar import (
    ARRIVING,
    ASKING,
    FINE,
    HEAD,
    INSTEAD,
    INVITED,
    LATELY,
    NOW_AFTER,
    OFFERED,
    OVER_THE,
    SENT,
    SHARE,
    QuantityFile,
    QuantityGrammar,
)
from profiles.reading import Reading

SECONDARY = "secondary"
"""The note of a volume that stands in for one of support requests."""
UNOWNED = "unowned"
"""The note of a count of people that nobody is said to employ: it makes way for one with an owner."""
UNOWNED_CONFIDENCE = 0.6
PARTNERS_CONFIDENCE = 0.55
"""Of "we're three architects": it makes way for any count of employees in the same message."""
WE_ARE = re.compile(r"\b(?:we are|we're|nous sommes|on est|somos|wir sind|we zijn)\s+(?:\w+\s+)?$")
_OF_PEOPLE = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE})

LARGEST_COMPANY = 3_000_000
LARGEST_TEAM = 50_000
LARGEST_USERS = 500
"""More users than this are a product's, not seats somebody buys."""
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
                    or self._volume(reading, number, asked)
                    or self._size(reading, number)
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

    def _size(self, reading: Reading, number: Number) -> Finding | None:
        grammar, low = self._grammar, reading.low
        head = low[max(0, number.start - HEAD) : number.start]
        if number.high == 1 and head.endswith(("the ", "no ")):
            return None  # "I'm the one who answers the phone" counts nobody
        if agents := grammar.agents.match(low, number.end):
            not_theirs = any(one.search(head) for one in (OFFERED, HIRED, OVER_THE))
            return None if not_theirs else self._team(reading, number, agents.end())
        if people := grammar.people.match(low, number.end):
            return self._people(reading, number, head, people.end())
        users = grammar.users.match(low, number.end)
        if users and 1 < number.high <= LARGEST_USERS and grammar.user_before.search(head):
            return self._team(reading, number, users.end())
        if number.sign or grammar.not_counted.match(low, number.end):
            return None
        found = self._at_work(reading, number) or self._by_trade(reading, number, head)
        return found or self._bare_size(reading, number, head)

    def _at_work(self, reading: Reading, number: Number) -> Finding | None:
        """As in "one engineer answers all of it", "a team of five handles the mails", "six in support, 140 in all"."""
        someone = ANSWERER.match(reading.low, number.end)
        if someone and number.high < LARGEST_USERS:
            return self._team(reading, number, someone.end("who"))
        head = reading.low[max(0, number.start - HEAD) : number.start]
        if TEAM_OF.search(head) and (busy := AT_THE_INBOX.match(reading.low, number.end)):
            return self._team(reading, number, busy.end())
        return self._company(reading, number, number.end) if self._beside_team(reading, number) else None

    def _beside_team(self, reading: Reading, number: Number) -> bool:
        """As in "six in support, 140 in total": a number of all of them, behind one of those who answer."""
        grammar, low = self._grammar, reading.low
        start = reading.sentence(number.start)[0]
        if not grammar.total_after.match(low, number.end) or number.start == start:
            return False
        before = low[start : number.start]
        return grammar.support_before.search(before) is not None or grammar.in_support.search(before) is not None

    def _by_trade(self, reading: Reading, number: Number, head: str) -> Finding | None:
        """As in "we've got 19 drivers", "me and two part-timers", "37 on the rota"."""
        grammar, low = self._grammar, reading.low
        if listed := grammar.staff_list.match(low, number.end):
            return self._company(reading, number, listed.end())
        ours = grammar.plural_after.match(low, number.end)
        if ours and grammar.own_before.search(head):
            found = self._company(reading, number, ours.end())
            return found._replace(confidence=PARTNERS_CONFIDENCE) if found else None
        trade = grammar.trades.match(low, number.end)
        if trade is None or grammar.story_after.match(low, trade.end()):
            return None
        if listed := grammar.staff_list.match(low, trade.end()):
            return self._company(reading, number, listed.end())
        start = max(reading.clause(number.start)[0], number.start - HEAD)
        alone = grammar.alone_before.match(low[start : number.start]) and grammar.alone_after.match(low, trade.end())
        if alone or grammar.trade_before.search(head) or grammar.and_me_before.search(head):
            found = self._company(reading, number, trade.end())
            return found._replace(confidence=UNOWNED_CONFIDENCE) if found else None
        return None

    def _people(self, reading: Reading, number: Number, head: str, end: int) -> Finding | None:
        """As in "12 people", "a 12-person support team"; "12 people a day" are no size."""
        grammar, low = self._grammar, reading.low
        if grammar.period_after.match(low, end) or INVITED.search(head):
            return None
        if grammar.company_after.match(low, end):
            return self._company(reading, number, end)
        support = (
            grammar.support_adjective.match(low, number.end)
            or grammar.in_support.match(low, end)
            or (grammar.support_before.search(head) and not self._employs(reading, number))
            or grammar.users_for.search(head)
            or grammar.done_by.search(head)
        )
        if support:
            return self._team(reading, number, end)
        return self._counted_people(reading, number, end)

    def _employs(self, reading: Reading, number: Number) -> bool:
        """As in "I run support at an insurer, 180 employees": behind a company or a pause, staff are all of it."""
        grammar, low = self._grammar, reading.low
        first = reading.clause(number.start)[0]
        if not grammar.employed.match(low, number.end):
            return False
        if low[: number.start].rstrip().endswith(",") or WE_ARE.search(
            low, max(first, number.start - HEAD), number.start
        ):
            return True
        return any(first <= hit.start < number.start for hit in reading.of("label.industry"))

    def _counted_people(self, reading: Reading, number: Number, end: int) -> Finding | None:
        """People with an owner are the company's; a count that stands alone may be, one in a story is nobody's."""
        grammar, low = self._grammar, reading.low
        if grammar.story_after.match(low, end):
            return None
        start = max(reading.clause(number.start)[0], number.start - HEAD)
        own_head = low[start : number.start]
        if grammar.crowd_before.search(own_head):
            return None
        if grammar.owner_before.search(own_head) or grammar.owner_after.match(low, end):
            return self._company(reading, number, end)
        if PLACES_AND.search(own_head):
            return self._company(reading, number, end)
        alone = grammar.alone_before.match(own_head) and grammar.alone_after.match(low, end)
        if alone or grammar.employed.match(low, number.end):
            found = self._company(reading, number, end)
            return found._replace(confidence=UNOWNED_CONFIDENCE, note=UNOWNED) if found else None
        return None

    def _bare_size(self, reading: Reading, number: Number, head: str) -> Finding | None:
        """As in "Team of 12", "we are 12", "12 of us", "12 in support"."""
        grammar, low = self._grammar, reading.low
        if share := SHARE.match(low, number.end):
            return self._team(reading, number, share.end())
        if grammar.part_before.search(head):
            serves = grammar.in_support.match(low, number.end)
            return self._team(reading, number, serves.end()) if serves else None
        if them := grammar.of_them.match(low, number.end):
            serves = grammar.in_support.match(low, max(number.end, them.end() - 1))
            return self._team(reading, number, serves.end()) if serves else None
        us = grammar.of_us.match(low, number.end)
        end = us.end() if us else number.end
        if in_support := grammar.in_support.match(low, end):
            return self._team(reading, number, in_support.end())
        if us is None:
            return self._led(reading, number, head)
        found = (self._team if ANSWERING.match(low, end) else self._company)(reading, number, end)
        # "Five of us score the offers" are some of them.
        some = found and not grammar.alone_after.match(low, end) and grammar.doing_after.match(low, end)
        return found._replace(confidence=UNOWNED_CONFIDENCE, note=UNOWNED) if found and some else found

    def _led(self, reading: Reading, number: Number, head: str) -> Finding | None:
        """A number that nothing follows, told by what leads up to it."""
        grammar, low = self._grammar, reading.low
        if grammar.answered.match(low, number.end) and grammar.own_before.search(head):
            place = self._team if grammar.support_before.search(head) else self._company
            return place(reading, number, number.end)
        if not grammar.count_after.match(low, number.end):
            return None
        if team := grammar.team_before.search(head):
            return (self._team if team["support"] else self._company)(reading, number, number.end)
        return self._company(reading, number, number.end) if grammar.own_count_before.search(head) else None

    def _company(self, reading: Reading, number: Number, end: int) -> Finding | None:
        grammar, low = self._grammar, reading.low
        start = reading.clause(number.start)[0]
        if not 0 < number.high <= LARGEST_COMPANY or grammar.elsewhere_before.search(low, start, number.start):
            return None
        if grammar.and_me_before.search(low, 0, number.start) or grammar.and_me_after.match(low, number.end):
            number = number._replace(low=number.low + 1, high=number.high + 1)
        total = grammar.total_after.match(low, end) is not None
        size = self._amounts.quantity(reading, number, unit="employees")
        return Finding(Field.COMPANY_SIZE, size, number.start, end, confidence=0.85 if total else 0.8)

    def _team(self, reading: Reading, number: Number, end: int) -> Finding | None:
        if not 0 < number.high <= LARGEST_TEAM:
            return None
        return Finding(Field.TEAM_SIZE, self._amounts.quantity(reading, number, unit="agents"), number.start, end)

    def _volume(self, reading: Reading, number: Number, asked: Field | None) -> Finding | None:
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
