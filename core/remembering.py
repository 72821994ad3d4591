"""What a session keeps of a reply, so that nothing is said or asked twice."""

from __future__ import annotations

from dataclasses import replace

from core.brief import Brief
from core.moves import button_tag
from core.research import fingerprint
from core.session import Session
from core.writer import Written

KEPT_PHRASES, KEPT_QUOTES = 120, 60
"""How much of what was said a session carries, so that its size does not grow with the conversation."""


def remember(session: Session, brief: Brief | None, written: Written | None) -> Session:
    """What must not be said or asked again, and what the reply waits for."""
    if brief is None or written is None:
        return session
    text = " ".join((written.reply.main_text, *(citation.quote for citation in written.reply.citations)))
    answers = () if brief.aspect else brief.findings  # whoever asks for what was said unasked is answered with it
    quoted = (fingerprint(sentence) for found in answers for sentence in found.sentences if sentence in text)
    email = session.email
    if written.reply.email_prompt:
        email = replace(email, asked=email.asked + 1, asked_turn=session.turns)
    question = brief.question if brief.question and brief.question.text in text else None
    awaits_answer = question is not None or brief.question is None
    return replace(
        session,
        introduced=True,
        email=email,
        used_phrases=_used(session.used_phrases, written),
        used_quotes=(*session.used_quotes, *quoted)[-KEPT_QUOTES:],
        asked=(*session.asked, question.id) if question else session.asked,
        pending_question=brief.awaiting if awaits_answer else "",
    )


def _used(phrases: tuple[str, ...], written: Written) -> tuple[str, ...]:
    """Phrases in the order in which they were last said, each once; buttons each time, as they are counted."""
    older = (tag for tag in phrases if tag not in written.phrases)
    return (*older, *written.phrases, *map(button_tag, written.reply.buttons))[-KEPT_PHRASES:]
