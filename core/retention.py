"""How long conversations are kept: each has one durable timer, which looks again when there was news meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from core.fact import Fact
from core.lead import NOT_READY
from core.message import InboundMessage, MessageKind
from core.persona import UNKNOWN
from core.ports import Clock
from core.session import ConversationState
from core.staff import Responder
from core.turn import ALL_FIELDS, Expire, Thin, Timer, TurnOutcome
from core.understanding import Understanding

TIMER = "retention"
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Days after the last word; None: for good."""

    days: int | None
    lead_days: int | None
    line_days: int | None = None
    fact_days: int | None = None
    field_days: Mapping[str, int] = field(default_factory=dict)  # of facts of one field, where that is earlier

    @property
    def shortest(self) -> float:
        """Days after which something may have to go."""
        every = (self.days, self.lead_days, self.line_days, self.fact_days, *self.field_days.values())
        return min((one for one in every if one is not None), default=inf)

    def steps(self, state: ConversationState) -> tuple[float, ...]:
        """When something is to go, if nothing more is said."""
        days: list[int | None] = [self.days if state.lead is None else self.lead_days, self.line_days]
        if state.lead is None:
            days += [self.fact_days, *self.field_days.values()]
        return tuple(sorted(state.session.last_at + one * DAY for one in days if one is not None))

    def thinned(self, state: ConversationState, now: float) -> Thin | None:
        """What of the conversation has reached its end; the facts of a lead stay as long as the lead."""
        silent = (now - state.session.last_at) / DAY
        lines = self.line_days is not None and silent >= self.line_days
        fields: tuple[str, ...] = ()
        if state.lead is None:
            every = self.fact_days is not None and silent >= self.fact_days
            fields = (ALL_FIELDS,) if every else tuple(n for n, days in self.field_days.items() if silent >= days)
        if not lines and not fields:
            return None
        session = state.session
        return Thin(
            conversation=session.conversation,
            visitor=session.visitor,
            silent_since=session.last_at,
            lines=lines,
            fields=fields,
        )

    def end(self, state: ConversationState) -> float | None:
        """When the conversation is to go, if nothing more is said."""
        days = self.days if state.lead is None else self.lead_days
        return None if days is None else state.session.last_at + days * DAY


class Keeping:
    """An engine whose conversations end. Implements `core.tenure.Responder`.

    The timer is set by the first turn, and by the first one after a day of silence: it costs the others nothing.
    """

    def __init__(self, engine: Responder, terms: Terms, clock: Clock) -> None:
        self._engine = engine
        self._terms = terms
        self._clock = clock

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        others = [message for message in messages if not _is_ours(message)]
        if not others:
            return self._looked_at(state)
        outcome = await self._engine.respond(state, others)
        before, after = state.session, outcome.state.session
        rested = after.last_at - before.last_at > DAY
        return outcome if before.version and not rested else self._with_timer(outcome)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """See `core.tenure.Responder`. What reps do is no word of the visitor's: the timer stays as it is."""
        return await self._engine.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return self._engine.apologise(state, messages)

    def _looked_at(self, state: ConversationState) -> TurnOutcome:
        nothing = TurnOutcome(state=state, understanding=Understanding(), readiness=NOT_READY)
        session, end, now = state.session, self._terms.end(state), self._clock.now()
        if not session.version:
            return nothing
        if end is not None and end <= now:
            gone = Expire(conversation=session.conversation, visitor=session.visitor, silent_since=session.last_at)
            return replace(nothing, effects=(gone,))
        thin = self._terms.thinned(state, now)
        return self._with_timer(_thinned(nothing, thin) if thin else nothing)

    def _with_timer(self, outcome: TurnOutcome) -> TurnOutcome:
        """A conversation may become a lead or be one; whichever term ends first looks which of them holds."""
        last_at, now = outcome.state.session.last_at, self._clock.now()
        ends = (*self._terms.steps(outcome.state), last_at + self._terms.shortest * DAY)
        at = min((end for end in ends if now < end < inf), default=None)
        return outcome if at is None else replace(outcome, timers=(*outcome.timers, Timer(name=TIMER, at=at)))


def _thinned(outcome: TurnOutcome, thin: Thin) -> TurnOutcome:
    """What a session remembers of what goes, goes with it."""
    session = outcome.state.session
    if thin.lines:
        session = replace(session, said="", first_message="", to_say=())
    if ALL_FIELDS in thin.fields:
        session = replace(session, guess=UNKNOWN, page=None, first_page=None, pages=(), updates=())
    state = replace(
        outcome.state,
        session=session,
        facts=tuple(fact for fact in outcome.state.facts if not _goes(fact, thin)),
        elsewhere=tuple(fact for fact in outcome.state.elsewhere if not _goes(fact, thin)),
        recent=() if thin.lines else outcome.state.recent,
    )
    return replace(outcome, state=state, effects=(thin,))


def _goes(fact: Fact, thin: Thin) -> bool:
    return fact.at <= thin.silent_since and (ALL_FIELDS in thin.fields or fact.field.value in thin.fields)


def _is_ours(message: InboundMessage) -> bool:
    return message.kind is MessageKind.TIMER and message.text == TIMER
