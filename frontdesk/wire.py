"""The wire below the routes: what never reaches a handler is answered in fixed words, too. Nothing is ever echoed."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

from aiohttp import web

KEEP_ALIVE_SECONDS = 75.0
"""How long a connection may rest between two requests, and how long the head of the next one may take to arrive.

Above the 60 seconds for which common reverse proxies keep one; aiohttp's own limit is an hour.
"""


def refusal(status: int, code: str = "", request_id: str = "") -> web.Response:
    """`{"error", "requestId"}`; without a code the status's own name is the error."""
    word = code or HTTPStatus(status).phrase.lower().replace(" ", "_")
    body = {"error": word, "requestId": request_id or secrets.token_hex(8)}
    return web.json_response(body, status=status, headers={"X-Content-Type-Options": "nosniff"})


class FixedWords(web.RequestHandler):
    """A connection of aiohttp's that does not quote what it could not parse."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,  # noqa: ARG002  its text holds the client's own bytes
        message: str | None = None,  # noqa: ARG002  as does this
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun; there is no room for another one")
        answer = refusal(status)
        answer.force_close()
        return answer

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPError) and resp.content_type != "application/json":
            resp = refusal(resp.status)
        return await super().finish_response(request, resp, start_time)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return FixedWords(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs an application on connections of this kind. Bodies come as they were sent: nothing is unpacked."""

    def __init__(self, application: web.Application, *, shutdown_timeout: float) -> None:
        super().__init__(
            application,
            access_log=None,
            logger=_silent(),
            handle_signals=False,
            shutdown_timeout=shutdown_timeout,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            auto_decompress=False,
        )

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


def _silent() -> logging.Logger:
    """Aiohttp logs what goes wrong on a connection, with a stranger's bytes; defects are logged above it."""
    logger = logging.getLogger(__name__)
    logger.disabled = True
    return logger
