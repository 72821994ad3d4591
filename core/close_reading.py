"""Having a chat model read what the visitor said, beside the conversation: when, which lines, and what of it counts.

The local reader has looked at every message already. A smart trigger makes a reading due; it begins once there are
`FULL` lines to read or the visitor has been silent for a while, at most once in `PAUSE` seconds. The reply never waits
for it. What it finds comes back as a message of kind READ, so that the conversation keeps its one writer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from core.asking import NOT_BUYERS
from core.fact import LIST_FIELDS, Fact, Field, Operation
from core.ids import MessageId
from core.ledger import Known, fold
from core.message import InboundMessage, MessageKind
from core.receiving import spoken
from core.session import Said, Session
from core.turn import ReadClosely, Timer, TurnView

PAUSE = 60.0
"""Seconds between two readings of one conversation."""
SILENCE = 60.0
"""Seconds without a word of the visitor's after which a reading that is due begins."""
FULL = 5
"""Lines that are worth a reading without waiting for silence."""
TIMER = "close_reading"
"""The durable timer of a reading that waits."""
_OWN_TO_THE_LOCAL_READER = frozenset({Field.EMAIL, Field.PHONE})
"""What a grammar reads better than a model."""


def unread(session: Session, recent: Sequence[Said], messages: Sequence[InboundMessage]) -> tuple[Said, ...]:
    """The visitor's lines that no model was given, oldest first."""
    lines = [line for line in recent if line.author == "visitor" and line.message]
    given = {line.message for line in lines}
    lines += [line_of(message) for message in spoken(messages) if message.text and message.id not in given]
    return tuple(line for line in lines if line.at > session.read_through)


def line_of(message: InboundMessage) -> Said:
    return Said(author="visitor", text=message.text, message=message.id, at=message.at)


def asked_for(
    view: TurnView, recent: Sequence[Said], triggers: Sequence[str]
) -> tuple[Session, ReadClosely | None, Timer | None]:
    """The session after this turn, with a reading to begin now, or the timer of one that waits."""
    session, now = view.session, view.now
    if not (triggers or session.read_due) or session.visitor_type in NOT_BUYERS:
        return session, None, None
    lines = unread(session, recent, view.messages)
    if not lines:
        return replace(session, read_due=0.0), None, None
    rested = not session.read_at or now - session.read_at >= PAUSE
    if not (rested and (len(lines) >= FULL or _silent(session, view.messages))):
        return _waiting(session, view.messages, now)
    reading = ReadClosely(
        conversation=session.conversation, channel=session.channel, visitor=session.visitor, lines=lines
    )
    held = Timer(name=TIMER, at=None) if session.read_due else None
    return replace(session, read_at=now, read_through=lines[-1].at, read_due=0.0), reading, held


def _silent(session: Session, messages: Sequence[InboundMessage]) -> bool:
    """Whether the silence a reading waited for is over; a timer that later words have overtaken is not it."""
    return any(
        message.kind is MessageKind.TIMER and message.text == TIMER and message.at == session.read_due
        for message in messages
    )


def _waiting(session: Session, messages: Sequence[InboundMessage], now: float) -> tuple[Session, None, Timer | None]:
    """A reading that is due begins after silence, which every word of the visitor's puts off."""
    if session.read_due and not spoken(messages):
        return session, None, None
    due = max(now + SILENCE, session.read_at + PAUSE)
    return replace(session, read_due=due), None, Timer(name=TIMER, at=due)


def found(reading: ReadClosely, facts: tuple[Fact, ...]) -> InboundMessage:
    """What a reading found, as the message it comes back in; the same reading again is the same message."""
    last = reading.lines[-1]
    return InboundMessage(
        id=MessageId(f"read:{last.message}"),
        channel=reading.channel,
        conversation=reading.conversation,
        visitor=reading.visitor,
        kind=MessageKind.READ,
        text="",
        at=last.at,
        facts=facts,
    )


def taken_in(
    messages: Iterable[InboundMessage], facts: Sequence[Fact], amended: Collection[MessageId] = ()
) -> tuple[Fact, ...]:
    """Those facts of READ messages that add to `facts`, the conversation's so far.

    A value the visitor has spoken of since outranks what was read from older words, and so does what a grammar reads
    better. Nothing is taken back that the older words did not speak of. Of `amended` messages the words have changed.
    """
    known = fold(facts)
    return tuple(
        fact
        for message in messages
        if message.kind is MessageKind.READ
        for fact in message.facts
        if fact.message not in amended and _counts(fact, known)
    )


def _counts(fact: Fact, known: Known) -> bool:
    held = known.get(fact.field, ())
    if held and fact.field in _OWN_TO_THE_LOCAL_READER:
        return False
    if fact.field in LIST_FIELDS and fact.operation is Operation.ADD:
        return True
    return all(one.at <= fact.at for one in held)
