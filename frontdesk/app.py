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
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from adapters.kind import ChannelKind, ChannelPorts
from config import Desk
from core.attachment import FileSource
from core.continuing import OneTimeLinks
from core.delivery import Doors, ReplyChannel
from core.errors import StoreUnavailable
from core.follow_up import FollowUpPolicy
from core.hub import Hub
from core.one_time_code import OneTimeCodes
from core.pace import Pace
from core.ports import Clock
from core.reception import Inviter
from core.retention import Keeping
from core.staff import Responder, TurnObserver
from core.store_ports import Store
from core.tracing import Tracer
from frontdesk.admins import Behind, admins_door
from frontdesk.channels import Channels
from frontdesk.chat_model import visitors_model
from frontdesk.clock import SystemClock, new_id
from frontdesk.desk import channel_kinds, inspect_desk, kind_of
from frontdesk.embedding import desk_embedder
from frontdesk.httpd import HttpServer, behind_proxies, health_routes
from frontdesk.in_force import keep_in_force
from frontdesk.live_mind import LiveMind
from frontdesk.machine import Gauges
from frontdesk.metrics.hub import HubFigures, Meters
from frontdesk.metrics.page import metrics_routes
from frontdesk.mind import Meaning, Mind, build_mind
from frontdesk.persona_work import PersonaWork
from frontdesk.privacy import kept_terms
from frontdesk.pseudonyms import Pseudonyms
from frontdesk.reloading import Reloader
from frontdesk.rewriting import Rewriting
from frontdesk.sinks import further_sinks
from frontdesk.telemetry import desk_tracer
from frontdesk.tried_out import tried_rooms
from frontdesk.verdicts import outcomes_of
from frontdesk.verification import code_sender, one_time_codes
from inference.breaker import Breaker
from store.open import OpenStore, open_store

if TYPE_CHECKING:
    from frontdesk.sales import SalesTeam

_log = logging.getLogger(__name__)

WEB_SIGNING_KEY = "web-signing-key"
PSEUDONYM_KEY = "pseudonyms"
READY_SECONDS = 1.0
"""A store that has not answered by then is told as away."""
CONNECT_SECONDS = 5.0
"""An outside service that cannot be reached by then counts as away; that surely had no effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A hub that serves. `address` is where it listens."""

    address: str
    hub: Hub
    store: OpenStore
    reloader: Reloader


@asynccontextmanager
async def running(
    desk: Desk,
    *,
    port: int | None = None,
    extra_routes: Iterable[web.AbstractRouteDef] = (),
    observe: TurnObserver = lambda _state, _outcome: None,
    pace: Pace | None = None,
    pseudonyms: Pseudonyms | None = None,
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
        meters, breaker = Meters(), Breaker(clock)
        codes = await one_time_codes(desk, store)
        build = await _mind_builder(desk, kinds, store.store, stack, meters, breaker, codes)
        mind = build(desk)
        # beside the first visitors, who are understood by words alone for those seconds
        stack.enter_context(_running_beside(mind.learn()))
        live = LiveMind(mind)
        reloader = Reloader(desk, live, build, inspect=inspect_desk, clock=clock, keep=keep_in_force)
        stack.enter_context(_running_beside(reloader.keep()))
        files: dict[str, FileSource] = {}  # filled below, as `outgoing` is
        team = _sales(desk, store.store, session, clock, files)
        sinks = await stack.enter_async_context(further_sinks(desk.handoff, session, clock))
        rewriting = Rewriting(store.store.notes, store.compact, quiet=(pace or Pace()).rewrite)
        await stack.enter_async_context(rewriting.running())
        worker = f"w-{secrets.token_hex(6)}"
        tracer = await _tracer(desk, store, stack, pseudonyms or Pseudonyms(), worker)
        outgoing: dict[str, ReplyChannel] = {}  # filled below: a channel is built with the hub it accepts for
        hub = Hub(
            store.store,
            _keeping(desk, live, clock),
            Doors(
                channels=outgoing,
                sink=team.sink if team else None,
                thread=team.thread if team else None,
                withdrawal=team.sink if team else None,
                further_sinks=sinks,
                reader=live if mind.reader else None,
                codes=code_sender(desk, codes, store, clock),
                forgotten=rewriting.due,
            ),
            worker=worker,
            shards=settings.store.shards,
            pace=pace or Pace(quiet=settings.conversation.burst_quiet_seconds),
            clock=clock,
            rng=SystemRandom(),
            observe=observe,
            tracer=tracer,
        )
        key = await store.shared_secret(WEB_SIGNING_KEY, secrets.token_urlsafe(48))
        channels = Channels(desk.channels, kinds, _ports(desk, hub, live, store.store, session, key, team))
        outgoing.update(channels.outgoing)
        files.update(channels.file_sources)
        gauges = Gauges(parked=lambda: hub.parked, channels=lambda: channels.states, resting=lambda: breaker.open)
        personas = PersonaWork(lambda: reloader.desk, store.store.unmatched, clock, inspect=inspect_desk)
        stack.push_async_callback(personas.close)
        behind = Behind(
            opened=store,
            accept=hub.accept,
            reloader=reloader,
            gauges=gauges,
            personas=personas,
            forgotten=rewriting.due,
            tried=tried_rooms(lambda: reloader.desk, store.store, clock),
            http=session,
        )
        door = admins_door(desk, behind)
        admins = door.routes() if door else ()
        server = HttpServer(
            [
                *channels.routes(),
                *(team.attach(hub, channels.sending_files) if team else ()),
                *admins,
                *extra_routes,
                *_operators_routes(desk, hub, store, channels, reloader, meters),
            ],
            middlewares=[behind_proxies(settings.server.trusted_proxies)],
        )
        listen = partial(server.start, settings.server.host, settings.server.port if port is None else port)
        async with _serving(server, listen, hub, channels, team) as address:
            yield Running(address=address, hub=hub, store=store, reloader=reloader)


@asynccontextmanager
async def _serving(
    server: HttpServer,
    listen: Callable[[], Awaitable[str]],
    hub: Hub,
    channels: Channels,
    team: SalesTeam | None,
) -> AsyncIterator[str]:
    """Everything of it started; stopped bottom up: channels say goodbye, the server closes, the hub finishes."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(hub.stop)
        stack.push_async_callback(server.stop)
        stack.push_async_callback(channels.stop)
        if team is not None:
            stack.push_async_callback(team.stop)
        # the server first: a port in use is found before any work is taken over; until then `/readyz` says no
        address = await listen()
        await hub.start()
        await channels.start()
        if team is not None:
            await team.start()
        yield address


async def _store(desk: Desk, stack: AsyncExitStack) -> OpenStore:
    settings = desk.settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    store = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk.directory)
    stack.push_async_callback(store.close)
    return store


async def _mind_builder(
    desk: Desk,
    kinds: Mapping[str, ChannelKind],
    store: Store,
    stack: AsyncExitStack,
    meters: Meters,
    breaker: Breaker,
    codes: OneTimeCodes | None,
) -> Callable[[Desk], Mind]:
    """Makes engines of a desk's files, over models and channels that stay."""
    chat, clock = desk.settings.models.chat, SystemClock()
    embedder = await stack.enter_async_context(desk_embedder(desk, clock, meters.embeddings))
    return partial(
        build_mind,
        clock=clock,
        transcript_channels=[name for name, kind in kinds.items() if kind.reads_transcript],
        chat_model=await stack.enter_async_context(visitors_model(chat, store.allowances, clock, meters.chat, breaker))
        if chat
        else None,
        meaning=Meaning(embedder=embedder) if embedder else None,
        follow_ups=_follow_ups(desk),
        rota=store.rota,
        verdicts=outcomes_of(await store.lead_book.leads()),
        codes=codes,
    )


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


def _keeping(desk: Desk, engine: Responder, clock: Clock) -> Responder:
    terms = kept_terms(desk.settings.privacy)
    return engine if terms is None else Keeping(engine, terms, clock)


def _follow_ups(desk: Desk) -> dict[str, FollowUpPolicy]:
    """How the channels that follow up do so; a kind of channel that does has `follow_ups` in its settings."""
    found = {name: getattr(settings, "follow_ups", None) for name, settings in desk.channels.items()}
    return {name: one.policy() for name, one in found.items() if one is not None and one.enabled}


def _ports(
    desk: Desk,
    hub: Hub,
    inviter: Inviter,
    store: Store,
    http: aiohttp.ClientSession,
    signing_key: str,
    team: SalesTeam | None,
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
        continuations=OneTimeLinks(store.notes, store.people, SystemClock(), new_id),
        team_files=team.files if team else None,
        signing_keys=(signing_key,),
    )


def _details(hub: Hub, channels: Channels, reloader: Reloader) -> Callable[[], dict[str, object]]:
    return lambda: {
        "shards": len(hub.owned),
        "parked": len(hub.parked),
        "channels": dict(channels.states),
        "files": "last good version" if reloader.last.problems else "as edited",
    }


async def _ready(hub: Hub, store: OpenStore) -> bool:
    """Whether what comes in now is recorded and worked on."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            await store.ping()
    except (StoreUnavailable, TimeoutError):
        return False
    return hub.healthy and not hub.idle


async def _tracer(desk: Desk, store: OpenStore, stack: AsyncExitStack, pseudonyms: Pseudonyms, worker: str) -> Tracer:
    """Follows messages where the desk says so; names conversations as the logs do."""
    pseudonyms.keyed(await store.shared_secret(PSEUDONYM_KEY, secrets.token_urlsafe(48)))
    return await stack.enter_async_context(desk_tracer(desk.settings.tracing, pseudonyms, worker=worker))


def _operators_routes(
    desk: Desk, hub: Hub, store: OpenStore, channels: Channels, reloader: Reloader, meters: Meters
) -> tuple[web.AbstractRouteDef, ...]:
    figures = HubFigures(hub, store, channels, reloader, meters.figures(desk.settings), SystemClock())
    health = health_routes(partial(_ready, hub, store), _details(hub, channels, reloader))
    return (*health, *metrics_routes(desk.settings.metrics, figures))


def _sales(
    desk: Desk, store: Store, http: aiohttp.ClientSession, clock: Clock, files: Mapping[str, FileSource]
) -> SalesTeam | None:
    slack = desk.handoff.slack if desk.handoff else None
    if slack is None:
        if desk.handoff is None or not desk.handoff.tells_somebody:
            _log.warning("no sales channel is configured: leads are kept, and nobody is told")
        return None
    from frontdesk.sales import SalesTeam

    return SalesTeam(desk, slack, store, http, clock, files)
