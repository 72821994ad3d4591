"""What a session keeps of a reply, so that nothing is said or asked twice."""

from __future__ import annotations

from dataclasses import replace

from core.brief import Brief
from core.moves import button_tag
from core.session import Session
from core.site_search import fingerprint
from core.writer import Written

KEPT_PHRASES, KEPT_QUOTES = 120, 60
"""How much of what was said a session carries, so that its size does not grow with the conversation."""


def remember(session: Session, brief: Brief | None, written: Written | None) -> Session:
    """What must not be said or asked again, and what the reply waits for."""
    if brief is None or written is None:
        return session
    text = " ".join((written.reply.main_text, *(citation.quote for citation in written.reply.citations)))
    email = session.email
    if written.reply.email_prompt:
        email = replace(email, asked=email.asked + 1, asked_turn=session.turns)
    question = brief.question if brief.question and brief.question.text in text else None
    awaits_answer = question is not None or brief.question is None
    return replace(
        _with_quotes(session, brief, text),
        introduced=True,
        email=email,
        used_phrases=_used(session.used_phrases, written),
        asked=(*session.asked, question.id) if question else session.asked,
        pending_question=brief.awaiting if awaits_answer else "",
    )


def _with_quotes(session: Session, brief: Brief, text: str) -> Session:
    """With the site's sentences that were said, and which of them nobody asked for: a question is answered with it."""
    answers = () if brief.aspect else brief.findings
    quoted = tuple(fingerprint(sentence) for found in answers for sentence in found.sentences if sentence in text)
    asked = brief.understanding.questions
    unasked = [one for one in session.volunteered if one not in quoted] if asked else [*session.volunteered, *quoted]
    used = (*session.used_quotes, *quoted)[-KEPT_QUOTES:]
    return replace(session, used_quotes=used, volunteered=tuple(unasked[-KEPT_QUOTES:]))


def _used(phrases: tuple[str, ...], written: Written) -> tuple[str, ...]:
    """Phrases in the order in which they were last said, each once; buttons each time, as they are counted."""
    older = (tag for tag in phrases if tag not in written.phrases)
    return (*older, *written.phrases, *map(button_tag, written.reply.buttons))[-KEPT_PHRASES:]
