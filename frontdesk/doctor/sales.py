"""The sales team's Slack: the token, its scopes, and the channels cards go to."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from config.models.handoff import SlackSettings
from core.errors import DeliveryError
from core.health import Diagnosis, diagnosed, doubtful, fine
from platforms.slack.client import SlackClient
from platforms.slack.probing import introduce, scopes_of

SCOPES = (
    frozenset({"chat:write"}),
    frozenset({"channels:history", "groups:history"}),
    frozenset({"files:write"}),
)
"""One of each: public channels are looked through with the one, private ones with the other; files are put there."""
DOOR_SCOPES = (*SCOPES, frozenset({"files:read"}), frozenset({"users:read"}), frozenset({"commands"}))
"""With a door for reps: files of reps are fetched, who clicks is looked up, and commands are taken."""
_STEP = "see that Slack is reached from here, and check `handoff.slack.api_base_url`"


async def probe_sales(slack: SlackSettings | None, http: aiohttp.ClientSession) -> Sequence[Diagnosis]:
    if slack is None:
        return [doubtful("none is set: leads are kept, and nobody is told", "fill in `slack:` in handoff.yaml")]
    client = SlackClient(
        token=slack.bot_token.reveal(),
        session=http,
        base_url=slack.api_base_url,
        setting="handoff.slack.api_base_url",
    )
    try:
        bearer = await introduce(client)
    except DeliveryError as error:
        return [diagnosed(error, _STEP)]
    channels = [slack.channel, *([slack.fallback_channel] if slack.fallback_channel else [])]
    return [
        fine(f"the token is that of {bearer.shown}"),
        scopes_of(bearer, DOOR_SCOPES if slack.signing_secret or slack.app_token else SCOPES),
        *_door(slack),
        *[await _readable(client, channel) for channel in channels],
    ]


def _door(slack: SlackSettings) -> list[Diagnosis]:
    if slack.signing_secret or slack.app_token:
        return [fine(f"reps' clicks come in {'over HTTP' if slack.signing_secret else 'over Socket Mode'}")]
    what = "there is no way in for reps: the buttons of cards do nothing"
    return [doubtful(what, "set `signing_secret` (HTTP) or `app_token` (Socket Mode) in handoff.yaml")]


async def _readable(client: SlackClient, channel: str) -> Diagnosis:
    """Whether cards can be looked for there; to write there is tried by the first card."""
    try:
        await client.call(
            "conversations.history", lambda sdk: sdk.conversations_history(channel=channel, limit=1), writes=False
        )
    except DeliveryError as error:
        found = diagnosed(error, _STEP)
        return Diagnosis(level=found.level, what=f"{channel}: {found.what}", next_step=found.next_step)
    return fine(f"the channel {channel} can be read")
