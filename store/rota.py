"""Whose turn it is: how many leads each rep was given and has, counted in one place for all processes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.ids import LeadId
from core.lead_ports import Candidate
from core.rep import RepId
from store import scripts
from store.coalescing import Commands
from store.keys import WORKERS, Keys

MOST_LEADS = 5_000
"""Leads without a verdict that are counted; the oldest beyond them count for nobody."""


class RedisRota:
    """Implements `core.store_ports.Rota`."""

    def __init__(self, commands: Commands, keys: Keys, *, most: int = MOST_LEADS) -> None:
        self._commands = commands
        self._keys = (keys.turns, keys.turn_order)
        self._most = most

    async def take(
        self, team: str, lead: LeadId, candidates: Sequence[Candidate], *, now: float, excluding: Collection[RepId] = ()
    ) -> RepId | None:
        asked = [part for one in candidates for part in (one.rep, one.capacity)]
        chosen: bytes = await self._commands.run(
            scripts.TAKE_TURN,
            WORKERS,
            self._keys,
            lead,
            team,
            repr(now),
            self._most,
            len(excluding),
            *excluding,
            *asked,
        )
        return RepId(chosen.decode()) if chosen else None

    async def settle(self, lead: LeadId, rep: RepId | None, *, now: float) -> None:
        await self._commands.run(scripts.SETTLE_TURN, WORKERS, self._keys, lead, rep or "", repr(now))

    async def order(self, team: str, candidates: Sequence[Candidate]) -> tuple[RepId, ...]:
        fields = [f"{kind}:{team}:{one.rep}" for one in candidates for kind in ("given", "last")]
        fields += [f"open:{one.rep}" for one in candidates]
        if not fields:
            return ()
        raw: list[bytes | None] = await self._commands.command(WORKERS, b"HMGET", self._keys[0], *fields)
        counts = [int(value or 0) for value in raw]
        given, last, held = (
            counts[0 : 2 * len(candidates) : 2],
            counts[1 : 2 * len(candidates) : 2],
            counts[2 * len(candidates) :],
        )
        free = [place for place, one in enumerate(candidates) if held[place] < one.capacity]
        floor = max((given[place] for place in free), default=1) - 1
        free.sort(key=lambda place: (max(given[place], floor), last[place]))
        return tuple(candidates[place].rep for place in free)
