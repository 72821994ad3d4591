"""What Microsoft says of a bot: whether it gets tokens, and whether the keys of requests can be had."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from adapters.probing import ProbePorts
from adapters.teams.access import AccessTokens
from adapters.teams.keys import SigningKeys
from adapters.teams.settings import TeamsSettings
from core.errors import DeliveryDelayed, DeliveryParked
from core.health import Diagnosis, broken, diagnosed, fine

KEYS_SECONDS = 4.0
"""Less than what a whole look at a channel is given, so that the other answers are told."""
_REACHED = "see that Microsoft is reached from here"


async def probe(settings: TeamsSettings, ports: ProbePorts) -> Sequence[Diagnosis]:
    """See `adapters.probing.Prober`."""
    told = await asyncio.gather(_of_token(settings, ports), _of_keys(settings, ports))
    return [*told, _of_address(ports)]


async def _of_token(settings: TeamsSettings, ports: ProbePorts) -> Diagnosis:
    try:
        await AccessTokens(ports.http, settings).get()
    except (DeliveryDelayed, DeliveryParked) as error:
        return diagnosed(error, f"{_REACHED}, and check `token_url` and `app_tenant`")
    return fine("the bot gets its token")


async def _of_keys(settings: TeamsSettings, ports: ProbePorts) -> Diagnosis:
    count = await SigningKeys(ports.http, settings.openid_metadata_url, timeout=KEYS_SECONDS).fetch()
    if not count:
        step = f"{_REACHED}, and check `openid_metadata_url`"
        return broken("the keys that requests are signed with cannot be had, so nobody is let in", step)
    return fine(f"{count} signing keys are known")


def _of_address(ports: ProbePorts) -> Diagnosis:
    if not ports.public_url:
        step = "set `server.public_url` of frontdesk.yaml, and name it as the messaging endpoint of the Azure bot"
        return broken("Teams has no address to send messages to", step)
    return fine(f"messages are expected at {ports.public_url}/channels/teams/{ports.name}/messages")
