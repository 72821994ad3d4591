"""Where a visitor stands after a turn, and whether a condition of `analysis.yaml` holds for it."""

from __future__ import annotations

from dataclasses import dataclass

from core.fact import Field
from core.ledger import Known
from core.turn import TurnView
from core.understanding import Act, Intent, VisitorType
from profiles.analysis_file import When
from profiles.intent import NO_BUYER


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    known: Known
    intent: Intent  # the highest so far
    visitor: VisitorType
    refused_email: bool
    readiness: str = ""


def standing_of(view: TurnView, known: Known, *, readiness: str = "") -> Standing:
    """The standing of a turn's view; this turn's words count even where the session does not hold them yet."""
    said, session = view.understanding, view.session
    visitor = said.visitor_type if said.visitor_type is not VisitorType.UNKNOWN else session.visitor_type
    refused = session.email.refused or Act.REFUSES_EMAIL in said.acts
    return Standing(
        known=known,
        intent=max(session.intent_peak, said.intent),
        visitor=visitor,
        refused_email=refused and Field.EMAIL not in known,
        readiness=readiness,
    )


def is_buyer(visitor: VisitorType) -> bool:
    return visitor not in NO_BUYER


def holds(when: When, standing: Standing) -> bool:
    """Whether every part of the condition holds."""
    known = standing.known
    return (
        when.intent_at_least <= standing.intent < when.intent_below
        and all(field in known for field in when.known)
        and not any(field in known for field in when.missing)
        and (not when.any_missing or any(field not in known for field in when.any_missing))
        and all(_newest(known, field) in values for field, values in when.values.items())
        and not any(_newest(known, field) in values for field, values in when.not_values.items())
        and all(_any(known, field, values) for field, values in when.any_value.items())
        and (not when.readiness or standing.readiness in when.readiness)
        and (not when.visitors or standing.visitor in when.visitors)
        and (when.refused_email is None or when.refused_email == standing.refused_email)
        and (when.email_plain is None or when.email_plain == _plain_email(known))
    )


def _newest(known: Known, field: Field) -> object:
    held = known.get(field)
    return held[-1].value if held else None


def _any(known: Known, field: Field, values: tuple[str, ...]) -> bool:
    return any(fact.value in values for fact in known.get(field, ()))


def _plain_email(known: Known) -> bool:
    held = known.get(Field.EMAIL)
    return bool(held) and not held[-1].note if held else False
