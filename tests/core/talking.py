"""A visitor who talks with the engine of the example company: no store, no network, a clock that is set by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from core.engine import Engine
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind, Page
from core.phrases import Phrases
from core.receiving import begin
from core.session import ConversationState
from core.staff import Responder
from core.turn import TurnOutcome
from frontdesk.desk import read_desk
from frontdesk.mind import build_mind, phrases_in

DESK = Path(__file__).parents[2] / "examples" / "desk"
SITE = "https://fernlight.example"
NOON = 1_772_366_400.0  # 1 March 2026
SECONDS_A_TURN = 20.0


class HandClock:
    """Stands still until it is set."""

    def __init__(self, seconds: float = NOON) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds


CLOCK = HandClock()


@cache
def example_engine() -> Engine:
    """The engine of the example desk, built once: it keeps nothing between turns."""
    return build_mind(read_desk(DESK), clock=CLOCK).engine


def engine_with(**rooms: Any) -> Engine:
    """The same engine with some of its rooms exchanged."""
    engine = example_engine()
    return Engine(replace(engine._rooms, **rooms), engine._house, phrases=phrases_in, clock=CLOCK)


def english() -> Phrases:
    return phrases_in("en")


class Talk:
    """One conversation, line by line."""

    def __init__(self, name: str = "talk", *, page: str = "", title: str = "", engine: Responder | None = None) -> None:
        self.name = name
        self.engine: Responder = engine or example_engine()
        self.page = Page(url=f"{SITE}{page}", title=title) if page else None
        self.state: ConversationState | None = None
        self.outcomes: list[TurnOutcome] = []
        self.lines: list[tuple[str, ...]] = []
        self._count = 0

    @property
    def now(self) -> float:
        return NOON + self._count * SECONDS_A_TURN

    async def opens(self) -> TurnOutcome:
        return await self.turn(self.message("", MessageKind.OPENED))

    async def says(self, *texts: str) -> TurnOutcome:
        """Several texts are one burst."""
        return await self.turn(*(self.message(text) for text in texts))

    async def presses(self, label: str) -> TurnOutcome:
        return await self.turn(self.message(label, MessageKind.BUTTON))

    async def waits(self, timer: str = "session_15m") -> TurnOutcome:
        return await self.turn(self.message(timer, MessageKind.TIMER))

    def message(self, text: str, kind: MessageKind = MessageKind.TEXT, **more: Any) -> InboundMessage:
        self._count += 1
        return InboundMessage(
            id=MessageId(f"m{self._count}"),
            channel="web",
            conversation=ConversationId(self.name),
            visitor=VisitorId("visitor"),
            kind=kind,
            text=text,
            at=self.now,
            page=self.page,
            **more,
        )

    async def turn(self, *messages: InboundMessage) -> TurnOutcome:
        CLOCK.seconds = messages[-1].at
        before = self.state or begin(messages[0])
        outcome = await self.engine.respond(before, messages)
        self.state = outcome.state
        self.outcomes.append(outcome)
        self.lines.append(tuple(message.text for message in messages))
        return outcome

    @property
    def replies(self) -> list[str]:
        """What the visitor read in each turn, the request for an e-mail included."""
        return [
            " ".join(filter(None, (outcome.reply.main_text, outcome.reply.email_prompt))) if outcome.reply else ""
            for outcome in self.outcomes
        ]

    def __str__(self) -> str:
        """The whole talk, to be read after a failure."""
        turns = zip(self.lines, self.replies, self.outcomes, strict=True)
        return "\n".join(
            f"visitor: {' / '.join(said)}\n    bot: {reply} {list(outcome.reply.buttons) if outcome.reply else ''}"
            for said, reply, outcome in turns
        )
