"""When to ask for the e-mail: buying intent shows, something is given first, nobody is pressed."""

from __future__ import annotations

from dataclasses import dataclass

from core.fact import Field
from core.ledger import Known
from core.receiving import MAX_ADDRESS_CORRECTIONS
from core.reply import Mode
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
_TELLING = tuple(field for field in NEED_FIELDS if field not in {Field.USE_CASE, Field.PAINS})
"""Needs that tell how much, with what or by when, so that a next step can be offered; a complaint alone is none."""
WHO_THEY_ARE = (Field.INDUSTRY, Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.ROLE, Field.COMPANY)
TURNS_BEFORE_ASKING = 3
"""By then who evaluates is asked; one message earlier who got an answer and tells such a need, or is deep in talk."""
TURNS_BEFORE_ASKING_AGAIN = 4
MAX_REQUESTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTiming:
    """When an address is asked for, counted in the visitor's messages."""

    turns: int = TURNS_BEFORE_ASKING
    again_after: int = TURNS_BEFORE_ASKING_AGAIN
    most: int = MAX_REQUESTS


PATIENT = AskTiming()


def may_ask_for_person(session: Session, known: Known) -> bool:
    """Whether one who wants a person may be asked where to answer: once, and not after a refusal."""
    return _open_to_it(session, known) and not session.email.asked


def may_ask_email(
    session: Session, known: Known, *, gave_something: bool, engaged: bool = False, timing: AskTiming = PATIENT
) -> bool:
    """Whether this is the moment. `gave_something`: this or an earlier reply answered something from the site.

    `engaged`: the visitor asks something now, or has said who they are before being asked. Who evaluates by their third
    message and was not answered from the site is offered the next step for it.
    """
    state = session.email
    if not _open_to_it(session, known):
        return False
    if state.asked:
        again = session.turns - state.asked_turn >= timing.again_after
        return state.asked < timing.most and again and session.intent is Intent.ACTING
    if session.intent is Intent.ACTING:
        return gave_something or session.turns > 1
    if session.intent is Intent.NONE or max(session.intent, session.intent_peak) < Intent.EVALUATING:
        return False
    soon = engaged or any(field in known for field in _TELLING)
    return session.turns >= timing.turns - (soon and gave_something)


def _open_to_it(session: Session, known: Known) -> bool:
    state = session.email
    if session.mode is not Mode.LEAD or Field.EMAIL in known or session.visitor_type in NOT_BUYERS:
        return False
    return not (state.refused or state.to_confirm) and state.corrections <= MAX_ADDRESS_CORRECTIONS
