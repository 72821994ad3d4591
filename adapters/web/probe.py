"""What can be found out about a widget: whether the pages that show it reach the hub, and what signs its sessions."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from adapters.probing import ProbePorts
from adapters.web.settings import WebSettings
from config.fields import is_loopback
from core.continuing import has_begun
from core.health import Diagnosis, broken, doubtful, fine

FEWEST_CHARACTERS = 8
"""Different ones in a key; a random key of the least length has about twenty."""
MOST_ORIGINS = 5
_OK, _FORBIDDEN, _NOT_FOUND = 200, 403, 404


async def probe(settings: WebSettings, ports: ProbePorts) -> Sequence[Diagnosis]:
    """See `adapters.probing.Prober`. A hub that does not answer at all is not this channel's to tell."""
    keys = tuple(key.get_secret_value() for key in settings.signing_keys)
    return [
        _of_origins(settings.allowed_origins, ports.public_url),
        _of_keys(keys),
        *(await _of_continuation(settings, ports)),
        *(await _of_answers(settings.allowed_origins, ports) if ports.public_url else ()),
    ]


def _of_origins(origins: Sequence[str], public_url: str) -> Diagnosis:
    outside = [origin for origin in origins if not is_loopback(urlsplit(origin).hostname or "")]
    hub_outside = not is_loopback(urlsplit(public_url).hostname or "localhost")
    if outside and not hub_outside:
        step = "set `server.public_url` of frontdesk.yaml to the https address of the proxy in front of the hub"
        return doubtful(f"pages of {', '.join(outside[:3])} can load the chat on this machine only", step)
    if hub_outside and not outside:
        return doubtful("only pages on this machine may show the chat", "add your site to `allowed_origins`")
    return fine(f"pages of {', '.join(origins[:3])}{' and others' if len(origins) > 3 else ''} may show the chat")  # noqa: PLR2004


def _of_keys(keys: Sequence[str]) -> Diagnosis:
    if any(len(set(key)) < FEWEST_CHARACTERS for key in keys):
        step = "replace it by a random one (`openssl rand -base64 48`), and keep it as the second until tomorrow"
        return doubtful("a signing key is easy to guess", step)
    if not keys:
        return fine("sessions are signed with a key that the hub keeps in its store")
    told = "signed with one key" if len(keys) == 1 else "signed with the first of two keys; the second still verifies"
    return fine(f"sessions are {told}")


async def _of_continuation(settings: WebSettings, ports: ProbePorts) -> Sequence[Diagnosis]:
    if settings.continue_on is None or ports.notes is None:
        return ()
    channel = settings.continue_on.channel
    if await has_begun(ports.notes, channel):
        return (fine(f"visitors may go on in channel {channel}"),)
    step = (
        f"see that channels/{channel}.yaml is a channel that takes up chats, as Telegram does, and that it has started"
    )
    return (doubtful(f"visitors cannot go on in channel {channel}: it has not said where its chats begin", step),)


async def _of_answers(origins: Sequence[str], ports: ProbePorts) -> Sequence[Diagnosis]:
    """What pages of these origins are told at the public address."""
    found = [await _of_answer(origin, ports) for origin in origins[:MOST_ORIGINS]]
    refused = [one for one in found if one is not None]
    return refused[:1]


async def _of_answer(origin: str, ports: ProbePorts) -> Diagnosis | None:
    url = f"{ports.public_url}/channels/web/{ports.name}/settings"
    try:
        async with ports.http.get(url, headers={"Origin": origin}, allow_redirects=False) as response:
            status, allowed = response.status, response.headers.getall("Access-Control-Allow-Origin", [])
    except (aiohttp.ClientError, OSError):
        return None
    if status == _FORBIDDEN:
        step = "start the hub again if the file is newer, and see that the proxy leaves the header Origin alone"
        return broken(f"the hub at {ports.public_url} refuses pages of {origin}", step)
    if status == _NOT_FOUND:
        step = "start the hub again if the file is new, and see that the proxy hands on /channels/"
        return broken(f"the hub at {ports.public_url} has no channel {ports.name}", step)
    if status == _OK and allowed != [origin]:
        step = "take Access-Control-Allow-Origin out of the proxy's settings: the hub says it itself"
        return broken(f"browsers do not let pages of {origin} read what comes from {ports.public_url}", step)
    return None
