"""JSON for programs under /api/v1: each `Endpoint` declares its scope and its models; `Api` serves them.

How to add one: a frozen `ApiModel` for the answer (and for query and body, if any), a handler, an `Endpoint`.
A handler that writes returns `Changed`, whose `written` goes into the journal.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from core.errors import Refused
from dashboard.api_tokens import ApiToken, ApiTokens, Scope
from dashboard.audit import Audit
from dashboard.pages import Written
from dashboard.shell import note

ROOT = "/api/v1"
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class ApiModel(BaseModel):
    """What crosses the API: camelCase outside, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )


class Problem(ApiModel):
    """One fixed word, and the id under which a defect is logged."""

    error: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request of a program whose token may do this. `query` and `body` are what the endpoint's models made of it."""

    request: web.Request
    token: ApiToken
    query: Any = None
    body: Any = None

    def part(self, name: str) -> str:
        """What stands for `{name}` in the path."""
        return self.request.match_info[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The answer of an endpoint that wrote, and its line of the journal."""

    answer: ApiModel
    written: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method on one path below /api/v1. `handler` may raise `Refused`."""

    method: str
    path: str
    summary: str
    scope: Scope
    answer: type[ApiModel]
    handler: Callable[[Call], Awaitable[ApiModel | Changed]]
    query: type[ApiModel] | None = None
    body: type[ApiModel] | None = None
    status: int = 200


class Api:
    """All endpoints, and their description at `openapi.json`."""

    def __init__(
        self, endpoints: Sequence[Endpoint], *, tokens: ApiTokens, audit: Audit, document: dict[str, Any]
    ) -> None:
        self.endpoints = endpoints
        self._tokens = tokens
        self._audit = audit
        self._document = document

    def routes(self) -> Iterator[web.AbstractRouteDef]:
        yield web.get(f"{ROOT}/openapi.json", self._describe)
        for endpoint in self.endpoints:
            path = f"{ROOT}{endpoint.path}"
            yield web.route(endpoint.method, path, self._serving(endpoint))

    async def _describe(self, _request: web.Request) -> web.Response:
        return web.json_response(self._document, headers=_HEADERS)

    def _serving(self, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            try:
                call = await self._call(endpoint, request)
                done = await endpoint.handler(call)
            except Refused as error:
                return _problem(error)
            if isinstance(done, Changed):
                await note(self._audit, f"token:{call.token.id}", done.written)
                done = done.answer
            body = done.model_dump_json(by_alias=True)
            return web.Response(text=body, status=endpoint.status, content_type="application/json", headers=_HEADERS)

        return serve

    async def _call(self, endpoint: Endpoint, request: web.Request) -> Call:
        token = await self._tokens.find(_bearer(request))
        if token is None:
            raise Refused("unauthorized", status=401)
        if endpoint.scope not in token.scopes:
            raise Refused("scope_missing", status=403)
        return Call(request=request, token=token, query=_query(endpoint, request), body=await _body(endpoint, request))


def _bearer(request: web.Request) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _query(endpoint: Endpoint, request: web.Request) -> ApiModel | None:
    given = dict(request.query)
    if len(given) != len(request.query) or (given and endpoint.query is None):
        raise Refused("query_invalid")
    try:
        return endpoint.query.model_validate(given) if endpoint.query else None
    except ValidationError:
        raise Refused("query_invalid") from None


async def _body(endpoint: Endpoint, request: web.Request) -> ApiModel | None:
    if endpoint.body is None:
        return None
    if request.content_type != "application/json":
        raise Refused("unsupported_media_type", status=415)
    try:
        return endpoint.body.model_validate_json(await request.read())
    except ValidationError:
        raise Refused("body_invalid") from None


def _problem(error: Refused) -> web.Response:
    told = Problem(error=error.code, request_id=secrets.token_hex(8))
    headers = {**_HEADERS, "WWW-Authenticate": "Bearer"} if error.status == 401 else _HEADERS  # noqa: PLR2004
    text = told.model_dump_json(by_alias=True)
    return web.Response(text=text, status=error.status, content_type="application/json", headers=headers)
