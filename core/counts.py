"""What this process has done since it began, in plain numbers: cheap to keep up, and read whenever somebody asks."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from enum import StrEnum

from core.message import InboundMessage
from core.store_ports import AcceptStatus
from core.turn import DeliverLead, DeliverReply, Effect, ReadClosely, TellTeam, WithdrawLead

TURN_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; turns without a model take a few milliseconds, with one as long as the model may take."""
WAIT_BOUNDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds a visitor waits; the hub first waits for the end of what they write."""


class Outcome(StrEnum):
    """What became of one attempt to bring something out of this process."""

    DELIVERED = "delivered"
    WITHHELD = "withheld"  # not to be brought any more: a person has taken over, or the lead is gone
    DELAYED = "delayed"  # surely had no effect, and is tried again
    UNCERTAIN = "uncertain"  # may have arrived, and is looked up
    LISTED = "listed"  # may have arrived, cannot be looked up: left to a person
    PARKED = "parked"  # waits until somebody mends something


class Spread:
    """How values are spread: `counts[i]` lie above `bounds[i - 1]` and up to `bounds[i]`, the last above all bounds."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Counts:
    """Keys are tuples of names that the program or the admin's files give, never of what a visitor sent."""

    def __init__(self) -> None:
        self.accepted: defaultdict[tuple[str, str, str], int] = defaultdict(int)  # channel, kind, status
        self.turns: defaultdict[str, Spread] = defaultdict(lambda: Spread(TURN_BOUNDS))  # seconds, by channel
        self.waits: defaultdict[str, Spread] = defaultdict(lambda: Spread(WAIT_BOUNDS))  # the same until a reply stands
        self.replies: defaultdict[tuple[str, str], int] = defaultdict(int)  # channel, who says it
        self.deliveries: defaultdict[tuple[str, str, str], int] = defaultdict(int)  # kind, to whom, outcome
        self.set_aside: defaultdict[str, int] = defaultdict(int)  # messages that became dead letters, by reason

    def accept(self, message: InboundMessage, status: AcceptStatus) -> None:
        self.accepted[message.channel, message.kind.value, status.value] += 1

    def deliver(self, effect: Effect, sink: str, outcome: Outcome) -> None:
        """Of what only changes the store, nothing is counted."""
        if (leaves := leaving(effect, sink)) is not None:
            self.deliveries[(*leaves, outcome.value)] += 1


def leaving(effect: Effect, sink: str) -> tuple[str, str] | None:
    """What kind of thing leaves the process with an effect, and to whom; None for what only changes the store."""
    match effect:
        case DeliverReply():
            return "reply", effect.channel
        case DeliverLead():
            return "lead", sink or "slack"
        case TellTeam():
            return "note", "slack"
        case WithdrawLead():
            return "withdrawal", "slack"
        case ReadClosely():
            return "reading", "model"
        case _:
            return None
