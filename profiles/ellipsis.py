"""Numbers whose noun was said before: "4,000 chats at Christmas, normally 700", "50 agents? we only have 8"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from core.fact import Field, Quantity
from profiles.context import Context
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.quantities import QuantityReader, stands
from profiles.quantity_grammar import INSTEAD, NOW_AFTER
from profiles.reading import Reading
from profiles.repairs import ALONE

FAR = 100
"""A number this many times another hardly counts the same."""
REACH = 90
"""Characters between the number with its noun and the one without."""

_CONTRAST = re.compile(
    r"(?:\b(?:we're at|we are at|we're around|we do|we get|it's|ours is|but|pero|mas|mais|aber|maar"
    r"|sondern|ourselves|ours|only|more like|rather|normal(?:ly)?|usual(?:ly)?"
    r"|typical(?:ly)?|average|otherwise|actually|in reality|these days|now|instead|selbst|wir nur|sonst|normalerweise"
    r"|üblich|im schnitt|d'habitude|en moyenne|nous-mêmes|normalmente|en promedio|nosotros|em média|nós|normaal"
    r"|gemiddeld|zelf)\b[^.?!]{0,28})$"
)


_REPAIRED = re.compile(
    r"(?:[,.;:–—-]|\.\.\.|^)\s*(?:(?:oh|ah|um|uh|ähm|äh|euh|eh|hm+)\W+)?"
    r"(?:no|nope|well|wait|sorry|oops|correction|i mean|i meant|i should say|make that|make it|rather|scratch that"
    r"|my bad|actually|my mistake|or rather|nein|quatsch|moment|ich meine|ich meinte|besser gesagt|entschuldigung"
    r"|pardon|non|enfin|plutôt|je veux dire|perdón|perdon|digo|mejor dicho|quiero decir|desculpa|desculpe|aliás"
    r"|quer dizer|quero dizer|nee|ik bedoel)\b[^.?!\d]{0,24}$"
)
"""Between two numbers: the one behind puts the one before right."""
_OF_PEOPLE = frozenset({Field.COMPANY_SIZE, Field.TEAM_SIZE})
_SO = re.compile(
    r"\b(?:so|leaving|which leaves|leaves|that leaves|also|bleiben|donc|reste|así que|quedan|então|restam|dus"
    r"|blijven)\b[^.?!\d]{0,24}$"
)
"""Between how many people left or came and how many there are now."""
_USUALLY = re.compile(
    r"\b(?:otherwise|normal(?:ly)?|usual(?:ly)?|typical(?:ly)?|the rest of the (?:year|time)|on average|other months"
    r"|sonst|normalerweise|üblich|im schnitt|d'habitude|sinon|en moyenne|le reste de l'année|normalmente"
    r"|el resto del año|en promedio|em média|no resto do ano|anders|normaal|gemiddeld)\b[^.?!\d]{0,28}$"
)
"""Between a number at its highest and the usual one."""
_OF_THEM = re.compile(
    r"\s+(?:of (?:them|those|these|which|whom|us|our)|davon|d'entre|de ellos|de ellas|deles|delas|ervan)\b"
)


def carried(
    reading: Reading, context: Context, numbers: list[Number], found: list[Finding], reader: QuantityReader
) -> list[Finding]:
    """The findings, with those of numbers that borrow the noun of the one before them in the place of its own."""
    result = list(found)
    for before, number in _pairs(reading, numbers, reader):
        between = reading.low[before.end : number.start]
        fields = reader.counted(reading, before)
        rated = _usual(reading, before, number, fields, reader)
        taken = any(one.start <= number.start < one.end and one.field is not Field.COMPANY_SIZE for one in found)
        if (taken and not rated) or not stands(reading, context, number):
            continue
        told = reading.low[: reading.sentence(before.start)[1]].rstrip()[-1:]
        if len(between) > REACH:
            continue
        repaired = _REPAIRED.search(between) is not None and not _OF_THEM.match(reading.low, number.end)
        if not repaired and told != "?" and reading.sentence(before.start) != reading.sentence(number.start):
            continue
        if not fields or not (
            repaired or _CONTRAST.search(between) or (fields[0] in _OF_PEOPLE and _SO.search(between))
        ):
            continue
        if INSTEAD.search(reading.low, 0, number.start):
            continue
        alone = ALONE.match(reading.low, number.end) or NOW_AFTER.match(reading.low, number.end)
        if not rated and (not alone or reader.counted(reading, number) is not None):
            continue
        if value := _borrowed(reading, before, number, fields[0], reader):
            result = [
                one for one in result if not any(one.start <= at < one.end for at in (before.start, number.start))
            ]
            result.append(Finding(fields[0], value, number.start, number.end, confidence=0.8))
    return result


def _pairs(reading: Reading, numbers: list[Number], reader: QuantityReader) -> Iterator[tuple[Number, Number]]:
    """Each number with the one before it; what is left is of those counted: "18 agents, six left, so 12 now"."""
    counted: Number | None = None
    for before, number in pairwise(numbers):
        if reader.counted(reading, before):
            counted = before
        sums_up = counted is not None and _SO.search(reading.low, before.end, number.start) is not None
        yield (counted if sums_up and counted is not None else before), number


def _usual(
    reading: Reading, before: Number, number: Number, fields: tuple[Field, ...] | None, reader: QuantityReader
) -> bool:
    """Whether a number with a period of its own is the usual one, behind a peak: "5k in May, otherwise 1k a month"."""
    rate = Field.VOLUME in (reader.counted(reading, number) or ()) and fields == (Field.VOLUME,)
    return rate and _USUALLY.search(reading.low, before.end, number.start) is not None


def _borrowed(
    reading: Reading, before: Number, number: Number, field: Field, reader: QuantityReader
) -> Quantity | None:
    """The number as a count of what the one before it counts, in the same period."""
    told = reader.answer(field, reading, before, period="")
    if not isinstance(told, Quantity) or not (number.high < before.high * FAR and before.high < number.high * FAR):
        return None
    value = reader.answer(field, reading, number, period=told.period)
    if not isinstance(value, Quantity):
        return None
    own = next((one for one in reader.periods(reading) if 0 <= one.start - number.end <= 1), None)
    period = own.name if own else told.period
    if field is Field.VOLUME and not period:
        return None
    return Quantity(low=value.low, high=value.high, unit=told.unit, period=period, currency=value.currency)
