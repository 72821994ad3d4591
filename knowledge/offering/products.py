"""What the site sells, by the names it gives, and the industries it addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from core.offering import Named
from core.site import SiteSource
from knowledge.offering.terms import first_of_each, is_legal, offering_terms, said_on, segments
from knowledge.pricing.terms import any_of, whole
from knowledge.reading.blocks import PARAGRAPH
from knowledge.reading.page import SitePage

_LONGEST = 1_000
_MOST_WORDS = 4
_LONGEST_LABEL = 70
_OFTEN = 2
_PART_OF_NAME = re.compile(r"(?<!^)\b(?!(?:For|And|In|To|The|Our|Of|Für|Pour|Para|Per|Voor)\b)[A-Z][\w’']*\s$")


def products_of(pages: Sequence[SitePage], company: str) -> tuple[Named, ...]:
    """The products, the company's own name first where it is one."""
    found = list(_defined(pages, company))
    return first_of_each([*found, *_family(pages, company)])


def _defined(pages: Sequence[SitePage], company: str) -> Iterator[Named]:
    """The company, or what it names after itself, where it says what that is: "Acme is a payroll platform"."""
    if not company:
        return
    form = re.compile(
        rf"(?<![\w.])(?P<name>{re.escape(company)}(?:\s[A-Z][\w+-]*){{0,2}})\s(?:is|are|ist|est|es|è)\s(?:\w+\s){{0,3}}?(?:[\w-]+\s){{0,5}}?{any_of(offering_terms().product_nouns)}(?!\w)"
    )
    for page in pages:
        if is_legal(page):
            continue
        for line in said_on(page):
            if match := form.search(line.text[:_LONGEST]):
                yield Named(name=match["name"], source=line.source)
    for page in pages[:1]:
        for line in said_on(page):
            if company in line.text:
                yield Named(name=company, source=line.source)
                return


def _family(pages: Sequence[SitePage], company: str) -> Iterator[Named]:
    """Names that begin with the company's and stand on several lines: "Acme Inbox"."""
    if not company:
        return
    form = re.compile(
        rf"(?<![\w.]){re.escape(company)}\s(?P<rest>[A-Z][\w+]*(?:\s[A-Z][\w+]*)?)(?P<told>\s(?:is|are)\s(?:a|an|the|our)\s)?(?![\w-])"
    )
    found: dict[str, list[SiteSource]] = {}
    told: set[str] = set()
    for page in pages:
        if is_legal(page):
            continue
        for line in said_on(page):
            # In a heading every word may begin with a capital, so only running text tells names.
            for match in form.finditer(line.text[:_LONGEST]) if line.level == PARAGRAPH else ():
                name = f"{company} {match['rest']}"
                found.setdefault(name, []).append(line.source)
                told |= {name} if match["told"] else set()
    headings = " . ".join(
        f"{page.title} . " + " . ".join(one.text for one in page.blocks if one.level != PARAGRAPH) for page in pages
    )
    for name, sources in found.items():
        rest = set(name.casefold().removeprefix(company.casefold()).split())
        known = name in told or name in headings
        if (
            known
            and rest.isdisjoint(offering_terms().no_products)
            and len({source.quote for source in sources}) >= _OFTEN
        ):
            yield Named(name=name, source=sources[0])


def industries_of(pages: Sequence[SitePage]) -> tuple[Named, ...]:
    """The industries that headings, menus and addresses of pages name, in the site's words where it says "for ..."."""
    return first_of_each(one for page in pages if not is_legal(page) for one in _industries(page))


def _industries(page: SitePage) -> Iterator[Named]:
    about = _sections()
    path = " ".join(segments(page.url)).replace("-", " ")
    for place, line in enumerate(said_on(page)):
        among = any(about.search(heading) for heading in line.headings) or about.search(path)
        label = line.level != PARAGRAPH and len(line.text) <= _LONGEST_LABEL
        item = (
            line.level == PARAGRAPH
            and len(line.text) <= _LONGEST_LABEL
            and any(about.search(one) for one in line.headings[-1:])
        )
        if not ((label and (among or place == 0 or _for(line.text))) or item):
            continue
        for name in _named(line.text):
            yield Named(name=name, source=line.source)


def _named(text: str) -> Iterator[str]:
    for name, form in _industry_forms():
        match = form.search(text)
        if match and not _PART_OF_NAME.search(text[: match.start()]):
            yield name


@cache
def _industry_forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, whole([name, *words])) for name, words in offering_terms().industries.items())


@cache
def _sections() -> re.Pattern[str]:
    return whole(one for one in offering_terms().industry_sections if one != "for")


def _for(text: str) -> bool:
    return re.search(r"\b(?:for|für|pour|para|per|voor)\s", text, re.IGNORECASE) is not None
