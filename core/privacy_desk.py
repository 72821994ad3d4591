"""The visitors' own door to what is kept of them: in front of the engine, whoever has the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import privacy_words
from core.adding_words import with_words
from core.consent import Decision
from core.handling import overheard
from core.lead import NOT_READY
from core.message import InboundMessage, MessageKind
from core.privacy_words import PrivacyWords, Words
from core.receiving import spoken
from core.session import ConversationState, Session
from core.staff import Responder
from core.turn import Effect, Forget, TurnOutcome
from core.understanding import Understanding
from core.wishes import COMMANDS, Wish, WishReader

_BUTTONS = {"show_data": Wish.COPY, "delete_data": Wish.DELETE, "privacy": Wish.PRIVACY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered, what becomes of the session, and what happens because of it."""

    words: Words
    session: Session
    effects: tuple[Effect, ...] = ()


class PrivacyDesk:
    """An engine whose visitors can see and delete what is kept. Implements `core.tenure.Responder`.

    What of a burst is no such wish is answered by the engine first, in the same reply.
    """

    def __init__(
        self, engine: Responder, wishes: WishReader, words: PrivacyWords, *, transcript_channels: frozenset[str]
    ) -> None:
        self._engine = engine
        self._wishes = wishes
        self._words = words
        self._transcript_channels = transcript_channels

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        asked = [message for message in messages if self._is_ours(state.session, message)]
        if not asked:
            return await self._engine.respond(state, messages)
        others = [message for message in messages if message not in asked]
        outcome = await self._engine.respond(state, others) if others else _nothing(state, asked[-1])
        return self._answered(state, outcome, asked)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return await self._engine.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return self._engine.apologise(state, messages)

    # --- what is asked

    def _is_ours(self, session: Session, message: InboundMessage) -> bool:
        if message.kind is MessageKind.COMMAND:
            return True
        if not spoken((message,)):
            return False
        return self._decides(session, message) or self._wish(session, message) is not None

    def _wish(self, session: Session, message: InboundMessage) -> Wish | None:
        if message.kind is MessageKind.COMMAND:
            return Wish(message.text) if message.text in COMMANDS else Wish.MENU
        if message.kind is MessageKind.BUTTON:
            # other buttons name topics of the site: "Data protection" there is a question about the product
            pressed = (wish for name, wish in _BUTTONS.items() if self._pressed(session, message, name))
            return next(pressed, None)
        return self._wishes.wish(message.text)

    def _decides(self, session: Session, message: InboundMessage) -> bool:
        """Whether a message answers what was asked here; anything else leaves the question behind."""
        match session.pending_question:
            case privacy_words.DELETION:
                theirs = session.asked_by == message.visitor  # in a group, others may answer
                return theirs and self._wishes.decision(message.text) is not None
            case privacy_words.TONGUE:
                return bool(self._words.language_named(message.text))
        return False

    def _pressed(self, session: Session, message: InboundMessage, name: str) -> bool:
        return self._words.is_button(message.text, self._language(session, message), name)

    # --- what is answered

    def _answered(
        self, before: ConversationState, outcome: TurnOutcome, asked: Sequence[InboundMessage]
    ) -> TurnOutcome:
        message, session = asked[-1], outcome.state.session
        answer = self._answer(replace(outcome.state, session=session), before.session, message)
        told = tuple(overheard(outcome.state.lead, spoken(asked), ()))
        answer = replace(answer, effects=(*told, *answer.effects))
        return self._with_answer(outcome, answer, asked)

    def _answer(self, state: ConversationState, before: Session, message: InboundMessage) -> Answer:
        """`before` is the session in which a question may wait; a turn of the engine's has asked others since."""
        session, language = state.session, self._language(before, message)
        session = replace(session, language=language, pending_question="", asked_by=message.visitor)
        if message.kind is not MessageKind.COMMAND and self._decides(before, message):
            return self._decided(session, before.pending_question, message)
        words = self._words
        match self._wish(before, message):
            case Wish.DELETE:
                said = words.confirm(language)
            case Wish.COPY:
                said = words.copy(_shown_here(state, message), language)
            case Wish.LANGUAGE:
                said = words.which_language(language)
            case Wish.MENU:
                said = words.menu(language)
            case Wish.WITHDRAW:
                consent = replace(session.consent, decision=Decision.REFUSED, at=message.at)
                return Answer(words=words.withdrawn(language), session=replace(session, consent=consent))
            case _:
                said = words.about(language)
        return Answer(words=said, session=session)

    def _decided(self, session: Session, question: str, message: InboundMessage) -> Answer:
        words, language = self._words, session.language
        if question == privacy_words.TONGUE:
            chosen = words.language_named(message.text)
            session = replace(session, language=chosen, chosen_language=chosen)
            return Answer(words=words.in_language(chosen), session=session)
        if not self._wishes.decision(message.text):
            return Answer(words=words.kept(language), session=session)
        gone = Forget(conversation=session.conversation, visitor=message.visitor, at=message.at)
        return Answer(words=words.deleted(language), session=session, effects=(gone,))

    def _language(self, session: Session, message: InboundMessage) -> str:
        """A visitor who has said nothing yet is answered in the language of their device."""
        if session.chosen_language or session.messages:
            return session.chosen_language or session.language
        return self._words.speaks(message.locale) or session.language

    def _with_answer(self, outcome: TurnOutcome, answer: Answer, asked: Sequence[InboundMessage]) -> TurnOutcome:
        outcome = replace(outcome, state=replace(outcome.state, session=answer.session))
        sends = answer.session.channel not in self._transcript_channels
        said = with_words(outcome, answer.words, heard=asked, sends=sends)
        return replace(said, effects=(*said.effects, *answer.effects))


def _shown_here(state: ConversationState, message: InboundMessage) -> ConversationState:
    """What may be read out: where others read along, or somebody else began, only what was said here."""
    own = message.visitor == state.session.visitor and not message.shared
    return state if own else replace(state, elsewhere=())


def _nothing(state: ConversationState, message: InboundMessage) -> TurnOutcome:
    """The turn of a burst that holds nothing else."""
    session = replace(state.session, last_at=max(state.session.last_at, message.at))
    return TurnOutcome(
        state=replace(state, session=session),
        understanding=Understanding(),
        readiness=state.lead.readiness if state.lead else NOT_READY,
    )
