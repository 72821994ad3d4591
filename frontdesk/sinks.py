"""The sinks for leads beside the sales channel, as `handoff.yaml` has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import aiohttp

from config import EmailSettings, HandoffSettings, HubSpotSettings, SalesforceSettings, WebhookSettings
from config.models.mail import MailSettings
from core.lead import Lead, Posting
from core.ports import Clock, LeadSink
from handoff.dry_run import DryRunSink
from handoff.events import events
from handoff.gate import Gate
from handoff.http_calls import HttpCalls
from handoff.hubspot import INTERVAL, HubSpotSink
from handoff.mail import MailServer, MailSink
from handoff.payload import mapped
from handoff.salesforce import SalesforceAccount, SalesforceSink
from handoff.webhooks import Signer, WebhookSink, guarded_session

CONNECT_SECONDS = 5.0


@asynccontextmanager
async def further_sinks(
    handoff: HandoffSettings | None, http: aiohttp.ClientSession, clock: Clock
) -> AsyncIterator[Mapping[str, LeadSink]]:
    """Each by the name its postings are kept under; usable until the end of the context."""
    async with AsyncExitStack() as stack:
        yield await _built(handoff, http, clock, stack) if handoff else {}


def sink_names(handoff: HandoffSettings | None) -> tuple[str, ...]:
    """The names of the sinks beside the sales channel."""
    if handoff is None:
        return ()
    single = {"hubspot": handoff.hubspot, "salesforce": handoff.salesforce, "email": handoff.email}
    return (*map(_webhook_name, handoff.webhooks), *(name for name, settings in single.items() if settings))


async def _built(
    handoff: HandoffSettings, http: aiohttp.ClientSession, clock: Clock, stack: AsyncExitStack
) -> dict[str, LeadSink]:
    found: dict[str, LeadSink] = {}
    for webhook in handoff.webhooks:
        found[_webhook_name(webhook)] = await _webhook(webhook, clock, stack)
    if handoff.hubspot:
        found["hubspot"] = _hubspot(handoff.hubspot, http)
    if handoff.salesforce:
        found["salesforce"] = _salesforce(handoff.salesforce, http)
    if handoff.email:
        found["email"] = _email(handoff.email)
    return found


async def _webhook(settings: WebhookSettings, clock: Clock, stack: AsyncExitStack) -> LeadSink:
    name = _webhook_name(settings)
    if settings.dry_run:
        return DryRunSink(name=name, describe=_event_names(settings.events))
    port = urlsplit(settings.url).port
    private = settings.allow_private_hosts
    session = await stack.enter_async_context(guarded_session(port=port, private=private, connect=CONNECT_SECONDS))
    gate = Gate(name, asyncio.get_running_loop().time)
    return WebhookSink(
        url=settings.url,
        calls=HttpCalls(
            f"The webhook {settings.name}", session, gate, setting=f"the url of {name} in handoff.webhooks"
        ),
        signer=Signer([secret.reveal() for secret in settings.secrets]),
        clock=clock,
        wanted=settings.events,
    )


def _hubspot(settings: HubSpotSettings, http: aiohttp.ClientSession) -> LeadSink:
    if settings.dry_run:
        return DryRunSink(name="hubspot", describe=_field_names({"email": "email", **settings.field_map}))
    gate = Gate("HubSpot", asyncio.get_running_loop().time, interval=INTERVAL)
    return HubSpotSink(
        base_url=settings.api_base_url,
        token=settings.token.reveal(),
        fields=settings.field_map,
        calls=HttpCalls("HubSpot", http, gate, setting="handoff.hubspot.api_base_url"),
    )


def _salesforce(settings: SalesforceSettings, http: aiohttp.ClientSession) -> LeadSink:
    if settings.dry_run:
        return DryRunSink(name="salesforce", describe=_field_names(settings.field_map))
    gate = Gate("Salesforce", asyncio.get_running_loop().time)
    calls = HttpCalls("Salesforce", http, gate, setting="handoff.salesforce.base_url")
    account = SalesforceAccount(
        base_url=settings.base_url.rstrip("/") + "/",
        client_id=settings.client_id.reveal(),
        client_secret=settings.client_secret.reveal(),
        calls=calls,
    )
    return SalesforceSink(
        account=account,
        calls=calls,
        api_version=settings.api_version,
        external_field=settings.external_field,
        fields=settings.field_map,
    )


def _email(settings: EmailSettings) -> LeadSink:
    if settings.dry_run:
        return DryRunSink(name="email", describe=_event_names(settings.events))
    # one thread at a time: a mail server that hangs must not take the threads others need
    gate = Gate("The mail server", asyncio.get_running_loop().time, at_once=1)
    return MailSink(
        server=mail_server(settings), sender=settings.sender, recipients=settings.to, wanted=settings.events, gate=gate
    )


def mail_server(settings: MailSettings) -> MailServer:
    """As a section of a file names it."""
    return MailServer(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username or "",
        password=settings.password.reveal() if settings.password else "",
    )


def _webhook_name(settings: WebhookSettings) -> str:
    return f"webhook-{settings.name}"


def _event_names(wanted: tuple[str, ...]) -> Callable[[Lead, Posting | None], str]:
    return lambda lead, posting: ", ".join(events(lead, posting, wanted)) or "nothing"


def _field_names(fields: Mapping[str, str]) -> Callable[[Lead, Posting | None], str]:
    return lambda lead, _: ", ".join(mapped(lead, fields))
