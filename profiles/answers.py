"""A short message read as the answer to the question the last reply ended with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.fact import Field, Quantity
from core.ledger import Known
from core.understanding import Act
from profiles.authority import REFUSING
from profiles.context import Context
from profiles.cues import folded
from profiles.facts import Finding
from profiles.names import NameReader
from profiles.numbers import Number
from profiles.qualification_file import QualificationFile, QuestionEntry
from profiles.quantities import QuantityReader
from profiles.reading import Reading
from profiles.timelines import TimelineReader

ANSWER_LIMIT = 120
"""Characters up to which a message may be nothing but an answer."""

LATE_LIMIT = 40
"""Characters up to which a message may answer a question that others were put after."""

_PLAIN_YES = re.compile(r"\W*(?:yes|yep|yeah|yup|ja|jawohl|jep|oui|ouais|sí|si|sim|sì|tak|はい)\b")

_PRICED = re.compile(
    r"\W*(?:(?:and|so|ok|okay|but|then|also|und|et|y|e|en)\W+)*"
    r"(?:what(?:'?s| is| would| does| do| are)|how (?:much|many)|whats|is it|is that"
    r"|was (?:kostet|macht|wäre)|wie ?viel|combien|cuánto|quanto|hoeveel|wat kost)\b"
)
"""Questions in which "a year" and "monthly" tell what is paid for and not when it begins."""

_FEW = {
    word: number
    for number, words in enumerate(
        (
            ("one", "a", "an", "ein", "eine", "un", "une", "uno", "una", "um", "uma", "een"),
            ("two", "zwei", "deux", "dos", "dois", "duas", "twee"),
            ("three", "drei", "trois", "tres", "três", "drie"),
            ("four", "vier", "quatre", "cuatro", "quatro"),
            ("five", "fünf", "cinq", "cinco", "vijf"),
            ("six", "sechs", "seis", "zes"),
        ),
        1,
    )
    for word in words
}
_AND = r"(?:\s*(?:,|\+|&)\s*(?:and\s+|und\s+|et\s+|y\s+|e\s+|en\s+)?|\s+(?:and|plus|und|et|y|e|en|n)\s+)"
_COMMA = re.compile(_AND)
_PEOPLE = re.compile(
    r"\W*(?:(?:it's|its|it is|that's|just|only|nur|juste|solo|só|alleen)\s+)*"
    rf"(?P<list>(?:me|myself|ich|moi|yo|eu|ik)(?:{_AND}(?:[^\W\d][\w'-]*)(?:\s[^\W\d][\w'-]*)?){{1,5}})[\s.!]*"
)
_COUNT = "|".join((r"\d{1,2}", *sorted(_FEW, key=len, reverse=True)))
_TWO_PARTS = re.compile(
    rf"\W*(?P<both>(?P<a>{_COUNT})\s(?:[^\W\d][\w'-]*\s){{1,3}}(?:and|plus|und|et|y|e|en)\s(?P<b>{_COUNT})\s"
    r"(?:part\W?tim\w+|full\W?tim\w+|students?|temps?|freelancers?|interns?|apprentices?|half\W?days?|juniors?|seniors?"
    r"|contractors?|volunteers?|teilzeit\w*|vollzeit\w*|aushilfen?|student\w*|azubis?|praktikant\w*|étudiant\w*|stagiaires?"
    r"|estudiantes?|becari\w+|estagiári\w+|stagiairs?))[\s.!]*"
)

_COUNTED = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.VOLUME, Field.BUDGET})


class AnswerReader:
    def __init__(
        self, qualification: QualificationFile, quantities: QuantityReader, timelines: TimelineReader, names: NameReader
    ) -> None:
        self._entries = qualification.by_id
        self._quantities = quantities
        self._timelines = timelines
        self._names = names
        self._values = {
            entry.id: {
                folded(option.label.lower()).strip(): option.value
                for options in (
                    *entry.options.values(),
                    *(by for own in entry.persona_options.values() for by in own.values()),
                )
                for option in options
                if option.value
            }
            for entry in qualification.questions
        }

    def pending(self, question: str) -> QuestionEntry | None:
        """The entry of a question id; None for none and for one no longer in the file."""
        return self._entries.get(question)

    def read(
        self, entry: QuestionEntry, reading: Reading, context: Context, numbers: list[Number], acts: set[Act]
    ) -> Iterator[Finding]:
        """What the message answers; nothing when it is long or plainly about something else."""
        text = reading.low.strip()
        if not text or len(text) > ANSWER_LIMIT:
            return
        whole = (reading.low.find(text), reading.low.find(text) + len(text))
        value = self._values.get(entry.id, {}).get(folded(text).strip(" .!"))
        if value:
            yield Finding(entry.field, value, *whole, confidence=0.9)
        elif entry.field in _COUNTED:
            yield from self._counted(entry, reading, context, numbers, acts)
        else:
            yield from self._worded(entry, reading, acts)

    def late(self, asked: Sequence[str], reading: Reading, known: Known) -> Iterator[Finding]:
        """What a short message answers of questions put before the last one and still open: a time, or words offered.

        Bare numbers are left alone: they could belong to any of them.
        """
        text = reading.low.strip()
        start = reading.low.find(text)
        entries = [self._entries[one] for one in reversed(asked) if one in self._entries]
        for entry in entries:
            if not text or len(text) > LATE_LIMIT or entry.field in known:
                continue
            value = self._values.get(entry.id, {}).get(folded(text).strip(" .!"))
            found = Finding(entry.field, value, start, start + len(text), confidence=0.8) if value else None
            if found is None and entry.field is Field.TIMELINE and not _PRICED.match(text):
                found = self._timelines.answer(reading)
            if found is not None:
                yield found
                return

    def _counted(
        self, entry: QuestionEntry, reading: Reading, context: Context, numbers: list[Number], acts: set[Act]
    ) -> Iterator[Finding]:
        when = self._timelines.answer(reading)
        if entry.field is Field.TEAM_SIZE and (some := _heads(reading)):
            yield some
            return
        for number in numbers:
            if when is not None and when.start <= number.start < when.end:
                continue  # "in two months" counts no tickets
            if context.asserted(number.start) and self._quantities.may_answer(entry.field, reading, number):
                value = self._quantities.answer(entry.field, reading, number, period=entry.period)
                yield Finding(entry.field, value, number.start, number.end, confidence=0.85)
                return
        none = self._quantities.lacking(reading) if entry.field is Field.BUDGET else None
        if none is not None:
            yield none
        else:
            yield from _said_no_or_yes(entry, reading, acts)

    def _worded(self, entry: QuestionEntry, reading: Reading, acts: set[Act]) -> Iterator[Finding]:
        found: Finding | None = None
        if entry.field is Field.TIMELINE:
            found = None if _PRICED.match(reading.low) else self._timelines.answer(reading)
        elif entry.field is Field.NAME and not acts & {Act.DENIES, Act.DOES_NOT_KNOW, Act.ASKS}:
            found = self._names.name_answer(reading)
        elif entry.field is Field.COMPANY and not acts & {Act.DENIES, Act.DOES_NOT_KNOW, Act.ASKS}:
            found = self._names.company_answer(reading)
        if found is not None:
            yield found
        else:
            yield from _said_no_or_yes(entry, reading, acts)


def _heads(reading: Reading) -> Finding | None:
    """People named one by one, or in two parts: "me and Priya", "four full time and two students"."""
    text = reading.low
    if listed := _PEOPLE.fullmatch(text):
        heads = len(_COMMA.split(listed["list"]))
        return Finding(
            Field.TEAM_SIZE, Quantity(low=heads, high=heads, unit="agents"), *listed.span("list"), confidence=0.8
        )
    parts = _TWO_PARTS.fullmatch(text)
    if parts is None:
        return None
    first, second = (int(one) if one.isdecimal() else _FEW[one] for one in (parts["a"], parts["b"]))
    heads = first + second
    return Finding(Field.TEAM_SIZE, Quantity(low=heads, high=heads, unit="agents"), *parts.span("both"), confidence=0.8)


def _said_no_or_yes(entry: QuestionEntry, reading: Reading, acts: set[Act]) -> Iterator[Finding]:
    value = entry.no_value if Act.DENIES in acts else entry.yes_value if Act.AFFIRMS in acts else ""
    if entry.field is Field.DECISION_MAKER and Act.DENIES in acts and REFUSING.search(reading.low):
        return  # "no, I don't want a call" does not say that nobody else decides
    if value == entry.yes_value and entry.field is Field.DECISION_MAKER and not _PLAIN_YES.match(reading.low):
        return  # "ok" to "you, or somebody else?" goes along with what was said before
    if value and Act.DOES_NOT_KNOW not in acts:
        hit = next(hit for hit in reading.of("acts") if hit.name in {"denies", "affirms"})
        yield Finding(entry.field, value, hit.start, hit.end, confidence=0.8)
