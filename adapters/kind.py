"""What a channel's folder declares, what it is built from, and what it gives to the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

from adapters.capabilities import Capabilities
from adapters.probing import ProbePorts, Prober
from core.attachment import FileSource
from core.health import Diagnosis
from core.ids import ConversationId
from core.ports import Clock
from core.reception import Continuations, Identities, Inviter, Reception
from core.reply import Reply
from core.store_ports import Notes

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from aiohttp.web import AbstractRouteDef


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPorts:
    """Everything a channel needs besides its own settings."""

    name: str  # of the channel's file: `[a-z0-9][a-z0-9_-]*`
    tenant: str
    reception: Reception
    clock: Clock
    new_id: Callable[[], str]  # 32 hexadecimal digits from a cryptographic source, never the same twice
    notes: Notes | None = None  # what the channel must remember; every hub has them
    http: ClientSession | None = None  # for calls to the platform; give each a timeout of its own; every hub has one
    identities: Identities | None = None  # None where nobody can be known again
    inviter: Inviter | None = None  # None where no messages are composed for people who have not written
    continuations: Continuations | None = None  # None where no chat goes on in another channel
    team_files: FileSource | None = None  # where files of reps lie; None without a sales team in Slack
    signing_keys: tuple[str, ...] = ()  # used where the settings name none; the first signs, all verify


class SendingChannel(Protocol):
    """What a channel has besides when its kind does not read the transcript."""

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """As `core.delivery.ReplyChannel` says."""
        ...


class Channel(Protocol):
    def routes(self) -> Sequence[AbstractRouteDef]:
        """The channel's HTTP routes. The server has put the visitor's address into `request.remote`."""
        ...

    async def start(self) -> None:
        """Begin serving; called once, inside the running loop."""
        ...

    async def stop(self) -> None:
        """Say goodbye to connected clients; returns when all are gone. Safe to call twice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """A kind of channel. Only the settings are imported with it; the rest when a channel is built."""

    name: str
    settings: type[BaseModel]
    builder: str  # "module:function" taking (settings, ports)
    capabilities: Capabilities
    where: str = "{channel}: {public}/channels/{channel}"  # a line for people on where it is found
    reads_transcript: bool = False  # its clients read replies from the transcript; others are sent to
    shared: str = ""  # "module:function" giving the routes all channels of the kind share
    prober: str = ""  # "module:function", a `Prober`: what `frontdesk doctor` asks about one channel

    def build(self, settings: BaseModel, ports: ChannelPorts) -> Channel:
        """Import the channel and make one. Raises `ConfigError` when settings and ports do not suffice."""
        channel: Channel = _load(self.builder)(settings, ports)
        return channel

    def shared_routes(self) -> Sequence[AbstractRouteDef]:
        """Routes to be added once, however many channels of the kind there are."""
        routes: Sequence[AbstractRouteDef] = _load(self.shared)() if self.shared else ()
        return routes

    async def probe(self, settings: BaseModel, ports: ProbePorts) -> Sequence[Diagnosis]:
        """What can be found out about one channel without building it; nothing where the kind has no prober.

        May raise `FrontdeskError`, and take as long as it likes: whoever asks sets the limit.
        """
        prober: Prober | None = _load(self.prober) if self.prober else None
        return await prober(settings, ports) if prober else ()


def _load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
