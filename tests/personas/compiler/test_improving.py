from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import ModelError
from core.ports import Prompt
from personas.compiler import ANSWERS, compile_personas, improve_personas, read_answers, write_answers
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
    assert [one.id for one in better.personas] == [one.id for one in personas]
    return next(one for one in better.personas if one.id == "physiotherapist").objections


async def test_a_claim_with_its_quote_is_taken_and_cited() -> None:
    pages = CLINICS.read()
    better = await improve_personas(compile_personas(pages, offering=NOTHING_SOLD), pages, _Model(_claim()))
    physio = next(one for one in better.personas if one.id == "physiotherapist")
    assert "Our exercise sheets get lost" in physio.objections
    assert any(source.quote == QUOTE and source.fields == ("objections",) for source in physio.sources)
    assert all("Our exercise sheets get lost" not in one.objections for one in better.personas if one.id != physio.id)


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


async def test_a_failing_model_changes_nothing_and_is_left_alone() -> None:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    told: list[tuple[int, int]] = []
    better = await improve_personas(personas, pages, _Broken(), progress=lambda *now: told.append(now))
    assert better.personas == personas
    assert (better.added, better.unanswered, better.failure) == (0, len(personas), "no answer to 1 messages")
    assert told == [(0, len(personas))]


async def test_what_was_asked_before_is_not_asked_again() -> None:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    first = await improve_personas(
        personas, pages, _Model(_claim(), _claim(quote="Exercise sheets fly away at night."))
    )
    model = _Model()
    second = await improve_personas(personas, pages, model, earlier=first.answers)
    assert model.prompts == []
    assert second.personas == first.personas
    assert (second.added, second.refused, second.unanswered) == (1, 1, 0)


async def test_earlier_claims_stand_while_the_site_bears_them_out() -> None:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    first = await improve_personas(personas, pages, _Model(_claim()))
    asked_anew = {name: answer.model_copy(update={"asked": "of old"}) for name, answer in first.answers.items()}
    kept = await improve_personas(personas, pages, _Broken(), earlier=asked_anew)
    assert kept.personas == first.personas
    gone = [replace(page, blocks=tuple(one for one in page.blocks if QUOTE not in one.text)) for page in pages]
    personas = compile_personas(gone, offering=NOTHING_SOLD)
    assert (await improve_personas(personas, gone, _Broken(), earlier=asked_anew)).personas == personas


async def test_answers_are_kept_in_a_file_whatever_becomes_of_it(tmp_path: Path) -> None:
    pages = CLINICS.read()
    personas = compile_personas(pages, offering=NOTHING_SOLD)
    answers = (await improve_personas(personas, pages, _Model(_claim()))).answers
    assert read_answers(tmp_path) == {}
    write_answers(tmp_path, answers)
    assert read_answers(tmp_path) == answers
    for damaged in (b"", b"[1]", b'{"answers": {"a": 5}}', b"\xff\xfe{"):
        (tmp_path / ANSWERS).write_bytes(damaged)
        assert read_answers(tmp_path) == {}
