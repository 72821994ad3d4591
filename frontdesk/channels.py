"""The channels of a running hub. One that cannot be built or started stops none of the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from aiohttp import web
from pydantic import BaseModel

from adapters.kind import Channel, ChannelKind, ChannelPorts, SendingChannel
from core.attachment import FileSource
from core.delivery import ReplyChannel
from core.errors import ConfigError, FrontdeskError

_log = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
"""How long a channel that could not be started waits for its next attempt."""


class State(StrEnum):
    WAITING = "waiting"  # not started yet
    UP = "up"
    DOWN = "down"  # could not be started, and is tried again
    BROKEN = "broken"  # its settings do not suffice; needs a restart


@dataclass(slots=True, kw_only=True)
class _Held:
    kind: ChannelKind
    channel: Channel | None
    state: State = State.WAITING
    starting: asyncio.Task[None] | None = field(default=None, repr=False)


class Channels:
    """Every channel of a desk, by name."""

    def __init__(
        self,
        settings: Mapping[str, BaseModel],
        kinds: Mapping[str, ChannelKind],
        ports: Callable[[str], ChannelPorts],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`kinds` and `ports` are by the channel's name. Raises the first `ConfigError` when none can be built."""
        self._sleep = sleep
        self._held: dict[str, _Held] = {}
        errors: list[ConfigError] = []
        for name, one in settings.items():
            try:
                channel: Channel | None = kinds[name].build(one, ports(name))
            except ConfigError as error:
                _log.error("channel %s is left out: %s", name, error)
                channel = None
                errors.append(error)
            state = State.WAITING if channel else State.BROKEN
            self._held[name] = _Held(kind=kinds[name], channel=channel, state=state)
        if errors and len(errors) == len(self._held):
            raise errors[0]

    @property
    def outgoing(self) -> Mapping[str, ReplyChannel]:
        """Those that are sent to, by name."""
        return {
            name: cast("SendingChannel", held.channel)
            for name, held in self._held.items()
            if held.channel is not None and not held.kind.reads_transcript
        }

    @property
    def file_sources(self) -> Mapping[str, FileSource]:
        """Those that visitors' files come in by, by name."""
        return {
            name: cast("FileSource", held.channel)
            for name, held in self._held.items()
            if held.channel is not None and held.kind.capabilities.attachments
        }

    @property
    def sending_files(self) -> frozenset[str]:
        """Those by which a rep's file reaches the visitor, by name."""
        return frozenset(name for name, held in self._held.items() if held.kind.capabilities.sends_files)

    @property
    def states(self) -> Mapping[str, str]:
        return {name: held.state.value for name, held in self._held.items()}

    def routes(self) -> list[web.AbstractRouteDef]:
        used = {held.kind.name: held.kind for held in self._held.values() if held.channel is not None}
        shared = [route for name in sorted(used) for route in used[name].shared_routes()]
        built = (held.channel for held in self._held.values() if held.channel is not None)
        return [*shared, *(route for channel in built for route in channel.routes())]

    async def start(self) -> None:
        """Start each; one that fails is tried again every `RETRY_SECONDS`, beside the others."""
        await asyncio.gather(*(self._start(name, held) for name, held in self._held.items()))

    async def stop(self) -> None:
        await asyncio.gather(*(self._stop(held) for held in self._held.values()))

    async def _start(self, name: str, held: _Held) -> None:
        if held.channel is not None and not await self._attempt(name, held, held.channel):
            held.starting = asyncio.create_task(self._until_started(name, held, held.channel))

    async def _until_started(self, name: str, held: _Held, channel: Channel) -> None:
        while held.state is not State.UP:
            await self._sleep(RETRY_SECONDS)
            await self._attempt(name, held, channel)

    async def _attempt(self, name: str, held: _Held, channel: Channel) -> bool:
        try:
            await channel.start()
        except FrontdeskError as error:
            _log.error("channel %s did not start, tried again in %.0f s: %s", name, RETRY_SECONDS, error)
        except Exception:
            _log.exception("channel %s did not start, tried again in %.0f s", name, RETRY_SECONDS)
        else:
            held.state = State.UP
            return True
        held.state = State.DOWN
        return False

    async def _stop(self, held: _Held) -> None:
        if held.starting is not None:
            held.starting.cancel()
            await asyncio.gather(held.starting, return_exceptions=True)
        if held.channel is not None:
            await held.channel.stop()
