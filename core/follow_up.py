"""When something is said without being asked: after silence, a few times, never to somebody who would rather not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from zlib import crc32

from core.asking import NOT_BUYERS
from core.message import InboundMessage, MessageKind
from core.receiving import EMAIL_CONFIRMATION, spoken
from core.reply import MAX_WORDS, Mode
from core.session import FollowUps, Session
from core.site_search import fingerprint
from core.turn import Timer, TurnView
from core.understanding import Act, Intent, Understanding

FOLLOW_UP_TIMER = "follow_up"
STALE = 120.0
"""Seconds after which a message that was due is not sent any more: the hub was away, and so is the moment."""
PAGE_LOAD = 5.0
"""Seconds of absence that are no absence: another page of the site was loading."""
MOST_IN_SALES = 1
"""In a row, to somebody whose request is with the team already."""
KEPT_SENTENCES = 12
SHORT_TEXT = 12
"""Words; in a longer text, "stop writing to me" is about something else."""

_UNWELCOME = frozenset({Act.LEAVES, Act.COMPLAINS, Act.REFUSES_EMAIL, Act.INSTRUCTS_BOT, Act.WANTS_HUMAN})
_NOT_THE_VISITOR = frozenset({MessageKind.TIMER, MessageKind.READ, MessageKind.IDENTIFIED, MessageKind.JOINED})
_CURT = frozenset({Act.DENIES, Act.COMPLAINS, Act.LEAVES, Act.THANKS, Act.REFUSES_EMAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpPolicy:
    """How a channel follows up. Times are in seconds, as (from, to)."""

    most: int = 3  # in a row
    most_in_conversation: int = 6
    after: tuple[float, float] = (12.0, 30.0)
    on_return: tuple[float, float] = (5.0, 8.0)


def fell_due(session: Session, messages: Sequence[InboundMessage]) -> bool:
    """Whether the follow-up that this session waits for is among `messages`; an overtaken timer is not."""
    at = session.follow_ups.due
    return bool(at) and any(_is_timer(message) and message.at == at for message in messages)


def may_speak(before: Session, session: Session, now: float) -> bool:
    """Whether a follow-up that fell due may be said: to somebody who is there, in time, by us."""
    state = session.follow_ups
    return not (state.away_since or now - before.follow_ups.due > STALE or state.declined or _closed(session))


def heard(session: Session, messages: Sequence[InboundMessage], understanding: Understanding) -> Session:
    """Whether the visitor still wants to be spoken to unasked, after what they said."""
    state = session.follow_ups
    if state.declined or not _declines(session, messages, understanding):
        return session
    return replace(session, follow_ups=replace(state, declined=True))


def seen(session: Session, messages: Sequence[InboundMessage]) -> Session:
    """Where the visitor is after `messages`, and what an invitation on the page has told them already."""
    state = session.follow_ups
    for message in messages:
        if message.kind is MessageKind.AWAY:
            state = replace(state, away_since=state.away_since or message.at)
        elif message.kind not in _NOT_THE_VISITOR and state.away_since:
            state = replace(state, away_since=0.0)
        if message.prompt:
            state = replace(state, sentences=(*state.sentences, fingerprint(message.prompt))[-KEPT_SENTENCES:])
    return session if state is session.follow_ups else replace(session, follow_ups=state)


def planned(
    before: Session, view: TurnView, policy: FollowUpPolicy | None, *, said: str = "", followed_up: bool = False
) -> Session:
    """The session of `view` with its next follow-up, if there is to be one. `said` is the reply of this turn, or "".

    The visitor's words begin a new series, or end it; a follow-up leads to the next; coming back brings it forward.
    """
    session, messages, now = view.session, view.messages, view.now
    if policy is None:
        return session
    state = session.follow_ups
    if spoken(messages):
        state = replace(state, in_a_row=0)
        willing = bool(said) and _willing(replace(session, follow_ups=state), messages, view.understanding)
        state = replace(state, due=_next(session, state, policy, said, now) if willing else 0.0, held=False)
    elif said and not followed_up:  # the greeting
        state = replace(state, due=_next(session, state, policy, said, now), held=False)
    elif fell_due(before, messages):
        held = bool(state.away_since) and not followed_up
        state = replace(state, due=_next(session, state, policy, said, now) if followed_up else 0.0, held=held)
    if any(message.thread for message in messages):
        state = replace(state, due=0.0, held=False)  # they go on in another channel
    if any(message.kind is MessageKind.RETURNED for message in messages) and not state.away_since:
        state = _sooner(before, session, state, policy, now)
    return session if state == session.follow_ups else replace(session, follow_ups=state)


def timers(before: Session, session: Session, messages: Sequence[InboundMessage]) -> tuple[Timer, ...]:
    """What makes the store wake the conversation for the follow-up, or not any more."""
    was, due = before.follow_ups.due, session.follow_ups.due
    if due == was or (not due and fell_due(before, messages)):
        return ()
    return (Timer(name=FOLLOW_UP_TIMER, at=due or None),)


def _next(session: Session, state: FollowUps, policy: FollowUpPolicy, said: str, now: float) -> float:
    """When the next one is due, 0 when the series is over. The later in a series and the longer the text, the later."""
    most = min(policy.most, MOST_IN_SALES) if session.mode is Mode.SALES else policy.most
    if state.in_a_row >= most or len(state.aspects) >= policy.most_in_conversation or _closed(session):
        return 0.0
    reading = min(1.0, len(said.split()) / MAX_WORDS)
    share = (state.in_a_row + (reading + _chance(session, "silence")) / 2) / policy.most
    return _at(now, policy.after, share)


def _sooner(before: Session, session: Session, state: FollowUps, policy: FollowUpPolicy, now: float) -> FollowUps:
    """Back in the tab: what was held comes soon, and what is planned comes no later. Loading a page is no return."""
    was_away = now - before.follow_ups.away_since if before.follow_ups.away_since else 0.0
    soon = _at(now, policy.on_return, _chance(session, "return"))
    if state.held:
        return replace(state, held=False, due=0.0 if _closed(session) else soon)
    back = state.due and (was_away > PAGE_LOAD or not before.follow_ups.away_since)
    return replace(state, due=min(state.due, soon)) if back else state


def _at(now: float, between: tuple[float, float], share: float) -> float:
    return now + between[0] + (between[1] - between[0]) * min(1.0, share)


def _chance(session: Session, what: str) -> float:
    """Differs between conversations and turns, and is the same when a turn is run again. From 0 to 1."""
    mark = f"{what}:{session.conversation}:{session.turns}:{len(session.follow_ups.aspects)}"
    return crc32(mark.encode("utf-8", "replace")) / 2**32


def _closed(session: Session) -> bool:
    """Whether there is nobody to follow up: a person has taken over or is asked for, or this is no buyer."""
    return session.mode is Mode.HUMAN or session.human_asked or session.visitor_type in NOT_BUYERS


def _willing(session: Session, messages: Sequence[InboundMessage], understanding: Understanding) -> bool:
    """Whether what was just said leaves room for another word of ours."""
    acts = understanding.acts
    if session.follow_ups.declined or _closed(session) or session.pending_question == EMAIL_CONFIRMATION:
        return False
    only_thanks = Act.THANKS in acts and not (understanding.questions or understanding.facts)
    refuses = Act.DENIES in acts and not (understanding.questions or understanding.facts)
    if acts & _UNWELCOME or only_thanks or refuses or understanding.intent is Intent.NONE:
        return False
    return not _says(messages, "pauses")


def _declines(before: Session, messages: Sequence[InboundMessage], understanding: Understanding) -> bool:
    """Whether the visitor wants no such messages: in so many words, or by a curt answer to one."""
    acts = understanding.acts
    curt = bool(before.follow_ups.in_a_row) and not before.pending_question and not understanding.questions
    return _says(messages, "declines") or (curt and bool(acts & _CURT - {Act.THANKS}) and acts <= _CURT)


def _says(messages: Sequence[InboundMessage], kind: str) -> bool:
    texts = (message.text.casefold().replace("’", "'") for message in spoken(messages))
    short = [text for text in texts if len(text.split()) <= SHORT_TEXT]
    return any(expression.search(text) for expression in _expressions(kind) for text in short)


@cache
def _expressions(kind: str) -> tuple[re.Pattern[str], ...]:
    text = (files("core") / "resources" / "follow_up" / f"{kind}.txt").read_text(encoding="utf-8")
    return tuple(re.compile(line) for line in text.splitlines() if line and not line.startswith("#"))


def _is_timer(message: InboundMessage) -> bool:
    return message.kind is MessageKind.TIMER and message.text == FOLLOW_UP_TIMER
