"""Conversations that took place, ready to be held again: what was said, when, and what it answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from core.engine import Engine
from core.ids import ConversationId, MessageId
from core.message import InboundMessage, MessageKind
from core.ports import QuestionPlanner
from core.receiving import begin, spoken
from core.session import Said, Session
from core.turn import TurnOutcome


class Settable(Protocol):
    """A clock that shows what it is told to."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Messages that got one answer, at least one of them.

    What they answer is known by its id (`asks`, "" for nothing) or by the words of whoever asked (`before`); with
    neither it is what the replaying engine has asked.
    """

    messages: tuple[InboundMessage, ...]
    asks: str | None = None
    before: str | None = None

    @property
    def heard(self) -> str:
        return "\n".join(message.text for message in spoken(self.messages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation, without what its visitor said and did elsewhere."""

    id: ConversationId
    bursts: tuple[Burst, ...]


async def held(
    talk: Talk, engine: Engine, clock: Settable, questions: QuestionPlanner
) -> AsyncIterator[tuple[Burst, TurnOutcome]]:
    """What the engine makes of each burst. The visitor says what they said, whatever the engine would have asked."""
    state = begin(talk.bursts[0].messages[0]) if talk.bursts else None
    for burst in talk.bursts:
        if state is None:
            return
        clock.seconds = burst.messages[-1].at
        asks = burst.asks
        if asks is None and burst.before is not None:
            asks = questions.question_in(burst.before)
        if asks is not None:
            state = replace(state, session=replace(state.session, pending_question=asks))
        outcome = await engine.respond(state, burst.messages)
        state = outcome.state
        yield burst, outcome


def talk_in(session: Session, lines: Iterable[Said]) -> Talk | None:
    """The talk that a transcript holds, up to where a person took over; None where no visitor has said anything.

    `lines` are as they read now. Of the pages, only the one it began on is known.
    """
    bursts: list[Burst] = []
    heard: list[InboundMessage] = []
    asks = ""
    for line in lines:
        if line.author == "rep":
            break
        if line.author == "visitor":
            heard.append(_said(session, line, len(bursts) + len(heard)))
            continue
        if heard:
            bursts.append(Burst(messages=tuple(heard), asks=asks))
        elif not bursts:
            bursts.append(Burst(messages=(_opened(session, line.at),)))
        heard, asks = [], line.asks
    if heard:
        bursts.append(Burst(messages=tuple(heard), asks=asks))
    if not any(burst.heard for burst in bursts):
        return None
    first, *others = bursts
    where = (replace(first.messages[0], page=session.first_page), *first.messages[1:])
    return Talk(id=session.conversation, bursts=(replace(first, messages=where), *others))


def _said(session: Session, line: Said, place: int) -> InboundMessage:
    return replace(
        _opened(session, line.at),
        id=line.message or MessageId(f"line.{place}"),
        kind=MessageKind.TEXT,
        text=line.text,
    )


def _opened(session: Session, at: float) -> InboundMessage:
    return InboundMessage(
        id=MessageId("opened"),
        channel=session.channel,
        conversation=session.conversation,
        visitor=session.visitor,
        kind=MessageKind.OPENED,
        text="",
        at=at,
    )
