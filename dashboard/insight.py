"""What pages about people judge with: the desk's own personas, names and weights, as they are at this moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.ids import PersonaId
from core.persona import Persona
from core.rep import Rep
from profiles.analyst import ProfileAnalyst


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """`personas` are those of the files in force, in their order."""

    analyst: ProfileAnalyst
    personas: Mapping[PersonaId, Persona]
    colleagues: tuple[Rep, ...] = ()  # whom `handoff.yaml` names

    def name_of(self, persona: str | None) -> str:
        """A persona's name; its id where the files no longer hold it, "" for none."""
        known = self.personas.get(PersonaId(persona or ""))
        return known.name if known else persona or ""


Insights = Callable[[], Insight]
"""Asked for each page: edited files are taken over while the dashboard runs."""
