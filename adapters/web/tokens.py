"""Session tokens: who a visitor is, signed, so that nothing has to be stored until something is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt
from jwt.types import Options

from core.errors import ConfigError, Refused
from core.ids import ConversationId, VisitorId
from core.ports import Clock

TOKEN_LIFE = 24 * 3600
"""Seconds a token opens the conversation."""
RENEWAL_LIFE = 30 * 24 * 3600
"""Seconds after its issue in which a token can be exchanged for a new one."""
CLOCK_LEEWAY = 60
"""Seconds two hubs' clocks may differ."""
_LONGEST_TOKEN = 2_048
_MOST_REMEMBERED = 4_096
_ALGORITHM = "HS256"
_UNTIMED: Options = {  # times are checked against the injected clock
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    conversation: ConversationId
    visitor: VisitorId
    origin: str
    issued_at: int
    expires_at: int
    returning: bool = False  # a valid token was shown when the session began
    locale: str = ""
    zone: str = ""  # the time zone of the browser
    unprofiled: bool = False  # the browser asks not to be profiled (Sec-GPC)


class SessionTokens:
    """Signs and verifies the tokens of one channel. The first key signs; all verify.

    Every refusal is a `Refused` with status 401 and one of `token_missing`, `token_invalid` (forged, malformed, unknown
    key, other algorithm), `token_foreign` (other tenant or channel), `token_origin`, `token_future`, `token_expired`.
    """

    def __init__(self, keys: Sequence[str], *, tenant: str, channel: str, clock: Clock) -> None:
        if not keys:
            raise ConfigError(f"channel {channel}: no signing key; set signing_keys or let the hub keep one")
        self._keys = {_key_id(key): key for key in keys}
        self._signer = _key_id(keys[0])
        self._tenant = tenant
        self._channel = channel
        self._clock = clock
        self._verified: dict[str, Claims] = {}

    def mint(
        self,
        *,
        conversation: ConversationId,
        visitor: VisitorId,
        origin: str,
        returning: bool = False,
        locale: str = "",
        zone: str = "",
        unprofiled: bool = False,
    ) -> tuple[str, Claims]:
        """A token for 24 hours from now, and what it says."""
        now = int(self._clock.now())
        claims = Claims(
            conversation=conversation,
            visitor=visitor,
            origin=origin,
            issued_at=now,
            expires_at=now + TOKEN_LIFE,
            returning=returning,
            locale=locale,
            zone=zone,
            unprofiled=unprofiled,
        )
        payload = {
            "ten": self._tenant,
            "cha": self._channel,
            "con": conversation,
            "vis": visitor,
            "org": origin,
            "iat": claims.issued_at,
            "exp": claims.expires_at,
            "ret": returning,
            "loc": locale,
            **({"zon": zone} if zone else {}),
            **({"gpc": True} if unprofiled else {}),
        }
        headers = {"kid": self._signer}
        return jwt.encode(payload, self._keys[self._signer], algorithm=_ALGORITHM, headers=headers), claims

    def verify(self, token: str | None, *, origin: str) -> Claims:
        """What a token says, when it opens the conversation now, from this origin."""
        claims = self._read(token, origin)
        self.check_time(claims)
        return claims

    def renewable(self, token: str, *, origin: str) -> Claims:
        """What a token says, when it may be exchanged for a new one: up to 30 days after its issue."""
        claims = self._read(token, origin)
        if claims.issued_at + RENEWAL_LIFE <= self._clock.now():
            raise Refused("token_expired", status=401)
        return claims

    def check_time(self, claims: Claims) -> None:
        """Refuse (`token_expired`) claims whose day is over."""
        if claims.expires_at <= self._clock.now():
            raise Refused("token_expired", status=401)

    def _read(self, token: str | None, origin: str) -> Claims:
        if not token:
            raise Refused("token_missing", status=401)
        claims = self._verified.get(token)
        if claims is None:
            claims = self._signed(token)
            if len(self._verified) >= _MOST_REMEMBERED:
                del self._verified[next(iter(self._verified))]
            self._verified[token] = claims
        if claims.origin != origin:
            raise Refused("token_origin", status=401)
        if claims.issued_at > self._clock.now() + CLOCK_LEEWAY:
            raise Refused("token_future", status=401)
        return claims

    def _signed(self, token: str) -> Claims:
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            raise Refused("token_invalid", status=401)
        try:
            key = self._keys.get(jwt.get_unverified_header(token).get("kid", ""))
            if key is None:
                raise Refused("token_invalid", status=401)
            payload = jwt.decode(token, key, algorithms=[_ALGORITHM], options=_UNTIMED)
        except (jwt.PyJWTError, TypeError, ValueError):
            raise Refused("token_invalid", status=401) from None
        return self._claims(payload)

    def _claims(self, payload: dict[str, Any]) -> Claims:
        if (payload.get("ten"), payload.get("cha")) != (self._tenant, self._channel):
            raise Refused("token_foreign", status=401)
        texts = [payload.get(name) for name in ("con", "vis", "org", "loc")]
        times = [payload.get(name) for name in ("iat", "exp")]
        if any(type(text) is not str for text in texts) or any(type(time) is not int for time in times):
            raise Refused("token_invalid", status=401)
        return Claims(
            conversation=ConversationId(payload["con"]),
            visitor=VisitorId(payload["vis"]),
            origin=payload["org"],
            issued_at=payload["iat"],
            expires_at=payload["exp"],
            returning=payload.get("ret") is True,
            locale=payload["loc"],
            zone=payload["zon"] if isinstance(payload.get("zon"), str) else "",
            unprofiled=payload.get("gpc") is True,
        )


def _key_id(key: str) -> str:
    """Names a key without saying anything about it."""
    return sha256(b"frontdesk key id\0" + key.encode()).hexdigest()[:12]
