"""Every part of a desk looked at, side by side, each for a few seconds at most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp

from adapters.probing import ProbePorts
from config import Desk
from core.errors import FrontdeskError
from core.health import Diagnosis, broken, diagnosed
from core.ports import Clock
from core.store_ports import Store
from frontdesk.clock import SystemClock
from frontdesk.desk import channel_kinds, kind_of
from frontdesk.doctor.address import probe_address
from frontdesk.doctor.clocks import ClockWatch
from frontdesk.doctor.hub import probe_hub
from frontdesk.doctor.models import probe_chat, probe_embeddings
from frontdesk.doctor.sales import probe_sales
from frontdesk.doctor.storage import probe_store

SECONDS = 5.0
"""How long one part may take."""

Probe = Callable[[], Awaitable[Sequence[Diagnosis]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found out about a part; parts are called as in the files, e.g. `server.public_url`."""

    part: str
    diagnosis: Diagnosis


async def examine(desk: Desk, *, seconds: float = SECONDS, clock: Clock | None = None) -> tuple[Finding, ...]:
    """Everything that was found, in a fixed order of parts. Raises nothing that a part does.

    The store and the hub come first, since what they say helps with the channels; then all others at once.
    """
    clock, watch = clock or SystemClock(), ClockWatch(clock or SystemClock())
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(_session(watch))
        opened: list[Store] = []
        serving = asyncio.Event()
        first: Mapping[str, Probe] = {
            "store": partial(probe_store, desk, stack, opened.append),
            "hub": partial(probe_hub, desk.settings.server, http, serving.set),
        }
        early = await _all(first, seconds)
        store = opened[0] if opened else None
        later = await _all(_others(desk, http, clock, store, serving=serving.is_set()), seconds)
    public = desk.settings.server.public_url
    return (*early, *later, Finding(part="clock", diagnosis=watch.diagnosis(leaving_out=str(public or ""))))


def _others(
    desk: Desk, http: aiohttp.ClientSession, clock: Clock, store: Store | None, *, serving: bool
) -> dict[str, Probe]:
    models = desk.settings.models
    public = str(desk.settings.server.public_url or "").rstrip("/")
    slack = desk.handoff.slack if desk.handoff else None
    return {
        "models.chat": partial(probe_chat, models.chat, clock),
        "models.embeddings": partial(probe_embeddings, desk, clock),
        "server.public_url": partial(probe_address, public, http, clock),
        "handoff.slack": partial(probe_sales, slack, http),
        **_of_channels(desk, partial(_ports, public, http, clock, store, serving=serving)),
    }


def _of_channels(desk: Desk, ports: Callable[[str], ProbePorts]) -> dict[str, Probe]:
    kinds = channel_kinds()
    return {
        f"channels/{name}": partial(kinds[kind_of(settings)].probe, settings, ports(name))
        for name, settings in desk.channels.items()
    }


def _ports(
    public: str, http: aiohttp.ClientSession, clock: Clock, store: Store | None, name: str, *, serving: bool
) -> ProbePorts:
    notes = store.notes if store else None
    return ProbePorts(name=name, public_url=public, http=http, clock=clock, notes=notes, serving=serving)


async def _all(probes: Mapping[str, Probe], seconds: float) -> tuple[Finding, ...]:
    found = await asyncio.gather(*(_bounded(probe, seconds) for probe in probes.values()))
    each = zip(probes, found, strict=True)
    return tuple(Finding(part=part, diagnosis=one) for part, diagnoses in each for one in diagnoses)


async def _bounded(probe: Probe, seconds: float) -> Sequence[Diagnosis]:
    try:
        async with asyncio.timeout(seconds):
            return await probe()
    except TimeoutError:
        step = "see whether it is up, and whether a proxy, a firewall or the name server holds the way to it up"
        return [broken(f"no answer within {seconds:g} seconds", step)]
    except FrontdeskError as error:
        return [diagnosed(error, "mend what it says and run `frontdesk doctor` again")]
    except Exception as error:  # the other parts are still worth knowing; its text may hold anything
        return [broken(f"the look at it failed ({type(error).__name__})", "report this, with the version of Frontdesk")]


@asynccontextmanager
async def _session(watch: ClockWatch) -> AsyncIterator[aiohttp.ClientSession]:
    """As the hub's own: no proxy of the environment, and no lasting cookies."""
    async with aiohttp.ClientSession(
        trust_env=False, trace_configs=[watch.trace()], cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session
