"""Numbers of people: who of them are all of a company, and who those that answer customers."""

from __future__ import annotations

import re

from core.fact import Field
from profiles.amounts import Amounts
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.people_at_work import ANSWERER, ANSWERING, AT_THE_INBOX, HIRED, PLACES_AND, TEAM_OF
from profiles.quantity_grammar import HEAD, INVITED, OFFERED, OVER_THE, SHARE, QuantityGrammar
from profiles.reading import Reading

UNOWNED = "unowned"
"""The note of a count of people that nobody is said to employ: it makes way for one with an owner."""
UNOWNED_CONFIDENCE = 0.6
PARTNERS_CONFIDENCE = 0.55
"""Of "we're three architects": it makes way for any count of employees in the same message."""
WE_ARE = re.compile(r"\b(?:we are|we're|nous sommes|on est|somos|wir sind|we zijn)\s+(?:\w+\s+)?$")

LARGEST_COMPANY = 3_000_000
LARGEST_TEAM = 50_000
LARGEST_USERS = 500
"""More users than this are a product's, not seats somebody buys."""


class HeadcountReader:
    """Says whether a number of the visitor's own counts their people."""

    def __init__(self, grammar: QuantityGrammar, amounts: Amounts) -> None:
        self._grammar = grammar
        self._amounts = amounts

    def read(self, reading: Reading, number: Number) -> Finding | None:
        """A company_size or team_size, None when the number counts nobody of theirs."""
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
        led = low[max(first, number.start - HEAD) : number.start]
        if low[: number.start].rstrip().endswith(",") or WE_ARE.search(led):
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
