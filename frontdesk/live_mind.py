"""The engine that answers at this moment; another one takes its place between two turns."""

from __future__ import annotations

from collections.abc import Sequence

from core.fact import Fact
from core.ledger import Known
from core.message import InboundMessage, Page
from core.reply import Reply
from core.session import ConversationState
from core.turn import ReadClosely, TurnOutcome
from frontdesk.mind import Mind


class LiveMind:
    """Stands for a `Mind` wherever one is used for longer than a turn. A turn ends with the mind it began with."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    def swap(self, mind: Mind) -> None:
        """Answer with this one from the next turn on."""
        self._mind = mind

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        return await self._mind.desk.respond(state, messages)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        return await self._mind.desk.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        return self._mind.desk.apologise(state, messages)

    async def invite(self, page: Page) -> Reply | None:
        return await self._mind.engine.invite(page)

    async def read(self, reading: ReadClosely, known: Known) -> tuple[Fact, ...]:
        """Of `FactReader`; nothing without a chat model."""
        return await self._mind.reader.read(reading, known) if self._mind.reader else ()
