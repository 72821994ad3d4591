"""Putting it together: from the admin's files to an engine, and to a running hub with its channels."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from random import SystemRandom

import aiohttp
from aiohttp import web

from adapters.kind import ChannelKind, ChannelPorts
from config import Desk
from core.delivery import Doors, ReplyChannel
from core.follow_up import FollowUpPolicy
from core.hub import Hub
from core.pace import Pace
from core.ports import Clock, LeadSink
from core.reception import Inviter
from core.store_ports import Allowances, Store
from core.tenure import TurnObserver
from frontdesk.channels import Channels
from frontdesk.chat_model import visitors_model
from frontdesk.clock import SystemClock, new_id
from frontdesk.desk import channel_kinds, kind_of
from frontdesk.embedding import desk_embedder
from frontdesk.httpd import HttpServer, behind_proxies, health_routes
from frontdesk.mind import Meaning, Mind, build_mind
from store.open import OpenStore, open_store

_log = logging.getLogger(__name__)

WEB_SIGNING_KEY = "web-signing-key"
CONNECT_SECONDS = 5.0
"""An outside service that cannot be reached by then counts as away; that surely had no effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A hub that serves. `address` is where it listens."""

    address: str
    hub: Hub
    store: OpenStore


@asynccontextmanager
async def running(
    desk: Desk,
    *,
    port: int | None = None,
    extra_routes: Iterable[web.AbstractRouteDef] = (),
    observe: TurnObserver = lambda _state, _outcome: None,
    pace: Pace | None = None,
) -> AsyncIterator[Running]:
    """Everything started, in order; everything stopped again at the end, in reverse order.

    Raises `ConfigError` and `DependencyError` before anything is served.
    """
    async with AsyncExitStack() as stack:
        settings, clock, kinds = desk.settings, SystemClock(), _kinds(desk)
        store = await _store(desk, stack)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                trust_env=False, timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
            )
        )
        mind = await _mind(desk, kinds, store.store.allowances, clock, stack)
        outgoing: dict[str, ReplyChannel] = {}  # filled below: a channel is built with the hub it accepts for
        hub = Hub(
            store.store,
            mind.engine,
            Doors(channels=outgoing, sink=_sink(desk, session), reader=mind.reader),
            worker=f"w-{secrets.token_hex(6)}",
            shards=settings.store.shards,
            pace=pace or Pace(quiet=settings.conversation.burst_quiet_seconds),
            clock=clock,
            rng=SystemRandom(),
            observe=observe,
        )
        key = await store.shared_secret(WEB_SIGNING_KEY, secrets.token_urlsafe(48))
        channels = Channels(desk.channels, kinds, _ports(desk, hub, mind.engine, store.store, session, key))
        outgoing.update(channels.outgoing)
        server = HttpServer(
            [*channels.routes(), *extra_routes, *health_routes(lambda: hub.healthy, _details(hub, channels))],
            middlewares=[behind_proxies(settings.server.trusted_proxies)],
        )
        listen = partial(server.start, settings.server.host, settings.server.port if port is None else port)
        async with _serving(server, listen, hub, channels) as address:
            yield Running(address=address, hub=hub, store=store)


@asynccontextmanager
async def _serving(
    server: HttpServer, listen: Callable[[], Awaitable[str]], hub: Hub, channels: Channels
) -> AsyncIterator[str]:
    """Everything of it started; stopped bottom up: channels say goodbye, the server closes, the hub finishes."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(hub.stop)
        stack.push_async_callback(server.stop)
        stack.push_async_callback(channels.stop)
        # the server first: a port in use is found before any work is taken over; until then `/readyz` says no
        address = await listen()
        await hub.start()
        await channels.start()
        yield address


async def _store(desk: Desk, stack: AsyncExitStack) -> OpenStore:
    settings = desk.settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    store = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk.directory)
    stack.push_async_callback(store.close)
    return store


async def _mind(
    desk: Desk, kinds: Mapping[str, ChannelKind], allowances: Allowances, clock: Clock, stack: AsyncExitStack
) -> Mind:
    chat = desk.settings.models.chat
    embedder = await stack.enter_async_context(desk_embedder(desk, clock))
    mind = build_mind(
        desk,
        clock=clock,
        transcript_channels=[name for name, kind in kinds.items() if kind.reads_transcript],
        chat_model=await stack.enter_async_context(visitors_model(chat, allowances, clock)) if chat else None,
        meaning=Meaning(embedder=embedder) if embedder else None,
        follow_ups=_follow_ups(desk),
    )
    # beside the first visitors, who are understood by words alone for those seconds
    stack.enter_context(_running_beside(mind.learn()))
    return mind


@contextmanager
def _running_beside(work: Coroutine[None, None, None]) -> Iterator[None]:
    """Work that is given up when everything else stops."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()


def _kinds(desk: Desk) -> dict[str, ChannelKind]:
    """The kind of each channel, by the channel's name."""
    kinds = channel_kinds()
    return {name: kinds[kind_of(settings)] for name, settings in desk.channels.items()}


def _follow_ups(desk: Desk) -> dict[str, FollowUpPolicy]:
    """How the channels that follow up do so; a kind of channel that does has `follow_ups` in its settings."""
    found = {name: getattr(settings, "follow_ups", None) for name, settings in desk.channels.items()}
    return {name: one.policy() for name, one in found.items() if one is not None and one.enabled}


def _ports(
    desk: Desk, hub: Hub, inviter: Inviter, store: Store, http: aiohttp.ClientSession, signing_key: str
) -> Callable[[str], ChannelPorts]:
    return lambda name: ChannelPorts(
        name=name,
        tenant=desk.settings.tenant,
        reception=hub,
        clock=SystemClock(),
        new_id=new_id,
        notes=store.notes,
        http=http,
        identities=store.people,
        inviter=inviter,
        signing_keys=(signing_key,),
    )


def _details(hub: Hub, channels: Channels) -> Callable[[], dict[str, object]]:
    return lambda: {"shards": len(hub.owned), "parked": len(hub.parked), "channels": dict(channels.states)}


def _sink(desk: Desk, session: aiohttp.ClientSession) -> LeadSink | None:
    slack = desk.handoff.slack if desk.handoff else None
    if slack is None:
        _log.warning("no sales channel is configured: leads are kept, and nobody is told")
        return None
    from handoff.pace import ChannelPace
    from handoff.slack import SlackLeadSink
    from handoff.slack_api import SlackApi
    from platforms.slack.client import SlackClient

    client = SlackClient(
        token=slack.bot_token.reveal(),
        session=session,
        base_url=slack.api_base_url,
        setting="handoff.slack.api_base_url",
    )
    return SlackLeadSink(
        api=SlackApi(client),
        channel=slack.channel,
        fallback_channel=slack.fallback_channel or "",
        pace=ChannelPace(asyncio.get_running_loop().time),
    )
