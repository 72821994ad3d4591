"""Leads on their way to a sink: which have not arrived and why, and sending one again by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

import aiohttp

from config import Desk
from core.errors import ConfigError, DeliveryError, DependencyError
from core.ids import LeadId, Shard
from core.lead import Lead, Posting, PostingState
from core.store_ports import Store
from core.turn import DeliverLead
from frontdesk.clock import SystemClock
from frontdesk.sinks import CONNECT_SECONDS, further_sinks, sink_names

SALES = "slack"
"""What the sales channel is called here; its postings have no name."""
WAITING, PARKED = "waiting", "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDelivery:
    """A lead a sink does not have yet. `reason` is why it is parked, "" while it only waits."""

    lead: LeadId
    sink: str
    revision: int
    reason: str

    @property
    def id(self) -> str:
        return f"{self.lead}@{self.sink}"

    @property
    def state(self) -> str:
        return PARKED if self.reason else WAITING


async def undelivered(desk: Desk, store: Store) -> tuple[LeadDelivery, ...]:
    """Every lead the outbox holds, for each sink that does not have its newest revision."""
    shards = range(desk.settings.store.shards)
    pending = await asyncio.gather(*(store.outbox.pending(Shard(number)) for number in shards))
    leads = {entry.effect.lead for found in pending for entry in found if isinstance(entry.effect, DeliverLead)}
    names = _names(desk)
    each = await asyncio.gather(*(_of_lead(store, lead, names) for lead in sorted(leads)))
    return tuple(one for found in each for one in found)


async def send_again(desk: Desk, store: Store, name: str) -> LeadDelivery:
    """Send the lead to the sink now, whatever it was told before; its ids are those of the first time.

    Raises `ConfigError` for a delivery that is none, `DependencyError` with the reason when it did not go through.
    """
    text, _, sink = name.rpartition("@")
    lead = await store.leads.load(LeadId(text))
    if lead is None or sink not in sink_names(desk.handoff):
        sinks = ", ".join(sink_names(desk.handoff)) or "none configured"
        raise ConfigError(f"{name!r} names no lead and sink: write LEAD@SINK, with one of the sinks ({sinks})")
    posting = await store.leads.posting(lead.id, sink)
    try:
        await _deliver(desk, lead, sink, posting and replace(posting, state=PostingState.STARTED, revision=0))
    except DeliveryError as error:
        raise DependencyError(str(error)) from None
    return LeadDelivery(lead=lead.id, sink=sink, revision=lead.revision, reason="")


async def _deliver(desk: Desk, lead: Lead, sink: str, posting: Posting | None) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
    async with (
        aiohttp.ClientSession(trust_env=False, timeout=timeout) as http,
        further_sinks(desk.handoff, http, SystemClock()) as sinks,
    ):
        await sinks[sink].deliver(lead, posting)


def _names(desk: Desk) -> tuple[str, ...]:
    sales = (SALES,) if desk.handoff and desk.handoff.slack else ()
    return (*sales, *sink_names(desk.handoff))


async def _of_lead(store: Store, identity: LeadId, sinks: Iterable[str]) -> tuple[LeadDelivery, ...]:
    lead = await store.leads.load(identity)
    found = []
    for sink in sinks if lead else ():
        posting = await store.leads.posting(identity, "" if sink == SALES else sink)
        if lead and not _arrived(lead, posting):
            reason = posting.reason if posting else ""
            found.append(LeadDelivery(lead=identity, sink=sink, revision=lead.revision, reason=reason))
    return tuple(found)


def _arrived(lead: Lead, posting: Posting | None) -> bool:
    return posting is not None and posting.state is PostingState.POSTED and posting.revision >= lead.revision
