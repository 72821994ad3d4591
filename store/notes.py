"""What channels remember over restarts: one small string a key, each with its own end."""

from __future__ import annotations

import asyncio

from store import scripts
from store.coalescing import Argument, Commands
from store.keys import Keys, tag_of


class RedisNotes:
    """Implements `core.store_ports.Notes`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def put(self, channel: str, key: str, value: str, *, life: float, of: str = "") -> None:
        tag, name = self._keys.note(channel, key)
        await self._own(of, name, life)
        await self._commands.command(tag, b"SET", name, value, *_ending(life))

    async def add(self, channel: str, key: str, value: str, *, life: float, of: str = "") -> bool:
        tag, name = self._keys.note(channel, key)
        added = await self._commands.command(tag, b"SET", name, value, *_ending(life), b"NX") is not None
        if added:
            await self._own(of, name, life)
        return added

    async def get(self, channel: str, key: str) -> str | None:
        tag, name = self._keys.note(channel, key)
        return _text(await self._commands.command(tag, b"GET", name))

    async def take(self, channel: str, key: str) -> str | None:
        tag, name = self._keys.note(channel, key)
        return _text(await self._commands.command(tag, b"GETDEL", name))

    async def forget(self, of: str) -> int:
        tag, index = self._keys.notes_of(of)
        names: list[bytes] = await self._commands.command(tag, b"SMEMBERS", index)
        gone = await asyncio.gather(*(self._commands.command(tag_of(name), b"DEL", name) for name in names))
        await self._commands.command(tag, b"DEL", index)
        return sum(map(int, gone))

    async def _own(self, of: str, name: bytes, life: float) -> None:
        if of:
            tag, index = self._keys.notes_of(of)
            await self._commands.run(scripts.OWN_NOTE, tag, (index,), name, *_ending(life)[1:])


def _ending(life: float) -> tuple[Argument, ...]:
    return (b"PX", max(1, round(life * 1000)))


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()
