"""How sites speak of their offer, read once from `resources/offering.yaml`; lines of a page with their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict

from core.offering import Named
from core.site import SiteSource
from knowledge.reading.blocks import PARAGRAPH
from knowledge.reading.page import SitePage


class OfferingTerms(BaseModel):
    """The shipped data; the comments in the file say what each list is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    legal_paths: frozenset[str]
    question_words: frozenset[str]
    not_questions: tuple[str, ...]
    faq_words: tuple[str, ...]
    docs_paths: frozenset[str]
    rivals: tuple[str, ...]
    with_company: tuple[str, ...]
    rival_paths: frozenset[str]
    no_rivals: frozenset[str]
    integrations: tuple[str, ...]
    industries: dict[str, tuple[str, ...]]
    industry_sections: tuple[str, ...]
    product_nouns: tuple[str, ...]
    no_products: frozenset[str]
    too_general: frozenset[str]
    who: tuple[str, ...]
    turned_away: tuple[str, ...]
    uses: tuple[str, ...]
    own_service: tuple[str, ...]
    not_served: tuple[str, ...]
    not_for_headings: tuple[str, ...]
    verbs: tuple[str, ...]
    seat_units: tuple[str, ...]
    flat: tuple[str, ...]
    usage: tuple[str, ...]
    for_whom: tuple[str, ...]
    reasons: tuple[str, ...]
    lead_ins: tuple[str, ...]
    pronouns: frozenset[str]
    ourselves: frozenset[str]


@cache
def offering_terms() -> OfferingTerms:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/offering.yaml").read_text(encoding="utf-8")
    return OfferingTerms.model_validate(yaml.safe_load(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One block of a page under its headings; `level` as in `Block`."""

    page: SitePage
    text: str
    level: int
    headings: tuple[str, ...]
    place: int

    @property
    def source(self) -> SiteSource:
        return SiteSource(url=self.page.url, quote=self.text, hash=self.page.hash)

    @property
    def heading(self) -> str:
        return self.headings[-1] if self.headings else ""


def said_on(page: SitePage) -> Iterator[Said]:
    """Every block with text, in order."""
    path: list[tuple[int, str]] = []
    for place, block in enumerate(page.blocks):
        if block.level != PARAGRAPH:
            path = [one for one in path if one[0] < block.level]
        headings = tuple(text for _, text in path)
        if block.text:
            yield Said(page=page, text=block.text, level=block.level, headings=headings, place=place)
        if block.level != PARAGRAPH and block.text:
            path.append((block.level, block.text))


def segments(url: str) -> list[str]:
    """The parts of an address's path, in lower case and without an ending."""
    return [part.removesuffix(".html").casefold() for part in urlsplit(url).path.split("/") if part]


def is_legal(page: SitePage) -> bool:
    return not offering_terms().legal_paths.isdisjoint(segments(page.url))


def teaches(page: SitePage) -> bool:
    """Whether a page is documentation or an article rather than part of the offer."""
    return not offering_terms().docs_paths.isdisjoint(segments(page.url))


def first_of_each(found: Iterable[Named]) -> tuple[Named, ...]:
    """Each name once, whatever its case, in order."""
    kept: dict[str, Named] = {}
    for one in found:
        kept.setdefault(re.sub(r"[^\w]+", " ", one.name.casefold()).strip(), one)
    return tuple(kept.values())
