"""The web channel, put together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

from aiohttp import web

from adapters.kind import ChannelPorts
from adapters.web.assets import ASSETS_NAME
from adapters.web.departures import Departures
from adapters.web.door import Door
from adapters.web.identity import IdentityTokens, Introductions
from adapters.web.intake import Intake
from adapters.web.invitations import Invitations
from adapters.web.pictures import Pictures
from adapters.web.sessions import Sessions
from adapters.web.settings import WebSettings
from adapters.web.sockets import Sockets, Timings
from adapters.web.streams import Streams
from adapters.web.tokens import SessionTokens
from core.errors import ConfigError

_ADD: Mapping[str, Callable[..., web.RouteDef]] = {"GET": partial(web.get, allow_head=False), "POST": web.post}
"""A HEAD of a socket or a stream would open one that nobody reads."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is served beside the conversation itself."""

    invitations: Invitations
    departures: Departures
    pictures: Pictures


class WebChannel:
    """Serves the widgets of one channel under `/channels/web/<name>/`."""

    def __init__(
        self,
        name: str,
        door: Door,
        sessions: Sessions,
        sockets: Sockets,
        streams: Streams,
        beside: Beside,
    ) -> None:
        self._name = name
        self._door = door
        self._sessions = sessions
        self._sockets = sockets
        self._streams = streams
        self._beside = beside

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        handlers = [
            ("GET", "settings", self._sessions.settings),
            ("POST", "session", self._sessions.session),
            ("GET", "socket", self._sockets.serve),
            ("GET", "events", self._streams.events),
            ("POST", "messages", self._streams.message),
            ("POST", "typing", self._streams.typing),
            ("POST", "opened", self._streams.opened),
            ("POST", "presence", self._streams.presence),
            ("POST", "identity", self._streams.identity),
            ("POST", "invitation", self._beside.invitations.compose),
            ("POST", "continue", self._beside.departures.leave),
            ("GET", "pictures/{name}", self._beside.pictures.serve),
        ]
        root = f"/channels/web/{self._name}"
        return [
            route
            for method, path, handler in handlers
            for route in (
                _ADD[method](f"{root}/{path}", self._door.guard(handler)),
                web.options(f"{root}/{path}", self._door.guard(self._door.preflight)),
            )
        ]

    async def start(self) -> None:
        """Let browsers in, again after a `stop`."""
        self._sockets.reopen()
        self._streams.reopen()

    async def stop(self) -> None:
        """Close every socket with 1012 (service restart), end every stream, and let no new one in."""
        await asyncio.gather(self._sockets.close_all(), self._streams.close_all())


def build(
    settings: WebSettings,
    ports: ChannelPorts,
    *,
    timings: Timings | None = None,
    ticks: Callable[[], float] = monotonic,
) -> WebChannel:
    """A channel of these settings. Raises `ConfigError` for a name that is no part of an address, or without a key."""
    if not _NAME.fullmatch(ports.name) or ports.name == ASSETS_NAME:
        raise ConfigError(f"channel {ports.name!r}: use lower-case letters, digits, - and _, and not {ASSETS_NAME!r}")
    timings = timings or Timings()
    keys = tuple(key.get_secret_value() for key in settings.signing_keys) or ports.signing_keys
    tokens = SessionTokens(keys, tenant=ports.tenant, channel=ports.name, clock=ports.clock)
    intake = Intake(ports.name, ports.reception, ports.clock, settings.limits, ticks=ticks)
    door = Door(settings.allowed_origins, ports.new_id)
    sessions = Sessions(ports.name, settings, tokens, intake, ports.reception, ports.new_id)
    backend = settings.identity
    verifier = IdentityTokens(backend, tenant=ports.tenant, channel=ports.name, clock=ports.clock) if backend else None
    introductions = Introductions(ports.name, verifier, ports.identities, ports.reception, ports.clock, ticks=ticks)
    sockets = Sockets(tokens, intake, introductions, ports.reception, timings)
    streams = Streams(door, tokens, intake, introductions, ports.reception, timings)
    beside = Beside(
        invitations=Invitations(intake, ports.inviter),
        departures=Departures(ports.name, settings.continue_on, tokens, ports.continuations, ticks=ticks),
        pictures=Pictures(ports.notes),
    )
    return WebChannel(ports.name, door, sessions, sockets, streams, beside)
