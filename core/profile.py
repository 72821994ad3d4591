"""The customer profile: six sections, folded from facts. Shapes only; the fold is in `profiles`."""

from __future__ import annotations

from dataclasses import dataclass

from core.chance import UNKNOWN, Chance
from core.fact import Quantity
from core.ids import PersonaId


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyProfile:
    size: str = ""  # solo | small_business | startup | mid_market | enterprise
    employees: Quantity | None = None
    industry: str = ""
    revenue: str = ""
    tech_stack: tuple[str, ...] = ()
    current_tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviorProfile:
    technical_level: str = ""  # low | medium | high | expert
    decision_maker: str = "unknown"  # yes | shared | no | unknown
    role: str = ""
    research_phase: str = "awareness"  # awareness | research | evaluation | decision
    urgency: str = "low"  # low | medium | high | urgent
    engagement_depth: str = "low"  # low | medium | high
    communication_style: str = ""  # analytical | direct | relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsProfile:
    primary_use_case: str = ""
    specific_features: tuple[str, ...] = ()
    integration_needs: tuple[str, ...] = ()
    volume: Quantity | None = None
    budget_range: Quantity | str | None = None
    timeline: str = ""
    scaling_needs: tuple[str, ...] = ()
    pains: tuple[str, ...] = ()
    security_needs: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementProfile:
    questions_asked: int = 0
    pages_visited: tuple[str, ...] = ()
    time_on_site: float = 0.0  # seconds between the first and the last thing seen of the visitor
    return_visits: int = 0
    conversion_signals: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntelligenceProfile:
    buying_readiness: str = "low"  # low | medium | high
    persona_match: PersonaId | None = None
    conversion_probability: float = 0.0  # `conversion.value`
    conversion: Chance = UNKNOWN
    recommended_next_steps: tuple[str, ...] = ()
    risk_factors: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileUpdate:
    """Why the profile was worked out anew, and when."""

    trigger: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileMeta:
    confidence_score: float = 0.0
    last_updated: float = 0.0
    update_triggers: tuple[str, ...] = ()
    total_updates: int = 0
    next_scheduled_update: float | None = None
    contradictions: tuple[str, ...] = ()  # fields of which two values were said and neither was corrected
    stale: tuple[str, ...] = ()  # fields last spoken of so long ago that they may have changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    company: CompanyProfile
    behavior: BehaviorProfile
    requirements: RequirementsProfile
    engagement: EngagementProfile
    intelligence: IntelligenceProfile
    meta: ProfileMeta
