"""Two visitors who give the same address: sales is told and nobody is shown anything, for an address is no proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from core.fact import Fact, Field, Operation, Standing
from core.ids import MessageId, person_of
from core.message import InboundMessage, MessageKind
from core.people import Thread, same_person
from core.session import Session
from core.store_ports import Store
from core.turn import CompareAddress

LIFE = 400 * 86_400.0
"""Seconds it is remembered who gave an address first."""
SAME_ADDRESS = "same_address:"
"""What the text of the message that says so begins with."""
_PLACE = ":addresses"
"""Where in the notes; no channel can have this name."""


def compared(thread: Thread, facts: Sequence[Fact]) -> Iterator[CompareAddress]:
    """What is to be looked up of the addresses that a visitor has just given."""
    for fact in facts:
        if fact.field is Field.EMAIL and fact.operation is Operation.SET and fact.standing is not Standing.VERIFIED:
            yield CompareAddress(thread=thread, address=_digest(str(fact.value)), at=fact.at)


async def looked_up(store: Store, effect: CompareAddress) -> InboundMessage | None:
    """The word to the conversation when another person gave the address before. Raises `StoreUnavailable`."""
    thread = effect.thread
    if await store.notes.add(_PLACE, effect.address, thread.visitor, life=LIFE, of=thread.visitor):
        return None
    first = await store.notes.get(_PLACE, effect.address)
    person = person_of(thread.visitor)
    if first is None or first in same_person(person, await store.people.links(person)):
        return None
    return InboundMessage(
        id=MessageId(f"address:{effect.address}"),
        channel=thread.channel,
        conversation=thread.conversation,
        visitor=thread.visitor,
        kind=MessageKind.JOINED,
        text=f"{SAME_ADDRESS}{effect.address}",
        at=effect.at,
    )


def hinted(session: Session, messages: Sequence[InboundMessage]) -> str:
    """The digest of the address that another visitor gave before, the newest that was looked up; "" for none."""
    words = (one.text for one in messages if one.kind is MessageKind.JOINED and one.text.startswith(SAME_ADDRESS))
    return next((word.removeprefix(SAME_ADDRESS) for word in words), session.same_address)


def is_hinted(session: Session, address: str) -> bool:
    return bool(session.same_address) and session.same_address == _digest(address)


def _digest(address: str) -> str:
    """The address itself is not kept a second time."""
    return sha256(address.strip().casefold().encode()).hexdigest()[:32]
