"""When the visitor wants to be live or to decide, as a label relative to the day the message was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from core.fact import Field, Operation
from profiles.context import Context
from profiles.facts import Finding
from profiles.named_times import NamedTimes, TimelineFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

SHORT = 60
"""Characters up to which an answer is nothing but a time."""
SHORTEST = 32
"""Characters up to which an answer is nothing but a span: "six weeks, I hope"."""
PRESSING = 0.82
SURE = 0.8
"""Above it a time needs no plan beside it: "by March" is a deadline by itself."""

_RATE_REACH = 24
"""Characters in front of a span in which what it is a rate of may stand."""
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "sprint": 14, "month": 30.4, "quarter": 91.3, "year": 365}
_AFTER_SPAN = ("from now", "from today", "time", "out", "at most", "at the latest", "max", "tops", "latest", "ab jetzt")
_NOT_BEFORE = re.compile(r"(?:before|until|till|vor|bis|avant|antes|voor|vóór)\b")
_NOTHING_THERE = re.compile(
    r"\b(?:nothing (?:planned|set aside|budgeted|approved|earmarked)|rien de (?:prévu|budgété)"
    r"|nichts (?:geplant|eingeplant|vorgesehen)"
    r"|nada (?:previsto|presupuestado|planeado)|niets (?:gepland|begroot)"
    r"|no (?:money|budget|funds)|pas de budget|(?:kein|geen) (?:geld|budget)|sin presupuesto"
    r"|sem (?:verba|orçamento))\s+(?:left\s+)?(?:for\s+|in\s+|pour\s+|für\s+|para\s+|voor\s+|dit\s+)?$"
)
"""Before a time: there is no money then."""
_BODY_MEETS = re.compile(
    r"\b(?:board|committee|council|trustees'?|partners'?|management|leadership|steering|budget)\s+$"
)
"""Before "meeting": it is where something is decided, not one with us."""
_PERIOD_OF = re.compile(r"\s*[.,;:–—-]+\s*(?:so\s+)?\d")
"""Behind a span: a figure follows, of which it is the period, as in "sorry, a month. 900 a month"."""
_HAPPENED = re.compile(
    r"\b(?:left|went|came|joined|happened|quit|died|retired|broke|crashed|lost|merged|gegangen|kamen?|gingen?|passiert"
    r"|parti\w*|arrivé\w*|fueron|vinieron|saíram|vieram|vertrokken|kwamen)\b[^.,;:]{0,24}$"
)
_HORIZONS = ((31, "now"), (93, "1-3m"), (184, "3-6m"), (366, "6-12m"))
_SMALL = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "seven": 7,
    "twelve": 12,
    "eighteen": 18,
    "half a": 0.5,
    "eine": 1,
    "einem": 1,
    "einer": 1,
    "un": 1,
    "une": 1,
    "una": 1,
    "um": 1,
    "uma": 1,
    "een": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "acht": 8,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "huit": 8,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "ocho": 8,
    "dois": 2,
    "duas": 2,
    "três": 3,
    "quatro": 4,
    "oito": 8,
    "twee": 2,
    "drie": 3,
    "zes": 6,
    "a couple of": 2,
    "a couple": 2,
    "couple of": 2,
    "a few": 3,
    "half an": 0.5,
    "eleven": 11,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sieben": 7,
    "neun": 9,
    "zehn": 10,
    "zwölf": 12,
    "ein paar": 3,
    "ein halbes": 0.5,
    "einem halben": 0.5,
    "sept": 7,
    "dix": 10,
    "douze": 12,
    "quelques": 3,
    "diez": 10,
    "doce": 12,
    "medio": 0.5,
    "un par de": 2,
    "unos": 3,
    "unas": 3,
    "dez": 10,
    "doze": 12,
    "meio": 0.5,
    "alguns": 3,
    "algumas": 3,
    "vijf": 5,
    "tien": 10,
    "twaalf": 12,
    "een half": 0.5,
    "een paar": 3,
}


def horizon(days: float) -> str:
    """The label of a distance in days."""
    return next((label for limit, label in _HORIZONS if days <= limit), "12m+")


class TimelineReader:
    """Reads spans ("in six weeks"), named times ("by March", "Q3") and the plain words ("asap")."""

    def __init__(self, data: TimelineFile) -> None:
        self._named = NamedTimes(data)
        unit = either(word for words in data.units.values() for word in words)
        count = rf"\d{{1,3}}|{either(_SMALL)}"
        span = rf"(?P<n>{count})(?:\s?(?:-|–|to|or|bis)\s?(?P<m>{count}))?[\s-]+(?P<unit>{unit})\b"
        span += r"(?:\s+(?:or|oder|ou|o|of)\s+(?P<more>two|three|so|zwei|deux|dos|duas|twee)\b)?"
        lead = rf"(?:(?:{either(data.leads)})\s)?"
        self._span = re.compile(rf"\b(?:{either(data.within)})\s+{lead}{span}")
        self._next_span = re.compile(
            rf"\b(?:within|inside|innerhalb|im laufe|dans|dentro de|binnen|over)\s+"
            rf"(?:{either(data.next_one)})\s+(?P<unit>{unit})\b"
        )
        self._from_now = re.compile(rf"\b{span}\s+(?:{'|'.join(_AFTER_SPAN)})\b")
        self._no_time = re.compile(rf"\W*(?:(?:oh|well|um|honestly)\W+)?(?:{either(data.none_answers)})(?!\w)")
        self._at_once = re.compile(rf"\W*(?:(?:oh|well|um|honestly)\W+)?(?:{either(data.now_answers)})(?!\w)")
        self._before_lone = re.compile(rf"\W*(?:(?:{either(data.lone)})\W+){{0,3}}")
        self._after_lone = re.compile(r"\s*[.,;!)]\s*\w")
        self._leading_span = re.compile(rf"\W*(?:(?:{either(data.leads)})\s)?{span}")
        self._bare_span = re.compile(rf"\b{span}")
        self._rated = re.compile(
            rf"(?:\d\s?k?|\b(?:{either(_SMALL)}|hundred|thousand|grand|dozens?|hundert|tausend|cents?|mille|cien|cientos|mil|cem))"
            r"(?:\s+[^\W\d]+)?\s*$"
        )

    def read(self, reading: Reading, context: Context) -> Iterator[Finding]:
        """At most one timeline: the last that is stated and belongs to a plan."""
        stated = list(self._all(reading, asked=bool(context.hits("withdrawal"))))
        if (gone := self._withdrawn(reading, context, stated)) is not None:
            yield gone
            return
        found = [one for one in stated if self._belongs(reading, context, one)]
        if found:
            yield max(found, key=lambda one: one.start)

    @staticmethod
    def _withdrawn(reading: Reading, context: Context, stated: list[Finding]) -> Finding | None:
        """As in "forget what I said about May": the time named is taken back, unless another follows."""
        for hit in context.hits("withdrawal"):
            stop = reading.clause(hit.end - 1)[1]
            named = [one for one in stated if hit.start <= one.start < stop]
            if named and named[-1] is stated[-1]:
                last = named[-1]
                return last._replace(value="", operation=Operation.CLEAR)
        return None

    def answer(self, reading: Reading) -> Finding | None:
        """A timeline given as the answer to a question: in few words no plan needs to be spoken of."""
        context = Context(reading)
        found = [
            one
            for one in self._all(reading, asked=True)
            if self._belongs(reading, context, one, asked=len(reading.text) <= SHORT)
        ]
        leading = self._leading_span.match(reading.low) if len(reading.text) <= SHORT else None
        bare = leading or (self._bare_span.search(reading.low) if len(reading.text) <= SHORTEST else None)
        if bare and (self._is_rate(reading.low, bare.start()) or _PERIOD_OF.match(reading.low, bare.end())):
            bare = None
        if not found and bare and not context.past(bare.start()):
            found = [self._spanned(bare)]
        if not found and len(reading.text) <= SHORT:
            found = self._worded(reading)
        return max(found, key=lambda one: one.start) if found else None

    def _is_rate(self, low: str, at: int) -> bool:
        """Whether a count stands before a span, as in "three hundred a month tops"."""
        return self._rated.search(low, max(0, at - _RATE_REACH), at) is not None

    def _worded(self, reading: Reading) -> list[Finding]:
        """As in "whenever", "as soon as the contract is signed"."""
        named = (("now", self._at_once), ("none", self._no_time))
        return [
            Finding(Field.TIMELINE, label, match.start(), match.end(), confidence=0.75)
            for label, pattern in named
            if (match := pattern.match(reading.low))
        ]

    def _belongs(self, reading: Reading, context: Context, found: Finding, *, asked: bool = False) -> bool:
        if (
            context.past(found.start)
            or context.hypothetical(found.start)
            or _NOTHING_THERE.search(reading.low, 0, found.start)
        ):
            return False  # "nothing planned this year" tells of the money
        # "My boss wants it as soon as possible" is as good as their own wish.
        if context.elsewhere(found.start) and found.confidence != PRESSING:
            return False
        counted = reading.low[: found.start].rstrip()[-1:].isdigit()
        if counted and context.any("planned"):
            return False  # "60 by Christmas" is how many there will be
        if _HAPPENED.search(reading.low, reading.clause(found.start)[0], found.start):
            return False
        if found.value == "none":
            return True
        start, stop = reading.sentence(found.start)
        plans = any(start <= hit.start < stop for hit in reading.of("plan"))
        # "Call it a year from now" asks for no call.
        other = any(
            start <= hit.start < stop
            and not reading.low.startswith(("call it ", "call that "), hit.start)
            and not _BODY_MEETS.search(reading.low, start, hit.start)
            for hit in reading.of("not_plan")
        )
        earliest = _NOT_BEFORE.match(reading.low, found.start) is not None
        denied = context.negated(found.start) and found.value != "12m+" and not earliest
        meant = plans or asked or found.confidence > SURE or self._lone(reading.low, found, start)
        return meant and not other and not denied

    def _lone(self, low: str, found: Finding, start: int) -> bool:
        """Whether a time stands alone, as nobody says it but of a plan: "in about half a year, once we moved"."""
        return self._before_lone.fullmatch(low, start, found.start) is not None and (
            self._after_lone.match(low, found.end) is not None
        )

    def _all(self, reading: Reading, *, asked: bool) -> Iterator[Finding]:
        for hit in reading.of("timeline"):
            yield Finding(Field.TIMELINE, hit.name, hit.start, hit.end)
        for hit in reading.of("pressing"):
            yield Finding(Field.TIMELINE, "now", hit.start, hit.end, confidence=PRESSING)
        # The expressions below are dear: they run only where a time is named and could belong to a plan.
        brief = len(reading.low) <= SHORT
        if not reading.of("time") or not (asked or brief or reading.of("plan") or reading.of("by")):
            return
        late = any(word in reading.low for word in _AFTER_SPAN)
        for pattern in (self._span, self._from_now) if late else (self._span,):
            for match in pattern.finditer(reading.low):
                # "100 a month at most" is an amount.
                if not self._is_rate(reading.low, match.start()):
                    yield self._spanned(match)
        for match in self._next_span.finditer(reading.low):
            label = horizon(_DAYS[self._named.unit(match["unit"])])
            yield Finding(Field.TIMELINE, label, match.start(), match.end(), confidence=0.75)
        today = datetime.fromtimestamp(reading.message.at, UTC).date()
        for named in self._named.find(reading.low, today, asked=asked and brief):
            label = horizon((named.day - today).days)
            confidence = 0.85 if named.deadline else 0.75
            yield Finding(Field.TIMELINE, label, named.start, named.end, confidence=confidence)

    def _spanned(self, match: re.Match[str]) -> Finding:
        count = match["m"] or match["n"]
        number = float(count) if count.isdecimal() else _SMALL[count]
        if match["more"] and match["more"] != "so":
            number = max(number, 3.0 if match["more"] == "three" else 2.0)
        label = horizon(number * _DAYS[self._named.unit(match["unit"])])
        return Finding(Field.TIMELINE, label, match.start(), match.end(), confidence=0.75)
