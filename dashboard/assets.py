"""Styles and scripts of the pages, with their content's hash in the address, so that browsers keep them for ever."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from aiohttp import web

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FOLDERS = ("static", "static/vendor")
_FOR_EVER = "public, max-age=31536000, immutable"


@cache
def _contents() -> dict[str, bytes]:
    """By name: every file that pages may ask for, read once a process."""
    found = {}
    for folder in _FOLDERS:
        for entry in files("dashboard").joinpath(*folder.split("/")).iterdir():
            if entry.is_file() and entry.name.rpartition(".")[2] in _TYPES:
                found[entry.name] = entry.read_bytes()
    return found


@cache
def versioned(name: str) -> str:
    """`name?v=` and the beginning of the content's hash. Raises KeyError for a file that is not there."""
    return f"{name}?v={sha256(_contents()[name]).hexdigest()[:16]}"


async def serve_asset(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _contents():
        raise web.HTTPNotFound
    current = request.query_string and versioned(name).endswith(f"?{request.query_string}")
    headers = {
        "Content-Type": _TYPES[name.rpartition(".")[2]],
        "Cache-Control": _FOR_EVER if current else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=_contents()[name], headers=headers)
