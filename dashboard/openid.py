"""A provider of OpenID Connect: its metadata and keys, codes for tokens, and what an ID token proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
from jwt.exceptions import PyJWTError
from jwt.types import Options
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from config.fields import PublicUrl
from config.models.dashboard import OpenIdSettings
from core.errors import Refused
from core.ports import Clock

TIMEOUT = aiohttp.ClientTimeout(total=8.0)
KEPT_SECONDS = 600.0
"""How long metadata and keys are taken as they are."""
REFETCH_SECONDS = 60.0
"""An unknown key is looked for at most this often, whoever names it."""
LEEWAY = 60
_LARGEST = 1 << 20
_OK = 200
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_UNTIMED: Options = {  # times are checked against the injected clock
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["iss", "aud", "exp", "iat", "sub"],
}
_JSON = TypeAdapter(dict[str, Any])


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0). Plain http is accepted on this machine only."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: PublicUrl
    token_endpoint: PublicUrl
    jwks_uri: PublicUrl
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom the provider vouches for. `email` was verified by it."""

    subject: str
    email: str
    claims: Mapping[str, Any]


class OpenIdProvider:
    """Every refusal is a `Refused` with status 403, or 502 when the provider does not answer as it should."""

    def __init__(self, http: aiohttp.ClientSession, settings: OpenIdSettings, clock: Clock) -> None:
        self._http = http
        self._settings = settings
        self._clock = clock
        self._metadata: Metadata | None = None
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._keys_at = float("-inf")

    async def metadata(self) -> Metadata:
        """Read below the issuer's address, at most every ten minutes; the issuer must name itself so."""
        if self._metadata is None or self._clock.now() - self._read_at > KEPT_SECONDS:
            found = await self._get(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                metadata = Metadata.model_validate(found)
            except ValidationError:
                raise Refused("provider_metadata", status=502) from None
            if metadata.issuer != self._settings.issuer:
                raise Refused("provider_issuer", status=502)
            self._metadata, self._read_at = metadata, self._clock.now()
        return self._metadata

    async def exchange(self, code: str, *, verifier: str, redirect: str) -> str:
        """The ID token for a code."""
        settings, metadata = self._settings, await self.metadata()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
            "client_id": settings.client_id,
        }
        if settings.client_secret:
            fields["client_secret"] = settings.client_secret.reveal()
        answer = await self._ask("POST", metadata.token_endpoint, fields)
        token = answer.get("id_token")
        if not isinstance(token, str) or not token:
            raise Refused("provider_token", status=502)
        return token

    async def verify(self, token: str, *, nonce: str) -> Vouched:
        """What an ID token proves, when it was made for us, now, for the sign-in with this nonce."""
        settings, now = self._settings, self._clock.now()
        key = await self._key(token)
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=settings.client_id,
                issuer=settings.issuer,
                options=_UNTIMED,
            )
            timely = float(claims["exp"]) > now - LEEWAY and float(claims["iat"]) < now + LEEWAY
        except (PyJWTError, ValueError, TypeError):
            raise Refused("token_invalid", status=403) from None
        if not timely:
            raise Refused("token_expired", status=403)
        if claims.get("nonce") != nonce:
            raise Refused("token_nonce", status=403)
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != settings.client_id:
            raise Refused("token_audience", status=403)
        email = claims.get("email")
        if claims.get("email_verified") is not True or not isinstance(email, str) or not email:
            raise Refused("email_unverified", status=403)
        return Vouched(subject=str(claims["sub"]), email=email, claims=claims)

    async def _key(self, token: str) -> jwt.PyJWK:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except PyJWTError:
            raise Refused("token_invalid", status=403) from None
        since = self._clock.now() - self._keys_at
        if since > KEPT_SECONDS or (kid not in self._keys and since > REFETCH_SECONDS):
            await self._fetch_keys()
        alone = next(iter(self._keys.values())) if kid is None and len(self._keys) == 1 else None
        found = self._keys.get(kid) if isinstance(kid, str) else alone
        if found is None:
            raise Refused("token_invalid", status=403)
        return found

    async def _fetch_keys(self) -> None:
        found = await self._get((await self.metadata()).jwks_uri)
        try:
            keys = jwt.PyJWKSet.from_dict(found).keys
        except (PyJWTError, TypeError, AttributeError):
            raise Refused("provider_keys", status=502) from None
        self._keys = {key.key_id or "": key for key in keys if key.public_key_use in {None, "sig"}}
        self._keys_at = self._clock.now()

    async def _get(self, url: str) -> dict[str, Any]:
        return await self._ask("GET", url, None)

    async def _ask(self, method: str, url: str, fields: dict[str, str] | None) -> dict[str, Any]:
        try:
            async with self._http.request(
                method, url, data=fields, allow_redirects=False, timeout=TIMEOUT, headers={"Accept": "application/json"}
            ) as answer:
                body = bytearray()
                async for chunk in answer.content.iter_chunked(1 << 16):
                    body += chunk
                    if len(body) > _LARGEST:
                        raise Refused("provider_answer", status=502)
                status = answer.status
            found = _JSON.validate_json(bytes(body))
        except (aiohttp.ClientError, TimeoutError, OSError, ValidationError):
            raise Refused("provider_away", status=502) from None
        if status != _OK:
            raise Refused("provider_refused", status=403 if fields else 502)
        return found
