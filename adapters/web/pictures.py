"""Pictures of people who answer, served by the hub: a visitor's browser asks no third party who they are talking to."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode

from aiohttp import web

from core.errors import Refused
from core.rep import PICTURES
from core.store_ports import Notes

_NAME = re.compile(r"[0-9a-f]{32}")
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_LIFE = 86_400


class Pictures:
    """Holds no picture itself; they lie in the notes, put there by who knows the people."""

    def __init__(self, notes: Notes | None) -> None:
        self._notes = notes

    async def serve(self, request: web.Request, _origin: str) -> web.Response:
        """`GET pictures/<name>`. Raises `Refused` (`unknown_picture`, 404) and `StoreUnavailable`."""
        name = request.match_info["name"]
        held = await self._notes.get(PICTURES, name) if self._notes and _NAME.fullmatch(name) else None
        body = _bytes(held or "")
        kind = next((kind for start, kind in _KINDS if body.startswith(start)), "")
        if not kind:
            raise Refused("unknown_picture", status=404)
        return web.Response(body=body, content_type=kind, headers={"Cache-Control": f"private, max-age={_LIFE}"})


def _bytes(held: str) -> bytes:
    try:
        return b64decode(held, validate=True)
    except binascii.Error:
        return b""
