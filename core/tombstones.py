"""Who was erased, as digests: so that a backup that is older than that brings nobody back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Iterable, Mapping

from core.erased_names import of_conversation, of_person
from core.erasing import Erased, Trace, erase
from core.ids import ConversationId, PersonId
from core.store_ports import Store

Tombstones = Mapping[str, float]
"""When somebody or something was erased, in seconds since the epoch, by the names of `core.erased_names`."""


def merged(*lists: Tombstones) -> Tombstones:
    """All of them, each with its newest time."""
    found: dict[str, float] = {}
    for one in lists:
        for name, at in one.items():
            found[name] = max(at, found.get(name, at))
    return found


def as_lines(tombstones: Tombstones) -> str:
    """A file of them, oldest first. Nothing in it names anybody."""
    ordered = sorted(tombstones.items(), key=lambda one: (one[1], one[0]))
    return "".join(f"{json.dumps({'erased': name, 'at': at})}\n" for name, at in ordered)


def from_lines(text: str) -> Tombstones:
    """The inverse of `as_lines`. Raises `ValueError` with the line that is none."""
    found: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            told = json.loads(line)
            found[str(told["erased"])] = float(told["at"])
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"line {number} is no record of an erasure") from None
    return found


async def reapply(
    store: Store,
    tombstones: Tombstones,
    *,
    conversations: AsyncIterable[ConversationId],
    people: AsyncIterable[PersonId],
) -> tuple[Erased, ...]:
    """Take out again what was erased before and is back; what began after that erasure stays.

    Raises `StoreUnavailable`; doing it again does no harm.
    """
    erased = []
    async for conversation in conversations:
        at = tombstones.get(of_conversation(conversation))
        if at is not None and await _is_older(store, conversation, at):
            erased.append(await erase(store, Trace(conversations=(conversation,)), at=at))
    async for person in people:
        at = tombstones.get(of_person(person))
        if at is not None and await _was_known(store, person, at):
            links = await store.people.links(person)
            theirs = tuple(link for link in links if person in {link.left, link.right})
            erased.append(await erase(store, Trace(people=(person,), links=theirs), at=at))
    return tuple(erased)


async def _is_older(store: Store, conversation: ConversationId, at: float) -> bool:
    """Whether it began before; what waits unanswered counts, too."""
    state = await store.conversations.load(conversation)
    if state is not None:
        return state.session.started_at <= at
    lines = await store.transcripts.read(conversation, after=0, limit=1)
    return not lines or lines[0].at <= at


async def _was_known(store: Store, person: PersonId, at: float) -> bool:
    facts, links = await store.ledger.read(person), await store.people.links(person)
    return _any_before(at, (fact.at for fact in facts)) or _any_before(at, (link.at for link in links))


def _any_before(at: float, times: Iterable[float]) -> bool:
    return any(one <= at for one in times)
