"""Visitors who say that they have talked to us before: a code to their address shows that it is they."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.adding_words import with_words
from core.fact import Field
from core.joining import thread_of
from core.lead import NOT_READY
from core.ledger import fold, text_of
from core.message import InboundMessage
from core.one_time_code import LIFE, OneTimeCodes, Verdict
from core.phrases import Phrases
from core.privacy_words import Words
from core.receiving import spoken, talks_anew
from core.reply import Mode
from core.session import ConversationState, Session
from core.staff import Responder
from core.turn import Effect, ProveAddress, SendCode, TurnOutcome
from core.understanding import Act, EmailVerdict, Understanding
from core.wishes import WishReader

OFFER, ADDRESS, CODE = "proof.offer", "proof.address", "proof.code"
"""Names of the questions that wait for the visitor's yes, address and code."""
MOST_OFFERS = 2
_CODE = re.compile(r"\D{0,30}?(\d{3}[ -]?\d{3})\D{0,3}")


class ProofDesk:
    """An engine whose visitors can show who they are. Implements `core.tenure.Responder`.

    Nothing that is said here tells whether an address is known: anybody may type any address.
    """

    def __init__(
        self,
        engine: Responder,
        codes: OneTimeCodes,
        wishes: WishReader,
        phrases: Callable[[str], Phrases],
        *,
        transcript_channels: frozenset[str],
    ) -> None:
        self._engine = engine
        self._codes = codes
        self._wishes = wishes
        self._phrases = phrases
        self._transcript_channels = transcript_channels

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        session, said = state.session, spoken(messages)
        if session.mode is Mode.HUMAN or not said:
            return await self._engine.respond(state, messages)
        last = said[-1]
        if session.code.address and (typed := _typed(last)) and self._waits(session, last):
            return self._checked(await self._without(state, messages, last), typed, last)
        if session.pending_question == OFFER and (decision := self._decision(session, last)) is not None:
            outcome = await self._without(state, messages, last)
            return self._decided(outcome, last) if decision else self._says(outcome, "proof.declined", last)
        return self._offered(state, await self._engine.respond(state, messages), last)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return await self._engine.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return self._engine.apologise(state, messages)

    # --- what a burst does

    def _waits(self, session: Session, message: InboundMessage) -> bool:
        """Whether figures are a code: they are asked for, or the code has not run out yet."""
        return session.pending_question == CODE or 0 <= message.at - session.code.sent_at < LIFE

    def _decision(self, session: Session, message: InboundMessage) -> bool | None:
        say, pressed = self._phrases(session.language).say, message.text.strip().casefold()
        labels = {say("button.send_code").casefold(): True, say("button.no_code").casefold(): False}
        return labels.get(pressed, self._wishes.decision(message.text))

    async def _without(
        self, state: ConversationState, messages: Sequence[InboundMessage], ours: InboundMessage
    ) -> TurnOutcome:
        """The engine's turn over the rest of a burst."""
        others = [message for message in messages if message is not ours]
        return await self._engine.respond(state, others) if spoken(others) else _nothing(state, ours)

    def _checked(self, outcome: TurnOutcome, typed: str, message: InboundMessage) -> TurnOutcome:
        session = outcome.state.session
        address = session.code.address
        code, verdict = self._codes.check(session.code, typed, session.conversation, now=message.at)
        outcome = _with_session(outcome, replace(session, code=code, pending_question=""))
        if verdict is Verdict.WRONG:
            return self._says(outcome, "proof.wrong", message, asks=CODE)
        if verdict is Verdict.OVER:
            return self._says(outcome, "proof.over", message, buttons=("send_code", "no_code"), asks=OFFER)
        thread, holder = thread_of(session), self._codes.holder(address)
        effect = ProveAddress(thread=thread, address=address, holder=holder, at=message.at)
        return self._says(outcome, "proof.right", message, effects=(effect,), address=address)

    def _decided(self, outcome: TurnOutcome, message: InboundMessage) -> TurnOutcome:
        address = text_of(fold(outcome.state.facts), Field.EMAIL)
        if not address:
            return self._says(outcome, "proof.which_address", message, asks=ADDRESS)
        return self._sent(outcome, address, message)

    def _offered(self, before: ConversationState, outcome: TurnOutcome, message: InboundMessage) -> TurnOutcome:
        """The engine's turn, with the code for an address that was asked for, or with an offer to send one."""
        session, email = outcome.state.session, outcome.understanding.email
        if before.session.pending_question == ADDRESS and email and email.verdict is EmailVerdict.VALID:
            return self._sent(replace(outcome, reply=None), email.address, message)
        known = Act.SAYS_KNOWN in outcome.understanding.acts and talks_anew(session)
        if not known or session.code.offered >= MOST_OFFERS:
            return outcome
        outcome = _with_session(outcome, replace(session, code=replace(session.code, offered=session.code.offered + 1)))
        return self._says(outcome, "proof.offer", message, buttons=("send_code", "no_code"), asks=OFFER, heard=False)

    def _sent(self, outcome: TurnOutcome, address: str, message: InboundMessage) -> TurnOutcome:
        session = outcome.state.session
        code = self._codes.send(session.code, address, now=message.at)
        if code is None:
            return self._says(outcome, "proof.too_many", message)
        outcome = _with_session(outcome, replace(session, code=code))
        language = session.language
        effect = SendCode(conversation=session.conversation, address=address, language=language, at=code.sent_at)
        return self._says(outcome, "proof.sent", message, effects=(effect,), asks=CODE, address=address)

    # --- what is said

    def _says(
        self,
        outcome: TurnOutcome,
        phrase: str,
        message: InboundMessage,
        *,
        asks: str = "",
        buttons: tuple[str, ...] = (),
        effects: tuple[Effect, ...] = (),
        heard: bool = True,
        **slots: str,
    ) -> TurnOutcome:
        """The outcome with a phrase after its reply. `heard`: the engine was not given the message."""
        session, is_new = outcome.state.session, heard and not _is_told(outcome, message)
        say = self._phrases(session.language).say
        words = Words(text=say(phrase, **slots), buttons=tuple(say(f"button.{one}") for one in buttons), asks=asks)
        sends = session.channel not in self._transcript_channels
        said = with_words(outcome, words, heard=(message,) if is_new else (), sends=sends)
        if not asks:
            said = _with_session(said, replace(said.state.session, pending_question=""))
        return replace(said, effects=(*said.effects, *effects))


def _typed(message: InboundMessage) -> str:
    """The six figures of a message that holds hardly anything else."""
    found = _CODE.fullmatch(message.text.strip())
    return found[1] if found else ""


def _is_told(outcome: TurnOutcome, message: InboundMessage) -> bool:
    return any(line.message == message.id for line in outcome.state.recent)


def _with_session(outcome: TurnOutcome, session: Session) -> TurnOutcome:
    return replace(outcome, state=replace(outcome.state, session=session))


def _nothing(state: ConversationState, message: InboundMessage) -> TurnOutcome:
    """The turn of a burst that holds nothing else."""
    session = replace(state.session, last_at=max(state.session.last_at, message.at))
    return TurnOutcome(
        state=replace(state, session=session),
        understanding=Understanding(),
        readiness=state.lead.readiness if state.lead else NOT_READY,
    )
