"""Numbers and times as Japanese writes them: the figure, its myriad and its counter stand without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from core.fact import Field, Quantity
from profiles.facts import Finding
from profiles.reading import Reading
from profiles.resources import Resource
from profiles.timelines import horizon

KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_STEPS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "億": 100_000_000}
_FIGURE = r"(?P<n>\d[\d,.]{0,14}[万億千]?|[〇一二三四五六七八九十百千万億]{1,12})"
_WIDE = str.maketrans("０１２３４５６７８９，．", "0123456789,.")


class JapaneseFile(Resource):
    """`japanese.yaml`: alternatives of expressions, each as it is written."""

    employees: tuple[str, ...]
    seats: tuple[str, ...]
    people: tuple[str, ...]
    pieces: tuple[str, ...]
    money: tuple[str, ...]
    budget: tuple[str, ...]
    not_own: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    times: dict[str, tuple[str, ...]]
    spans: dict[str, float]
    titles: tuple[str, ...]
    not_people: tuple[str, ...]
    companies: tuple[str, ...]
    decides: tuple[str, ...]
    decides_together: tuple[str, ...]
    decides_not: tuple[str, ...]


def number(written: str) -> float:
    """1,200, 5万, 五十 or 二千三百 as a number; 0 for what is none."""
    plain = written.translate(_WIDE).replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return float(plain)
    total = current = step = 0.0
    for figure in re.findall(r"\d+(?:\.\d+)?|.", plain):
        if figure in _MYRIADS:
            total, current, step = total + max(current + step, 1) * _MYRIADS[figure], 0.0, 0.0
        elif figure in _STEPS:
            current, step = current + max(step, 1) * _STEPS[figure], 0.0
        else:
            step = float(_DIGITS.get(figure, 0)) if figure in _DIGITS else float(figure) if figure[0].isdigit() else 0.0
    return total + current + step


class JapaneseReader:
    """Sizes, volume, budget and timeline of a message in Japanese; nothing of any other."""

    def __init__(self, data: JapaneseFile, unit: str) -> None:
        self._unit = unit
        self._periods = [(re.compile("|".join(words)), name) for name, words in data.periods.items()]
        self._times = [(re.compile("|".join(words)), label) for label, words in data.times.items()]
        self._spans = data.spans
        self._span = re.compile(rf"{_FIGURE}\s*(?P<unit>{'|'.join(data.spans)})(?:以内|後|で|くらい|ほど)")
        self._employees, self._seats = _any(data.employees), _any(data.seats)
        self._budget, self._not_own = _any(data.budget), _any(data.not_own)
        counters = (
            f"(?P<people>{'|'.join(data.people)})|(?P<pieces>{'|'.join(data.pieces)})|(?P<money>{'|'.join(data.money)})"
        )
        self._counted = re.compile(rf"{_FIGURE}(?:{counters})")

    def read(self, reading: Reading, *, asked: Field | None) -> Iterator[Finding]:
        """Findings in the order of the text; `asked` is the field of the question before."""
        if reading.low.isascii() or not KANA.search(reading.low):
            return
        for match in self._counted.finditer(reading.low.translate(_WIDE)):
            start = max(reading.low.rfind("。", 0, match.start()), reading.low.rfind("、", 0, match.start())) + 1
            found = self._value(
                match, reading.low[start : match.start()], reading.low[match.end() : match.end() + 8], asked
            )
            if found is not None and not self._not_own.search(reading.low, start, match.start()):
                yield Finding(found[0], found[1], match.start(), match.end())
        yield from self._timeline(reading)

    def _value(self, match: re.Match[str], head: str, tail: str, asked: Field | None) -> tuple[Field, Quantity] | None:
        value = number(match["n"])
        if not value:
            return None
        if match["people"]:
            if self._seats.search(head) or asked is Field.TEAM_SIZE:
                return Field.TEAM_SIZE, Quantity(low=value, high=value, unit="agents")
            own = self._employees.search(head) or self._employees.search(tail) or asked is Field.COMPANY_SIZE
            return (Field.COMPANY_SIZE, Quantity(low=value, high=value, unit="employees")) if own else None
        period = next((name for pattern, name in self._periods if pattern.search(head)), "")
        if match["money"]:
            own = self._budget.search(head) or asked is Field.BUDGET
            return (Field.BUDGET, Quantity(low=value, high=value, currency="JPY", period=period)) if own else None
        if not period and asked is not Field.VOLUME:
            return None
        return Field.VOLUME, Quantity(low=value, high=value, unit=self._unit, period=period or "month")

    def _timeline(self, reading: Reading) -> Iterator[Finding]:
        for pattern, label in self._times:
            if match := pattern.search(reading.low):
                yield Finding(Field.TIMELINE, label, match.start(), match.end())
                return
        if match := self._span.search(reading.low):
            days = number(match["n"]) * self._spans[match["unit"]]
            yield Finding(Field.TIMELINE, horizon(days), match.start(), match.end())
            return
        if match := re.search(r"(\d{1,2})月(?:から|まで|に|頃|中|末|上旬|下旬)", reading.low):
            today = datetime.fromtimestamp(reading.message.at, UTC)
            months = (int(match[1]) - today.month) % 12
            yield Finding(Field.TIMELINE, horizon(months * 30.4), match.start(), match.end(), confidence=0.75)


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))
