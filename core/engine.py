"""The conversation engine: one burst of messages in, one reply and everything it entails out. Reads as a story."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.brief import Brief
from core.enrich import Assessment, HandoffPolicy, enrich, reasons_to_hand_off
from core.errors import ModelError
from core.fact import Fact, Field
from core.guard import TOO_LONG, objections
from core.ids import person_of
from core.lead import NOT_READY, Lead, Readiness
from core.ledger import Known, changes, fold, text_of
from core.message import InboundMessage
from core.phrases import Phrases
from core.plan import Planner, Situation, button_tag
from core.ports import Analyst, Clock, Interpreter, Knowledge, PersonaDetector, Writer
from core.profile import Profile, ProfileUpdate
from core.receiving import absorb, receive
from core.reply import MAX_WORDS, Mode, ProfileContext, Reply
from core.research import Research, fingerprint, look_up
from core.session import ConversationState, Said, Session
from core.turn import DeliverLead, DeliverReply, Effect, RecordFacts, Timer, TurnOutcome, TurnView
from core.understanding import Understanding
from core.writer import LocalWriter, Written

_log = logging.getLogger(__name__)

SESSION_TIMER = "session_15m"
SESSION_TIMER_SECONDS = 15 * 60.0
KEPT_PHRASES, KEPT_QUOTES, KEPT_UPDATES, KEPT_LINES = 80, 60, 20, 12
"""How much of the past a session carries, so that its size does not grow with the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the engine thinks with; each behind its port."""

    interpreter: Interpreter
    detector: PersonaDetector
    knowledge: Knowledge
    analyst: Analyst
    planner: Planner
    local_writer: LocalWriter
    model_writer: Writer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the engine must know about the company it speaks for."""

    allowed_hosts: frozenset[str] = frozenset()  # hosts that replies may link to
    audiences: tuple[str, ...] = ()  # names of personas that fit a button, most important first
    max_words: int = MAX_WORDS
    policy: HandoffPolicy = field(default_factory=HandoffPolicy)
    transcript_channels: frozenset[str] = frozenset()  # channels that read replies from the transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn in the making; each step of `respond` fills in more."""

    state: ConversationState  # as loaded
    view: TurnView
    known: Known
    before: Known  # what was known when the turn began
    readiness: Readiness = NOT_READY


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    session: Session
    triggers: tuple[str, ...] = ()
    profile: Profile | None = None


class Engine:
    """Decides and writes; stores nothing and sends nothing. The same state and burst give the same outcome."""

    def __init__(self, rooms: Rooms, house: House, *, phrases: Callable[[str], Phrases], clock: Clock) -> None:
        self._rooms = rooms
        self._house = house
        self._phrases = phrases
        self._clock = clock

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """Answer one burst. Raises only for a defect: models, profile and handoff fail without costing the reply."""
        turn = await self._understand(state, messages)
        turn = await self._detect_persona(turn)
        turn = self._choose_mode(turn)
        research = await look_up(self._rooms.knowledge, turn.view, turn.known)
        brief = self._plan(turn, research)
        written = await self._compose(brief) if brief else None
        session = _remember(turn.view.session, brief, written)
        learned = self._learn(turn, session)
        lead = self._consider_handoff(turn, learned)
        return self._outcome(turn, learned, lead, brief, written)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """What is left to say when `respond` failed: nothing is learned, nothing is forgotten."""
        session = receive(state.session, messages)
        reply = Reply(main_text=self._phrases(session.language).say("error"), mode=session.mode)
        return TurnOutcome(
            state=replace(state, session=session),
            reply=reply,
            effects=tuple(self._reply_effect(session, reply)),
            understanding=Understanding(),
            readiness=NOT_READY,
        )

    async def _understand(self, state: ConversationState, messages: Sequence[InboundMessage]) -> Turn:
        """What was said, which facts it adds, and what is known with them."""
        before = fold(state.facts)
        received = receive(state.session, messages)
        understanding = await self._rooms.interpreter.interpret(messages, state.session, before)
        news = changes(understanding.facts, before)
        facts = (*state.facts, *news)
        view = TurnView(
            session=absorb(received, understanding),
            facts=facts,
            understanding=understanding,
            news=news,
            persona=None,
            messages=tuple(messages),
            now=self._clock.now(),
        )
        return Turn(state=state, view=view, known=fold(facts) if news else before, before=before)

    async def _detect_persona(self, turn: Turn) -> Turn:
        session = turn.view.session
        guess = await self._rooms.detector.detect(
            session.said, page=session.page, known=turn.known, previous=session.guess
        )
        persona = self._rooms.detector.persona(guess.chosen)
        return replace(turn, view=replace(turn.view, session=replace(session, guess=guess), persona=persona))

    def _choose_mode(self, turn: Turn) -> Turn:
        """Lead mode until an address is known, sales mode after; a rep's takeover outranks both."""
        view = turn.view
        if view.session.mode is Mode.LEAD and Field.EMAIL in turn.known:
            view = replace(view, session=replace(view.session, mode=Mode.SALES))
        return replace(turn, view=view, readiness=self._rooms.analyst.readiness(view))

    def _plan(self, turn: Turn, research: Research) -> Brief | None:
        mode = turn.view.session.mode
        if mode is Mode.HUMAN:
            return None
        situation = Situation(
            view=turn.view,
            known=turn.known,
            before=turn.before,
            research=research,
            mode=mode,
            entered_sales=mode is not turn.state.session.mode,
            pending=turn.state.session.pending_question,
            audiences=self._house.audiences,
            profile_context=_profile_context(turn) if mode is Mode.SALES else None,
            recent=turn.state.recent,
        )
        return self._rooms.planner.plan(situation)

    async def _compose(self, brief: Brief) -> Written:
        """The model's reply when there is a model and the guard lets it through, else the local writer's."""
        if self._rooms.model_writer is not None:
            try:
                reply = await self._rooms.model_writer.write(brief)
            except ModelError as error:
                _log.warning("no usable reply from the model: %s", error)
            else:
                wrong = objections(reply, brief, self._house.allowed_hosts, max_words=self._house.max_words)
                if not wrong:
                    return Written(reply=reply)
                _log.warning("reply of the model refused: %s", ", ".join(wrong))
        written = self._rooms.local_writer.compose(brief)
        wrong = tuple(
            one
            for one in objections(written.reply, brief, self._house.allowed_hosts, max_words=self._house.max_words)
            if one != TOO_LONG
        )
        if wrong:
            _log.error("reply of the local writer refused: %s", ", ".join(wrong))
            return self._rooms.local_writer.unclear(brief)
        return written

    def _learn(self, turn: Turn, session: Session) -> Learned:
        """Smart triggers and, once there is an address, the customer profile."""
        try:
            triggers = self._rooms.analyst.triggers(turn.state.session, turn.view)
            if Field.EMAIL not in turn.known:
                return Learned(session=session, triggers=triggers)
            updates = (*session.updates, *(ProfileUpdate(trigger=name, at=turn.view.now) for name in triggers))
            session = replace(
                session, updates=updates[-KEPT_UPDATES:], total_updates=session.total_updates + bool(triggers)
            )
            profile = self._rooms.analyst.profile(replace(turn.view, session=session), turn.readiness)
            return Learned(session=session, triggers=triggers, profile=profile)
        except Exception:
            _log.exception("the profile was not updated")
            return Learned(session=session)

    def _consider_handoff(self, turn: Turn, learned: Learned) -> Lead | None:
        """The lead as sales should see it now; None while it is not theirs."""
        lead = turn.state.lead
        try:
            assessment = Assessment(
                view=turn.view,
                known=turn.known,
                readiness=turn.readiness,
                criteria=self._rooms.analyst.qualification(turn.known),
                profile=learned.profile,
            )
            reasons = reasons_to_hand_off(assessment, self._house.policy)
            if lead is None and not reasons:
                return None
            return enrich(lead, assessment, reasons, self._phrases(turn.view.session.language))
        except Exception:
            _log.exception("the lead was not updated")
            return lead

    def _outcome(
        self, turn: Turn, learned: Learned, lead: Lead | None, brief: Brief | None, written: Written | None
    ) -> TurnOutcome:
        state, view, session = turn.state, turn.view, learned.session
        if lead is not None:
            session = replace(session, lead=lead.id)
        reply = written.reply if written else None
        heard = tuple(Said(author="visitor", text=message.text) for message in view.messages if message.text)
        answer = (Said(author="bot", text=reply.main_text),) if reply else ()
        lead_changed = lead is not None and (state.lead is None or lead.revision != state.lead.revision)
        starts = not state.session.turns and session.turns
        return TurnOutcome(
            state=ConversationState(
                session=session, facts=view.facts, lead=lead, recent=(*state.recent, *heard, *answer)[-KEPT_LINES:]
            ),
            new_facts=view.news,
            reply=reply,
            effects=tuple(self._effects(turn, reply, lead if lead_changed else None)),
            timers=(Timer(name=SESSION_TIMER, at=session.started_at + SESSION_TIMER_SECONDS),) if starts else (),
            lead_changed=lead_changed,
            understanding=view.understanding,
            profile=learned.profile,
            readiness=turn.readiness,
            asked_email=bool(brief and brief.email_prompt),
            triggers=learned.triggers,
        )

    def _reply_effect(self, session: Session, reply: Reply | None) -> Iterator[Effect]:
        if reply and session.channel not in self._house.transcript_channels:
            yield DeliverReply(channel=session.channel, conversation=session.conversation, reply=reply)

    def _effects(self, turn: Turn, reply: Reply | None, lead: Lead | None) -> Iterator[Effect]:
        session = turn.view.session
        yield from self._reply_effect(session, reply)
        if lead is not None:
            yield DeliverLead(lead=lead.id)
        recorded = _facts_for_the_ledger(turn)
        if recorded:
            yield RecordFacts(person=person_of(session.visitor), facts=recorded)


def _remember(session: Session, brief: Brief | None, written: Written | None) -> Session:
    """What must not be said or asked again, and what the reply waits for."""
    if brief is None or written is None:
        return session
    text = " ".join((written.reply.main_text, *(citation.quote for citation in written.reply.citations)))
    quoted = (fingerprint(sentence) for found in brief.findings for sentence in found.sentences if sentence in text)
    email = session.email
    if written.reply.email_prompt:
        email = replace(email, asked=email.asked + 1, asked_turn=session.turns)
    question = brief.question if brief.question and brief.question.text in text else None
    awaits_answer = question is not None or brief.question is None
    return replace(
        session,
        introduced=True,
        email=email,
        used_phrases=(*session.used_phrases, *written.phrases, *map(button_tag, written.reply.buttons))[-KEPT_PHRASES:],
        used_quotes=(*session.used_quotes, *quoted)[-KEPT_QUOTES:],
        asked=(*session.asked, question.id) if question else session.asked,
        pending_question=brief.awaiting if awaits_answer else "",
    )


def _facts_for_the_ledger(turn: Turn) -> tuple[Fact, ...]:
    """From the captured address on a person's ledger follows the conversation; the first copy brings everything."""
    if turn.view.session.mode is Mode.LEAD:
        return ()
    return turn.view.facts if turn.state.session.mode is Mode.LEAD else turn.view.news


def _profile_context(turn: Turn) -> ProfileContext:
    return ProfileContext(
        persona_match=turn.view.persona.name if turn.view.persona else "",
        technical_level=text_of(turn.known, Field.TECHNICAL_LEVEL),
        buying_readiness=turn.readiness.level,
    )
