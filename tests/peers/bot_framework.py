"""Microsoft's side of a Teams bot on loopback: signing keys, tokens, and a connector that keeps the real limits."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

import jwt
from aiohttp import ClientSession, web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

APP_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
TENANT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PASSWORD = "an-invented-client-secret"
ISSUER = "https://api.botframework.com"
LIMITS = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))

Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@cache
def private_key(name: str, bits: int = 2_048) -> RSAPrivateKey:
    """A key pair; the same for the same name, because making one takes a while."""
    return generate_private_key(public_exponent=65_537, key_size=bits)


def jwk(kid: str, key: RSAPrivateKey, **more: Any) -> dict[str, Any]:
    """The public half as the connector's key set shows it."""
    numbers = key.public_key().public_numbers()
    shown = {"kty": "RSA", "use": "sig", "kid": kid, "n": _number(numbers.n), "e": _number(numbers.e)}
    return {**shown, "endorsements": ["msteams", "skype"], **more}


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Call:
    """Something that reached the connector and was taken."""

    at: float
    method: str
    chat: str
    shown: str
    activity: dict[str, Any]


@dataclass
class BotFramework:
    """What it serves may be changed at any time; `calls` is all that the connector took."""

    clock: Callable[[], float]
    ticks: Callable[[], float]
    url: str = ""
    kid: str = "k1"
    keys: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False
    metadata: Callable[[], web.Response] | None = None  # another answer than the right one
    password: str = PASSWORD
    token_life: int = 3_600
    tokens: list[str] = field(default_factory=list)
    metadata_reads: int = 0
    enforcing: bool = False
    violations: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fault: Fault | None = None
    calls: list[Call] = field(default_factory=list)
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    playground: str = ""  # where the playground's own connector is, when there is one behind this
    shown_ids: list[str] = field(default_factory=list)  # under which it shows the bot's messages
    bot: str = ""  # where the bot takes activities

    def __post_init__(self) -> None:
        self.keys = [jwk(self.kid, private_key(self.kid))]

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def bearer(self, *, kid: str | None = None, headers: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """An `Authorization` header as the connector sends it; a claim that is None is left out."""
        now = int(self.clock())
        payload = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 10, "exp": now + 3_600, "serviceurl": self.service_url}
        said = {name: value for name, value in {**payload, **claims}.items() if value is not None}
        signer = private_key(kid or self.kid)
        return "Bearer " + jwt.encode(said, signer, "RS256", headers={"kid": kid or self.kid, **(headers or {})})

    def activity(self, text: str | None = "Hello", **more: Any) -> dict[str, Any]:
        """A message of a personal chat, as Teams sends it."""
        shape: dict[str, Any] = {
            "type": "message",
            "id": "1700000000001",
            "timestamp": "2026-03-02T10:00:00.000Z",
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": "29:pat", "name": "Pat Example", "aadObjectId": "11111111-2222-4333-8444-555555555555"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Acme Assistant"},
            "conversation": {"id": "a:one", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "text": text,
            "textFormat": "plain",
            "locale": "en-US",
        }
        return {**shape, **more}

    def messages(self, chat: str | None = None) -> list[dict[str, Any]]:
        """What people were shown, typing apart."""
        return [
            call.activity
            for call in self.calls
            if call.method == "POST" and call.activity.get("type") == "message" and chat in {None, call.chat}
        ]

    def routes(self) -> list[web.RouteDef]:
        root = "/teams/v3/conversations/{chat}/activities"
        return [
            web.get("/openid", self._openid),
            web.get("/keys", self._keys),
            web.post("/token", self._token),
            web.post("/gate", self._gate),
            web.post(root, self._connector),
            web.put(root + "/{shown}", self._connector),
            web.delete(root + "/{shown}", self._connector),
        ]

    async def _openid(self, _request: web.Request) -> web.Response:
        self.metadata_reads += 1
        if self.away:
            return web.Response(status=503)
        if self.metadata:
            return self.metadata()
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        right = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": self.password}
        if dict(form) != {**right, "scope": f"{ISSUER}/.default"}:
            return web.json_response({"error": "invalid_client"}, status=401)
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return web.json_response({"access_token": self.tokens[-1], "expires_in": self.token_life})

    async def _connector(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.tokens[-1] if self.tokens else ''}":
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        body = await request.read()
        if self.fault and (response := await self.fault(request)) is not None:
            return response
        chat = unquote(request.match_info["chat"])
        if len(body) > 28 * 1024:
            return web.json_response({"error": {"code": "MessageSizeTooBig"}}, status=413)
        if self.enforcing and not self._within_limits(chat):
            return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers={"Retry-After": "2"})
        shown = self._take(request, chat, body)
        return await self._shown(request, body) if self.playground else web.json_response({"id": shown}, status=201)

    async def _shown(self, request: web.Request, body: bytes) -> web.Response:
        """What the playground says to the call."""
        url = self.playground + request.rel_url.raw_path.removeprefix("/teams")
        answer = await _passed_on(request.method, url, body)
        shown = json.loads(answer.body).get("id") if isinstance(answer.body, bytes) and answer.body else None
        if request.method == "POST" and shown:
            self.shown_ids.append(shown)
        return answer

    async def _gate(self, request: web.Request) -> web.Response:
        """An activity of the playground, which signs nothing, on its way to the bot."""
        return await _passed_on("POST", self.bot, await request.read(), Authorization=self.bearer())

    def _take(self, request: web.Request, chat: str, body: bytes) -> str:
        shown = unquote(request.match_info.get("shown", ""))
        call = Call(self.ticks(), request.method, chat, shown, json.loads(body) if body else {})
        self.calls.append(call)
        return shown or f"s{len(self.calls)}"

    def _within_limits(self, chat: str) -> bool:
        now, times = self.ticks(), self.taken[chat]
        if any(sum(at > now - seconds for at in times) >= most for most, seconds in LIMITS):
            self.violations[chat] += 1
            return False
        times.append(now)
        return True


async def _passed_on(method: str, url: str, body: bytes, **headers: str) -> web.Response:
    sent = {"Content-Type": "application/json", **headers}
    async with ClientSession() as http, http.request(method, url, data=body or None, headers=sent) as answer:
        return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)


@asynccontextmanager
async def running_framework(framework: BotFramework) -> AsyncIterator[BotFramework]:
    """The framework, listening; its `url` says where."""
    application = web.Application()
    application.add_routes(framework.routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        framework.url = f"http://{host}:{port}"
        yield framework
    finally:
        await runner.cleanup()
