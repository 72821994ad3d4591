"""The HTTP server around the channels: time limits, fixed error bodies, health pages. Logs no request of a client."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from ipaddress import ip_address, ip_network

from aiohttp import HttpVersion10, web

from core.errors import DependencyError
from frontdesk.wire import Runner, refusal

_log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
HEADER_SECONDS = 10.0
"""A connection that has not finished the headers of its first request by then is closed; aiohttp has no such limit."""
SCAN_SECONDS = 1.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class HttpServer:
    """Serves routes on one address until stopped."""

    def __init__(self, routes: Iterable[web.AbstractRouteDef], *, middlewares: Iterable[object] = ()) -> None:
        self._spoke: set[object] = set()  # connections that have sent a whole request head
        self._seen: dict[object, float] = {}  # since when a connection is open
        self._application = web.Application(
            client_max_size=BODY_LIMIT,
            middlewares=[self._note_request, fixed_errors, *middlewares],  # type: ignore[list-item]
        )
        self._application.add_routes(routes)
        self._runner = Runner(self._application, shutdown_timeout=5.0)
        self._scan: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen and return the address; port 0 takes a free one. Raises `DependencyError` when it is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            raise DependencyError(
                f"cannot listen on {host}:{port}: {_reason(error)}. Choose another with --port or `server.port`."
            ) from None
        self._scan = asyncio.create_task(self._close_the_silent())
        bound = self._runner.addresses[0]
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        return f"http://{shown}:{bound[1]}"

    async def stop(self) -> None:
        if self._scan is not None:
            self._scan.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._scan
        await self._runner.cleanup()

    @web.middleware
    async def _note_request(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._spoke.add(request.protocol)
        if request.version < HttpVersion10:
            return refusal(HTTPStatus.BAD_REQUEST)
        return await handler(request)

    async def _close_the_silent(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SCAN_SECONDS)
            open_now = self._runner.server.connections if self._runner.server else []
            self._spoke &= set(open_now)
            self._seen = {connection: self._seen.get(connection, loop.time()) for connection in open_now}
            for connection in open_now:
                if connection not in self._spoke and loop.time() - self._seen[connection] > HEADER_SECONDS:
                    connection.force_close()


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror)


@web.middleware
async def fixed_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A defect is logged; the client learns a fixed word and a request id, never a trace or its own input."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionResetError):
        raise
    except Exception:
        request_id = secrets.token_hex(8)
        _log.exception("request %s failed", request_id)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", request_id)


def health_routes(
    ready: Callable[[], Awaitable[bool]], details: Callable[[], dict[str, object]]
) -> tuple[web.AbstractRouteDef, ...]:
    """`/livez`: the process runs. `/readyz`: the store answers and turns are worked on."""

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readiness(_request: web.Request) -> web.Response:
        is_ready = await ready()
        body = {"status": "ready" if is_ready else "not ready", **details()}
        return web.json_response(body, status=200 if is_ready else 503)

    return web.get("/livez", live), web.get("/readyz", readiness)


def behind_proxies(proxies: Iterable[object]) -> object:
    """Middleware: the visitor's address is the last in X-Forwarded-For that is not one of our proxies."""
    networks = tuple(ip_network(str(proxy)) for proxy in proxies)

    def ours(address: str) -> bool:
        try:
            return any(ip_address(address) in network for network in networks)
        except ValueError:
            return False

    @web.middleware
    async def put_right(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.remote is None or not ours(request.remote):
            return await handler(request)
        hops = [hop.strip() for hop in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
        visitor = next((hop for hop in reversed(hops) if _is_address(hop) and not ours(hop)), request.remote)
        return await handler(request.clone(remote=visitor))

    return put_right


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
