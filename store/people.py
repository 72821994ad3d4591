"""Which visitors are one person: each link lies with both its ends, each id once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from hashlib import sha256
from math import ceil

from core.fact import Fact
from core.ids import PersonId
from core.people import Link
from core.people_ports import Acquaintances, Claim
from store import scripts
from store.coalescing import Commands
from store.codec import FACT, LINK
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
        await asyncio.gather(*(self._append(person, link, entry) for person in {link.left, link.right}))

    async def links(self, person: PersonId) -> tuple[Link, ...]:
        found: dict[str, Link] = {}
        seen: set[PersonId] = set()
        waiting = {person}
        while waiting and len(seen) < MOST_PEOPLE:
            seen |= waiting
            for links in await asyncio.gather(*map(self._of, sorted(waiting))):
                found.update((link.id, link) for link in links)
            waiting = _ends(found.values()) - seen
        return _in_order(found.values())

    async def acquaintances(self, people: Collection[PersonId]) -> Acquaintances:
        found: dict[str, Link] = {}
        ledgers: dict[PersonId, tuple[Fact, ...]] = {}
        waiting = sorted(set(people))
        while waiting:
            links, facts = await asyncio.gather(
                asyncio.gather(*map(self._of, waiting)), asyncio.gather(*map(self._ledger, waiting))
            )
            found.update((link.id, link) for some in links for link in some)
            ledgers.update(zip(waiting, facts, strict=True))
            waiting = sorted(_ends(found.values()) - set(ledgers))[: max(0, MOST_PEOPLE - len(ledgers))]
        return Acquaintances(links=_in_order(found.values()), ledgers=ledgers)

    async def claim(self, visitor: PersonId, user: PersonId, *, token: str, life: float) -> Claim:
        keys = self._keys.of_person(visitor)
        if await self._commands.command(keys.tag, b"GET", keys.user) not in {None, user.encode()}:
            return Claim.SOMEBODY_ELSE
        tag, used = self._keys.token(token)
        by = sha256(visitor.encode()).hexdigest()  # it is known whose a token was for longer than they may be
        if await self._first(tag, used, by, b"EX", max(1, ceil(life))) != by.encode():
            return Claim.REPLAYED
        bound = await self._first(keys.tag, keys.user, user)
        return Claim.HELD if bound == user.encode() else Claim.SOMEBODY_ELSE

    async def _first(self, tag: str, key: bytes, value: str, *life: bytes | int) -> bytes | None:
        """What a key holds for good, or for its life: `value` where it held nothing yet."""
        await self._commands.command(tag, b"SET", key, value, b"NX", *life)
        held: bytes | None = await self._commands.command(tag, b"GET", key)
        return held

    async def _append(self, person: PersonId, link: Link, entry: bytes) -> None:
        keys = self._keys.of_person(person)
        await self._commands.run(
            scripts.APPEND_ONCE, keys.tag, (keys.links, keys.linked, keys.erased), link.id, repr(link.at), entry
        )

    async def _of(self, person: PersonId) -> tuple[Link, ...]:
        keys = self._keys.of_person(person)
        return tuple(map(LINK.decode, await self._commands.command(keys.tag, b"LRANGE", keys.links, 0, -1)))

    async def _ledger(self, person: PersonId) -> tuple[Fact, ...]:
        keys = self._keys.of_person(person)
        return tuple(map(FACT.decode, await self._commands.command(keys.tag, b"LRANGE", keys.ledger, 0, -1)))


def _ends(links: Iterable[Link]) -> set[PersonId]:
    return {end for link in links for end in (link.left, link.right)}


def _in_order(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.at, link.id)))
