"""What stands around an amount: per what, how often, and for how long one commits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from knowledge.pricing.terms import any_of, pricing_terms

_MAX_STEPS = 8
_UNIT_WORDS = 3
_SHORTEST = 3
_SHORT_BUT_SURE = frozenset({"day", "mes", "año", "yr", "mtl", "p.a", "rok"})
"""Other short words ("an", "h", "time") are periods only right after an amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """`end` is where the reading of the line stopped."""

    period: str = ""
    unit: str = ""
    billed: str = ""
    end: int = 0

    def filled(self, other: Tail) -> Tail:
        """This one, with what it does not say taken from another."""
        same = not self.period or not other.period or self.period == other.period
        billed = self.billed or (other.billed if same else "")
        return replace(self, period=self.period or other.period, unit=self.unit or other.unit, billed=billed)

    @property
    def empty(self) -> bool:
        return not (self.period or self.unit or self.billed)


@dataclass(frozen=True, slots=True)
class _Forms:
    adverb: re.Pattern[str]
    per_period: re.Pattern[str]
    per_unit: re.Pattern[str]
    bare_period: re.Pattern[str]
    per_thing: re.Pattern[str]
    and_thing: re.Pattern[str]
    of_thing: re.Pattern[str]
    billed: re.Pattern[str]
    rolling: re.Pattern[str]
    filler: re.Pattern[str]
    period_anywhere: re.Pattern[str]
    from_: re.Pattern[str]
    unit_ends: frozenset[str]
    period_of: dict[str, str]


@cache
def _forms() -> _Forms:
    terms = pricing_terms()
    names = [name for group in terms.periods.values() for name in group]
    noun, adverb = any_of(names), any_of(terms.adverbs)
    per, article = any_of(terms.per), any_of(terms.per_period)
    lead = r"[\s(*†]*"
    billed = any_of(terms.billed)
    gap = r"(?:[\s,]+[^\s,;.]+){0,3}?[\s,]+"
    said = any_of(name for name in (*names, *terms.adverbs) if len(name) > _SHORTEST or name in _SHORT_BUT_SURE)
    flags = re.IGNORECASE
    return _Forms(
        adverb=re.compile(rf"{lead}[,/]?\s*(?P<period>{adverb})(?![\w-])(?:\.(?!\s+(?-i:[A-Z])))?", flags),
        per_period=re.compile(
            rf"{lead}(?:,\s*)?(?:/|\b(?:{per}|{article})(?!\w))\s*(?:1\s|one\s)?(?P<period>{noun})(?![\w-])(?:\.(?!\s+(?-i:[A-Z])))?",
            flags,
        ),
        per_unit=re.compile(
            rf"{lead}(?:,\s*)?(?:(?:and|und|et|y|e|en)\s+(?={per}\s))?(?:/|\b{per}(?!\w)|\+(?=\s*/))\s*(?P<unit>(?:\d[\d.,]*[kKmM]?\s)?[^\W\d_].*)",
            flags,
        ),
        per_thing=re.compile(
            rf"\s+an?\s+(?P<unit>[a-z][a-z-]+)(?=\s*(?:[,.;:)]|$)|\s+(?:{per}|an?|and|or|{adverb})(?!\w))",
        ),
        and_thing=re.compile(
            rf"\s+(?:and|und|et|y|e|en)\s+(?!{noun}|{adverb})(?P<unit>[^\W\d_]{{3,}})(?=\s*(?:[.,;:)]|$))", flags
        ),
        of_thing=re.compile(
            rf"\s+(?:of|de|di|van)\s+(?:[^\W\d_][\w-]*\s+){{1,3}}?(?=(?:{per}|{article})\s+{noun}(?!\w))", flags
        ),
        bare_period=re.compile(rf"{noun}(?![\w-])", flags),
        billed=re.compile(
            rf"[\s,;(*–—-]*(?:(?:if|when|with|on|for|an?|as|is|by|bei|mit|avec|con|met|au|à|en)\s+){{0,3}}"
            rf"(?:{billed}(?:{gap}|\s+){said}|{said}(?:[\s-]+[^\W\d]+){{0,2}}?[\s-]+{billed})(?!\w)",
            flags,
        ),
        rolling=re.compile(rf"[\s,(–-]*{any_of(terms.month_to_month)}(?!\w)", flags),
        filler=re.compile(rf"[\s,(+.]*(?:{any_of(terms.filler.split())})(?!\w)[.)]?", flags),
        period_anywhere=re.compile(rf"(?<![\w-]){said}(?![\w-])", flags),
        from_=re.compile(rf"(?<!\w){any_of(terms.from_)}\s*:?\s*(?:[a-z]{{1,5}}\s)?$", flags),
        unit_ends=frozenset([*terms.unit_ends.split(), *terms.per, *terms.per_period]),
        period_of={name.casefold().rstrip("."): period for period, group in terms.periods.items() for name in group},
    )


def tail_of(line: str, start: int) -> Tail:
    """What follows an amount that ends at `start`."""
    tail = Tail(end=start)
    for _ in range(_MAX_STEPS):
        step = _step(line, tail)
        if step is None:
            break
        tail = step
    return replace(tail, billed="" if tail.billed == tail.period else tail.billed)


def label_of(text: str, *, prose: bool = False) -> Tail:
    """What a label says: a column's head, a row's, or the words right before an amount ("Price per user, yearly").

    In `prose` a noun like "day" is a part of the sentence ("A trainer day at your shop is"), not how often one pays.
    """
    tail = Tail()
    for match in re.finditer(rf"(?:/|(?<!\w){any_of(pricing_terms().per)}(?!\w))", text, re.IGNORECASE):
        tail = tail_of(text, match.start()).filled(tail)
    forms = _forms()
    if billed := forms.billed.search(text):
        tail = tail.filled(Tail(billed=_period_in(billed[0])))
    if not tail.period:
        tail = replace(tail, period=_period_told(forms.billed.sub(" ", text), prose=prose))
    if not tail.period and tail.billed == "month":
        tail = replace(tail, period="month")
    return replace(tail, end=0, billed="" if tail.billed == tail.period else tail.billed)


def _period_told(text: str, *, prose: bool) -> str:
    forms = _forms()
    found = list(forms.period_anywhere.finditer(text))
    if prose:
        found = [one for one in found if forms.adverb.fullmatch(one[0]) or not text[one.end() :].strip(" :–—-(")]
        return _period(found[0][0]) if len({_period(one[0]) for one in found}) == 1 else ""
    return _period(found[0][0]) if found else ""


def only_tail(line: str) -> Tail:
    """A line that says nothing but how an amount above it is meant ("per month, billed annually"); else empty."""
    tail = tail_of(line, 0)
    if tail.empty:
        bare = _forms().bare_period.match(line)
        tail = Tail(period=_period(bare[0]), end=bare.end()) if bare else tail
    return tail if not tail.empty and not line[tail.end :].strip(" .)*†") else Tail()


def starts_from(before: str) -> bool:
    """Whether the words before an amount make it the lowest of several."""
    return _forms().from_.search(before) is not None


def without_from(before: str) -> str:
    """The words before an amount without those that make it the lowest of several."""
    found = _forms().from_.search(before)
    return before[: found.start()].rstrip() if found else before


def _step(line: str, tail: Tail) -> Tail | None:
    """The tail with the next few words read into it, None when they say nothing of the price."""
    forms, at = _forms(), tail.end
    if found := forms.rolling.match(line, at):
        return replace(tail, period=tail.period or "month", billed=tail.billed or "month", end=found.end())
    if found := forms.billed.match(line, at):
        return replace(tail, billed=tail.billed or _period_in(found[0]), end=found.end())
    if found := forms.per_period.match(line, at) or forms.adverb.match(line, at):
        return _with_period(tail, _period(found["period"]), found.end())
    if not tail.unit and (found := forms.per_unit.match(line, at)):
        unit = _unit(found["unit"])
        return replace(tail, unit=unit, end=found.start("unit") + len(unit)) if unit else None
    if not tail.unit and (found := forms.per_thing.match(line, at)):
        return replace(tail, unit=found["unit"], end=found.end())
    return _aside(line, tail)


def _aside(line: str, tail: Tail) -> Tail | None:
    """The tail with words that go on about it: "of memory" after a unit, "and outlet" after a period, "excl. VAT"."""
    forms, at = _forms(), tail.end
    if tail.unit and not tail.period and (found := forms.of_thing.match(line, at)):
        return replace(tail, end=found.end() - 1)
    if tail.period and not tail.unit and (found := forms.and_thing.match(line, at)):
        return replace(tail, unit=found["unit"], end=found.end())
    found = forms.filler.match(line, at)
    return replace(tail, end=found.end()) if found else None


def _with_period(tail: Tail, period: str, end: int) -> Tail | None:
    """A second period is the term one commits to; the same one again belongs to the next price."""
    if not tail.period:
        return replace(tail, period=period, billed="" if tail.billed == "once" else tail.billed, end=end)
    return replace(tail, billed=tail.billed or period, end=end) if period != tail.period else None


def _unit(text: str) -> str:
    """The noun phrase a price is per: up to three words, ended by a period, a preposition or punctuation."""
    forms, end, words = _forms(), 0, 0
    for word in re.finditer(r"\d[\d.,]*[kKmM]?(?=\s)|[^\W_][\w'’-]*", text):
        gap = text[end : word.start()]
        bare = word[0].casefold()
        if gap.strip() or bare in forms.unit_ends or forms.bare_period.fullmatch(word[0]):
            break
        if words and (bare in {"a", "an", "each", "every"} or words >= _UNIT_WORDS):
            break
        words += not word[0][0].isdigit()
        end = word.end()
    return text[:end].strip()


def _period_in(text: str) -> str:
    found = [_period(match[0]) for match in _forms().period_anywhere.finditer(text)]
    # "Billed once a year" is billed by the year.
    return next((period for period in reversed(found) if period != "once"), found[-1] if found else "")


def _period(word: str) -> str:
    return _forms().period_of.get(" ".join(word.casefold().split()).rstrip("."), "")


@cache
def _bare_word() -> re.Pattern[str]:
    terms = pricing_terms()
    periods = [name for group in terms.periods.values() for name in group]
    joined = [*terms.pricing, *terms.billed, *periods, *terms.per, *terms.per_period, *terms.bare]
    return re.compile(any_of(joined), re.IGNORECASE)


def is_bare_label(text: str) -> bool:
    """Whether a label names nothing that is sold: "Monthly price", "An annual fee of"."""
    return all(_bare_word().fullmatch(word) for word in re.findall(r"[\w-]+", text))
