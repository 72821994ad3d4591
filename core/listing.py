"""What a turn puts into the directory."""

from __future__ import annotations

from core.directory import Listing
from core.fact import Field
from core.ledger import fold, text_of
from core.progress import questions_put
from core.turn import TurnOutcome

SAID = 140
"""Characters of the last line that lists show."""
NOBODY = "none"
"""Stands for no persona where two are compared."""


def listing_of(outcome: TurnOutcome, version: int) -> Listing:
    """The row of a conversation after a turn; `version` is the one the turn is stored under."""
    session, lead, profile = outcome.state.session, outcome.state.lead, outcome.profile
    known = fold(outcome.state.facts)
    recent = outcome.state.recent
    last = next((one for one in reversed(recent) if one.author != "bot"), recent[-1] if recent else None)
    return Listing(
        conversation=session.conversation,
        visitor=session.visitor,
        version=version,
        created_at=session.started_at,
        active_at=session.last_at,
        channel=session.channel,
        language=session.language,
        campaign=session.first_page.campaign if session.first_page else "",
        messages=session.messages,
        trials=session.trials,
        name=lead.name if lead else text_of(known, Field.NAME),
        company=lead.company if lead else text_of(known, Field.COMPANY),
        email=lead.email if lead else text_of(known, Field.EMAIL),
        persona=session.guess.chosen or "",
        persona_name=lead.persona_name if lead else "",
        readiness=outcome.readiness.level,
        score=outcome.readiness.score,
        confidence=profile.meta.confidence_score if profile else 0.0,
        size=profile.company.size if profile else text_of(known, Field.COMPANY_SIZE),
        technical=text_of(known, Field.TECHNICAL_LEVEL),
        status=lead.status.value if lead else "",
        owner=lead.owner.name if lead and lead.owner else "",
        value=lead.value if lead else None,
        tags=lead.tags if lead else (),
        corrected=f"{session.guess.chosen or NOBODY}>{lead.persona_said}" if lead and lead.persona_said else "",
        mode=session.mode.value,
        said=" ".join(last.text.split())[:SAID] if last else "",
        author=last.author if last else "",
        lead="yes" if lead else "",
        course=session.course,
        asked=questions_put(session),
        pending=session.pending_question,
    )
