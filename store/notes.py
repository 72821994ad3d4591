"""What channels remember over restarts: one small string a key, each with its own end."""

from __future__ import annotations

from store.coalescing import Argument, Commands
from store.keys import Keys


class RedisNotes:
    """Implements `core.store_ports.Notes`."""

    def __init__(self, commands: Commands, keys: Keys) -> None:
        self._commands = commands
        self._keys = keys

    async def put(self, channel: str, key: str, value: str, *, life: float) -> None:
        tag, name = self._keys.note(channel, key)
        await self._commands.command(tag, b"SET", name, value, *_ending(life))

    async def add(self, channel: str, key: str, value: str, *, life: float) -> bool:
        tag, name = self._keys.note(channel, key)
        return await self._commands.command(tag, b"SET", name, value, *_ending(life), b"NX") is not None

    async def get(self, channel: str, key: str) -> str | None:
        tag, name = self._keys.note(channel, key)
        return _text(await self._commands.command(tag, b"GET", name))

    async def take(self, channel: str, key: str) -> str | None:
        tag, name = self._keys.note(channel, key)
        return _text(await self._commands.command(tag, b"GETDEL", name))


def _ending(life: float) -> tuple[Argument, ...]:
    return (b"PX", max(1, round(life * 1000)))


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()
