"""Small companies told without a count: "it's just me", "me, my sister and two lads", "wir sind zu viert"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import Field, Quantity
from profiles.context import Context
from profiles.facts import Finding
from profiles.quantity_grammar import QuantityFile, either
from profiles.reading import Reading

SMALLEST_WORD, LARGEST_WORD = 2, 20
"""Numbers in words that such a list holds."""

TAIL = 16
"""Characters behind the last one, for "and me"."""

REACH = 60
"""Characters in front of the first person named that a list of them may take."""

_BUSY = re.compile(r"\w*\s(?:who\b|that\b|qui\b|à\b|(?!work|runn|do)\w+ing\b)")
_DECIDE = re.compile(
    r"[\s,]*(?:who|that|die|qui|que|wie)?\s*(?:will |both |all |together |have to |need to |must )?"
    r"(?:decid|choos|sign|approv|entscheid|décid|beslis)"
)
"""Behind a list of people: they are who decides, not all there are."""
_TODAY = re.compile(r"\b(?:heute|gerade|momentan|statt|anstatt|vandaag|vanavond|today)\b")
_SELF = re.compile(r"(?<!\w)(?:me|myself|i|ich|moi|yo|eu|ik)(?!\w)")
_ONLY = (
    r"(?:(?:it's|its|it is|it was|there's|there is|we're|we are|that's|that is|just|only|basically|mainly|wir sind|nur"
    r"|es sind|c'est|nous sommes|on est|juste|seulement|somos|solo|sólo|só|apenas|we zijn|alleen|maar)\s+)+"
)


class FewPeopleReader:
    def __init__(self, data: QuantityFile) -> None:
        self._counts = {
            word: int(value)
            for word, value in data.values.items()
            if SMALLEST_WORD <= value <= LARGEST_WORD and " " not in word and value.is_integer()
        }
        nouns, owners = either(data.person_nouns), either(data.person_owners)
        one = rf"(?:me|myself|i|ich|moi|yo|eu|ik|(?:{owners})\s+(?:[\w-]+\s+){{0,1}}?(?:{nouns}))(?!\w)"
        some = rf"(?:\d{{1,2}}|{either(self._counts)})\s+(?:[\w-]+\s+){{0,2}}?(?:{nouns})(?!\w)"
        joined = r"\s*(?:,\s*(?:and\s+|plus\s+)?|\s(?:and|an|n|'n|plus|und|et|y|e|en)\s+|[+&]\s*)"
        self._listed = re.compile(
            rf"(?<!\w)(?:(?P<only>{_ONLY})|(?<=[.!?]\s)|(?<![\s\S]))"
            rf"(?P<list>(?:{one}|{some})(?:{joined}(?:{one}|{some}))+)(?(only)|(?=\s*(?:[.,;!]|$)))"
        )
        self._item = re.compile(rf"(?:(?P<some>{some})|{one})")
        self._together = data.together
        self._by = re.compile(rf"\b(?:zu|met (?:z'n|zijn|ons|hun)|met)\s+(?P<n>{either(data.together)})\b")

    def read(self, reading: Reading, context: Context, *, asked: Field | None = None) -> Iterator[Finding]:
        """Findings for company_size, and for team_size where somebody is the only agent.

        A bare list of people answers another question than `asked` where that is about none of both.
        """
        for hit in reading.of("solo_agent"):
            if not context.elsewhere(hit.start) and not context.hypothetical(hit.start):
                yield Finding(Field.TEAM_SIZE, Quantity(low=1, high=1, unit="agents"), hit.start, hit.end)
        named = reading.of("companion")
        listed = (
            self._listed.search(reading.low, max(0, named[0].start - REACH), named[-1].end + TAIL) if named else None
        )
        alone = listed is not None and not listed["only"] and not reading.low[: listed.start("list")].strip()
        if listed and not listed["only"] and asked is not Field.COMPANY_SIZE and (alone or asked is not None):
            listed = None  # "me and my wife" may just as well be who decides
        if listed and _DECIDE.match(reading.low, listed.end()):
            listed = None
        if listed and not context.hypothetical(listed.start()) and _SELF.search(listed["list"]):
            people = sum(self._heads(item) for item in self._item.finditer(listed["list"]))
            yield _size(people, listed.start("list"), listed.end(), confidence=0.7)
            return
        yield from self._alone(reading, context)
        together = self._by.search(reading.low) if context.any("own") else None
        if (
            together
            and context.asserted(together.start())
            and not _decides(reading, together.start())
            and not _TODAY.search(reading.low, *reading.clause(together.start()))
        ):
            yield _size(self._together[together["n"]], together.start(), together.end(), confidence=0.75)

    @staticmethod
    def _alone(reading: Reading, context: Context) -> Iterator[Finding]:
        for hit in reading.of("solo"):
            # "It's only me deciding" tells who decides, not how many there are.
            busy = _BUSY.match(reading.low, hit.end)
            if busy or _decides(reading, hit.start):
                continue
            if not context.elsewhere(hit.start) and not context.negated(hit.start):
                yield _size(1, hit.start, hit.end, confidence=0.8)

    def _heads(self, item: re.Match[str]) -> int:
        if not item["some"]:
            return 1
        word = item["some"].split()[0]
        return int(word) if word.isdecimal() else self._counts[word]


def _decides(reading: Reading, at: int) -> bool:
    """Whether the clause tells who decides: "das entscheide ich allein" counts nobody."""
    start, stop = reading.clause(at)
    return any(start <= hit.start < stop for hit in (*reading.of("deciding"), *reading.of("authority")))


def _size(people: int, start: int, end: int, *, confidence: float) -> Finding:
    return Finding(
        Field.COMPANY_SIZE, Quantity(low=people, high=people, unit="employees"), start, end, confidence=confidence
    )
