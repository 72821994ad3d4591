"""The journal of everything that was changed by hand: each line holds the hash of the one before it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from core.access_ports import Journal
from core.ports import Clock

_MOST_TRIES = 100
_BATCH = 500


class Line(BaseModel):
    """Who did what to which thing, and when. `chain` is the hash of this line and of the one before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: float
    who: str
    what: str
    on: str
    before: str
    after: str
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many lines were read, and the place (from 1) of the first that does not follow from the one before it."""

    lines: int
    broken_at: int | None
    last: str  # the last line's hash, to keep elsewhere: a journal cut off at its end still holds together


class Audit:
    """Writes and checks the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def note(self, *, who: str, what: str, on: str, before: str = "", after: str = "") -> None:
        """Append a line; whoever else writes at the same moment comes before or after it."""
        for _ in range(_MOST_TRIES):
            length, last = await self._journal.last()
            parts = {"at": self._clock.now(), "who": who, "what": what, "on": on, "before": before, "after": after}
            line = Line.model_validate({**parts, "chain": _chain(_chain_of(last), parts)})
            if await self._journal.append(line.model_dump_json(), after=length):
                return
        raise RuntimeError("too many write into the journal at once")

    async def latest(self, *, skip: int, count: int) -> tuple[tuple[Line, ...], int]:
        """Lines from the newest on, and how many there are in all."""
        length, _ = await self._journal.last()
        end = max(0, length - skip)
        start = max(0, end - count)
        raw = await self._journal.lines(start, end - start) if end > start else ()
        return tuple(line for line in map(_read, reversed(raw)) if line), length

    async def verify(self) -> Verdict:
        """Read it from its beginning."""
        chain, place = "", 0
        while raw := await self._journal.lines(place, _BATCH):
            for text in raw:
                place += 1
                line = _read(text)
                if line is None or line.chain != _chain(chain, line.model_dump(exclude={"chain"})):
                    return Verdict(lines=place, broken_at=place, last=chain)
                chain = line.chain
        return Verdict(lines=place, broken_at=None, last=chain)


def _read(text: str) -> Line | None:
    try:
        return Line.model_validate_json(text)
    except ValidationError:
        return None


def _chain_of(text: str) -> str:
    if not text:
        return ""
    line = _read(text)
    return line.chain if line else sha256(text.encode()).hexdigest()


def _chain(before: str, parts: dict[str, object]) -> str:
    text = json.dumps([before, parts], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
