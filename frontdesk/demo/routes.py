"""The demo's addresses: the page, its files, its event stream, and the example company's site."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from frontdesk.demo.feed import DemoFeed
from frontdesk.demo.site import Site

PAGE_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
_SHARED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_PAGE = "index.html"


def demo_routes(*, site: Path, feed: DemoFeed, channel: str) -> Sequence[web.AbstractRouteDef]:
    """Everything the demo serves by itself. `channel` is the name of the web channel its widget talks to."""
    pages = Site(site, channel=channel)

    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(request, feed)

    async def to_the_site(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("./site/")

    return (
        web.get("/", _serve_page),
        web.get("/demo/assets/{name}", _serve_asset),
        web.get("/demo/events", events, allow_head=False),
        web.get("/site", to_the_site),
        web.get("/site/{path:.*}", pages.serve),
    )


@cache
def _page_files() -> dict[str, bytes]:
    """The page's files, read once a process."""
    folder = files("frontdesk.demo") / "page"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if _suffix(entry.name) in _TYPES}


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]


async def _serve_page(_request: web.Request) -> web.Response:
    return _file_response(_PAGE, {"Content-Security-Policy": PAGE_POLICY})


async def _serve_asset(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in _page_files() or name == _PAGE:
        raise web.HTTPNotFound
    return _file_response(name, {})


def _file_response(name: str, headers: dict[str, str]) -> web.Response:
    kind = {"Content-Type": _TYPES[_suffix(name)]}
    return web.Response(body=_page_files()[name], headers={**_SHARED_HEADERS, **kind, **headers})


async def _stream(request: web.Request, feed: DemoFeed) -> web.StreamResponse:
    """Events until the page leaves, reads too slowly, or the feed is closed."""
    headers = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)

    def cut() -> None:
        if request.transport is not None:
            request.transport.abort()

    with feed.subscribe(dropped=cut) as page:
        try:
            async for chunk in page.chunks():
                await response.write(chunk)
        except ConnectionError:
            pass  # the page is gone; it comes back by itself
    return response
