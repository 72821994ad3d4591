"""What every shard of a process works with, and the conversation engine as the hub needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.counts import Counts
from core.ids import Shard
from core.message import InboundMessage
from core.pace import Pace
from core.ports import Clock
from core.session import ConversationState
from core.store_ports import Store
from core.tracing import UNTRACED, Tracer
from core.turn import TurnOutcome
from core.watchers import Watchers

TurnObserver = Callable[[ConversationState, TurnOutcome], None]


class Responder(Protocol):
    """The conversation engine as the hub needs it; see `core.engine.Engine`."""

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome: ...

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """What a sales rep does, or a timer of it, alone."""
        ...

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """Must not raise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What every shard of a process works with."""

    store: Store
    engine: Responder
    watchers: Watchers
    pace: Pace
    clock: Clock
    observe: TurnObserver
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while an entry is tried that earlier processes began and did not finish."""
    counts: Counts = field(default_factory=Counts)
    tracer: Tracer = UNTRACED
    begun: set[tuple[Shard, int]] = field(default_factory=set)
    """Starts this process has counted. It lives, so it was not killed by them: they are not counted again, and taken
    back when it loses the shard."""
