"""Letting the desk's chat model make compiled personas fuller, and going on without it where it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError
from core.persona import Persona
from core.ports import Clock
from frontdesk.chat_model import patient_model, settings_in
from knowledge.reading.page import SitePage
from personas.compiler import Improved, improve_personas, read_answers
from personas.compiler.improving_answers import Answer

_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """Whether the model of the folder's `frontdesk.yaml` is asked, and who is told how far it is."""

    wanted: bool = True
    told: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """What came of the model. `model` is "" where none was asked; `problem` says why it was of less use than it could.

    `answers` is None where there is nothing to keep.
    """

    model: str = ""
    added: int = 0
    refused: int = 0
    problem: str = ""
    answers: Mapping[str, Answer] | None = None

    def line(self) -> str:
        """For people; "" where no model was meant to be asked."""
        if self.problem and not self.added:
            return f"Personas are as the site's own words give them: {self.problem}"
        if not self.model:
            return ""
        refused = f"; {self.refused} more were not borne out by the site" if self.refused else ""
        told = f"{self.model} added {self.added} statements to the personas, each with its quote{refused}."
        return f"{told} {self.problem}".rstrip()

    def to_json(self) -> dict[str, object]:
        return {"model": self.model, "added": self.added, "refused": self.refused, "problem": self.problem}


ASKED, NOT_ASKED = ModelUse(), ModelReport()


async def improved(
    folder: Path, personas: tuple[Persona, ...], pages: Sequence[SitePage], *, clock: Clock, use: ModelUse
) -> tuple[tuple[Persona, ...], ModelReport]:
    """The personas with what the folder's model adds; as they were where there is none, and where it fails."""
    if not use.wanted or not personas:
        return personas, NOT_ASKED
    try:
        desk = settings_in(folder)
    except ConfigError as error:
        return personas, ModelReport(problem=f"{error}. `frontdesk check -c {folder}` tells more.")
    if desk is None or desk.models.chat is None:
        return personas, NOT_ASKED
    settings = desk.models.chat
    use.told(f"Asking {settings.model} about {len(personas)} personas")
    async with patient_model(settings, clock) as model:
        result = await improve_personas(
            personas,
            pages,
            model,
            earlier=read_answers(folder),
            progress=lambda done, total: use.told(f"{done} of {total} answered") if done else None,
        )
    return result.personas, _report(settings.model, result)


def _report(model: str, result: Improved) -> ModelReport:
    problem = ""
    if result.unanswered:
        reason = result.failure[:_LONGEST_REASON]
        problem = f"{model} said nothing usable of {result.unanswered} personas ({reason}). The next crawl asks again."
    return ModelReport(model=model, added=result.added, refused=result.refused, problem=problem, answers=result.answers)
