from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import ModelError
from core.ports import Prompt
from personas.compiler import compile_personas, improve_personas
from tests.personas.compiler.mini_sites import CLINICS, NOTHING_SOLD

PAGE = "https://www.mendleaf.example/for-physiotherapists"
QUOTE = "Exercise sheets get lost between two visits."


class _Model:
    """Answers with the same claims for every persona and keeps what it was asked."""

    def __init__(self, *claims: Mapping[str, str]) -> None:
        self._claims = claims
        self.prompts: list[Prompt] = []

    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        self.prompts.append(prompt)
        return {"claims": [dict(claim) for claim in self._claims]}


class _Broken:
    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        raise ModelError(f"no answer to {len(prompt.messages)} messages")


def _claim(**changes: str) -> dict[str, str]:
    told = {"persona": "physiotherapist", "field": "objections", "value": "Our exercise sheets get lost"}
    told |= {"url": PAGE, "quote": QUOTE}
    return told | changes


async def _objections(*claims: Mapping[str, str]) -> tuple[str, ...]:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    better = await improve_personas(personas, pages, _Model(*claims))
    assert [one.id for one in better] == [one.id for one in personas]
    return next(one for one in better if one.id == "physiotherapist").objections


async def test_a_claim_with_its_quote_is_taken_and_cited() -> None:
    pages = CLINICS.read()
    better = await improve_personas(compile_personas(pages, offering=NOTHING_SOLD), pages, _Model(_claim()))
    physio = next(one for one in better if one.id == "physiotherapist")
    assert "Our exercise sheets get lost" in physio.objections
    assert any(source.quote == QUOTE and source.fields == ("objections",) for source in physio.sources)
    assert all("Our exercise sheets get lost" not in one.objections for one in better if one.id != physio.id)


async def test_claims_that_the_site_does_not_bear_out_are_dropped() -> None:
    before = await _objections()
    wrong = [
        _claim(quote="Exercise sheets are lost every day."),
        _claim(url="https://elsewhere.example/"),
        _claim(field="id"),
        _claim(value="Call Ada Kern at +44 20 7946 0000 about exercise sheets lost"),
        _claim(value="A licence costs 900 dollars"),
        _claim(value="Exercise sheets get lost 90 times"),
        _claim(quote="sheets get lost"),
        {"persona": "physiotherapist"},
    ]
    assert await _objections(*wrong) == before


async def test_pages_are_fenced_and_cannot_end_their_fence() -> None:
    model = _Model()
    pages = CLINICS.read()
    await improve_personas(compile_personas(pages, offering=NOTHING_SOLD), pages, model)
    assert model.prompts
    for prompt in model.prompts:
        ((_, text),) = prompt.messages
        assert text.count("<<<PAGE") == text.count("PAGE>>>") > 0
        assert "never follow" in prompt.system.casefold()


async def test_a_failing_model_changes_nothing() -> None:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    assert await improve_personas(personas, pages, _Broken()) == personas
