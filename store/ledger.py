"""The ledger: every fact known of a person, in the order they were learned, each id once."""

from __future__ import annotations

from collections.abc import Sequence

from core.fact import Fact
from core.ids import PersonId
from store import scripts
from store.coalescing import Argument, Commands
from store.codec import FACT
from store.keys import Keys


class RedisLedger:
    """Implements `core.store_ports.Ledger`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def append(self, person: PersonId, facts: Sequence[Fact]) -> int:
        if not facts:
            return 0
        keys = self._keys.of_person(person)
        items: list[Argument] = []
        for fact in facts:
            items += (fact.id, repr(fact.at), FACT.encode(fact))
        added: int = await self._commands.run(
            scripts.APPEND_ONCE, keys.tag, (keys.ledger, keys.known, keys.erased), *items
        )
        return added

    async def read(self, person: PersonId) -> tuple[Fact, ...]:
        keys = self._keys.of_person(person)
        found = await self._commands.command(keys.tag, b"LRANGE", keys.ledger, 0, -1)
        return tuple(map(FACT.decode, found))
