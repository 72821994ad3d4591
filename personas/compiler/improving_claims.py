"""What a chat model claims about a persona, and the checks a claim must pass to be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.persona import Persona
from core.site import SiteSource
from knowledge.polarity import EXCLUDED, polarities
from knowledge.reading.page import SitePage
from personas.compiler.material import Gatherer
from personas.compiler.merging import Keys
from personas.compiler.naming import NameReader
from personas.compiler.phrasebook import phrasebook
from personas.compiler.places import Places
from personas.compiler.reading import read_pages
from personas.compiler.words import words_for

LISTS = ("pains", "features", "objections", "proof", "buying_patterns", "roles", "cues")
"""Fields of a persona that claims add to; besides them, a missing description."""
MOST_PAGES = 6
_MOST_VALUES = 12
_LEAST_WORDS = 4
_SHARED = 0.5
"""Share of a claim's telling words that its quote must hold."""
_WORD = re.compile(r"[^\W\d_]{4,}|\d[\d.,]*")


class Claim(BaseModel):
    """One claim, as the model made it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    persona: str
    field: str
    value: str = Field(min_length=3, max_length=300)
    url: str
    quote: str = Field(min_length=8, max_length=1_000)


def claims_in(answer: Mapping[str, Any]) -> tuple[Claim, ...]:
    """The claims of an answer that are shaped like claims."""
    listed = answer.get("claims")
    claims: list[Claim] = []
    for one in listed if isinstance(listed, list) else ():
        try:
            claims.append(Claim.model_validate(one))
        except ValidationError:
            continue
    return tuple(claims)


def with_claim(persona: Persona, claim: Claim, page_hash: str) -> Persona:
    """The persona with what a claim adds; as it was where that is there already, or enough is."""
    source = SiteSource(url=claim.url, quote=claim.quote, hash=page_hash, fields=(claim.field,))
    sources = (*persona.sources, source)
    if claim.field == "description":
        return persona if persona.description else replace(persona, description=claim.value, sources=sources)
    known: tuple[str, ...] = getattr(persona, claim.field)
    if len(known) >= _MOST_VALUES or claim.value.casefold() in {one.casefold() for one in known}:
        return persona
    changes: dict[str, Any] = {claim.field: (*known, claim.value), "sources": sources}
    return replace(persona, **changes)


class Witness:
    """The pages of the site by address, and whether they bear a claim out."""

    def __init__(self, pages: Sequence[SitePage]) -> None:
        self._pages = {page.url: page for page in pages}
        readings = read_pages(pages, phrasebook())
        words = words_for(pages[0].language if pages else "en")
        places = Places(NameReader(words), phrasebook(), frozenset())
        self._gatherer = Gatherer(readings, Keys(words, phrasebook()), places)

    def pages_of(self, persona: Persona) -> tuple[SitePage, ...]:
        """The pages that speak to a persona, those it was read from after them."""
        urls = dict.fromkeys((*persona.pages, *(source.url for source in persona.sources)))
        return tuple(self._pages[url] for url in urls if url in self._pages)[:MOST_PAGES]

    def hash_of(self, url: str) -> str:
        """The fingerprint of a page of the site."""
        return self._pages[url].hash

    def bears_out(self, claim: Claim, shown: Sequence[SitePage]) -> bool:
        """Whether the quote stands on one of the pages shown, undenied, names nobody, and says what the claim says."""
        page = next((one for one in shown if one.url == claim.url), None)
        if page is None or claim.field not in {"description", *LISTS} or len(claim.quote.split()) < _LEAST_WORDS:
            return False
        if self._gatherer.is_private(claim.value) or self._gatherer.is_private(claim.quote):
            return False
        sides = [
            side for block, side in zip(page.blocks, polarities(page.blocks), strict=True) if claim.quote in block.text
        ]
        if not sides or EXCLUDED in sides:
            return False
        said = {_stem(word) for word in _WORD.findall(claim.quote.casefold())}
        told = [_stem(word) for word in _WORD.findall(claim.value.casefold())]
        numbers = [word for word in told if word[0].isdigit()]
        return all(number in said for number in numbers) and sum(word in said for word in told) >= _SHARED * len(told)


def _stem(word: str) -> str:
    return word if word[0].isdigit() else word[:5]
