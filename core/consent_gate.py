"""Nothing is learned of visitors before they were told or have agreed; they are answered all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256

from core.adding_words import with_words
from core.consent import Consent, ConsentPolicy, Decision, Demand
from core.lead import NOT_READY
from core.message import InboundMessage
from core.ports import Interpreter
from core.privacy_words import AGREEMENT, PrivacyWords, Words
from core.receiving import spoken, wants_person
from core.rep import NoteKind
from core.reply import Mode
from core.session import ConversationState, Session
from core.staff import Responder
from core.turn import DeliverReply, Effect, TellTeam, TurnOutcome
from core.understanding import Understanding
from core.wishes import WishReader

_OF_THE_TALK = frozenset(
    (
        "conversation", "visitor", "channel", "version", "started_at", "last_at", "turns", "messages", "mode",
        "language", "chosen_language", "introduced", "asked", "pending_question", "used_quotes", "volunteered",
        "used_phrases", "asked_by", "to_say", "lead", "promise", "consent",
        "files",  # were sent to be passed on
    )
)  # fmt: skip
"""Fields of a session that a talk cannot do without; all others tell something of the visitor."""
_OF_THE_VISITOR = tuple(one.name for one in fields(Session) if one.name not in _OF_THE_TALK)
_OVERHEARD = frozenset({NoteKind.VISITOR_SAID, NoteKind.VISITOR_EDITED, NoteKind.VISITOR_FILE})
BROWSER = "gpc"
"""What stands for the words where a visitor's browser has decided for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minds:
    """Two engines over the same site: one learns, `quiet` only answers. `interpreter` reads what is wanted of us."""

    learning: Responder
    quiet: Responder
    interpreter: Interpreter


class ConsentGate:
    """An engine that asks before it learns. Implements `core.tenure.Responder`."""

    def __init__(
        self,
        minds: Minds,
        policy: ConsentPolicy,
        wishes: WishReader,
        words: PrivacyWords,
        *,
        transcript_channels: frozenset[str],
    ) -> None:
        self._minds = minds
        self._policy = policy
        self._wishes = wishes
        self._words = words
        self._transcript_channels = transcript_channels

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        state = _with_consent(state, self._demanded(state.session, messages))
        decisions = [message for message in messages if self._decides(state.session, message)]
        if decisions:
            return await self._decided(state, messages, decisions)
        return await self._talk(state, messages)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """See `core.tenure.Responder`. What reps do is not the visitor's to allow."""
        return await self._minds.learning.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        if state.session.consent.learns:
            return self._minds.learning.apologise(state, messages)
        return _without_the_visitor(state, self._minds.quiet.apologise(state, messages))

    # --- what is demanded and decided

    def _demanded(self, session: Session, messages: Sequence[InboundMessage]) -> Consent:
        """A message that tells where somebody is decides; one that does not leaves it at what was found before."""
        consent = session.consent
        telling = next((one for one in messages if one.locale or one.zone), messages[0])
        if telling.locale or telling.zone or not session.version:
            demand = self._policy.demand(channel=session.channel, locale=telling.locale, zone=telling.zone)
            consent = replace(consent, demand=demand)
        asked_for = any(message.unprofiled for message in messages) and consent.demand is not Demand.NONE
        if asked_for and consent.decision is Decision.OPEN:
            return replace(consent, decision=Decision.REFUSED, at=messages[-1].at, wording=BROWSER)
        return consent

    def _decides(self, session: Session, message: InboundMessage) -> bool:
        theirs = session.asked_by == message.visitor  # nobody else's yes counts
        asked = theirs and session.pending_question == AGREEMENT and bool(spoken((message,)))
        return asked and self._wishes.decision(message.text) is not None

    async def _decided(
        self, state: ConversationState, messages: Sequence[InboundMessage], decisions: Sequence[InboundMessage]
    ) -> TurnOutcome:
        last = decisions[-1]
        given = bool(self._wishes.decision(last.text))
        decision = Decision.GIVEN if given else Decision.REFUSED
        session = replace(
            state.session,
            consent=replace(state.session.consent, decision=decision, at=last.at),
            pending_question="",
            last_at=max(state.session.last_at, last.at),
        )
        state = replace(state, session=session)
        others = [message for message in messages if message not in decisions]
        outcome = await self._talk(state, others) if others else _nothing(state)
        said = self._words.consented(session.language, given=given)
        return with_words(outcome, said, heard=decisions, sends=self._sends(session))

    # --- the talk

    async def _talk(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        if not state.session.consent.learns:
            return await self._quiet_talk(state, messages)
        outcome = await self._minds.learning.respond(state, messages)
        consent = state.session.consent
        told = consent.told_at or consent.demand is not Demand.NOTICE
        if told or outcome.reply is None or state.session.mode is Mode.HUMAN:
            return outcome
        return self._telling(outcome, self._words.notice(outcome.state.session.language), messages)

    async def _quiet_talk(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        wants = await self._wants_to_be_known(state, messages)
        outcome = _without_the_visitor(state, await self._minds.quiet.respond(_bare(state), messages))
        consent, language = state.session.consent, outcome.state.session.language
        if state.session.mode is Mode.HUMAN:
            return outcome
        if wants:
            if not outcome.understanding.questions:
                outcome = replace(outcome, reply=None)
            return self._telling(outcome, self._words.ask_consent(language, first=True), messages)
        asks = consent.decision is Decision.OPEN and not consent.told_at and outcome.reply is not None
        return self._telling(outcome, self._words.ask_consent(language), messages) if asks else outcome

    async def _wants_to_be_known(self, state: ConversationState, messages: Sequence[InboundMessage]) -> bool:
        """Whether somebody leaves an address or calls for a person: neither can be done unknown."""
        said = spoken(messages)
        if not said:
            return False
        understood: Understanding = await self._minds.interpreter.interpret(said, _bare(state).session, {})
        return understood.email is not None or wants_person(understood)

    def _telling(self, outcome: TurnOutcome, words: Words, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """The outcome with notice or question; which words they were is the evidence of it."""
        session = outcome.state.session
        consent = replace(session.consent, told_at=messages[-1].at, wording=_wording(session.language, words.text))
        session = replace(session, consent=consent, asked_by=messages[-1].visitor)
        outcome = replace(outcome, state=replace(outcome.state, session=session))
        return with_words(outcome, words, sends=self._sends(session), owed=False)

    def _sends(self, session: Session) -> bool:
        return session.channel not in self._transcript_channels


def _with_consent(state: ConversationState, consent: Consent) -> ConversationState:
    return replace(state, session=replace(state.session, consent=consent))


def _bare(state: ConversationState) -> ConversationState:
    """The state as somebody sees it who knows nothing of the visitor and asks for nothing."""
    email = replace(state.session.email, refused=True)
    lead = state.lead if state.lead and state.lead.handled_by == "human" else None
    return replace(
        state, session=replace(state.session, email=email), facts=(), elsewhere=(), beside=(), earlier=None, lead=lead
    )


def _without_the_visitor(before: ConversationState, outcome: TurnOutcome) -> TurnOutcome:
    """What a turn leaves when nothing may be learned of it: the talk goes on, what is known stays as it was."""
    known = {name: getattr(before.session, name) for name in _OF_THE_VISITOR}
    session = replace(outcome.state.session, **known, lead=before.session.lead)
    return replace(
        outcome,
        state=replace(before, session=session, recent=outcome.state.recent, talk=()),
        new_facts=(),
        effects=tuple(filter(_may_happen, outcome.effects)),
        timers=(),
        lead_changed=False,
        profile=None,
        readiness=before.lead.readiness if before.lead else NOT_READY,
        triggers=(),
    )


def _may_happen(effect: Effect) -> bool:
    return isinstance(effect, DeliverReply) or (isinstance(effect, TellTeam) and effect.note.kind in _OVERHEARD)


def _nothing(state: ConversationState) -> TurnOutcome:
    return TurnOutcome(
        state=state,
        understanding=Understanding(),
        readiness=state.lead.readiness if state.lead else NOT_READY,
    )


def _wording(language: str, text: str) -> str:
    return f"{language}:{sha256(text.encode()).hexdigest()[:12]}"
