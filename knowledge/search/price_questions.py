"""Questions about money: which of them the price book answers, and which are about something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.passage import Finding
from knowledge.search.index import Entry
from knowledge.search.language import CHEAPEST, DEAREST, MONEY, PRICE, Language, Reading
from knowledge.search.price_book import PriceBook
from knowledge.search.price_sums import PriceSums
from knowledge.search.weighing import Weighed
from knowledge.words import words_of

_TELLING = 1.5
"""Weight from which a part of a question is about one thing on the site rather than about all of it."""
OF_EVERY_PLAN = frozenset({PRICE, "@cheap", "@plan"})
"""What a question about money asks for without naming a thing."""
_QUANTITY = re.compile(
    r"\b(?:for|with|at)\s+(?:(?:a|an|about|around|roughly|some|our|team|crew|fleet|group|of|up|to)\s+)*"
    r"(?:\d[\d.,]*k?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|fifty|hundred)\s+[\w-]+",
    re.IGNORECASE,
)
_WHICH_PLAN = re.compile(r"\b(?:which|what)\s+(?:plan|one|package|tier|option|edition|subscription)\b", re.IGNORECASE)
"""Beside a number of what is paid for, this asks what the plans cost for so many."""
_SUITING_PLAN = re.compile(
    r"\b(?:which|what)\s+(?:plan|package|tier|edition|subscription)\b[^.?!,]{0,24}?"
    r"\b(?:right|best|suits?|suitable|fits?|for (?:us|me|that|this|so many)|recommend\w*"
    r"|(?:we|i) (?:need|take|get|choose|pick|buy))\b",
    re.IGNORECASE,
)


class PriceQuestions:
    """Answers a question about money from the price book; () where it is about something the book does not know."""

    def __init__(
        self, book: PriceBook, language: Language, weigh: Callable[[str], Weighed], entries: Sequence[Entry]
    ) -> None:
        self._book = book
        self._sums = PriceSums(entries, language.stemmer)
        self._asking = language.phrases_for(MONEY)
        self._language = language
        self._weigh = weigh
        self._entries = {id(entry.passage): entry for entry in entries}
        front = [entry for entry in entries if entry.path == "/"]
        self._trade = frozenset(term for entry in front for term in language.terms(entry.passage.title)).union(
            *(entry.topic for entry in front)
        )

    def find(self, text: str, reading: Reading, whole: str = "") -> tuple[Finding, ...]:
        """The findings that answer, added up where the question counts what is paid by number.

        () where there are none or where nobody asked for a price. `whole` is the question with what it tells besides.
        """
        found = self._find(text, reading)
        named = self._named_in(whole) if found and whole != text else None
        found = (named,) if named else found
        return (self.summed(found[0], whole or text), *found[1:]) if found else ()

    def summed(self, finding: Finding, told: str) -> Finding:
        """A finding of prices with what they make for as many as somebody tells of."""
        counted = self._sums.counted(told) if finding.prices and not finding.conflicts else None
        if counted is None:
            return finding
        return replace(finding, sums=self._sums.of(counted, finding.prices, self._book.published()))

    def _find(self, text: str, reading: Reading) -> tuple[Finding, ...]:
        if _SUITING_PLAN.search(text) or (_WHICH_PLAN.search(text) and self._sums.counted(text)):
            return self._book.overview()
        ends = reading.cues & {CHEAPEST, DEAREST}
        if MONEY not in reading.cues and not ends:
            return ()
        if MONEY not in reading.cues and CHEAPEST not in ends and not self._names_plan(reading):
            return ()
        bare = self._bare(text)
        stems = [self._language.stemmer.stem(word) for word in words_of(bare)]
        parts = [self._weigh(part) for part in self._language.read(bare).parts]
        telling = [one for one in parts if self._is_telling(one)]
        if ends:
            found = self._book.cheapest() if CHEAPEST in ends else self._book.dearest()
            about = [one for one in telling if not ends_term(one, self._language)]
        else:
            found = self._book.plan(stems, stems)
            about = telling
            if found is None and all(self._is_unit(one) for one in telling):
                return self._overview([one for one in parts if self._is_thing(one) and one.impacts])
        return (found,) if found and all(self._speaks_of(found, one) for one in about) else ()

    def _named_in(self, whole: str) -> Finding | None:
        stems = [self._language.stemmer.stem(word) for word in words_of(self._bare(whole))]
        return self._book.plan(stems, stems)

    def _bare(self, text: str) -> str:
        """A question without what it counts and without the phrases by which it asks for a price."""
        counted = self._sums.counted(text)
        without = text.replace(counted.words, " ") if counted else text
        return self._asking.sub(" price ", _QUANTITY.sub(" ", without).replace("'", " ").replace("’", " "))

    def _names_plan(self, reading: Reading) -> bool:
        """Whether what is called the largest is a plan: "your biggest package", not "your largest customer"."""
        return any(term == "@plan" for part in reading.parts for term, _ in self._weigh(part).terms)

    def _overview(self, things: Sequence[Weighed]) -> tuple[Finding, ...]:
        """What the plans cost, unless a thing is asked about that the page with their prices does not speak of."""
        found = self._book.overview()
        return found if all(self._stands_by(found[0], one) for one in things if found) else ()

    def _stands_by(self, finding: Finding, one: Weighed) -> bool:
        said = self._entries[id(finding.passage)].around.keys() | self._trade
        return self._is_unit(one) or any(term in said for term, _ in one.terms)

    def _is_telling(self, one: Weighed) -> bool:
        return self._is_thing(one) and one.weight > _TELLING

    def _is_thing(self, one: Weighed) -> bool:
        return not one.faint and one.terms[0][0] not in OF_EVERY_PLAN

    def _is_unit(self, one: Weighed) -> bool:
        return any(term in self._book.units() for term, _ in one.terms)

    def _speaks_of(self, finding: Finding, one: Weighed) -> bool:
        entry = self._entries[id(finding.passage)]
        units = {self._language.stemmer.stem(word) for price in finding.prices for word in words_of(price.price.unit)}
        said = units.union(*(s.terms for s in entry.sentences if s.text in finding.sentences), entry.headed)
        return any(term in said for term, _ in one.terms)


def ends_term(one: Weighed, language: Language) -> bool:
    """Whether a part of a question is itself what asks for the lower or the upper end."""
    return not language.read(one.part).cues.isdisjoint({CHEAPEST, DEAREST})
