"""The six sections of the customer profile, folded from facts and the session."""

from __future__ import annotations

from collections.abc import Callable

from core.fact import Field, Quantity
from core.history import contradictions
from core.ledger import Known, quantity_of, text_of, texts_of
from core.persona import Persona
from core.profile import BehaviorProfile, CompanyProfile, EngagementProfile, ProfileMeta, RequirementsProfile
from core.session import Session
from core.turn import TurnView
from core.understanding import Intent
from profiles.analysis_file import SizeFile
from profiles.freshness import HalfLives, confidence_at, stale_fields
from profiles.standing import Standing

UPDATE_EVERY = 900.0
"""Seconds into a session after which the profile is looked at again."""

_PHASES = {
    Intent.NONE: "awareness",
    Intent.LOOKING: "research",
    Intent.EVALUATING: "evaluation",
    Intent.ACTING: "decision",
}
_DEPTHS = ((12, "high"), (5, "medium"))


def employees_of(known: Known) -> Quantity | None:
    return quantity_of(known, Field.COMPANY_SIZE)


def size_label(data: SizeFile, known: Known, persona: Persona | None, *, builds_software: bool) -> str:
    """One of the size labels of the profile, "" while the number of employees is unknown."""
    employees = employees_of(known)
    count = (employees.low if employees.low is not None else employees.high) if employees else None
    if count is None:
        return ""
    if count < data.small_business:
        return "solo"
    if count <= data.startup_employees and _is_startup(data, known, persona, builds_software=builds_software):
        return "startup"
    if count < data.mid_market:
        return "small_business"
    return "mid_market" if count < data.enterprise else "enterprise"


def _is_startup(data: SizeFile, known: Known, persona: Persona | None, *, builds_software: bool) -> bool:
    return (
        builds_software
        or text_of(known, Field.INDUSTRY) in data.startup_industries
        or (Field.INDUSTRY not in known and text_of(known, Field.TECHNICAL_LEVEL) in data.startup_levels)
        or (persona is not None and persona.company_sizes == ("startup",))
    )


def company_section(known: Known, size: str, is_technical: Callable[[str], bool]) -> CompanyProfile:
    stack = texts_of(known, Field.TECH_STACK)
    return CompanyProfile(
        size=size,
        employees=employees_of(known),
        industry=text_of(known, Field.INDUSTRY),
        tech_stack=stack,
        current_tools=tuple(tool for tool in stack if not is_technical(tool)),
    )


def behavior_section(known: Known, session: Session, standing: Standing) -> BehaviorProfile:
    return BehaviorProfile(
        technical_level=text_of(known, Field.TECHNICAL_LEVEL),
        decision_maker=text_of(known, Field.DECISION_MAKER) or "unknown",
        role=text_of(known, Field.ROLE),
        research_phase=_PHASES[standing.intent],
        urgency=_urgency(known),
        engagement_depth=_depth(session),
        communication_style=text_of(known, Field.STYLE),
    )


def _urgency(known: Known) -> str:
    hurried = "urgency" in texts_of(known, Field.SIGNALS)
    timeline = text_of(known, Field.TIMELINE)
    if timeline == "now":
        return "urgent" if hurried else "high"
    if hurried:
        return "high"
    return "medium" if timeline == "1-3m" else "low"


def _depth(session: Session) -> str:
    weight = session.messages + len(session.pages) + session.questions_asked
    return next((depth for least, depth in _DEPTHS if weight >= least), "low")


def requirements_section(known: Known) -> RequirementsProfile:
    use_cases = texts_of(known, Field.USE_CASE)
    return RequirementsProfile(
        primary_use_case=use_cases[0] if use_cases else "",
        specific_features=texts_of(known, Field.FEATURES),
        integration_needs=texts_of(known, Field.INTEGRATIONS),
        volume=quantity_of(known, Field.VOLUME),
        budget_range=quantity_of(known, Field.BUDGET) or text_of(known, Field.BUDGET) or None,
        timeline=text_of(known, Field.TIMELINE),
        scaling_needs=texts_of(known, Field.SCALING),
        pains=texts_of(known, Field.PAINS),
        security_needs=texts_of(known, Field.SECURITY),
        competitors=texts_of(known, Field.COMPETITORS),
    )


def engagement_section(known: Known, view: TurnView) -> EngagementProfile:
    session = view.session
    return EngagementProfile(
        questions_asked=session.questions_asked,
        pages_visited=session.pages,
        time_on_site=max(0.0, max(session.last_at, view.now) - session.started_at) if session.started_at else 0.0,
        return_visits=max(0, session.visits - 1),
        conversion_signals=texts_of(known, Field.SIGNALS),
        objections=texts_of(known, Field.OBJECTIONS),
    )


def meta_section(known: Known, view: TurnView, fields: tuple[Field, ...], half_lives: HalfLives) -> ProfileMeta:
    session, now = view.session, view.now
    sure = sum(confidence_at(known[field][-1], now, half_lives) for field in fields if field in known)
    due = session.started_at + UPDATE_EVERY
    return ProfileMeta(
        confidence_score=round(sure / len(fields), 3),
        last_updated=now,
        update_triggers=tuple(update.trigger for update in session.updates),
        total_updates=session.total_updates,
        next_scheduled_update=due if session.started_at and due > now else None,
        contradictions=tuple(one.field.value for one in contradictions(view.facts)),
        stale=tuple(field.value for field in stale_fields(known, now, half_lives)),
    )
