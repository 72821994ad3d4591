"""Who somebody is, in Japanese: name, company, title, and whether they decide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import Field
from profiles.facts import Finding
from profiles.japanese import KANA, JapaneseFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

_NAME = r"(?P<v>[一-龯々]{1,4}(?:[ 　][一-龯々ぁ-ん]{1,4})?|[ァ-ヶー]{2,10})"
_SELF = r"(?:と申します|といいます|と言います|と申す)"


class JapanesePeopleReader:
    def __init__(self, data: JapaneseFile) -> None:
        titles = either(data.titles)
        title = rf"(?P<t>[一-龯々ァ-ヶーA-Za-z]{{0,14}}(?:{titles}))"
        self._named = re.compile(rf"(?:^|[、。！\s]|の|は){_NAME}{_SELF}")
        self._titled = re.compile(rf"(?:^|[、。！\s]|の|で|は){title}の{_NAME}(?:です|{_SELF})")
        self._holds = re.compile(
            rf"(?:^|[、。！\s]|の|で|は){title}(?:です(?=[。、！\s]|$)|をして(?:い|お)|を務めて|をつとめて|として)"
        )
        self._not_people = frozenset(data.not_people)
        self._companies = [re.compile(one) for one in data.companies]
        self._decides = [
            (re.compile("|".join(words)), value)
            for words, value in ((data.decides_together, "shared"), (data.decides_not, "no"), (data.decides, "yes"))
        ]

    def read(self, reading: Reading) -> Iterator[Finding]:
        """Findings for name, role, company and decision_maker; none for text in another language."""
        text = reading.shown
        if text.isascii() or not KANA.search(text):
            return
        if titled := self._titled.search(text) or self._holds.search(text):
            yield Finding(Field.ROLE, titled["t"], titled.start("t"), titled.end("t"), confidence=0.8)
        called = self._titled.search(text) or self._named.search(text)
        if called and called["v"] not in self._not_people:
            yield Finding(Field.NAME, called["v"], called.start("v"), called.end("v"), confidence=0.85)
        for pattern in self._companies:
            if match := pattern.search(text):
                yield Finding(Field.COMPANY, match["v"], match.start("v"), match.end("v"), confidence=0.8)
                break
        yield from self._authority(reading)

    def _authority(self, reading: Reading) -> Iterator[Finding]:
        for pattern, value in self._decides:
            match = pattern.search(reading.low)
            if match and not reading.low[match.end() : match.end() + 8].rstrip("。").endswith(("か", "？", "?")):
                yield Finding(Field.DECISION_MAKER, value, match.start(), match.end(), confidence=0.8)
                return
