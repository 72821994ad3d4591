"""The directory: rows, orders and the sets of each value, all in one slot, so that a page is one script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from hashlib import blake2b
from math import isfinite
from operator import attrgetter
from typing import Any

import msgspec

from core.directory import FILTERS, Ask, Found, Listing, Order, Summed, facets
from core.ids import ConversationId
from core.progress import share_of
from store import scripts
from store.coalescing import Argument, Commands
from store.codec import Codec
from store.keys import WORKERS, Keys

REMEMBERED = 30 * 86_400
"""Seconds in which an effect that was under way at an erasure is refused."""
MOST_ROWS = 200
MOST_CANDIDATES = 1_000
"""Conversations that are sorted for one page; a value that more have is looked for along the order instead."""
MOST_LOOKED_AT = 4_000
"""Conversations along the order that one page looks at; it may be short then, and `next` goes on."""
_LONGEST = 120  # of a value or word, in characters: visitors give them
_MOST_WORDS = 16


class _Row(msgspec.Struct):
    version: int
    facets: tuple[str, ...]
    words: tuple[str, ...]
    listing: Listing
    share: str = ""  # of the tallies, as JSON: the script compares it as it is


_ROW = Codec(_Row, "row of the directory")
_values = attrgetter(*(one.name for one in fields(Listing)))
_Told: Any = msgspec.defstruct(
    "_Told",
    [(one.name, Any) if one.default is MISSING else (one.name, Any, one.default) for one in fields(Listing)],
    omit_defaults=True,
)
"""A listing as it is written: without the defaults that most fields hold, as a hundred thousand lie in memory."""


class RedisDirectory:
    """Implements `core.directory.Directory`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._start = keys.directory
        self._rows = self._start + b"rows"
        self._words = self._start + b"words"
        self._counts = self._start + b"counts"
        self._values = self._start + b"of:"
        self._tallies = self._start + b"tally:"
        self._gone = self._start + b"gone:"
        self._periods = self._start + b"periods"
        self._orders = {order: self._start + b"by:" + order.value.encode() for order in Order}

    async def list(self, listing: Listing) -> None:
        values = tuple(value[:_LONGEST] for value in facets(listing))
        words = tuple(sorted(_words(listing)))[:_MOST_WORDS]
        share = _share(listing)
        row = _ROW.encode(
            _Row(
                version=listing.version,
                facets=values,
                words=words,
                listing=_Told(*_values(listing)),
                share=share,
            )
        )
        scores = (listing.active_at, listing.created_at, listing.score, listing.confidence)
        await self._write(
            listing.conversation,
            (listing.version, repr(listing.created_at), row, 0, 0),
            (*map(repr, scores), share, len(values), *values, *words),
        )

    async def forget(self, conversation: ConversationId, *, at: float) -> None:
        await self._write(conversation, (0, 0, b"", repr(at), REMEMBERED), ())

    async def find(self, ask: Ask) -> Found:
        if unknown := set(ask.filters) - set(FILTERS):
            raise ValueError(f"no filter is called {', '.join(sorted(unknown))}")
        score, after = _place(ask.after)
        next_score, next_name, *rows = await self._commands.run(
            scripts.FIND_CONVERSATIONS,
            WORKERS,
            (self._rows, self._words, self._orders[ask.order], self._start + b"asked"),
            self._values,
            _folded(ask.prefix),
            score,
            after,
            max(1, min(ask.count, MOST_ROWS)),
            MOST_CANDIDATES,
            MOST_LOOKED_AT,
            *(f"{name}:{value}"[:_LONGEST] for name, value in ask.filters.items() if value),
        )
        listed = tuple(_ROW.decode(row).listing for row in rows if row is not None)
        score = next_score.decode().replace("+", "")  # of an exponent: it would be a space in an address
        return Found(rows=listed, next=f"{score}:{next_name.decode()}" if next_name else "")

    async def one(self, conversation: ConversationId) -> Listing | None:
        raw: bytes | None = await self._commands.command(WORKERS, b"HGET", self._rows, conversation)
        return None if raw is None else _ROW.decode(raw).listing

    async def counts(self) -> Mapping[str, Mapping[str, int]]:
        flat: list[bytes] = await self._commands.command(WORKERS, b"HGETALL", self._counts)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for facet, count in zip(flat[::2], flat[1::2], strict=True):
            name, _, value = facet.decode().partition(":")
            found[name][value] = int(count)
        return found

    async def tallies(self, periods: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        return await self._tallied(self._tallies, periods)

    async def summed(self, periods: Sequence[str], names: Sequence[str]) -> Summed:
        if not periods:
            return Summed(total={}, each={})
        keys = tuple(self._tallies + period.encode() for period in periods)
        total, *each = await self._commands.run(scripts.SUM_TALLIES, WORKERS, keys, *names)
        return Summed(
            total={name.decode(): int(count) for name, count in zip(total[::2], total[1::2], strict=True)},
            each={
                period: {name: int(count) for name, count in zip(names, counts, strict=True) if count is not None}
                for period, counts in zip(periods, each, strict=True)
            },
        )

    async def departed(self) -> Mapping[str, Mapping[str, int]]:
        known: list[bytes] = await self._commands.command(WORKERS, b"SMEMBERS", self._periods)
        return await self._tallied(self._gone, sorted(period.decode() for period in known))

    async def clear(self) -> None:
        keys = (self._rows, self._words, self._counts, *self._orders.values(), self._periods)
        await self._commands.run(scripts.CLEAR_DIRECTORY, WORKERS, keys, self._values, self._tallies, self._gone)

    async def _tallied(self, start: bytes, periods: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        if not periods:
            return {}
        keys = tuple(start + period.encode() for period in periods)
        found: list[list[bytes]] = await self._commands.run(scripts.READ_TALLIES, WORKERS, keys)
        return {
            period: {name.decode(): int(count) for name, count in zip(flat[::2], flat[1::2], strict=True)}
            for period, flat in zip(periods, found, strict=True)
        }

    async def _write(
        self, conversation: ConversationId, row: tuple[Argument, ...], indexes: tuple[Argument, ...]
    ) -> None:
        mark = self._start + b"erased:" + blake2b(conversation.encode(), digest_size=16).hexdigest().encode()
        await self._commands.run(
            scripts.LIST_CONVERSATION,
            WORKERS,
            (self._rows, self._words, self._counts, mark, *self._orders.values(), self._periods),
            self._values,
            conversation,
            *row,
            *(indexes or ("", "", "", "", "")),
        )


def _share(listing: Listing) -> str:
    share = share_of(listing)
    return msgspec.json.encode((share.periods, share.stages, share.dimensions, share.others, share.given)).decode()


def _words(listing: Listing) -> set[str]:
    """What somebody may begin to type: each name as a whole and from each of its words on."""
    return {start for text in (listing.name, listing.company, listing.email) for start in _starts(_folded(text))}


def _starts(text: str) -> Iterator[str]:
    words = text.replace("@", " ").split()
    if text:
        yield text
    yield from words[:4]


def _folded(text: str) -> str:
    return " ".join(text.replace("\0", " ").casefold().split())[:_LONGEST]


def _place(after: str) -> tuple[str, str]:
    """Score and conversation of the last row of a page."""
    if not after:
        return "", ""
    score, _, conversation = after.partition(":")
    if not conversation or not isfinite(float(score)):
        raise ValueError("this does not tell where a page begins")
    return score, conversation
