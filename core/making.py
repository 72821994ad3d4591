"""A turn in the making: what each step of `core.engine` hands to the next."""

from __future__ import annotations

from dataclasses import dataclass

from core.fact import Fact
from core.lead import NOT_READY, Readiness
from core.ledger import Known
from core.message import InboundMessage
from core.profile import Profile
from core.promise import TeamPresence
from core.session import ConversationState, Session
from core.turn import TurnView


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn in the making; each step of `respond` fills in more."""

    state: ConversationState  # as loaded
    view: TurnView
    own: tuple[Fact, ...]  # what the conversation has to keep of this turn
    known: Known
    before: Known  # what was known when the turn began
    applied: tuple[InboundMessage, ...] = ()  # edits and deletions of what was said in earlier turns
    readiness: Readiness = NOT_READY
    unanswered: bool = False  # the site does not say what was asked
    team: TeamPresence | None = None  # who is there for a visitor who asks for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    session: Session
    triggers: tuple[str, ...] = ()
    profile: Profile | None = None
