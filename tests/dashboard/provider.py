"""A provider of OpenID Connect on this machine, that can be told to err."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from dashboard.openid_entrance import challenge
from frontdesk.httpd import HttpServer

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    now: Callable[[], float]
    issuer: str = ""
    said: dict[str, Any] = field(default_factory=dict)  # instead of what the ID token would say
    metadata: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    asked: dict[str, str] = field(default_factory=dict)  # of the last authorization request
    answer_status: int = 200

    def authorize(self, location: str) -> str:
        """Somebody signs in here; the query that leads them back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        return f"code=a-code&state={self.asked['state']}"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/.well-known/openid-configuration", self._describe),
            web.get("/keys", self._show_keys),
            web.post("/token", self._exchange),
        ]

    async def _describe(self, _request: web.Request) -> web.Response:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return web.json_response({**found, **self.metadata})

    async def _show_keys(self, _request: web.Request) -> web.Response:
        key = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})

    async def _exchange(self, request: web.Request) -> web.Response:
        given = await request.post()
        proven = challenge(str(given["code_verifier"])) == self.asked["code_challenge"]
        if not proven or given["redirect_uri"] != self.asked["redirect_uri"] or given["code"] != "a-code":
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = jwt.encode(self._claims(), self.key, algorithm="RS256", headers={"kid": "one"})
        return web.json_response({"id_token": token}, status=self.answer_status)

    def _claims(self) -> dict[str, Any]:
        claims = {
            "iss": self.issuer,
            "aud": "frontdesk",
            "sub": "subject-1",
            "exp": int(self.now()) + 300,
            "iat": int(self.now()),
            "nonce": self.asked["nonce"],
            "email": "Anna@Harbour.example",
            "email_verified": True,
            "groups": ["everybody", "sales"],
            **self.said,
        }
        return {name: value for name, value in claims.items() if value is not None}


@asynccontextmanager
async def serving(now: Callable[[], float]) -> AsyncIterator[Provider]:
    provider = Provider(now)
    server = HttpServer(provider.routes())
    provider.issuer = await server.start("127.0.0.1", 0)
    try:
        yield provider
    finally:
        await server.stop()
