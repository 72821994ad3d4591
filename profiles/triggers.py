"""The smart triggers a turn pulls: moments at which a costly analysis is worth it."""

from __future__ import annotations

from collections.abc import Callable

from core.fact import Field
from core.message import MessageKind
from core.session import Session
from core.turn import TurnView
from core.understanding import Act, Intent

EVERY = 5
"""Messages between two updates that only time brings."""

PAGES = 3
"""Page transitions that show interest."""

SESSION_TIMER = "session_15m"
"""The durable timer that falls due a quarter of an hour into a session."""

Pulled = Callable[[Session, TurnView], bool]


def _told(*fields: Field) -> Pulled:
    wanted = frozenset(fields)
    return lambda _before, view: any(fact.field in wanted for fact in view.news)


def _signalled(*signals: str) -> Pulled:
    wanted = frozenset(signals)
    return lambda _before, view: any(
        fact.field is Field.SIGNALS and fact.value in wanted for fact in view.understanding.facts
    )


def _either(*conditions: Pulled) -> Pulled:
    return lambda before, view: any(condition(before, view) for condition in conditions)


def _spoken(view: TurnView) -> int:
    return sum(message.kind in {MessageKind.TEXT, MessageKind.BUTTON} for message in view.messages)


def _fifth(before: Session, view: TurnView) -> bool:
    return (before.messages + _spoken(view)) // EVERY > before.messages // EVERY


def _pages(before: Session, view: TurnView) -> bool:
    return len(before.pages) <= PAGES < len(view.session.pages)


def _quarter_hour(_before: Session, view: TurnView) -> bool:
    """A session that has gone on for a while, of somebody who does more than look around."""
    due = any(message.kind is MessageKind.TIMER and message.text == SESSION_TIMER for message in view.messages)
    return due and view.session.intent_peak >= Intent.EVALUATING


def _shift(before: Session, view: TurnView) -> bool:
    now = view.understanding.intent
    return before.messages > 0 and now >= Intent.EVALUATING and now > before.intent_peak


def _returned(before: Session, view: TurnView) -> bool:
    fresh = before.messages == 0 and any(message.returning for message in view.messages)
    return fresh or view.session.visits > before.visits


def _contact(_before: Session, view: TurnView) -> bool:
    return Act.WANTS_HUMAN in view.understanding.acts


def _integration(_before: Session, view: TurnView) -> bool:
    said = view.understanding
    return bool(said.questions) and any(fact.field is Field.INTEGRATIONS for fact in said.facts)


CONDITIONS: dict[str, Pulled] = {
    "email_captured": _told(Field.EMAIL),
    "budget_or_price": _either(_told(Field.BUDGET), _signalled("pricing_interest")),
    "shift_to_buying": _shift,
    "company_or_team_size": _told(Field.COMPANY_SIZE, Field.TEAM_SIZE),
    "technical_terms": _told(Field.TECHNICAL_LEVEL, Field.TECH_STACK),
    "every_fifth_message": _fifth,
    "three_pages": _pages,
    "fifteen_minutes": _quarter_hour,
    "decision_language": _signalled("decision_language"),
    "contact_request": _either(_signalled("contact_request"), _contact),
    "integration_question": _integration,
    "feature_request": _signalled("feature_request"),
    "return_visitor": _returned,
}


def triggers(order: tuple[str, ...], before: Session, view: TurnView) -> tuple[str, ...]:
    """Names of the triggers that are pulled, in the given order of importance."""
    return tuple(name for name in order if CONDITIONS[name](before, view))
