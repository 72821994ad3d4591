"""Personas made fuller by a chat model. Nothing it claims is believed that its verbatim quote does not bear out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ModelError
from core.persona import Persona
from core.ports import ChatModel, Prompt
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

_LISTS = ("pains", "features", "objections", "proof", "buying_patterns", "roles", "cues")
_MOST_VALUES = 12
_MOST_PAGES = 6
_PAGE_LETTERS = 6_000
_MAX_TOKENS = 2_000
_LEAST_WORDS = 4
_SHARED = 0.5
"""Share of a claim's telling words that its quote must hold."""
_WORD = re.compile(r"[^\W\d_]{4,}|\d[\d.,]*")

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims"],
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["persona", "field", "value", "url", "quote"],
                "properties": {
                    "persona": {"type": "string"},
                    "field": {"type": "string", "enum": ["description", *_LISTS]},
                    "value": {"type": "string"},
                    "url": {"type": "string"},
                    "quote": {"type": "string"},
                },
            },
        }
    },
}


class _Claim(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    persona: str
    field: str
    value: str = Field(min_length=3, max_length=300)
    url: str
    quote: str = Field(min_length=8, max_length=1_000)


async def improve_personas(
    personas: Sequence[Persona], pages: Sequence[SitePage], model: ChatModel
) -> tuple[Persona, ...]:
    """The same personas with what the model adds; ids, names and order never change.

    A claim is dropped when its quote is not on the page it names, stands under a denial, names a person, or does not
    hold the claim's words. A model that fails leaves a persona as it was.
    """
    desk = _Desk(pages)
    return tuple([await _improved(persona, desk, model) for persona in personas])


async def _improved(persona: Persona, desk: _Desk, model: ChatModel) -> Persona:
    own = desk.pages_of(persona)
    if not own:
        return persona
    try:
        answer = await model.complete(_prompt(persona, own))
    except ModelError:
        return persona
    for claim in _claims(answer):
        if claim.persona == persona.id and desk.bears_out(claim, own):
            persona = _with(persona, claim, desk.hash_of(claim.url))
    return persona


def _prompt(persona: Persona, pages: Sequence[SitePage]) -> Prompt:
    told = {
        one.name: getattr(persona, one.name)
        for one in fields(Persona)
        if one.name in {"id", "name", "description", *_LISTS}
    }
    shown = "\n\n".join(_fenced(page) for page in pages)
    system = resources.files("personas").joinpath("resources/improve_personas.txt").read_text(encoding="utf-8")
    return Prompt(
        system=system,
        messages=(("user", f"Persona:\n{json.dumps(told, ensure_ascii=False)}\n\n{shown}"),),
        schema=_SCHEMA,
        max_tokens=_MAX_TOKENS,
    )


def _fenced(page: SitePage) -> str:
    text = "\n".join(block.text for block in page.blocks if block.text)[:_PAGE_LETTERS]
    # A page must not be able to end its own fence.
    inside = text.replace("<<<", "‹‹‹").replace(">>>", "›››")
    return f"<<<PAGE {json.dumps(page.url)}\n{inside}\nPAGE>>>"


def _claims(answer: Mapping[str, Any]) -> tuple[_Claim, ...]:
    listed = answer.get("claims")
    claims: list[_Claim] = []
    for one in listed if isinstance(listed, list) else ():
        try:
            claims.append(_Claim.model_validate(one))
        except ValidationError:
            continue
    return tuple(claims)


def _with(persona: Persona, claim: _Claim, page_hash: str) -> Persona:
    source = SiteSource(url=claim.url, quote=claim.quote, hash=page_hash, fields=(claim.field,))
    if claim.field == "description":
        return (
            persona
            if persona.description
            else replace(persona, description=claim.value, sources=(*persona.sources, source))
        )
    known: tuple[str, ...] = getattr(persona, claim.field)
    if len(known) >= _MOST_VALUES or claim.value.casefold() in {one.casefold() for one in known}:
        return persona
    changes: dict[str, Any] = {claim.field: (*known, claim.value), "sources": (*persona.sources, source)}
    return replace(persona, **changes)


class _Desk:
    """The pages by address, and the checks a claim must pass."""

    def __init__(self, pages: Sequence[SitePage]) -> None:
        self._pages = {page.url: page for page in pages}
        readings = read_pages(pages, phrasebook())
        words = words_for(pages[0].language if pages else "en")
        places = Places(NameReader(words), phrasebook(), frozenset())
        self._gatherer = Gatherer(readings, Keys(words, phrasebook()), places)

    def pages_of(self, persona: Persona) -> tuple[SitePage, ...]:
        urls = dict.fromkeys((*persona.pages, *(source.url for source in persona.sources)))
        return tuple(self._pages[url] for url in urls if url in self._pages)[:_MOST_PAGES]

    def hash_of(self, url: str) -> str:
        return self._pages[url].hash

    def bears_out(self, claim: _Claim, shown: Sequence[SitePage]) -> bool:
        page = next((one for one in shown if one.url == claim.url), None)
        if page is None or claim.field not in {"description", *_LISTS} or len(claim.quote.split()) < _LEAST_WORDS:
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
