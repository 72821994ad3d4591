"""Judgement over facts: profile, readiness, qualification, triggers. Pure, no model needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.fact import Fact, Field
from core.history import corroborated
from core.lead import Criterion, Readiness
from core.ledger import Known, fold
from core.profile import IntelligenceProfile, Profile
from core.session import Session
from core.turn import TurnView
from profiles.analysis_file import Advice, AnalysisFile, CriterionEntry
from profiles.calibration import Calibration, Outcome, Prior
from profiles.qualification_file import QualificationFile, neutral
from profiles.readiness import score
from profiles.resources import load
from profiles.sections import (
    behavior_section,
    company_section,
    engagement_section,
    meta_section,
    requirements_section,
    size_label,
)
from profiles.standing import Standing, holds, standing_of
from profiles.technologies import TechnologyFile, tools_of, with_own
from profiles.triggers import triggers
from profiles.wording import Wording

ADVICE_SHOWN = 4
"""Pieces of advice of each kind: a card has room for no more."""


class ProfileAnalyst:
    """`core.ports.Analyst`. The qualification framework and label names come from `qualification.yaml`.

    `outcomes` are what became of earlier leads; without them the chance of a sale is a prior.
    """

    def __init__(self, qualification: QualificationFile | None = None, *, outcomes: Sequence[Outcome] = ()) -> None:
        qualification = qualification or neutral()
        self._data = load("analysis.yaml", AnalysisFile)
        self.calibration = Calibration(Prior(**self._data.conversion.model_dump()), outcomes)
        self._framework = self._data.frameworks[qualification.framework]
        self._wording = Wording(qualification.labels, self._data.words, self._data.symbols)
        technologies = with_own(load("technologies.yaml", TechnologyFile), qualification.tools)
        technical = frozenset(technologies.technical)
        self._technical_tools = frozenset(
            name for name, tool in tools_of(technologies)[0].items() if tool.category in technical
        )
        self._folded: tuple[tuple[Fact, ...], Known] = ((), {})

    def profile(self, view: TurnView, readiness: Readiness) -> Profile:
        """The six sections after this turn."""
        known = self._known(view)
        standing = standing_of(view, known, readiness=readiness.level)
        builds = any(fact.value in self._technical_tools for fact in known.get(Field.TECH_STACK, ()))
        size = size_label(self._data.size, known, view.persona, builds_software=builds)
        return Profile(
            company=company_section(known, size, self._technical_tools.__contains__),
            behavior=behavior_section(known, view.session, standing),
            requirements=requirements_section(known),
            engagement=engagement_section(known, view),
            intelligence=IntelligenceProfile(
                buying_readiness=readiness.level,
                persona_match=view.persona.id if view.persona else None,
                conversion_probability=readiness.chance.value,
                conversion=readiness.chance,
                recommended_next_steps=self._advice(self._data.next_steps, standing),
                risk_factors=self._advice(self._data.risks, standing),
                strengths=self._advice(self._data.strengths, standing),
            ),
            meta=meta_section(known, view, self._data.profile_fields, self._data.half_lives),
        )

    def readiness(self, view: TurnView) -> Readiness:
        """Level, score, receipt, and the chance of a sale as far as the outcomes given at the start tell it."""
        found = score(self._data.readiness, standing_of(view, self._known(view)), self._wording)
        return replace(found, chance=self.calibration.chance(found.score))

    def qualification(self, known: Known) -> tuple[Criterion, ...]:
        """The framework's criteria in order, each with its answer in words and the newest quote behind it."""
        return tuple(self._criterion(entry, known) for entry in self._framework)

    def triggers(self, before: Session, view: TurnView) -> tuple[str, ...]:
        """Names of the smart triggers this turn pulls, most important first."""
        return triggers(self._data.triggers, before, view)

    def words(self, fact: Fact) -> str:
        """A fact's value in words, as a rep reads it."""
        return self._wording.of(fact)

    def _criterion(self, entry: CriterionEntry, known: Known) -> Criterion:
        fields = [field for field in entry.fields if field in known]
        answer = "; ".join(self._wording.field(known, field) for field in fields)
        return Criterion(
            id=entry.id, name=entry.name, answer=answer, quote=known[fields[0]][-1].quote if fields else ""
        )

    def _advice(self, entries: tuple[Advice, ...], standing: Standing) -> tuple[str, ...]:
        said = (self._wording.filled(one.say, standing.known) for one in entries if holds(one.when, standing))
        return tuple(said)[:ADVICE_SHOWN]

    def _known(self, view: TurnView) -> Known:
        # One turn asks for profile, readiness and triggers of the same facts: they are folded once.
        facts, known = self._folded
        if facts is not view.facts:
            known = fold(corroborated(view.facts))
            self._folded = (view.facts, known)
        return known
