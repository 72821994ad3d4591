"""A visitor who falls silent: the example engine with follow-ups, and timers that fall due when a test says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.engine import Engine
from core.follow_up import FOLLOW_UP_TIMER, FollowUpPolicy
from core.message import InboundMessage, MessageKind
from core.receiving import begin
from core.reply import Reply
from core.session import FollowUps
from core.turn import TurnOutcome
from tests.core.talking import CLOCK, NOON, Talk, example_engine

POLICY = FollowUpPolicy()


def following_up(policy: FollowUpPolicy = POLICY, **rooms: Any) -> Engine:
    """The example engine with follow-ups on its channel."""
    engine = example_engine()
    house = replace(engine._house, follow_ups={"web": policy})
    return Engine(replace(engine._rooms, **rooms), house, phrases=engine._phrases, clock=CLOCK)


class Silence(Talk):
    """A talk with a clock of its own, whose follow-ups fall due one by one."""

    def __init__(self, name: str = "silence", *, policy: FollowUpPolicy = POLICY, **more: Any) -> None:
        super().__init__(name, **{"engine": following_up(policy), **more})
        self.moment = NOON

    @property
    def now(self) -> float:
        return self.moment

    @property
    def follow_ups(self) -> FollowUps:
        return self.state.session.follow_ups if self.state else FollowUps()

    @property
    def wait(self) -> float:
        """Seconds until the next follow-up; below 0 when none is pending."""
        return self.follow_ups.due - self.moment

    async def turn(self, *messages: InboundMessage) -> TurnOutcome:
        CLOCK.seconds = self.moment
        self.state = self.state or begin(messages[0])
        outcome = await self.engine.respond(self.state, messages)
        self.state = outcome.state
        self.outcomes.append(outcome)
        self.lines.append(tuple(message.text for message in messages))
        return outcome

    def timer(self, at: float) -> InboundMessage:
        return replace(self.message(FOLLOW_UP_TIMER, MessageKind.TIMER), at=at)

    async def falls_due(self, *, late: float = 0.0) -> TurnOutcome:
        """What comes of the pending timer, handed over `late` seconds after its time."""
        at = self.follow_ups.due
        assert at, "no follow-up is pending"
        self.moment = at + late
        return await self.turn(self.timer(at))

    async def leaves_the_tab(self, *, after: float = 0.0) -> TurnOutcome:
        self.moment += after
        return await self.turn(self.message("", MessageKind.AWAY))

    async def comes_back(self, *, after: float = 0.0) -> TurnOutcome:
        self.moment += after
        return await self.turn(self.message("", MessageKind.RETURNED))

    async def all_of_them(self) -> list[Reply]:
        """Every follow-up that comes of this silence."""
        said = []
        while self.follow_ups.due:
            outcome = await self.falls_due()
            if outcome.reply is not None:
                said.append(outcome.reply)
        return said
