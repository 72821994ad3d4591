"""Taking a link between two visitors back, and letting it hold again; whoever it concerns looks again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.joining import look_again
from core.message import InboundMessage
from core.people import Link, restored, standing_links, taken_back
from core.people_ports import Acquaintances, People
from core.store_ports import Acceptance

Accept = Callable[[InboundMessage], Awaitable[Acceptance]]


def lately_taken_back(met: Acquaintances) -> tuple[Link, ...]:
    """Links that held until somebody took them back, the newest of a pair; they can be restored."""
    held = {frozenset((link.left, link.right)) for link in standing_links(met.links)}
    newest = {frozenset((link.left, link.right)): link for link in met.links if link.holds}
    return tuple(link for pair, link in newest.items() if pair not in held)


async def take_back(people: People, accept: Accept, met: Acquaintances, link: Link, *, at: float, by: str) -> Link:
    """Record that a link does not hold. Raises `StoreUnavailable`; calling again does no harm."""
    return await _recorded(people, accept, met, taken_back(link, at=_after(met, at), by=by))


async def restore(people: People, accept: Accept, met: Acquaintances, link: Link, *, at: float, by: str) -> Link:
    """Record that a link that was taken back holds after all."""
    return await _recorded(people, accept, met, restored(link, at=_after(met, at), by=by))


def _after(met: Acquaintances, at: float) -> float:
    """Later than every link so far: of two of one moment the order of their ids would decide."""
    return max((at, *(one.at + 0.001 for one in met.links)))


async def _recorded(people: People, accept: Accept, met: Acquaintances, link: Link) -> Link:
    await people.link(link)
    concerned = {
        conversation: person
        for one in met.links
        for conversation, person in zip(one.conversations, (one.left, one.right), strict=False)
    }
    for conversation, person in concerned.items():
        await accept(look_again(conversation, person, link))
    return link
