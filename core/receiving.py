"""Taking a burst into the session: what arrived, where from, how often. No judgement yet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from core.message import InboundMessage, MessageKind
from core.session import SAID_LIMIT, ConversationState, EmailAsking, Session
from core.understanding import Act, EmailReading, EmailVerdict, Intent, Understanding, VisitorType

_log = logging.getLogger(__name__)

PAGES_LIMIT = 30
FILES_LIMIT = 20
"""Files that wait for a team that has not heard of their visitor yet; of more, the newest."""
VISIT_GAP = 6 * 3600.0
"""Seconds of silence after which a visitor counts as having come back."""

EMAIL_QUESTION = "email"
EMAIL_CONFIRMATION = "email_confirm"
ADDRESS_QUESTIONS = frozenset({EMAIL_QUESTION, EMAIL_CONFIRMATION})
MAX_ADDRESS_CORRECTIONS = 2


YOUNG = 3
"""Turns of a chat in which "we have talked before" cannot mean the chat itself."""


def begin(message: InboundMessage) -> ConversationState:
    """The empty state of a conversation that starts with `message`."""
    return ConversationState(
        session=Session(
            conversation=message.conversation,
            visitor=message.visitor,
            channel=message.channel,
            started_at=message.at,
            last_at=message.at,
        ),
    )


def spoken(messages: Sequence[InboundMessage]) -> tuple[InboundMessage, ...]:
    """Those messages in which the visitor said something."""
    return tuple(message for message in messages if message.kind in {MessageKind.TEXT, MessageKind.BUTTON})


def asks_us(messages: Sequence[InboundMessage]) -> bool:
    """Whether something is expected of us: words were said, or the chat was opened."""
    return any(message.kind is MessageKind.OPENED for message in messages) or bool(spoken(messages))


def receive(session: Session, messages: Sequence[InboundMessage]) -> Session:
    """Counts, pages and the visitor's words, before anything is understood."""
    page = next((message.page for message in reversed(messages) if message.page), session.page)
    said = spoken(messages)
    words = "\n".join(message.text for message in said)
    last_at = max((one.at for one in messages if one.kind is not MessageKind.JOINED), default=session.last_at)
    pages = session.pages
    for message in messages:
        if message.page and message.page.url not in pages[-1:]:
            pages = (*pages, message.page.url)[-PAGES_LIMIT:]
    return replace(
        session,
        last_at=max(session.last_at, last_at),
        turns=session.turns + bool(said),
        messages=session.messages + len(said),
        visits=session.visits + (bool(session.turns) and last_at - session.last_at > VISIT_GAP),
        said=f"{session.said}\n{words}".strip()[-SAID_LIMIT:] if words else session.said,
        first_message=session.first_message or (said[0].text if said else ""),
        page=page,
        first_page=session.first_page or page,
        pages=pages,
        files=(*session.files, *(file for one in messages for file in one.attachments))[-FILES_LIMIT:],
        continues=next((one.continues for one in reversed(messages) if one.continues), session.continues),
        person=session.person or next((one.identity.person for one in messages if one.identity), None),
    )


def with_evidence(understanding: Understanding, messages: Sequence[InboundMessage]) -> Understanding:
    """Without the facts whose quote is not in the message they name: nothing is stored that nobody said."""
    texts = {message.id: message.text for message in messages}
    facts = tuple(fact for fact in understanding.facts if fact.quote and fact.quote in texts.get(fact.message, ""))
    if len(facts) == len(understanding.facts):
        return understanding
    _log.error("%d facts without evidence were dropped", len(understanding.facts) - len(facts))
    return replace(understanding, facts=facts)


def with_broken_address(
    understanding: Understanding, session: Session, messages: Sequence[InboundMessage]
) -> Understanding:
    """An address was asked for and something with an "@" came that could not be read: an unusable address."""
    if understanding.email is not None or session.pending_question not in ADDRESS_QUESTIONS:
        return understanding
    words = (word for message in spoken(messages) for word in message.text.split() if word.find("@") > 0)
    quote = next(words, "")
    if not quote:
        return understanding
    return replace(understanding, email=EmailReading(address="", verdict=EmailVerdict.INVALID, quote=quote))


def talks_anew(session: Session) -> bool:
    """Whether a chat is young and leads on from no other: who says that we have talked means another chat."""
    return session.turns <= YOUNG and not (session.person or session.continues)


def wants_person(understanding: Understanding) -> bool:
    """Whether a person is wanted in earnest; who commands the assistant about does not ask for one."""
    return Act.WANTS_HUMAN in understanding.acts and Act.INSTRUCTS_BOT not in understanding.acts


def absorb(session: Session, understanding: Understanding) -> Session:
    """What the burst meant for the session: intent, kind of visitor, where the request for an address stands."""
    settled = understanding.visitor_type
    return replace(
        session,
        language=session.chosen_language or understanding.language,
        intent=understanding.intent,
        intent_peak=_peak(session, understanding),
        visitor_type=session.visitor_type if settled is VisitorType.UNKNOWN else settled,
        questions_asked=session.questions_asked + len(understanding.questions),
        human_asked=session.human_asked or wants_person(understanding),
        email=_email_after(session, understanding),
    )


def _peak(session: Session, understanding: Understanding) -> Intent:
    """Who turns away has evaluated in vain, unless they had acted before."""
    away = Act.TURNS_AWAY in understanding.acts and session.intent_peak < Intent.ACTING
    return max(min(session.intent_peak, Intent.LOOKING) if away else session.intent_peak, understanding.intent)


def _email_after(session: Session, understanding: Understanding) -> EmailAsking:
    state, reading = session.email, understanding.email
    if reading is None:
        was_asked = session.pending_question in ADDRESS_QUESTIONS
        declined = Act.REFUSES_EMAIL in understanding.acts or (
            session.pending_question == EMAIL_QUESTION and Act.DENIES in understanding.acts
        )
        refused = state.refused or declined
        return replace(state, refused=refused, to_confirm="" if was_asked else state.to_confirm)
    if reading.verdict is EmailVerdict.VALID:
        return replace(state, refused=False, to_confirm="")
    suggestion = reading.suggestion if reading.verdict is EmailVerdict.MISTYPED else ""
    return replace(state, to_confirm=suggestion, corrections=state.corrections + 1)
