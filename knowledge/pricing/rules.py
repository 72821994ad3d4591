"""Whether an amount in a sentence is a price of the company, by the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from knowledge.pricing.lines import Line, Sheet, compares, elsewhere, speaks_of_prices
from knowledge.pricing.money import Money
from knowledge.pricing.tails import Tail, starts_from
from knowledge.pricing.terms import any_of, pricing_terms, whole

_SHARE = re.compile(
    r"\b[\w-]+(?:\s[\w-]+){0,3}?\s\d+(?:[.,]\d+)?\s?%(?:\s(?:off|discount|less|rabatt|de \w+))?", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[;:()]|,\s|\s[–—-]\s|\b(?:while|whereas|but|and|which|aber|während|mais|pero|ma|maar)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"^\s*[“\"„«‘]|[“„«][^”“»]*$")
_NAMED = re.compile(
    r"(?:^|[,;(]\s?|\b(?:while|whereas|but|and|than|unlike|with)\s)(?P<who>[A-Z][\w.&-]*(?:\s[A-Z][\w.&-]*)?)(?P<s>['’]s)?\s+"
    r"(?:costs?|starts?|is|are|charges?|comes|begins?|at|pricing|plans?)\b",
)
_OWNER = re.compile(r"(?P<who>[A-Z][\w.&-]*)['’]s?\s+(?:[\w-]+\s){0,3}$")
_SUM = re.compile(
    r"\b(?:that|this|which)(?:['’]s|\s+(?:is|are|makes?|comes?|adds?|equals?|means?|saves?|leaves?))\b[^.!?]*$|[=×]\s*$|\d\s*x\s*$",
    re.IGNORECASE,
)
"""What leads to an amount that was worked out of others."""
_ON_US = re.compile(r"\b(?:on|with|using|at|of|from|like)\s+$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|eine?[mnrs]?|une?|una|uno)\s+$", re.IGNORECASE)
_CUE_REACH = 45
"""Characters before an amount in which a word still says whose it is."""
_FAR_REACH = 120
_EXAMPLE_REACH = 250
"""An example may go on for a few sentences."""
_AFTER_REACH = 28
_SHORT_LINE = 60


@dataclass(frozen=True, slots=True)
class _Forms:
    costs: re.Pattern[str]
    foreign: re.Pattern[str]
    foreign_after: re.Pattern[str]
    problems: re.Pattern[str]
    limits: re.Pattern[str]
    supposed: re.Pattern[str]
    ourselves: re.Pattern[str]
    plan_words: re.Pattern[str]
    reduced: re.Pattern[str]
    charges: re.Pattern[str]
    earning: re.Pattern[str]
    asked_of: re.Pattern[str]
    worth: re.Pattern[str]
    for_us: re.Pattern[str]


@cache
def _forms() -> _Forms:
    terms = pricing_terms()
    worded = any_of(word for word in terms.limits if word[0].isalpha())
    signs = any_of(word for word in terms.limits if not word[0].isalpha())
    ours = any_of((*terms.plan_words, *terms.costs, *terms.things, *terms.per, *terms.per_period))
    return _Forms(
        costs=whole(terms.costs),
        foreign=whole(terms.foreign),
        problems=whole(terms.problems),
        foreign_after=re.compile(rf"\W*(?:[\w-]+\s+){{0,2}}?{any_of(terms.foreign_after)}(?!\w)", re.IGNORECASE),
        limits=re.compile(rf"(?:(?<!\w){worded}|{signs})\s*(?:a|an|the|your)?\s*$", re.IGNORECASE),
        supposed=whole(terms.supposed),
        ourselves=whole(terms.ourselves),
        plan_words=whole(terms.plan_words),
        reduced=re.compile(
            rf"\d\s?%\s{any_of(terms.reduced)}(?!\w)|\b{any_of(terms.reduced_to)}\b|\bdiscount(?:ed)?\s(?:of|by)\s\d+\s?%",
            re.IGNORECASE,
        ),
        charges=re.compile(rf"(?P<who>[\w’'&.-]+)\s+(?:would\s|will\s)?{any_of(terms.charges)}(?!\w)", re.IGNORECASE),
        earning=re.compile(rf"\s*{any_of(terms.earning)}(?!\w)", re.IGNORECASE),
        asked_of=whole(terms.asked_of),
        worth=re.compile(rf"[\s-]+(?!{ours}(?!\w))[^\W\d_]{{3,}}", re.IGNORECASE),
        for_us=re.compile(
            rf"(?:^|[.!?]\s+){any_of(terms.we)}\s[^.!?]*\b{any_of(terms.for_)}\s+$",
            re.IGNORECASE,
        ),
    )


def may_hold_prices(line: Line, sheet: Sheet) -> bool:
    """Whether the company could state a price here at all."""
    return not sheet.tells_of_others and not elsewhere(line.headings)


def expects_prices(line: Line, sheet: Sheet) -> bool:
    """Whether the page or a heading is about prices, or the heading is a plan's name."""
    if sheet.about_prices or any(sheet.known(heading) for heading in line.headings):
        return True
    return any(speaks_of_prices(heading) for heading in line.headings)


def is_price(line: Line, sheet: Sheet, money: Money, tail: Tail, *, named: bool) -> bool:
    """The judgement. `named` says that the sentence names the plan or thing that costs so much."""
    text = line.text
    before, after = text[: money.start], text[tail.end :]
    sentence = _sentence_before(before)
    if money.millions or money.partial or money.highest or _refused(sentence, before, after, tail):
        return False
    if _of_a_thing(before, text, money, tail) or _answers_other(line, before):
        return False
    if _of_others(line, sheet, sentence):
        return False
    return _supported(line, sheet, money, tail, named=named)


def _refused(sentence: str, before: str, after: str, tail: Tail) -> bool:
    forms = _forms()
    if _SUM.search(sentence) or forms.earning.match(after):
        return True
    near = _SHARE.sub(lambda match: " " * len(match[0]), sentence)[-_CUE_REACH:]
    foreign = max((match.end() for match in forms.foreign.finditer(near)), default=-1)
    costs = max((match.end() for match in forms.costs.finditer(near)), default=-1)
    if foreign >= max(costs, 0) or (forms.limits.search(before) and not starts_from(before)):
        return True
    if forms.problems.search(sentence[:_CUE_REACH]):
        return True
    if not tail.billed and forms.reduced.search(sentence):
        return True
    rest = re.split(r"[(,;.:–—]|\bor\b|\band\b", after, maxsplit=1)[0][:_AFTER_REACH]
    if "%" not in rest and forms.foreign_after.match(f"{tail.unit if ' ' in tail.unit else ''} {rest}"):
        return True
    rest_of_sentence = re.split(r"[.!?](?:\s|$)", after, maxsplit=1)[0]
    return bool(
        forms.supposed.search(before[-_EXAMPLE_REACH:])
        or forms.supposed.search(rest_of_sentence)
        or _QUOTED.search(sentence)
    )


def _of_a_thing(before: str, text: str, money: Money, tail: Tail) -> bool:
    """Whether an amount only describes a thing ("on a $120 room") that is none of the company's."""
    if tail.end > money.end or not _ARTICLE.search(before):
        return False
    return _forms().worth.match(text, money.end) is not None


def _answers_other(line: Line, before: str) -> bool:
    """Whether the question that an amount answers is about money that the company does not charge for its product."""
    asked = [line.heading] if line.heading.endswith("?") else []
    sentences = re.split(r"(?<=[.!?])\s+", before)
    asked += [one for one in sentences[-2:-1] if one.endswith("?")]
    return any(_forms().asked_of.search(one) for one in asked)


def _of_others(line: Line, sheet: Sheet, sentence: str) -> bool:
    """Whether the sentence speaks of what somebody else charges."""
    forms, clause = _forms(), _CLAUSE.split(sentence)[-1]
    for match in forms.charges.finditer(sentence):
        who = match["who"].casefold()
        known = forms.ourselves.fullmatch(who) and who not in pricing_terms().others
        ours = known or _own(who, sheet) or who in pricing_terms().passive
        if not ours or _ON_US.search(sentence[: match.start()]):
            return True
    if _asks_of_others(line.heading, sheet):
        return True
    if (owner := _OWNER.search(sentence)) and not _own(owner["who"], sheet):
        return True
    comparing = sheet.compares or any(compares(heading) for heading in line.headings) or compares(sentence)
    if not comparing:
        return False
    if (
        (named := _NAMED.search(sentence))
        and not _own(named["who"], sheet)
        and named.end() > len(sentence) - _CUE_REACH
    ):
        return True
    return not (forms.ourselves.search(clause) or any(_own(word, sheet) for word in re.findall(r"[\w.&-]+", clause)))


def _asks_of_others(heading: str, sheet: Sheet) -> bool:
    """Whether a heading is about what others charge: "What do plumbers charge?"."""
    return any(
        not _forms().ourselves.fullmatch(match["who"].casefold()) and not _own(match["who"], sheet)
        for match in _forms().charges.finditer(heading)
    )


def _own(name: str, sheet: Sheet) -> bool:
    return sheet.own(name) or any(name.casefold() in own.split() for own in sheet.company)


def _supported(line: Line, sheet: Sheet, money: Money, tail: Tail, *, named: bool) -> bool:
    """Whether enough speaks for a price. Where nobody expects one, a sentence must say that something costs so much."""
    forms, before = _forms(), line.text[: money.start]
    told = bool(tail.period or tail.unit)
    cue = forms.costs.search(before[-_FAR_REACH:]) is not None or starts_from(before)
    cue = cue or forms.for_us.search(before) is not None
    starts_line = not before.strip(" *•–—-:")
    if expects_prices(line, sheet):
        return told or cue or named or starts_line
    short = starts_line and len(line.text) <= _SHORT_LINE
    plan = named or forms.plan_words.search(line.text) is not None
    return (told and (cue or plan or short)) or (cue and plan)


def _sentence_before(before: str) -> str:
    """What stands of the sentence before its amount."""
    return re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜÀ-Þ“\"„«$€£])", before)[-1]
