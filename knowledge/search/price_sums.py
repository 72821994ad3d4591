"""What a plan costs somebody who says how many they are: the base, what is included, and so much for each one more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from core.offering import PlanPrice, Sum
from core.passage import CELL
from knowledge.search.index import Entry
from knowledge.words import Stemmer, words_of

_EXTRA = re.compile(r"^(?:extra|additional|further|each extra|each additional|each further)\s+", re.IGNORECASE)
PRICING_PATH = re.compile(r"/(?:pricing|prices?|plans?|fees?|packages?|tarif\w*|preise?|rates?|cost\w*)\b")
_MOST_COUNTED, _MOST_FLOWING = 20_000, 10_000_000
_DIGITS = 2
"""Digits of a number that is reckoned from another period: 1,400 a week are about 6,100 a month."""
_NOUNS = 3
"""Words behind a number among which the thing that it counts may stand: "14 support agents"."""
_AND = re.compile(r"\s*(?:,|and|plus|&|\+|,\s*and)\s+", re.IGNORECASE)
_MONTH = "month"
_RECURRENT = frozenset({_MONTH, "year"})
_MOST_SUMS = 3
_PEOPLE = frozenset({0, 1})
"""The groups of `counting.yaml` that hold the visitor's own people."""


class Period(BaseModel):
    """The words that name a period, and how many of it make a month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str
    times: float


class CountingData(BaseModel):
    """`counting.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[tuple[str, ...], ...]
    flows: frozenset[int]
    monthly: tuple[Period, ...]
    alone: tuple[str, ...]
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many of a kind of thing; `kinds` are numbers of the data's groups, `words` is how the question says it."""

    count: int
    kinds: frozenset[int]
    words: str


class PriceSums:
    """Adds up the prices of one site. `offers` are all of them; pages tell what is included."""

    def __init__(self, entries: Sequence[Entry], stemmer: Stemmer) -> None:
        data = counting_data()
        self._entries = entries
        self._stem = stemmer.stem
        self._numbers = data.numbers
        self._kinds: dict[str, frozenset[int]] = {}
        for number, kind in enumerate(data.kinds):
            for stem in map(self._key, kind):
                self._kinds[stem] = self._kinds.get(stem, frozenset()) | {number}
        self._flows = data.flows
        self._monthly = [(re.compile(rf"\s*(?:{one.words})(?!\w)", re.IGNORECASE), one.times) for one in data.monthly]
        self._alone = [re.compile(one, re.IGNORECASE) for one in data.alone]
        numbers = "|".join(sorted(data.numbers, key=len, reverse=True))
        noun = rf"[^\W\d_]+(?:[ -][^\W\d_]+){{0,{_NOUNS - 1}}}"
        self._counts = re.compile(
            rf"(?<![\d.,$€£])\b(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}k?|{numbers})\b[ -](?P<nouns>{noun})",
            re.IGNORECASE,
        )

    def counted(self, question: str) -> Counted | None:
        """What a question counts; None where it counts nothing that is ever paid for by number."""
        for match in self._counts.finditer(question):
            found = self._named(match["nouns"])
            if found is not None:
                kinds, end = found
                end += match.start("nouns")
                flowing = self._month_of(question, end) if kinds & self._flows else None
                times, end = flowing or (1.0, end)
                first = self._of(match["n"], kinds, question[match.start() : end], times)
                return self._with_more(first, question, end) if first else None
        alone = next(filter(None, (one.search(question) for one in self._alone)), None)
        return self._of(alone["n"], _PEOPLE, alone[0]) if alone else None

    def _of(self, written: str, kinds: frozenset[int], words: str, times: float = 1.0) -> Counted | None:
        low = written.casefold()
        count = self._numbers.get(low) or int(low.replace(",", "").replace("k", "000"))
        if times != 1.0:
            monthly = round(count * times)
            count = round(monthly, _DIGITS - len(str(monthly)))
        most = _MOST_FLOWING if kinds & self._flows else _MOST_COUNTED
        return Counted(count=count, kinds=kinds, words=words) if 1 < count <= most else None

    def _with_more(self, first: Counted, question: str, end: int) -> Counted:
        """What is counted, with more of the same kind behind it: "14 artics and four tippers"."""
        joined = _AND.match(question, end)
        match = self._counts.match(question, joined.end()) if joined else None
        found = self._named(match["nouns"]) if match else None
        if match is None or found is None or not found[0] & first.kinds or first.kinds & self._flows:
            return first
        more = self._of(match["n"], found[0], question[match.start() : match.start("nouns") + found[1]])
        words = f"{first.words}{question[end : match.start()]}{more.words}" if more else first.words
        return Counted(count=first.count + more.count, kinds=first.kinds, words=words) if more else first

    def _month_of(self, question: str, start: int) -> tuple[float, int] | None:
        """How many of the period named from `start` on make a month, and where its name ends; None without a name."""
        for words, times in self._monthly:
            if named := words.match(question, start):
                return times, named.end()
        return None

    def _named(self, nouns: str) -> tuple[frozenset[int], int] | None:
        """The kinds of the first thing that some words name, and where its name ends."""
        for match in re.finditer(r"(?<=\s)|$", nouns):
            kinds = self._kind(nouns[: match.start()])
            if kinds:
                return kinds, match.start()
        return None

    def of(self, counted: Counted, prices: Sequence[PlanPrice], published: Sequence[PlanPrice]) -> tuple[Sum, ...]:
        """A sum for every plan among `prices` that is paid by what is counted; `published` are all of the site."""
        bases = (one for one in _bases(prices) if one.price.period == _MONTH or not counted.kinds & self._flows)
        sums = [one for price in bases if (one := self._sum(counted, price, prices, published))]
        sums.sort(key=lambda one: one.total)
        return tuple(sums[:_MOST_SUMS])

    def _sum(
        self, counted: Counted, base: PlanPrice, prices: Sequence[PlanPrice], published: Sequence[PlanPrice]
    ) -> Sum | None:
        if base.price.unit:
            return self._each(counted, base, None)
        beside = [one for one in (*prices, *published) if one.plan == base.plan and _goes_with(one, base)]
        for one in beside:
            if not _EXTRA.match(one.price.unit) and self._kind(one.price.unit) & counted.kinds:
                return self._each(counted, one, base)
        included = self._included(base, counted.kinds)
        if included >= counted.count:
            return Sum(count=counted.count, base=base, each=base, included=included)
        more = (one for one in beside if _EXTRA.match(one.price.unit) and self._kind(one.price.unit) & counted.kinds)
        each = next(more, None) if included else None
        return Sum(count=counted.count, base=base, each=each, included=included) if each else None

    def _each(self, counted: Counted, each: PlanPrice, base: PlanPrice | None) -> Sum | None:
        if not self._kind(each.price.unit) & counted.kinds:
            return None
        return Sum(count=counted.count, base=base, each=each, included=0)

    def _included(self, base: PlanPrice, kinds: frozenset[int]) -> int:
        """How many of a thing are in a plan's price, as a row of a table of prices tells; 0 where none does."""
        for entry in self._entries:
            if not PRICING_PATH.search(entry.path):
                continue
            for cells in rows(entry.passage.text):
                label, told = cells.get("", ""), cells.get(base.plan, "").replace(",", "")
                if told.isdecimal() and not _EXTRA.match(label) and self._kind(label) & kinds:
                    return int(told)
        return 0

    def _kind(self, words: str) -> frozenset[int]:
        bare = _EXTRA.sub("", words.casefold())
        pairs = words_of(bare)
        for size in (2, 1):
            for place in range(len(pairs) - size + 1):
                kinds = self._kinds.get(self._key(" ".join(pairs[place : place + size])))
                if kinds:
                    return kinds
        return frozenset()

    def _key(self, words: str) -> str:
        return " ".join(map(self._stem, words_of(words)))


def rows(text: str) -> Iterator[Mapping[str, str]]:
    """The rows of the tables in a passage: head of the column -> cell; the first column's is ""."""
    columns: list[str] = []
    for line in text.split("\n"):
        if line.endswith(CELL):
            columns = line.removesuffix(CELL).split(CELL)
        elif CELL in line and columns:
            yield {"": line.split(CELL, 1)[0]} | dict(zip(columns[1:], line.split(CELL)[1:], strict=False))


def _bases(prices: Sequence[PlanPrice]) -> Iterator[PlanPrice]:
    """The price of each plan that others are paid on top of, or the only one."""
    seen: set[str] = set()
    for one in sorted(prices, key=lambda price: bool(price.price.unit)):
        on_top = one.source.quote.lstrip().startswith("+")
        if one.plan and one.plan not in seen and one.price.period in _RECURRENT and not on_top:
            seen.add(one.plan)
            yield one


def _goes_with(one: PlanPrice, base: PlanPrice) -> bool:
    mine, other = base.price, one.price
    same = (mine.currency, mine.billed) == (other.currency, other.billed)
    # one conversation more has its price whatever the month, a further seat is paid for by the month
    once = not other.period and _EXTRA.match(other.unit) is not None
    return same and bool(other.unit) and (once or mine.period == other.period)


@cache
def counting_data() -> CountingData:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/counting.yaml").read_text(encoding="utf-8")
    return CountingData.model_validate(yaml.safe_load(text))
