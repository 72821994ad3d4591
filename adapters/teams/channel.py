"""The Teams channel, put together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from aiohttp import web

from adapters.kind import ChannelPorts
from adapters.teams import CHANNEL
from adapters.teams.access import AccessTokens
from adapters.teams.cards import Cards
from adapters.teams.connector import Connector
from adapters.teams.door import Door
from adapters.teams.ingress import Ingress, guarded
from adapters.teams.keys import SigningKeys
from adapters.teams.sending import Memory, Sending
from adapters.teams.settings import TeamsSettings
from adapters.teams.whereabouts import Whereabouts
from core.errors import ConfigError
from core.ids import ConversationId
from core.reply import Reply

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class TeamsChannel:
    """Serves one bot under `/channels/teams/<name>/messages`."""

    def __init__(
        self,
        name: str,
        keys: SigningKeys,
        ingress: Ingress,
        sending: Sending,
        handler: Callable[[web.Request], Awaitable[web.Response]],
    ) -> None:
        self._name = name
        self._keys = keys
        self._ingress = ingress
        self._sending = sending
        self._handler = handler

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post(f"/channels/teams/{self._name}/messages", self._handler)]

    async def start(self) -> None:
        """Begin to fetch signing keys. Requests are let in from the first moment on."""
        self._keys.start()

    async def stop(self) -> None:
        await self._keys.stop()
        await self._ingress.stop()
        await self._sending.stop()

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """As `core.delivery.ReplyChannel` says."""
        await self._sending.send(conversation, reply, effect=effect, again=again)


def build(
    settings: TeamsSettings,
    ports: ChannelPorts,
    *,
    ticks: Callable[[], float] = monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> TeamsChannel:
    """A channel of these settings. Raises `ConfigError` for a name that is no part of an address."""
    if not _NAME.fullmatch(ports.name):
        raise ConfigError(f"channel {ports.name!r}: use lower-case letters, digits, - and _")
    if ports.http is None or ports.notes is None:
        raise ConfigError(f"channel {ports.name}: Teams needs a store for its notes, and a way out")
    whereabouts = Whereabouts(ports.notes, ports.name)
    cards = Cards(ports.notes, ports.name, ports.new_id)
    memory = Memory(notes=ports.notes, channel=ports.name, whereabouts=whereabouts, cards=cards)
    connector = Connector(ports.http, AccessTokens(ports.http, settings, ticks=ticks), settings.service_hosts)
    suggested = settings.buttons == "suggested"
    sending = Sending(connector, memory, CHANNEL.capabilities, suggested=suggested, ticks=ticks, sleep=sleep)
    keys = SigningKeys(ports.http, settings.openid_metadata_url, ticks=ticks)
    door = Door(settings, keys, ports.clock)
    ingress = Ingress(ports.name, ports.reception, sending, whereabouts, cards, ports.clock)
    return TeamsChannel(ports.name, keys, ingress, sending, guarded(door, ingress.receive, ports.new_id))
