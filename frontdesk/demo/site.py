"""A company's site from a folder, with the widget's line added to every page."""

from __future__ import annotations

import asyncio
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
_PAGE_HEADERS = {**_HEADERS, "Content-Security-Policy": "frame-ancestors 'self'"}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
}
"""By suffix, so that the answer does not depend on the machine's own table."""
_PAGES = {".html", ".htm"}
_NOT_FOUND = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Page not found</title></head>
<body><h1>Page not found</h1><p>This site has no page at this address.</p></body></html>
"""
_END_OF_BODY = re.compile(rb"</body\s*>", re.IGNORECASE)


def widget_line(channel: str) -> str:
    """The one line that puts the widget of a web channel onto a page."""
    return f'<script async src="/widget.js" data-channel="{escape(channel)}"></script>'


def with_line(page: bytes, line: str) -> bytes:
    """The page with `line` before its last `</body>`, or at its end without one; a page that has it stays as it is."""
    encoded = line.encode()
    if encoded in page:
        return page
    ends = [found.start() for found in _END_OF_BODY.finditer(page)]
    at = ends[-1] if ends else len(page)
    return page[:at] + encoded + b"\n" + page[at:]


class Site:
    """Serves one folder. Nothing outside it and nothing whose name begins with a dot is ever given out."""

    def __init__(self, folder: Path, *, channel: str) -> None:
        self._root = folder.resolve()
        self._line = widget_line(channel)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The file at the route's `path`; a folder's `index.html`; else the site's `404.html` or a plain one."""
        path = request.match_info.get("path", "")
        found = self._find(path)
        if found is None:
            return await self._missing()
        if found.is_dir():
            if not request.path.endswith("/"):
                raise web.HTTPFound("./" + quote(request.path.rpartition("/")[2], safe="") + "/")
            index = found / "index.html"
            return await self._page(index) if index.is_file() else await self._missing()
        if found.suffix.lower() in _PAGES:
            return await self._page(found)
        kind = _TYPES.get(found.suffix.lower(), "application/octet-stream")
        return web.FileResponse(found, headers={**_HEADERS, "Content-Type": kind})

    def _find(self, path: str) -> Path | None:
        """What the path names inside the folder, links followed; None for nothing, or for something outside."""
        if any(part.startswith(".") for part in path.split("/")):
            return None
        try:
            found = (self._root / path.lstrip("/")).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):  # too long, a NUL byte, a loop of links
            return None
        wanted_folder = path.endswith("/")
        inside = found.is_relative_to(self._root)
        return found if inside and (found.is_dir() or (found.is_file() and not wanted_folder)) else None

    async def _page(self, file: Path, *, status: int = 200) -> web.Response:
        page = await asyncio.to_thread(file.read_bytes)
        return self._answer(page, status)

    async def _missing(self) -> web.Response:
        own = self._find("404.html")
        return await self._page(own, status=404) if own else self._answer(_NOT_FOUND, 404)

    def _answer(self, page: bytes, status: int) -> web.Response:
        return web.Response(
            body=with_line(page, self._line),
            status=status,
            headers={**_PAGE_HEADERS, "Content-Type": "text/html; charset=utf-8"},
        )
