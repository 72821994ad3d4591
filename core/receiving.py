"""Taking a burst into the session: what arrived, where from, how often. No judgement yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.message import InboundMessage, MessageKind
from core.session import SAID_LIMIT, ConversationState, EmailAsking, Session
from core.understanding import Act, EmailVerdict, Understanding, VisitorType

PAGES_LIMIT = 30
VISIT_GAP = 6 * 3600.0
"""Seconds of silence after which a visitor counts as having come back."""

EMAIL_QUESTION = "email"
EMAIL_CONFIRMATION = "email_confirm"
MAX_ADDRESS_CORRECTIONS = 2


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


def receive(session: Session, messages: Sequence[InboundMessage]) -> Session:
    """Counts, pages and the visitor's words, before anything is understood."""
    page = next((message.page for message in reversed(messages) if message.page), session.page)
    said = spoken(messages)
    words = "\n".join(message.text for message in said)
    last_at = max(message.at for message in messages)
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
    )


def absorb(session: Session, understanding: Understanding) -> Session:
    """What the burst meant for the session: intent, kind of visitor, where the request for an address stands."""
    settled = understanding.visitor_type
    return replace(
        session,
        language=understanding.language,
        intent=understanding.intent,
        intent_peak=max(session.intent_peak, understanding.intent),
        visitor_type=session.visitor_type if settled is VisitorType.UNKNOWN else settled,
        questions_asked=session.questions_asked + len(understanding.questions),
        human_asked=session.human_asked or Act.WANTS_HUMAN in understanding.acts,
        email=_email_after(session, understanding),
    )


def _email_after(session: Session, understanding: Understanding) -> EmailAsking:
    state, reading = session.email, understanding.email
    if reading is None:
        was_asked = session.pending_question in {EMAIL_QUESTION, EMAIL_CONFIRMATION}
        declined = Act.REFUSES_EMAIL in understanding.acts or (
            session.pending_question == EMAIL_QUESTION and Act.DENIES in understanding.acts
        )
        refused = state.refused or declined
        return replace(state, refused=refused, to_confirm="" if was_asked else state.to_confirm)
    if reading.verdict is EmailVerdict.VALID:
        return replace(state, refused=False, to_confirm="")
    suggestion = reading.suggestion if reading.verdict is EmailVerdict.MISTYPED else ""
    return replace(state, to_confirm=suggestion, corrections=state.corrections + 1)
