"""Numbers put right: "actually 30", "600 a week I meant", "clients, not staff", "per year, not per month"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import log

from core.fact import Fact, Field, Operation, Quantity
from core.ledger import Known
from profiles.context import Context
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.quantities import QuantityReader
from profiles.reading import Reading

COUNTED = (Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.VOLUME, Field.BUDGET)
_SIZES = {Field.COMPANY_SIZE: "employees", Field.TEAM_SIZE: "agents"}
_TIMED = (Field.VOLUME, Field.BUDGET)
_FAR = log(30)
"""A number this many times another one (as a logarithm) is hardly a slip of it."""
SHORT = 110
"""Characters up to which a message that only puts right says nothing else."""

ALONE = re.compile(
    r"\s*(?:[.,;:!?)–—-]|$|(?:since|as of|by now|seit|depuis|desde|sinds|not|instead|rather|i meant|i mean"
    r"|meant|and not|sorry|actually|please|then|now|is (?:right|correct|what)"
    r"|nicht|eher|doch|jetzt|heute|nun|plutôt|en fait"
    r"|now|today|these days|hoy|ahora|hoje|agora|nu|oggi|adesso"
    r"|statt|und nicht|meinte|wollte|sind es|pas|et non|au lieu|je voulais|je pense|no|en vez|quise"
    r"|quería|son|não|em vez|quis|niet"
    r"|in plaats|bedoel\w*|zijn het|moet het|it is|it was|of them|in total|insgesamt|au total|en total|no total"
    r"|in totaal|but|though|tho|with|mit|con|com|avec|met|including|counting|aber|mais|pero|mas|maar"
    r"|and that|right now|at most|max)\b)"
)
_SAYS_NO = re.compile(
    r"\W*(?:(?:oh|ah|ach)\W+)?(?:no|nope|nein|nee|non|não|nicht|moment|halt|stopp|momento|espera|wacht|attends"
    r"|attendez|aspetta|um momento)\b\W+(?:it's |it is |es sind |c'est |son |são |het zijn )?(?=\S{0,3}\d)"
)


_WAS = re.compile(
    r"(?:\s+\w+){0,2}?\s+(?:was|were|war|waren|c'était|c’était|était|étaient|era|eran|eram|foi|foram|waren)\b"
)
_THAT_WAS = re.compile(
    r"\b(?:(?:that|this|it|which|those|these|they)\s?"
    r"(?:was|were|'s (?:just |only )?(?:his|her|their|a|an|the|last|from|for))\b"
    r"|thats\b|(?:das|dies|es|die) (?:war|waren)\b|(?:c'était|c’était|ça c'était|ce n'était)\b"
    r"|(?:eso|esos|ese|esa) eran?\b"
    r"|era (?:de|en|antes|del)\b|(?:isso|esse|essa) (?:era|foi)\b|(?:dat|die) (?:was|waren)\b)"
)
_NOW_IS = re.compile(
    r"\b(?:so|then|dann|also|donc|entonces|então|dus) \S{1,12} (?:it is|ist es|sind es)\b"
    r"|\bso (?:it is|it's|its|that's|make that|that makes|we are|we're) (?=\S)"
    r"|\b(?:now|rn|these days|jetzt|inzwischen|mittlerweile|maintenant|désormais|ahora|agora|nu|inmiddels)"
    r"(?: (?:it's|we're|it is|we are|so|like|more like|about|around|rather|eher|wohl|nur noch|plutôt|son|somos|são"
    r"|zijn))*"
    r" (?=\d)|\d\S* (?:now|these days|jetzt|inzwischen|maintenant|ahora|agora|inmiddels)\b"
)


def is_struck(reading: Reading, context: Context, number: Number, known: Known) -> bool:
    """Whether the sentence takes a known figure back: "strike the 340", "the 3,000 from before, forget them"."""
    if not any(_is(number, fact) for field in COUNTED for fact in known.get(field, ())[-1:]):
        return False
    start, stop = reading.sentence(number.start)
    if any(start <= hit.start < stop for hit in context.hits("withdrawal")):
        return True
    return _WAS.match(reading.low, number.end) is not None


def struck(
    reading: Reading, context: Context, numbers: list[Number], findings: list[Finding], known: Known
) -> Iterator[Finding]:
    """Known figures that are taken back by naming them, where no other takes their place."""
    told = {one.field for one in findings}
    for number in numbers:
        if not is_struck(reading, context, number, known) or any(
            one.start <= number.start < one.end for one in findings
        ):
            continue
        for field in COUNTED:
            if field not in told and any(_is(number, fact) for fact in known.get(field, ())[-1:]):
                yield Finding(field, "", number.start, number.end, Operation.CLEAR)


def corrected_number(
    reading: Reading,
    context: Context,
    numbers: list[Number],
    findings: list[Finding],
    known: Known,
    *,
    pending: Field | None,
    reader: QuantityReader,
) -> Finding | None:
    """As in "Actually 30, not 20": a bare number that replaces the one it contradicts, is like, or follows."""
    told = any(isinstance(one.value, Quantity) for one in findings)
    repairs = (
        any(context.any(name) for name in ("correction", "withdrawal"))
        or (not told and any(said.search(reading.low) for said in (_THAT_WAS, _NOW_IS)))
        or _SAYS_NO.match(reading.low) is not None
    )
    free = [one for one in numbers if not any(found.start <= one.start < found.end for found in findings)]
    denied = [one for one in free if context.negated(one.start) or is_struck(reading, context, one, known)]
    stated = [
        one
        for one in free
        if one not in denied and not context.hypothetical(one.start) and not context.elsewhere(one.start)
    ]
    if not repairs and not denied:
        return None
    if len(stated) > 1:  # "nearer 30 than 80": the figure that is known is the one put right
        held = [one for one in stated if any(_is(one, fact) for field in COUNTED for fact in known.get(field, ()))]
        denied, stated = [*denied, *held], [one for one in stated if one not in held]
    if not stated or _asks(reading, stated[-1]):
        return None
    number = stated[-1]
    if any(isinstance(one.value, Quantity) and number.high in (one.value.low, one.value.high) for one in findings):
        return None  # the figure said twice is told already
    old = _meant(reading, number, denied, known, pending, reader)
    if old is None or not isinstance(old.value, Quantity) or any(one.field is old.field for one in findings):
        return None
    new = reader.answer(old.field, reading, number, period=old.value.period)
    if not isinstance(new, Quantity):
        return None
    value = replace(
        old.value,
        low=new.low,
        high=new.high,
        period=new.period or old.value.period,
        currency=new.currency or old.value.currency,
    )
    return None if value == old.value else Finding(old.field, value, number.start, number.end, confidence=0.85)


def _meant(
    reading: Reading, number: Number, denied: list[Number], known: Known, pending: Field | None, reader: QuantityReader
) -> Fact | None:
    """The fact that a number puts right, None where it counts something else."""
    facts = [fact for field in COUNTED for fact in known.get(field, ()) if isinstance(fact.value, Quantity)]
    named = reader.counted(reading, number) or _named(reading)
    if named is not None:
        facts = [fact for fact in facts if fact.field in named]
    elif not (denied or ALONE.match(reading.low, number.end)) or reading.low.rstrip().endswith("?"):
        return None
    if old := next((fact for fact in facts if any(_is(one, fact) for one in denied)), None):
        return old
    asked = [fact for fact in facts if fact.field is pending]
    return max(
        asked or facts, key=lambda fact: (_near(number, fact) < _FAR, fact.at, -_near(number, fact)), default=None
    )


def _asks(reading: Reading, number: Number) -> bool:
    return reading.text[number.end : reading.sentence(number.start)[1]].rstrip().endswith("?")


def _named(reading: Reading) -> tuple[Field, ...] | None:
    """The field that the message itself names, as in "sorry, for the budget I meant 700"."""
    named = {Field(hit.name) for hit in reading.of("fields")} & set(COUNTED)
    counted = {Field(hit.name) for hit in reading.of("counted") if hit.name != "other"}
    return tuple(named or counted) or None


def _is(number: Number, fact: Fact) -> bool:
    return isinstance(fact.value, Quantity) and number.low in (fact.value.low, fact.value.high)


def _near(number: Number, fact: Fact) -> float:
    """How far apart two figures are, 0 for the same."""
    held = fact.value.high or fact.value.low if isinstance(fact.value, Quantity) else None
    return abs(log(held / number.high)) if held and number.high > 0 else _FAR


def retold(reading: Reading, context: Context, findings: list[Finding], known: Known) -> Iterator[Finding]:
    """What a known number counts, put right without naming it again: "clients, not staff", "a year, not a month"."""
    if len(reading.low) > SHORT or not (context.any("negation") or context.any("correction")):
        return
    taken = {one.field for one in findings}
    nouns = reading.of("counted")
    denied = [hit for hit in nouns if context.negated(hit.start)]
    stated = [hit for hit in nouns if hit not in denied]
    for hit in denied:
        field = Field(hit.name) if hit.name != "other" else None
        if field is None or field in taken or field not in known or not stated or stated[-1].name == hit.name:
            continue
        yield Finding(field, "", hit.start, hit.end, Operation.CLEAR)
        value, other = known[field][-1].value, stated[-1]
        if other.name in _SIZES and field in _SIZES and isinstance(value, Quantity) and Field(other.name) not in taken:
            moved = replace(value, unit=_SIZES[Field(other.name)])
            yield Finding(Field(other.name), moved, other.start, other.end, confidence=0.85)


def retimed(
    reading: Reading, context: Context, findings: list[Finding], known: Known, reader: QuantityReader
) -> Finding | None:
    """As in "I meant a week": another period for the figure known last."""
    if len(reading.low) > SHORT or reading.digits or not (context.any("negation") or context.any("correction")):
        return None
    spoken = list(reader.periods(reading))
    stated = [one for one in spoken if not context.negated(one.start)]
    denied = {one.name for one in spoken} - {one.name for one in stated}
    facts = [
        fact
        for field in _TIMED
        for fact in known.get(field, ())
        if isinstance(fact.value, Quantity) and fact.value.period and (not denied or fact.value.period in denied)
    ]
    old = max(facts, key=lambda fact: fact.at, default=None)
    if old is None or not isinstance(old.value, Quantity) or len(stated) != 1:
        return None
    if stated[0].name == old.value.period or any(one.field is old.field for one in findings):
        return None
    return Finding(
        old.field, replace(old.value, period=stated[0].name), stated[0].start, stated[0].end, confidence=0.85
    )
