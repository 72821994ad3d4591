"""Competitors the site names: what it is an alternative to, what people switch from. Integrations are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from core.offering import Named
from core.site import SiteSource
from knowledge.offering.terms import first_of_each, is_legal, offering_terms, said_on, segments, teaches
from knowledge.reading.page import SitePage

_REST = r"[\w+&]*(?:\.[\w+]+)*"
_NAME = rf"[A-Z0-9]{_REST}(?:-[A-Z]{_REST})?(?:[ ][A-Z0-9]{_REST})*"
_JOINT = r"(?:,[ ]|[ ]?/[ ]?|,?[ ](?:and|or|und|oder|et|ou|y|o|e|en|of)[ ])"
_NAMES = rf"(?:(?:the|an?|your|our)[ ])?(?P<names>{_NAME}(?:{_JOINT}{_NAME})*)"
_BETWEEN = re.compile(r",\s(?:and|or|und|oder|et|ou|y)\s|,\s|\s(?:and|or|und|oder|et|ou|y|o|e|en|of)\s|\s?/\s?")
_LONGEST = 600
_MOST_WORDS = 4


def rivals_of(pages: Sequence[SitePage], company: str) -> tuple[Named, ...]:
    """Each competitor once, where it is first named as one."""
    own = set(re.findall(r"\w+", company.casefold())) | {company.casefold()}
    found = [one for page in pages if not is_legal(page) and not teaches(page) for one in _on(page, own)]
    return first_of_each(found)


def _on(page: SitePage, own: set[str]) -> Iterator[Named]:
    for line in said_on(page):
        for sentence in re.split(r"(?<=[.!?])\s+", line.text[:_LONGEST]):
            if _connects().search(sentence):
                continue
            for name in _named(sentence, own):
                yield Named(name=name, source=line.source)
    yield from _linked(page, own)


def _named(sentence: str, own: set[str]) -> Iterator[str]:
    words = set(re.findall(r"[\w.]+", sentence.casefold()))
    ours = own | offering_terms().ourselves
    forms = (*_forms(), *_comparing()) if words & ours or any(name in sentence.casefold() for name in own) else _forms()
    for form in forms:
        for match in form.finditer(sentence):
            for part in _BETWEEN.split(match["names"]):
                if name := _usable(part, own):
                    yield name


def _linked(page: SitePage, own: set[str]) -> Iterator[Named]:
    """Pages that compare: `/vs/rivalo`, linked as "Rivalo"."""
    paths = offering_terms().rival_paths
    title = " ".join(page.blocks[0].text.split()) if page.blocks else page.title
    parts = segments(page.url)
    for place, part in enumerate(parts[:-1]):
        if part in paths:
            spelled = _spelled(parts[place + 1], f"{title} {page.title}")
            if spelled and (name := _usable(spelled, own)):
                quote = next((line.text for line in said_on(page) if name in line.text), "")
                if quote:
                    yield Named(name=name, source=SiteSource(url=page.url, quote=quote, hash=page.hash))


def _spelled(part: str, text: str) -> str:
    words = [word for word in part.split("-") if word not in {"vs", "alternative", "alternatives", "to", "and"}]
    match = re.search(r"[\s.-]?".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    return match[0] if match else ""


def _usable(name: str, own: set[str]) -> str:
    words = name.strip(" .").split()
    refused = offering_terms().no_rivals
    while words and words[0].casefold() in refused:
        words = words[1:]
    name = " ".join(words)
    folded = name.casefold()
    if not words or len(words) > _MOST_WORDS or folded in refused or folded in own or words[0].casefold() in own:
        return ""
    if not name[0].isalpha() or "_" in name:
        return ""
    return name if any(character.isalpha() and character.isupper() for character in name) and len(name) > 1 else ""


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """The forms are read without regard to case, except for names, which begin with a capital."""
    return tuple(re.compile(_cased(form)) for form in offering_terms().rivals)


@cache
def _comparing() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_cased(form)) for form in offering_terms().with_company)


def _cased(form: str) -> str:
    before, _, after = form.partition("NAMES")
    return (rf"\b(?i:{before})" if before else r"\b") + _NAMES + (f"(?i:{after})" if after else "")


@cache
def _connects() -> re.Pattern[str]:
    return re.compile("|".join(offering_terms().integrations), re.IGNORECASE)
