"""Which visitors are one person: each link lies with both its ends, each id once."""

from __future__ import annotations

import asyncio

from core.ids import PersonId
from core.people import Link
from store import scripts
from store.coalescing import Commands
from store.codec import LINK
from store.keys import Keys

MOST_PEOPLE = 64
"""Visitors looked at for one person: more than anybody has devices, and a bound for a store that was tampered with."""


class RedisPeople:
    """Implements `core.store_ports.People`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def link(self, link: Link) -> None:
        entry = LINK.encode(link)
        await asyncio.gather(*(self._append(person, link.id, entry) for person in {link.left, link.right}))

    async def links(self, person: PersonId) -> tuple[Link, ...]:
        found: dict[str, Link] = {}
        seen: set[PersonId] = set()
        waiting = {person}
        while waiting and len(seen) < MOST_PEOPLE:
            seen |= waiting
            for links in await asyncio.gather(*map(self._of, sorted(waiting))):
                found.update((link.id, link) for link in links)
            waiting = {end for link in found.values() for end in (link.left, link.right)} - seen
        return tuple(sorted(found.values(), key=lambda link: (link.at, link.id)))

    async def _append(self, person: PersonId, id_: str, entry: bytes) -> None:
        keys = self._keys.of_person(person)
        await self._commands.run(scripts.APPEND_ONCE, keys.tag, (keys.links, keys.linked), id_, entry)

    async def _of(self, person: PersonId) -> tuple[Link, ...]:
        keys = self._keys.of_person(person)
        return tuple(map(LINK.decode, await self._commands.command(keys.tag, b"LRANGE", keys.links, 0, -1)))
