"""Personas made fuller by a chat model. Nothing it claims is believed that its verbatim quote does not bear out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from importlib import resources
from typing import Any

from core.errors import ModelError
from core.persona import Persona
from core.ports import ChatModel, Prompt
from knowledge.reading.page import SitePage
from personas.compiler.improving_answers import Answer
from personas.compiler.improving_claims import LISTS, Claim, Witness, claims_in, with_claim

_PAGE_LETTERS = 6_000
_MAX_TOKENS = 2_000
_TOGETHER = 3
"""Personas asked about at the same time. Where none of them gets an answer, no more are asked about."""

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
                    "field": {"type": "string", "enum": ["description", *LISTS]},
                    "value": {"type": "string"},
                    "url": {"type": "string"},
                    "quote": {"type": "string"},
                },
            },
        }
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """`personas` in the order given. `answers` is what to hand in next time; `failure` says why a question failed."""

    personas: tuple[Persona, ...]
    answers: Mapping[str, Answer]
    added: int = 0  # claims that were believed
    refused: int = 0  # claims that were not
    unanswered: int = 0  # personas of which the model said nothing usable
    failure: str = ""


def _silent(_: int, __: int) -> None:
    return None


async def improve_personas(
    personas: Sequence[Persona],
    pages: Sequence[SitePage],
    model: ChatModel,
    *,
    earlier: Mapping[str, Answer] | None = None,
    progress: Callable[[int, int], None] = _silent,
) -> Improved:
    """The same personas with what the model adds; ids, names and order never change.

    A claim is dropped when its quote is not on the page it names, stands under a denial, names a person, or does not
    hold the claim's words. `earlier` answers stand where the same would be asked again, and where the model fails, as
    far as the site still bears them out. `progress` is told how many of how many questions are through.
    """
    witness = await asyncio.to_thread(Witness, pages)
    inquiries = [_Inquiry(persona, witness, (earlier or {}).get(persona.id)) for persona in personas]
    failure = await _ask(model, [one for one in inquiries if one.open], progress)
    outcomes = [one.outcome() for one in inquiries]
    return Improved(
        personas=tuple(persona for persona, _ in outcomes),
        answers={str(one.persona.id): one.answer for one in inquiries if one.answer is not None},
        added=sum(added for _, added in outcomes),
        refused=sum(len(one.answer.claims) for one in inquiries if one.answer) - sum(added for _, added in outcomes),
        unanswered=sum(one.open for one in inquiries),
        failure=failure,
    )


async def _ask(model: ChatModel, inquiries: Sequence[_Inquiry], progress: Callable[[int, int], None]) -> str:
    """Why the model failed, if it did."""
    failure = ""
    for start in range(0, len(inquiries), _TOGETHER):
        progress(start, len(inquiries))
        batch = inquiries[start : start + _TOGETHER]
        failures = await asyncio.gather(*(one.put_to(model) for one in batch))
        failure = next(filter(None, failures), failure)
        if all(failures):
            return failure
    progress(len(inquiries), len(inquiries))
    return failure


class _Inquiry:
    """What is asked about one persona, and what was answered; `open` while nothing was."""

    def __init__(self, persona: Persona, witness: Witness, earlier: Answer | None) -> None:
        self.persona = persona
        self.answer = earlier
        self._witness = witness
        self._pages = witness.pages_of(persona)
        self._prompt = _prompt(persona, self._pages)
        self._fingerprint = sha256(f"{self._prompt.system}{self._prompt.messages}".encode()).hexdigest()
        self.open = bool(self._pages) and (earlier is None or earlier.asked != self._fingerprint)

    async def put_to(self, model: ChatModel) -> str:
        """Why the model gave no answer; "" when it did."""
        try:
            said = await model.complete(self._prompt)
        except ModelError as error:
            return str(error)
        own = tuple(claim for claim in claims_in(said) if claim.persona == self.persona.id)
        self.answer = Answer(asked=self._fingerprint, claims=own)
        self.open = False
        return ""

    def outcome(self) -> tuple[Persona, int]:
        """The persona with the claims that the site bears out, and how many those are."""
        persona, borne = self.persona, [claim for claim in self._claims() if self._borne_out(claim)]
        for claim in borne:
            persona = with_claim(persona, claim, self._witness.hash_of(claim.url))
        return persona, len(borne)

    def _claims(self) -> tuple[Claim, ...]:
        return self.answer.claims if self.answer else ()

    def _borne_out(self, claim: Claim) -> bool:
        return self._witness.bears_out(claim, self._pages)


def _prompt(persona: Persona, pages: Sequence[SitePage]) -> Prompt:
    told = {
        one.name: getattr(persona, one.name)
        for one in fields(Persona)
        if one.name in {"id", "name", "description", *LISTS}
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
