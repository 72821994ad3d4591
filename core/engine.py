"""The conversation engine: one burst of messages in, one reply and everything it entails out. Reads as a story."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.amended_talk import folded
from core.amending import amend
from core.asking import NOT_BUYERS
from core.brief import Brief
from core.close_reading import asked_for, line_of, taken_in
from core.composing import Composer
from core.consequences import effects_of, profile_context, reply_effect, spoken_text
from core.dispatching import dispatched, presence, promised
from core.enrich import Assessment, enrich, reasons_to_hand_off
from core.escalating import escalated, first_step, is_escalation
from core.fact import Field
from core.follow_up import fell_due, heard, may_speak, planned, seen, timers
from core.handling import handle, outcome_of
from core.joining import for_the_lead, taking_up
from core.lead import NOT_READY, Lead, Readiness
from core.ledger import changes, fold
from core.making import Learned, Turn
from core.message import InboundMessage, MessageKind, Page, opening_on
from core.openers import telling_openers
from core.passing_on import named_on, passed_on
from core.persona import Persona
from core.phrases import Phrases
from core.plan import INVITATION
from core.ports import Clock
from core.profile import Profile, ProfileUpdate
from core.promise import TeamPresence
from core.receiving import absorb, asks_us, begin, receive, spoken, wants_person, with_broken_address, with_evidence
from core.remembering import remember
from core.reply import Mode, Reply
from core.research import Research, look_up
from core.rooms import House, Rooms
from core.session import ConversationState, Said, Session
from core.setting_aside import set_aside
from core.situation import Situation
from core.suggestion import SENTENCE_WORDS, Suggestion, ground_of, noted
from core.telling import telling
from core.turn import Effect, Timer, TurnOutcome, TurnView
from core.understanding import Understanding
from core.writer import Written

_log = logging.getLogger(__name__)

SESSION_TIMER = "session_15m"
SESSION_TIMER_SECONDS = 15 * 60.0
KEPT_UPDATES, KEPT_LINES = 20, 12
"""How much of the past a session carries, so that its size does not grow with the conversation."""


NOT_UNDERSTOOD = "answer.unclear#"

STANDS_OUT = 2.0
"""How many times likelier than the next an audience must be to be greeted as such."""
_NOBODY = ((None, 0.0), (None, 0.0))


class Engine:
    """Decides and writes; stores nothing and sends nothing. The same state and burst give the same outcome."""

    def __init__(self, rooms: Rooms, house: House, *, phrases: Callable[[str], Phrases], clock: Clock) -> None:
        self._rooms = rooms
        self._house = house
        self._phrases = phrases
        self._clock = clock
        self._composer = Composer(
            rooms.local_writer, rooms.model_writer, hosts=house.allowed_hosts, max_words=house.max_words
        )

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """Answer one burst. Raises only for a defect: models, profile and handoff fail without costing the reply."""
        messages, replaced = folded(messages)
        turn = await self._amend(taking_up(state), messages)
        turn = await self._detect_persona(turn)
        turn = self._choose_mode(turn)
        asked = asks_us(turn.view.messages)
        research = await look_up(self._rooms.knowledge, turn.view, turn.known) if asked else Research()
        suggestion = await self._suggest(turn) if self._follow_up_is_due(turn) else None
        turn = replace(turn, unanswered=bool(research.unanswered), team=await self._team_for(turn))
        brief = self._plan(turn, research, suggestion)
        written = await self._composer.compose(brief) if brief else None
        session = self._follow_up(turn, remember(turn.view.session, brief, written), written, suggestion)
        learned = self._learn(turn, session)
        lead = self._consider_handoff(turn, learned.profile)
        lead = await dispatched(self._rooms.roster, turn.state.lead, lead, turn.view.now)
        lead = named_on(lead, turn.state.lead, learned.session)
        outcome = self._outcome(turn, learned, lead, brief, written)
        return replace(outcome, amended=(*replaced, *turn.applied)) if replaced or turn.applied else outcome

    async def invite(self, page: Page) -> Reply | None:
        """See `core.reception.Inviter`."""
        opening = opening_on(page, at=self._clock.now())
        turn = await self._detect_persona(await self._understand(begin(opening), (opening,)))
        suggestion = await self._suggest(turn, self._rooms.planner.words_left(INVITATION, turn.view.session.language))
        if suggestion is None:
            return None
        situation = self._situation(turn, Research(), suggestion)
        written = await self._composer.compose(self._rooms.planner.invitation(situation, suggestion))
        return written.reply if written else None

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """What is left to say when `respond` failed: nothing is learned, nothing is forgotten."""
        session = receive(state.session, messages)
        sorry = Reply(main_text=self._phrases(session.language).say("error"), mode=session.mode)
        reply = None if session.mode is Mode.HUMAN else sorry
        return TurnOutcome(
            state=replace(state, session=session),
            reply=reply,
            effects=tuple(reply_effect(session, reply, self._house)),
            understanding=Understanding(),
            readiness=NOT_READY,
        )

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """What a sales rep does, or a timer that has to do with reps; see `core.handling` and `core.escalating`."""
        now, phrases, channels = (
            self._clock.now(),
            self._phrases(state.session.language),
            self._house.transcript_channels,
        )
        if not is_escalation(message):
            outcome = handle(state, message, now=now, phrases=phrases, transcript_channels=channels)
            return self._profiled(outcome)
        handled = await escalated(state, message, self._rooms.roster, now, phrases)
        return self._profiled(outcome_of(state, handled, read_by_clients=state.session.channel in channels))

    def _profiled(self, outcome: TurnOutcome) -> TurnOutcome:
        """The outcome of an act with the profile as it is: lists show it beside what the act has changed."""
        session, facts = outcome.state.session, outcome.state.known_facts
        if Field.EMAIL not in fold(facts):
            return outcome
        view = TurnView(
            session=session,
            facts=facts,
            understanding=outcome.understanding,
            news=(),
            persona=self._rooms.detector.persona(session.guess.chosen),
            messages=(),
            now=self._clock.now(),
        )
        return replace(outcome, profile=self._rooms.analyst.profile(view, outcome.readiness))

    async def _understand(self, state: ConversationState, messages: Sequence[InboundMessage]) -> Turn:
        """What was said, which facts it adds, and what is known with them."""
        before = fold(state.known_facts)
        received = receive(state.session, messages)
        understanding = await self._rooms.interpreter.interpret(messages, state.session, before)
        understanding = with_broken_address(with_evidence(understanding, messages), state.session, messages)
        told = (*taken_in(messages, state.known_facts, state.session.amended), *understanding.facts)
        news = changes(told, before)
        # what is known from elsewhere is no news, but the conversation must know it by itself if the link is taken back
        own = changes(told, fold(state.facts)) if state.elsewhere else news
        facts = (*state.known_facts, *own)
        session = seen(received, messages)
        if spoken(messages):
            session = heard(absorb(session, understanding), messages, understanding)
        view = TurnView(
            session=session,
            facts=facts,
            understanding=understanding,
            news=news,
            persona=None,
            messages=tuple(messages),
            now=self._clock.now(),
        )
        return Turn(state=state, view=view, own=own, known=fold(facts) if own else before, before=before)

    async def _amend(self, state: ConversationState, messages: Sequence[InboundMessage]) -> Turn:
        """As `_understand`, where earlier messages were edited or deleted. Other words of the burst come first."""
        amendment = await amend(self._rooms.interpreter, state, messages) if state.talk else None
        if amendment is None:
            return await self._understand(state, messages)
        turn = await self._understand(amendment.state, messages)
        view = replace(turn.view, news=(*amendment.news, *turn.view.news))
        if amendment.answer and amendment.understanding and not spoken(messages):
            view = replace(view, messages=(*messages, amendment.answer), understanding=amendment.understanding)
        return replace(
            turn,
            state=replace(state, recent=amendment.state.recent),
            view=view,
            own=(*amendment.facts, *turn.own),
            before=fold(state.known_facts),
            applied=amendment.applied,
        )

    async def _detect_persona(self, turn: Turn) -> Turn:
        session = turn.view.session
        guess = await self._rooms.detector.detect(
            session.said, page=session.page, known=turn.known, previous=session.guess
        )
        if session.visitor_type in NOT_BUYERS:
            guess = replace(guess, chosen=None)  # personas are kinds of customer: a job seeker in their trade is none
        persona = self._rooms.detector.persona(guess.chosen)
        return replace(turn, view=replace(turn.view, session=replace(session, guess=guess), persona=persona))

    def _choose_mode(self, turn: Turn) -> Turn:
        """Lead mode until an address is known, sales mode after; a rep's takeover outranks both."""
        view = turn.view
        if view.session.mode is Mode.LEAD and Field.EMAIL in turn.known:
            view = replace(view, session=replace(view.session, mode=Mode.SALES))
        return replace(turn, view=view, readiness=self._readiness(view))

    def _readiness(self, view: TurnView) -> Readiness:
        try:
            return self._rooms.analyst.readiness(view)
        except Exception:
            _log.exception("the readiness was not worked out")
            return NOT_READY

    def _follow_up_is_due(self, turn: Turn) -> bool:
        before, view = turn.state.session, turn.view
        due = view.session.channel in self._house.follow_ups and fell_due(before, view.messages)
        return due and not asks_us(view.messages) and may_speak(before, view.session, view.now)

    async def _suggest(self, turn: Turn, words: int = SENTENCE_WORDS) -> Suggestion | None:
        """What the site has to say to this visitor, unasked; None without anything new, and in another language."""
        suggester, session = self._rooms.suggester, turn.view.session
        if suggester is None or (session.turns and not suggester.speaks(session.language)):
            return None
        ground = ground_of(session, turn.view.persona or self._likely(turn.view), words=words)
        return await suggester.suggest(ground)

    def _plan(self, turn: Turn, research: Research, suggestion: Suggestion | None) -> Brief | None:
        if turn.view.session.mode is Mode.HUMAN:
            return None
        return self._rooms.planner.plan(self._situation(turn, research, suggestion))

    def _situation(self, turn: Turn, research: Research, suggestion: Suggestion | None) -> Situation:
        mode = turn.view.session.mode
        likely = self._likely(turn.view) if not turn.view.session.turns else None
        return Situation(
            view=turn.view,
            known=turn.known,
            before=turn.before,
            research=research,
            mode=mode,
            entered_sales=mode is not turn.state.session.mode and Field.EMAIL not in turn.before,
            pending=turn.state.session.pending_question,
            audiences=self._house.audiences,
            likely=likely,
            openers=self._openers(likely) if self._speaks(turn.view.session.language) else (),
            profile_context=profile_context(turn) if mode is Mode.SALES else None,
            recent=turn.state.recent,
            suggestion=suggestion,
            team=turn.team,
            continued=turn.state.earlier is not None,
            silenced=turn.view.session.follow_ups.declined and not turn.state.session.follow_ups.declined,
        )

    def _openers(self, likely: Persona | None) -> tuple[str, ...]:
        return self._house.openers or telling_openers(likely)

    def _speaks(self, language: str) -> bool:
        """Whether the personas' own words may be said to a visitor."""
        return language.partition("-")[0] == self._house.language.partition("-")[0]

    def _likely(self, view: TurnView) -> Persona | None:
        """The audience that the visitor's page speaks to, where it stands out; nothing was said yet."""
        first, second = (*view.session.guess.probabilities, *_NOBODY)[:2]
        return self._rooms.detector.persona(first[0]) if first[1] >= STANDS_OUT * max(second[1], 0.01) else None

    def _follow_up(
        self, turn: Turn, session: Session, written: Written | None, suggestion: Suggestion | None
    ) -> Session:
        """The session with what was said unasked, and with when something will be said unasked next."""
        followed_up = suggestion is not None and written is not None
        if suggestion is not None and written is not None:
            session = noted(session, suggestion)
        lost = written is None or any(tag.startswith(NOT_UNDERSTOOD) for tag in written.phrases)
        view = replace(turn.view, session=session)
        policy = self._house.follow_ups.get(session.channel)
        said = "" if written is None or lost else spoken_text(written.reply)
        return planned(turn.state.session, view, policy, said=said, followed_up=followed_up)

    def _learn(self, turn: Turn, session: Session) -> Learned:
        """Smart triggers and, once there is an address, the customer profile."""
        try:
            triggers = self._triggers(turn)
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

    def _triggers(self, turn: Turn) -> tuple[str, ...]:
        """What a model found in old words is no new moment: it would call for another reading of the same."""
        if all(message.kind is MessageKind.READ for message in turn.view.messages):
            return ()
        return self._rooms.analyst.triggers(turn.state.session, turn.view)

    async def _team_for(self, turn: Turn) -> TeamPresence | None:
        """Who is there for a visitor who asks for a person; None where nobody asks, and where it is not known."""
        if turn.view.session.mode is Mode.HUMAN or not wants_person(turn.view.understanding):
            return None
        return await presence(self._rooms.roster, self._consider_handoff(turn, None), turn.view)

    def _consider_handoff(self, turn: Turn, profile: Profile | None) -> Lead | None:
        """The lead as sales should see it now; None while it is not theirs, and where another thread holds it."""
        lead, view = turn.state.lead, for_the_lead(turn.view, turn.state)
        if lead is None and view.session.home is not None:
            return None
        alone = view is turn.view
        known = turn.known if alone else fold(view.facts)
        try:
            assessment = Assessment(
                view=view,
                known=known,
                readiness=turn.readiness if alone else self._readiness(view),
                criteria=self._rooms.analyst.qualification(known),
                profile=profile,
                unanswered=turn.unanswered,
            )
            reasons = reasons_to_hand_off(assessment, self._house.policy)
            if lead is None and not reasons:
                return None
            theirs = self._phrases(turn.view.session.language)
            return enrich(lead, assessment, reasons, theirs, self._team_phrases(turn.view.session))
        except Exception:
            _log.exception("the lead was not updated")
            return lead

    def _team_phrases(self, session: Session) -> Phrases:
        return self._phrases(self._house.team_language or session.language)

    def _outcome(
        self, turn: Turn, learned: Learned, lead: Lead | None, brief: Brief | None, written: Written | None
    ) -> TurnOutcome:
        state, view, session = turn.state, turn.view, learned.session
        if lead is not None:
            session = replace(session, lead=lead.id)
        session, aside = set_aside(view, turn.known, session)
        session, closer, wait = self._close_reading(turn, session, learned.triggers)
        session, clocks = promised(session, turn.team, written.phrases if written else (), view.now)
        clocks += first_step(self._rooms.roster, state.lead, lead, view.now)
        news = telling(session.told, state.lead, lead, view.now)
        session, files = passed_on(replace(session, told=news.told), lead)
        reply = written.reply if written else None
        heard = tuple(
            line_of(message) for message in spoken(view.messages) if message.text and message.id not in session.amended
        )
        answer = (Said(author="bot", text=spoken_text(reply)),) if reply else ()
        lead_changed = lead is not None and (state.lead is None or lead.revision != state.lead.revision)
        starts = not state.session.turns and session.turns
        started = (Timer(name=SESSION_TIMER, at=session.started_at + SESSION_TIMER_SECONDS),) if starts else ()
        return TurnOutcome(
            state=ConversationState(
                session=session,
                facts=(*state.facts, *turn.own),
                elsewhere=state.elsewhere,
                beside=state.beside,
                lead=lead,
                recent=(*state.recent, *heard, *answer)[-KEPT_LINES:],
            ),
            new_facts=turn.own,
            reply=reply,
            effects=(
                *effects_of(turn, reply, lead if lead_changed else None, self._house, self._team_phrases(view.session)),
                *news.effects,
                *files,
                *aside,
                *closer,
            ),
            timers=(*started, *timers(state.session, session, view.messages), *wait, *clocks, *news.timers),
            lead_changed=lead_changed,
            understanding=view.understanding,
            profile=learned.profile,
            readiness=turn.readiness,
            asked_email=bool(brief and brief.email_prompt),
            triggers=learned.triggers,
        )

    def _close_reading(
        self, turn: Turn, session: Session, triggers: tuple[str, ...]
    ) -> tuple[Session, tuple[Effect, ...], tuple[Timer, ...]]:
        """The costly reading, where there is a model and this is a moment for it."""
        if not self._house.reads_closely:
            return session, (), ()
        session, reading, wait = asked_for(replace(turn.view, session=session), turn.state.recent, triggers)
        return session, (reading,) if reading else (), (wait,) if wait else ()
