"""Conversations from a file through the engine, one prediction a visitor turn. No store, no network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from core.close_reading import TIMER as READING_TIMER
from core.engine import SESSION_TIMER, SESSION_TIMER_SECONDS, Engine
from core.errors import ConfigError
from core.ids import ConversationId, MessageId, VisitorId
from core.ledger import fold
from core.message import InboundMessage, MessageKind, Page
from core.ports import QuestionPlanner
from core.turn import TurnOutcome, timer_message
from frontdesk.slots import slots_of
from frontdesk.talks import Burst, Talk, held

SECONDS_BETWEEN_TURNS = 20.0
MOST_TIMERS = 20
"""Timers of one conversation that are waited for; each sets few others."""


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    t: int
    visitor: str
    bot_before: str | None = None
    page: str | None = None


class Conversation(BaseModel):
    """One line of a conversation file; what only a scorer needs is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    turns: tuple[_Turn, ...]


@dataclass(slots=True)
class ReplayClock:
    """Time as it stood in the conversation."""

    seconds: float

    def now(self) -> float:
        return self.seconds


def read_conversations(lines: Iterable[str], *, file: str) -> list[Conversation]:
    """Every conversation of a file. Raises `ConfigError` naming file, line and reason."""
    conversations = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            conversations.append(Conversation.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise ConfigError(
                f"{file}:{number}: {where}: {first['msg']}. One JSON object a line is expected."
            ) from None
    return conversations


def conversations_in(path: Path) -> list[Conversation]:
    """Every conversation of a file. Raises `ConfigError` that names the file, and the line where there is one."""
    try:
        with path.open(encoding="utf-8") as lines:
            return read_conversations(lines, file=str(path))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file of conversations, one JSON object a line") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None


async def replay(
    conversation: Conversation, engine: Engine, clock: ReplayClock, questions: QuestionPlanner
) -> AsyncIterator[dict[str, Any]]:
    """One prediction a visitor turn, each made from the turns up to it only."""
    async for turn, outcome in outcomes(conversation, engine, clock, questions):
        yield prediction(conversation.id, turn, outcome)


async def outcomes(
    conversation: Conversation, engine: Engine, clock: ReplayClock, questions: QuestionPlanner
) -> AsyncIterator[tuple[int, TurnOutcome]]:
    """What the engine makes of each visitor turn, by its number."""
    numbers = iter(conversation.turns)
    async for _, outcome in held(talk_of(conversation, clock.seconds), engine, clock, questions):
        yield next(numbers).t, outcome


def talk_of(conversation: Conversation, since: float) -> Talk:
    """The conversation as a talk that began at `since`."""
    name = ConversationId(f"replay:{conversation.id}")
    messages = (
        InboundMessage(
            id=MessageId(f"{conversation.id}.{turn.t}"),
            channel="replay",
            conversation=name,
            visitor=VisitorId(conversation.id),
            kind=MessageKind.TEXT,
            text=turn.visitor,
            at=since + SECONDS_BETWEEN_TURNS * place,
            page=Page(url=turn.page) if turn.page else None,
        )
        for place, turn in enumerate(conversation.turns, 1)
    )
    bursts = (
        Burst(messages=(message,), before=turn.bot_before)
        for message, turn in zip(messages, conversation.turns, strict=True)
    )
    return Talk(id=name, bursts=tuple(bursts))


async def silence_after(last: TurnOutcome, engine: Engine, clock: ReplayClock) -> AsyncIterator[TurnOutcome]:
    """What the engine makes of the timers that fall due when nothing more is said, in their order."""
    state, due = last.state, _set_by(last)
    session = state.session
    due[SESSION_TIMER] = session.started_at + SESSION_TIMER_SECONDS
    if session.read_due:
        due[READING_TIMER] = session.read_due
    for _ in range(MOST_TIMERS):
        if not due:
            return
        name = min(due, key=due.__getitem__)
        at = due.pop(name)
        clock.seconds = max(clock.seconds, at)
        outcome = await engine.respond(state, (timer_message(state.session, name, at),))
        state = outcome.state
        due |= _set_by(outcome)
        yield outcome


def _set_by(outcome: TurnOutcome) -> dict[str, float]:
    return {timer.name: timer.at for timer in outcome.timers if timer.at is not None}


def prediction(conversation: str, turn: int, outcome: TurnOutcome) -> dict[str, Any]:
    """One line of replay's output."""
    reply, guess = outcome.reply, outcome.state.session.guess
    probabilities = {persona: round(share, 4) for persona, share in guess.probabilities}
    return {
        "id": conversation,
        "t": turn,
        "persona": guess.chosen,
        "persona_probs": probabilities | {"none": round(guess.none, 4)},
        "slots": slots_of(fold(outcome.state.known_facts)),
        "intent": int(outcome.state.session.intent),
        "ask_email": outcome.asked_email,
        "readiness": outcome.readiness.level,
        "p_ready": round(outcome.readiness.probability, 4),
        "reply": " ".join(filter(None, (reply.main_text, reply.email_prompt))) if reply else "",
        "citations": [citation.url for citation in reply.citations] if reply else [],
        "wire": reply.to_wire() if reply else None,
    }


def as_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
