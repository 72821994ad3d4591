"""What Slack says of an app for prospects: whose token it is, what it may do, and whether events can arrive."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.probing import ProbePorts
from adapters.slack.settings import SlackChannelSettings
from core.errors import DeliveryError
from core.health import Diagnosis, broken, diagnosed, fine
from platforms.slack.client import SlackClient
from platforms.slack.failure import SlackRefused
from platforms.slack.probing import introduce, scopes_of

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "chat:write",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "mpim:history",
)
"""What the manifest asks for."""
_AGAIN = "install the app again, and copy its Bot User OAuth Token (xoxb-...) to where `bot_token` refers"
_STEP = "see that Slack is reached from here, and check `api_base_url`"


async def probe(settings: SlackChannelSettings, ports: ProbePorts) -> Sequence[Diagnosis]:
    """See `adapters.probing.Prober`."""
    client = SlackClient(token=settings.bot_token.reveal(), session=ports.http, base_url=str(settings.api_base_url))
    try:
        bearer = await introduce(client)
    except SlackRefused as refused:
        return [broken(f"Slack refuses the bot token ({refused.code})", _AGAIN)]
    except DeliveryError as error:
        return [diagnosed(error, _STEP)]
    way = _by_http(ports) if settings.mode == "http" else await _by_socket(client, settings)
    scopes = scopes_of(bearer, tuple(frozenset({scope}) for scope in SCOPES))
    return [fine(f"the token is that of {bearer.shown}"), scopes, way]


def _by_http(ports: ProbePorts) -> Diagnosis:
    if not ports.public_url:
        step = "set `server.public_url` of frontdesk.yaml, or use `mode: socket`, which needs no public address"
        return broken("Slack has no address to send events to", step)
    return fine(f"events are expected at {ports.public_url}/channels/slack/{ports.name}/events")


async def _by_socket(client: SlackClient, settings: SlackChannelSettings) -> Diagnosis:
    """Asks for an address to connect to, and does not connect."""
    token = settings.app_token.reveal() if settings.app_token else ""
    try:
        await client.call("apps.connections.open", lambda sdk: sdk.apps_connections_open(app_token=token), writes=False)
    except DeliveryError as error:
        found = diagnosed(error, _STEP)
        step = "check `app_token` (xapp-...), its scope connections:write, and that Socket Mode is switched on"
        return broken(found.what, step)
    return fine("Slack opens sockets for the app")
