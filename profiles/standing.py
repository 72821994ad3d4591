"""Where a visitor stands after a turn, and whether a condition of `analysis.yaml` holds for it."""

from __future__ import annotations

from dataclasses import dataclass

from core.asking import NOT_BUYERS
from core.fact import Field
from core.ledger import Known
from core.turn import TurnView
from core.understanding import Act, Intent, VisitorType
from profiles.analysis_file import When


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
    return visitor not in NOT_BUYERS


def holds(when: When, standing: Standing) -> bool:
    """Whether every part of the condition holds. Most parts of most conditions are empty, which is asked first."""
    if not when.intent_at_least <= standing.intent < when.intent_below:
        return False
    if when.visitors and standing.visitor not in when.visitors:
        return False
    if when.readiness and standing.readiness not in when.readiness:
        return False
    if when.refused_email is not None and when.refused_email != standing.refused_email:
        return False
    if when.email_plain is not None and when.email_plain != _plain_email(standing.known):
        return False
    return _presence_holds(when, standing.known) and _values_hold(when, standing.known)


def _presence_holds(when: When, known: Known) -> bool:
    for field in when.known:
        if field not in known:
            return False
    for field in when.missing:
        if field in known:
            return False
    return not when.any_missing or any(field not in known for field in when.any_missing)


def _values_hold(when: When, known: Known) -> bool:
    if when.values and not all(_newest(known, field) in values for field, values in when.values.items()):
        return False
    if when.not_values and any(_newest(known, field) in values for field, values in when.not_values.items()):
        return False
    return not when.any_value or all(_any(known, field, values) for field, values in when.any_value.items())


def _newest(known: Known, field: Field) -> object:
    held = known.get(field)
    return held[-1].value if held else None


def _any(known: Known, field: Field, values: tuple[str, ...]) -> bool:
    return any(fact.value in values for fact in known.get(field, ()))


def _plain_email(known: Known) -> bool:
    held = known.get(Field.EMAIL)
    return bool(held) and not held[-1].note if held else False
