"""When to ask for the e-mail: buying intent shows, something was given first, nobody is pressed."""

from __future__ import annotations

from core.fact import Field
from core.ledger import Known
from core.session import Session
from core.understanding import Intent, VisitorType

NOT_BUYERS = frozenset(
    {
        VisitorType.CUSTOMER,
        VisitorType.STUDENT,
        VisitorType.JOB_SEEKER,
        VisitorType.COMPETITOR,
        VisitorType.VENDOR,
        VisitorType.SPAM,
    },
)
NEED_FIELDS = (
    Field.VOLUME,
    Field.INTEGRATIONS,
    Field.USE_CASE,
    Field.PAINS,
    Field.SECURITY,
    Field.TIMELINE,
    Field.BUDGET,
    Field.COMPETITORS,
    Field.FEATURES,
)
NEEDS_BEFORE_ASKING = 2
TURNS_BEFORE_ASKING_AGAIN = 4
MAX_REQUESTS = 2


def may_ask_email(session: Session, known: Known, *, gave_something: bool) -> bool:
    """Whether this is the moment. `gave_something`: this or an earlier reply answered something from the site."""
    state = session.email
    if Field.EMAIL in known or state.refused or state.to_confirm or session.visitor_type in NOT_BUYERS:
        return False
    if state.asked:
        again = session.turns - state.asked_turn >= TURNS_BEFORE_ASKING_AGAIN
        return state.asked < MAX_REQUESTS and again and session.intent is Intent.ACTING
    if session.intent is Intent.ACTING:
        return gave_something or session.turns > 1
    needs = sum(field in known for field in NEED_FIELDS)
    return session.intent is Intent.EVALUATING and needs >= NEEDS_BEFORE_ASKING and gave_something and session.turns > 1
