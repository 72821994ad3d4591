"""The hub itself, where it runs: its own word on its channels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import aiohttp

from config.models.settings import ServerSettings
from core.health import Diagnosis, broken, doubtful, fine, named

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where one listens for all, one asks here
_MOST_BYTES = 65_536
_READY = "ready"
_STATES = (_READY, "not ready")
_STEP = "see the log of `frontdesk serve`"


async def probe_hub(
    server: ServerSettings, http: aiohttp.ClientSession, at_work: Callable[[], None]
) -> Sequence[Diagnosis]:
    """That none runs is fine: doctor is asked before the first start too. Calls `at_work` where one does."""
    if not server.port:
        return [doubtful("`server.port` is 0: any free port, so doctor cannot ask the hub", "set a port")]
    host = _ANYWHERE.get(server.host, server.host)
    place = f"[{host}]:{server.port}" if ":" in host else f"{host}:{server.port}"
    try:
        async with http.get(f"http://{place}/readyz", allow_redirects=False) as response:
            body = await response.content.read(_MOST_BYTES)
            told = _object(body)
    except (aiohttp.ClientError, OSError):
        return [fine(f"none runs at {place} now")]
    if told.get("status") not in _STATES:
        step = "stop it, or set another `server.port` in frontdesk.yaml"
        return [broken(f"something that is no hub of Frontdesk answers at {place}", step)]
    at_work()
    return list(_told(place, told))


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _told(place: str, body: Mapping[str, Any]) -> Iterator[Diagnosis]:
    yield fine(f"runs at {place}") if body["status"] == _READY else broken(f"runs at {place} and is not ready", _STEP)
    if body.get("parked"):
        yield doubtful(f"{named(body['parked'])} deliveries wait until somebody mends something", _STEP)
    channels = body.get("channels")
    for name, state in (channels if isinstance(channels, dict) else {}).items():
        if state != "up":
            yield broken(f"the channel {named(name)} is {named(state)}", _STEP)
