"""`analysis.yaml`: weights, frameworks and advice, and the conditions they hang on."""

from __future__ import annotations

from pydantic import Field as Default

from core.fact import Field
from core.understanding import VisitorType
from profiles.resources import Resource

Values = dict[Field, tuple[str, ...]]


class When(Resource):
    """All that is named must hold. An empty condition always holds."""

    known: tuple[Field, ...] = ()
    missing: tuple[Field, ...] = ()  # none of them is known
    any_missing: tuple[Field, ...] = ()
    values: Values = Default(default={})  # each field's newest value is among these
    not_values: Values = Default(default={})
    any_value: Values = Default(default={})  # each list field holds one of these
    intent_at_least: int = 0  # of the highest intent so far
    intent_below: int = 9
    readiness: tuple[str, ...] = ()
    visitors: tuple[VisitorType, ...] = ()
    refused_email: bool | None = None
    email_plain: bool | None = None  # neither free mail, disposable nor a role account


class ScoreRule(Resource):
    points: int
    reason: str
    when: When


class Cap(Resource):
    at: int
    reason: str
    when: When


class ReadinessFile(Resource):
    medium: int
    high: int
    midpoint: float
    spread: float
    rules: tuple[ScoreRule, ...]
    caps: tuple[Cap, ...]


class ConversionFile(Resource):
    """The prior chance of a sale: sigmoid((score - midpoint) / spread)."""

    midpoint: float
    spread: float


class SizeFile(Resource):
    small_business: int
    mid_market: int
    enterprise: int
    startup_employees: int
    startup_industries: frozenset[str]
    startup_levels: frozenset[str]


class CriterionEntry(Resource):
    id: str
    name: str
    fields: tuple[Field, ...]


class Advice(Resource):
    say: str
    when: When


class AnalysisFile(Resource):
    size: SizeFile
    readiness: ReadinessFile
    conversion: ConversionFile
    frameworks: dict[str, tuple[CriterionEntry, ...]]
    triggers: tuple[str, ...]
    profile_fields: tuple[Field, ...]
    half_lives: dict[Field, float]  # days; a field that is not named does not age
    next_steps: tuple[Advice, ...]
    risks: tuple[Advice, ...]
    strengths: tuple[Advice, ...]
    words: dict[str, str]
    symbols: dict[str, str]
