"""What an edit or a deletion changes: the talk is heard again with and without it, and the difference is what counts.

The facts stay an append-only list. What the old words gave is retracted by new entries, and what the new words give is
added with the place of the old ones. A later message whose meaning hung on the old words is followed, too. Whatever the
second hearing does not reproduce (what a model found, what was heard in another release) is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.amended_talk import as_amended, with_texts
from core.attachment import MARK
from core.fact import LIST_FIELDS, Fact, Field, Operation
from core.ids import FactId, MessageId
from core.ledger import changes, fold, settled, value_key
from core.message import InboundMessage, MessageKind
from core.people import merged
from core.persona import UNKNOWN
from core.ports import Interpreter
from core.receiving import absorb, receive, with_broken_address, with_evidence
from core.reply import Mode
from core.session import ConversationState, Said, Session
from core.understanding import Understanding

KEPT_AMENDED = 20
"""Messages of which a session knows that their first words no longer count."""
_FOLLOWS = (
    "language",
    "said",
    "first_message",
    "messages",
    "visitor_type",
    "intent",
    "intent_peak",
    "questions_asked",
    "human_asked",
)
"""What a session holds of the visitor's words; the rest is of other making."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a burst's edits and deletions of earlier messages come to."""

    state: ConversationState  # as it is with them
    facts: tuple[Fact, ...]  # what they add to the conversation's list, retractions among it
    news: tuple[Fact, ...]  # what is known by them that was not known before
    applied: tuple[InboundMessage, ...]
    answer: InboundMessage | None = None  # the edited message, where it deserves an answer
    understanding: Understanding | None = None  # of `answer`


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A talk heard from its beginning."""

    session: Session
    facts: tuple[Fact, ...]
    meant: Mapping[MessageId, Understanding]  # by message; those of one burst share theirs


async def amend(
    interpreter: Interpreter, state: ConversationState, messages: Sequence[InboundMessage]
) -> Amendment | None:
    """None when no message of the burst changes one that was heard before."""
    talk = _heard_lines(state, messages)
    told = {line.message for line in talk if line.author == "visitor"}
    ours = tuple(one for one in messages if one.about and one.about in told)
    if not ours:
        return None
    texts: dict[MessageId | None, str] = {one.about: one.text for one in ours}
    others = tuple(fact for fact in settled(state.facts) if fact.message not in told)
    before = await _hear(interpreter, state, talk, others)
    after = await _hear(interpreter, state, with_texts(talk, texts), others)
    facts = _difference(state, talk, before, after, ours)
    amended = replace(
        state,
        session=_followed(state, before.session, after.session, texts, facts),
        facts=(*state.facts, *facts),
        recent=with_texts(state.recent, texts),
    )
    news = tuple(fact for fact in facts if not fact.retracts)
    answer = _to_answer(ours[-1], talk, before, after, corrects=_corrects(state, news, ours[-1]))
    return Amendment(
        state=amended,
        facts=facts,
        news=changes(news, fold(state.known_facts)),
        applied=ours,
        answer=answer,
        understanding=after.meant.get(answer.id) if answer else None,
    )


def _heard_lines(state: ConversationState, messages: Sequence[InboundMessage]) -> tuple[Said, ...]:
    """The talk so far; the transcript has lines, too, that wait for their turn."""
    waiting = {message.id for message in messages}
    lines = as_amended(state.talk)
    return tuple(
        line
        for line in lines
        if line.author != "visitor"
        or (line.message not in waiting and line.at <= state.session.last_at and not line.text.startswith(MARK))
    )


async def _hear(
    interpreter: Interpreter, state: ConversationState, talk: Sequence[Said], others: tuple[Fact, ...]
) -> _Heard:
    """Lines without one of ours in between were one burst. `others` are facts that nobody said in the talk."""
    session = replace(state.session, **{name: getattr(_blank(state), name) for name in _FOLLOWS})
    session = replace(session, email=_blank(state).email, pending_question="")
    found: tuple[Fact, ...] = ()
    meant: dict[MessageId, Understanding] = {}
    for visitors, lines in groupby(talk, key=lambda line: line.author == "visitor"):
        if not visitors:
            session = replace(session, pending_question=tuple(lines)[-1].asks)
            continue
        burst = tuple(_message_of(line, state.session) for line in lines)
        received = receive(session, burst)
        known = fold(_merged(state.elsewhere, (*others, *found)))
        understanding = await interpreter.interpret(burst, session, known)
        understanding = with_broken_address(with_evidence(understanding, burst), session, burst)
        found = (*found, *changes(understanding.facts, fold((*others, *found))))
        meant |= dict.fromkeys((message.id for message in burst), understanding)
        session = absorb(received, understanding)
    return _Heard(session=session, facts=found, meant=meant)


def _merged(elsewhere: tuple[Fact, ...], own: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return merged({"": elsewhere, "own": own}) if elsewhere else own  # type: ignore[dict-item]


def _blank(state: ConversationState) -> Session:
    session = state.session
    return Session(conversation=session.conversation, visitor=session.visitor, channel=session.channel)


def _message_of(line: Said, session: Session) -> InboundMessage:
    return InboundMessage(
        id=line.message or MessageId(""),
        channel=session.channel,
        conversation=session.conversation,
        visitor=session.visitor,
        kind=MessageKind.TEXT,
        text=line.text,
        at=line.at,
    )


def _key(fact: Fact) -> tuple[object, ...]:
    return fact.message, fact.field, fact.operation, value_key(fact.value)


def _difference(
    state: ConversationState, talk: Sequence[Said], before: _Heard, after: _Heard, ours: Sequence[InboundMessage]
) -> tuple[Fact, ...]:
    """Retractions of what no longer holds, then what holds instead."""
    by = {one.about: one for one in ours}
    at = {line.message: line.at for line in talk}
    last = ours[-1]
    held = settled(state.facts)
    was, now = {_key(fact) for fact in before.facts}, {_key(fact): fact for fact in after.facts}
    gone = [fact for fact in held if _is_gone(fact, by, was, now)]
    left = {_key(fact) for fact in held if fact not in gone}
    came = [fact for key, fact in now.items() if key not in left and (fact.message in by or key not in was)]
    return (
        *(_retraction(fact, by.get(fact.message, last)) for fact in gone),
        *(_instead(fact, by.get(fact.message, last), at[fact.message]) for fact in came),
    )


def _is_gone(
    fact: Fact,
    changed: Collection[MessageId | None],
    was: Collection[tuple[object, ...]],
    now: Mapping[tuple[object, ...], Fact],
) -> bool:
    still = now.get(_key(fact))
    if fact.message in changed:
        return still is None or still.quote != fact.quote
    return still is None and _key(fact) in was


def _retraction(fact: Fact, by: InboundMessage) -> Fact:
    """A release that knows no retractions takes it for the removal of a value."""
    return replace(
        fact, id=FactId(f"{by.id}!{fact.id}"), operation=Operation.REMOVE, at=by.at, retracts=fact.id, place=None
    )


def _instead(fact: Fact, by: InboundMessage, place: float) -> Fact:
    return replace(fact, id=FactId(f"{by.id}/{fact.id}"), at=by.at, place=place)


def _followed(
    state: ConversationState,
    before: Session,
    after: Session,
    texts: Mapping[MessageId | None, str],
    facts: tuple[Fact, ...],
) -> Session:
    """The session with the words as they are now. What the first hearing does not explain is not touched."""
    session = state.session
    explained = {name: getattr(after, name) for name in _FOLLOWS if getattr(before, name) == getattr(session, name)}
    email = session.email
    if before.email.refused is email.refused:
        email = replace(email, refused=after.email.refused)
    if before.email.to_confirm == email.to_confirm:
        email = replace(email, to_confirm=after.email.to_confirm)
    known = fold(replace(state, facts=(*state.facts, *facts)).known_facts)
    forgotten = session.mode is Mode.SALES and Field.EMAIL not in known
    amended = (*session.amended, *(message for message in texts if message is not None))
    return replace(
        session,
        **explained,
        email=email,
        mode=Mode.LEAD if forgotten else session.mode,
        guess=UNKNOWN,
        amended=amended[-KEPT_AMENDED:],
    )


def _corrects(state: ConversationState, news: Sequence[Fact], edit: InboundMessage) -> bool:
    """Whether a single value that was known is another one now."""
    known = fold(state.known_facts)
    return any(
        fact.message == edit.about
        and fact.field not in LIST_FIELDS
        and any(value_key(one.value) != value_key(fact.value) for one in known.get(fact.field, ()))
        for fact in news
    )


def _to_answer(
    edit: InboundMessage, talk: Sequence[Said], before: _Heard, after: _Heard, *, corrects: bool
) -> InboundMessage | None:
    """The edited message as if it came now: when it had no answer, asks something new, or corrects what was known."""
    if edit.kind is not MessageKind.EDITED or not edit.text or edit.about is None:
        return None
    asked = set(_questions(after, edit.about)) - set(_questions(before, edit.about))
    if not (corrects or asked or _is_unanswered(edit.about, talk)):
        return None
    return replace(edit, id=edit.about, kind=MessageKind.TEXT, about=None)


def _questions(heard: _Heard, message: MessageId) -> Iterator[str]:
    meant = heard.meant.get(message)
    yield from meant.questions if meant else ()


def _is_unanswered(message: MessageId, talk: Sequence[Said]) -> bool:
    place = next(number for number, line in enumerate(talk) if line.message == message)
    return all(line.author == "visitor" for line in talk[place:])
