"""Where Slack's requests come in: authenticated by their raw bytes, then bounded, then read."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from core.errors import Refused, StoreUnavailable
from core.ports import Clock
from platforms.bodies import read_body
from platforms.bounded_json import parse_object
from platforms.slack.signature import signed_by

_log = logging.getLogger(__name__)

BODY_LIMIT = 512 * 1024
"""Bytes; an interactivity payload carries the whole message it was pressed on."""
_CHALLENGE_LIMIT = 200
_PROBE = b"ssl_check=1"
_RETRY_SECONDS = "5"
_FIELDS = 20

SLASH_COMMAND = "slash_command"
"""The `type` given to a slash command, which Slack sends without one."""

Take = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes one payload; once it returns, what somebody said in it is on disk. What it returns is Slack's answer.

Raises `StoreUnavailable`.
"""


class Door:
    """Serves one address for events, for interactivity and for slash commands."""

    def __init__(self, secret: str, clock: Clock, take: Take) -> None:
        self._secret = secret
        self._clock = clock
        self._take = take

    async def serve(self, request: web.Request) -> web.Response:
        """2xx for what is recorded or does not concern us; a refusal in fixed words for everything else."""
        try:
            body = await read_body(request, limit=BODY_LIMIT)
            if body.startswith(_PROBE):
                return web.Response()  # Slack looks whether anybody is here; it says nothing and gets nothing
            if not signed_by(self._secret, request.headers, body, now=self._clock.now()):
                return _refusal("unauthorised", 401)
            return await self._admit(request.content_type, body)
        except Refused as refused:
            return _refusal(refused.code, refused.status)
        except StoreUnavailable:
            return web.json_response({"error": "unavailable"}, status=503, headers={"Retry-After": _RETRY_SECONDS})

    async def _admit(self, content_type: str, body: bytes) -> web.Response:
        try:
            payload = _payload(content_type, body)
        except Refused as refused:
            # signed, so Slack's own: sending it again would not mend it
            _log.warning("a signed request of Slack's was not readable (%s) and is left aside", refused.code)
            return web.Response()
        if payload.get("type") == "url_verification":
            return _challenged(payload.get("challenge"))
        answer = await self._take(payload)
        return web.Response() if answer is None else web.json_response(answer)


def _payload(content_type: str, body: bytes) -> Mapping[str, Any]:
    """The JSON of an event, of the `payload` field of a form, or a slash command's form. Raises `Refused`."""
    if content_type != "application/x-www-form-urlencoded":
        return parse_object(body, limit=BODY_LIMIT)
    try:
        fields = dict(parse_qsl(body.decode("utf-8"), max_num_fields=_FIELDS))
    except ValueError:
        raise Refused("bad_form") from None
    if "command" in fields:
        return {**fields, "type": SLASH_COMMAND}
    return parse_object(fields.get("payload", ""), limit=BODY_LIMIT)


def _challenged(challenge: object) -> web.Response:
    if not isinstance(challenge, str) or not challenge.isascii() or not challenge.isprintable():
        return _refusal("bad_challenge", 400)
    if len(challenge) > _CHALLENGE_LIMIT:
        return _refusal("bad_challenge", 400)
    return web.Response(text=challenge, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})


def _refusal(code: str, status: int) -> web.Response:
    return web.json_response({"error": code}, status=status, headers={"X-Content-Type-Options": "nosniff"})
