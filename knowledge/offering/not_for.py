"""Whom the site turns away: "X cannot use ...", "not for X", and the lists below headings that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from core.offering import Named
from core.site import SiteSource
from knowledge.offering.terms import Said, first_of_each, is_legal, offering_terms, said_on
from knowledge.polarity import EXCLUDED, intro_polarity, polarities, polarity
from knowledge.pricing.terms import any_of, whole
from knowledge.reading.blocks import PARAGRAPH
from knowledge.reading.page import SitePage
from knowledge.sentences import split_sentences

_LONGEST_NAME = 140
_LONGEST = 2_000
_PURPOSE = re.compile(r"\s+for\s+(?P<what>.{3,90}?\b(?:purposes?|use|projects?|work|activities))\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?:^|\b)if\s+(?:you(?:r\s+\w+)?\s+(?:are|is|have|has|need|needs|want|wants)\s+)(?:an?\s+)?(?P<who>.{3,120}?),?\s+(?:then\s+)?(?:you|it|they)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Forms:
    away: re.Pattern[str]
    served: re.Pattern[str]
    who: re.Pattern[str]
    heading: re.Pattern[str]
    verbs: re.Pattern[str]
    ours: re.Pattern[str]


def not_for_of(pages: Sequence[SitePage], company: str) -> tuple[Named, ...]:
    """Each group once, in the site's words; the quote is the whole line that shuts it out."""
    forms = _forms(company)
    return first_of_each(one for page in pages if not is_legal(page) for one in _on(page, forms))


def _on(page: SitePage, forms: _Forms) -> Iterator[Named]:
    sides = polarities(page.blocks)
    for line in said_on(page):
        if line.level != PARAGRAPH or sides[line.place] != EXCLUDED:
            continue
        listed = _below_refusal(line, page, forms)
        for sentence in split_sentences(line.text[:_LONGEST]):
            name = _turned_away(sentence, forms) or (_item(sentence, forms) if listed else "")
            if name:
                yield Named(name=name, source=SiteSource(url=page.url, quote=line.text, hash=page.hash))
            if listed:
                break


def _below_refusal(line: Said, page: SitePage, forms: _Forms) -> bool:
    """Whether a heading or the opening of a list above says that who follows is turned away."""
    for heading in line.headings:
        if intro_polarity(heading) == EXCLUDED and forms.heading.search(heading):
            return True
    for block in reversed(page.blocks[max(0, line.place - 30) : line.place]):
        if block.level != PARAGRAPH:
            return False
        if block.text.endswith(":"):
            return intro_polarity(block.text) == EXCLUDED and bool(
                forms.heading.search(block.text) or forms.who.search(block.text) or forms.away.search(block.text)
            )
    return False


def _turned_away(sentence: str, forms: _Forms) -> str:
    if polarity(sentence) != EXCLUDED:
        return ""
    if found := forms.away.search(sentence):
        if condition := _CONDITION.search(sentence[: found.start()] + " you "):
            return _clean(condition["who"])
        if purpose := _PURPOSE.match(sentence, found.end()):
            return _clean(purpose["what"])
        return _who(_lead_ins().sub("", sentence[: found.start()]), forms)
    if found := forms.served.search(sentence):
        return _who(_reasons().split(sentence[found.end() :], maxsplit=1)[0], forms)
    return ""


def _item(sentence: str, forms: _Forms) -> str:
    """The group an item of such a list names: what stands before its verb."""
    subject = forms.verbs.split(sentence, maxsplit=1)[0] if forms.verbs.search(sentence) else sentence
    return _who(subject, forms)


def _who(text: str, forms: _Forms) -> str:
    name = _clean(text)
    folded = re.sub(r"^(?:some|most|many|all)\s+", "", name.casefold())
    if not folded or folded in offering_terms().too_general or folded.split()[0] in offering_terms().pronouns:
        return ""
    return name if forms.who.search(name) and not forms.ours.match(name) else ""


def _clean(text: str) -> str:
    name = (
        _reasons().split(text.strip(" ,-–—•*"), maxsplit=1)[0]
        if not re.match(r"[A-Z]\.[A-Z]\.", text.strip())
        else text.strip(" ,")
    )
    name = re.sub(r"^(?:for|to|the|any|some|that|or)\s+", "", name.strip(" .,;:"), flags=re.IGNORECASE)
    return name if len(name) <= _LONGEST_NAME else ""


def _forms(company: str) -> _Forms:
    terms = offering_terms()
    ours = [*terms.own_service, *([company] if company else [])]
    return _Forms(
        away=re.compile(
            rf"\b(?:will\s|would\s)?(?:{'|'.join(terms.turned_away)})\s(?:\w+\s)?(?:{any_of(terms.uses)})\s(?:the\s)?{any_of(ours)}(?!\w)",
            re.IGNORECASE,
        ),
        served=re.compile(
            rf"(?:\b(?:we|{any_of(ours)})\s+)(?:\w+\s)?(?:{'|'.join(terms.not_served)})\s+", re.IGNORECASE
        ),
        who=_who_form(),
        heading=whole([*terms.not_for_headings, *([company] if company else [])]),
        ours=whole([company or "-"]),
        verbs=re.compile(rf"\s{any_of(terms.verbs)}(?!\w)", re.IGNORECASE),
    )


@cache
def _who_form() -> re.Pattern[str]:
    singular = offering_terms().who
    plurals = [f"{word[:-1]}ies" if word.endswith("y") else f"{word}s" for word in singular]
    return whole([*singular, *plurals, "people", "businesses", "branches"])


@cache
def _reasons() -> re.Pattern[str]:
    return re.compile(rf",?\s{any_of(offering_terms().reasons)}\b|[;:.]|,\s(?:so|and|but|which)\s")


@cache
def _lead_ins() -> re.Pattern[str]:
    return re.compile(rf"^{any_of(offering_terms().lead_ins)}[,:]?\s+", re.IGNORECASE)
