"""Which effects of an outbox wait for each other, and which are done in one attempt. Pure."""

from __future__ import annotations

from collections import deque
from itertools import takewhile
from typing import NamedTuple

from core.ids import person_of
from core.store_ports import OutboxEntry
from core.turn import (
    CompareAddress,
    DeliverLead,
    DeliverReply,
    Expire,
    Forget,
    ListConversation,
    NoteUnmatched,
    ProveAddress,
    ReadClosely,
    RecordFacts,
    SendCode,
    TellTeam,
    TellThread,
    Thin,
    WithdrawLead,
)

_NEWEST_SUFFICES = DeliverLead | ListConversation
"""Of several such effects for one destination, the last says all that the others would have said."""


class Part(NamedTuple):
    """An effect as one destination sees it; `sink` names who gets the lead."""

    entry: OutboxEntry
    sink: str = ""


def together(queue: deque[Part]) -> tuple[Part, ...]:
    """What one attempt takes care of: any number of updates of one thing in a row, else one effect."""
    updates = tuple(takewhile(lambda part: isinstance(part.entry.effect, _NEWEST_SUFFICES), queue))
    return updates or (queue[0],)


def destination_of(part: Part) -> str:
    """What an effect waits in line for; effects of different destinations do not wait for each other."""
    effect = part.entry.effect
    name: tuple[str, str]
    match effect:
        case DeliverReply() | Forget():  # who asked for it hears so first
            name = ("reply", effect.conversation)
        case DeliverLead() | TellTeam() | WithdrawLead():
            name = (part.sink or "lead", effect.lead)
        case RecordFacts():
            name = ("ledger", effect.person)
        case TellThread() | CompareAddress() | ProveAddress():  # after the facts it is about
            name = ("ledger", person_of(effect.thread.visitor))
        case SendCode():
            name = ("code", effect.conversation)
        case ListConversation():
            name = ("listing", effect.listing.conversation)
        case ReadClosely():
            name = ("reading", effect.conversation)
        case Expire() | Thin():
            name = ("expiry", effect.conversation)
        case NoteUnmatched():
            name = ("unmatched", effect.conversation)
    return ":".join(name)
