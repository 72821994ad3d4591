"""Who may bring an activity: the connector, by its signed token, for this bot, from an allowed tenant."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from typing import Any, NoReturn

import jwt
from jwt.types import Options

from adapters.teams.addresses import is_connector
from adapters.teams.keys import SigningKey, SigningKeys
from adapters.teams.settings import TeamsSettings
from core.errors import Refused
from core.ports import Clock

CHANNEL_ID = "msteams"
CLOCK_LEEWAY = 300
"""Seconds the connector's clock and ours may differ, as Microsoft's own libraries have it."""
_LONGEST_TOKEN = 6_144
_LONGEST_KID = 200
_MOST_REMEMBERED = 512
_ALGORITHM = "RS256"
_SIGNATURE_ONLY: Options = {  # times are checked against the injected clock, names letter for letter
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """What a verified token says."""

    service_url: str
    endorsements: frozenset[str]
    not_before: float
    expires_at: float


class Door:
    """Every refusal is `Refused` with status 401 (the token) or 403 (the token does not fit the activity)."""

    def __init__(self, settings: TeamsSettings, keys: SigningKeys, clock: Clock) -> None:
        self._settings = settings
        self._keys = keys
        self._clock = clock
        self._verified: OrderedDict[bytes, tuple[Bearer, str, SigningKey]] = OrderedDict()

    async def authenticate(self, authorization: Sequence[str]) -> Bearer:
        """What the one `Authorization` header says; nothing of a body is needed, or looked at, for it."""
        token = _token_of(authorization)
        digest = sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None or await self._keys.find(known[1]) is not known[2]:
            known = await self._verify(token)
            self._remember(digest, known)
        self._check_time(known[0])
        return known[0]

    def admit(self, bearer: Bearer, activity: Mapping[str, Any]) -> None:
        """Refuse (403) an activity that the token was not issued for, or that this bot does not take."""
        if activity.get("serviceUrl") != bearer.service_url:
            _forbid("service_url_refused")
        if activity.get("channelId") != CHANNEL_ID or CHANNEL_ID not in bearer.endorsements:
            _forbid("channel_refused")
        tenants = tenants_of(activity)
        if len(tenants) != 1 or not self._settings.lets_in(*tenants):
            _forbid("tenant_refused")

    async def _verify(self, token: str) -> tuple[Bearer, str, SigningKey]:
        kid = _kid_of(token)
        key = await self._keys.find(kid)
        if key is None:
            _refuse()
        try:
            payload = jwt.decode(token, key.key, algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)
        except (jwt.PyJWTError, TypeError, ValueError, RecursionError):
            _refuse()
        return self._read(payload, key.endorsements), kid, key

    def _read(self, payload: Mapping[str, Any], endorsements: frozenset[str]) -> Bearer:
        service_url = payload.get("serviceurl")
        if payload.get("iss") != self._settings.issuer or payload.get("aud") != self._settings.app_id:
            _refuse()
        if not isinstance(service_url, str) or not is_connector(service_url, self._settings.service_hosts):
            _refuse()
        expires = _moment(payload.get("exp"))
        starts = [_moment(payload[name]) for name in ("nbf", "iat") if name in payload]
        return Bearer(
            service_url=service_url,
            endorsements=endorsements,
            not_before=max(starts, default=0.0),
            expires_at=expires,
        )

    def _check_time(self, bearer: Bearer) -> None:
        now = self._clock.now()
        if not bearer.not_before - CLOCK_LEEWAY <= now < bearer.expires_at + CLOCK_LEEWAY:
            _refuse()

    def _remember(self, digest: bytes, known: tuple[Bearer, str, SigningKey]) -> None:
        self._verified[digest] = known
        if len(self._verified) > _MOST_REMEMBERED:
            self._verified.popitem(last=False)


def tenants_of(activity: Mapping[str, Any]) -> frozenset[str]:
    """Every tenant an activity names; more than one is a contradiction."""
    conversation, data = activity.get("conversation"), activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = [
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
        tenant.get("id") if isinstance(tenant, dict) else None,
    ]
    return frozenset(one for one in named if isinstance(one, str) and one)


def _token_of(authorization: Sequence[str]) -> str:
    scheme, _, token = authorization[0].partition(" ") if len(authorization) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        _refuse("token_missing" if not token else "token_refused")
    return token


def _kid_of(token: str) -> str:
    """The key a token names. Where else it says keys may be found (`jku`, `x5u`) is not read."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, TypeError, ValueError, RecursionError):
        _refuse()
    kid = header.get("kid")
    if header.get("alg") != _ALGORITHM or "crit" in header or not isinstance(kid, str) or len(kid) > _LONGEST_KID:
        _refuse()
    return kid


def _moment(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or abs(value) > 1e12:  # noqa: PLR2004
        _refuse()
    return float(value)


def _refuse(code: str = "token_refused") -> NoReturn:
    raise Refused(code, status=401)


def _forbid(code: str) -> NoReturn:
    raise Refused(code, status=403)
