"""What a reply is planned from: the turn, what is known, what the site says."""

from __future__ import annotations

from dataclasses import dataclass

from core.asking import NOT_BUYERS
from core.ledger import Known
from core.persona import Persona
from core.promise import TeamPresence
from core.receiving import EMAIL_QUESTION
from core.reply import Mode, ProfileContext
from core.research import Research
from core.session import Said
from core.suggestion import Suggestion
from core.turn import TurnView
from core.understanding import Act, Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a plan is made from."""

    view: TurnView
    known: Known
    before: Known  # what was known before this turn
    research: Research
    mode: Mode
    entered_sales: bool
    pending: str  # what the last reply waited for
    audiences: tuple[str, ...] = ()
    likely: Persona | None = None  # whom the page speaks to, before anything was said
    openers: tuple[str, ...] = ()  # lines that only such a visitor would be opened with, in their language
    profile_context: ProfileContext | None = None
    recent: tuple[Said, ...] = ()
    silenced: bool = False  # the visitor has just said that they want no messages they did not ask for
    continued: bool = False  # another conversation of theirs is taken up here
    team: TeamPresence | None = None  # who is there for somebody who asks for a person, where that is known
    suggestion: Suggestion | None = None  # what to say when nothing was asked and a follow-up is due

    def has(self, *acts: Act) -> bool:
        """Whether the visitor did any of these."""
        return not self.view.understanding.acts.isdisjoint(acts)

    @property
    def acts_to_buy(self) -> bool:
        return self.view.understanding.intent is Intent.ACTING

    @property
    def only_thanks(self) -> bool:
        """Whether the visitor says thanks and nothing to go on with."""
        understanding = self.view.understanding
        return Act.THANKS in understanding.acts and not (understanding.questions or self.view.news)

    @property
    def apologised(self) -> bool:
        return any(tag.startswith("ack.complaint#") for tag in self.view.session.used_phrases)

    @property
    def was_angry(self) -> bool:
        """Whether we apologised before, so that nothing is asked unless the visitor comes back to business."""
        return self.apologised and not self.view.news and not self.research.findings

    @property
    def is_buyer(self) -> bool:
        return self.view.session.visitor_type not in NOT_BUYERS

    @property
    def declines_email(self) -> bool:
        return self.has(Act.REFUSES_EMAIL) or (self.pending == EMAIL_QUESTION and self.has(Act.DENIES))
