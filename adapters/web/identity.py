"""Who is logged in, as the site's own backend says it: a short-lived HS256 token, each used once, by one visitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Any

import jwt
from jwt.types import Options

from adapters.rates import Rates
from adapters.web.inbound import to_identified
from adapters.web.settings import IdentitySettings
from adapters.web.tokens import CLOCK_LEEWAY, Claims
from core.errors import Refused
from core.ids import person_of
from core.people import Identity, user_of
from core.people_ports import Claim
from core.ports import Clock
from core.reception import Identities, Reception
from core.store_ports import AcceptStatus
from platforms.text import clean_line

LONGEST_LIFE = 3_600
"""Seconds for which a token may hold, counted from now and from its issue."""
_LONGEST_TOKEN = 4_096
_LONGEST_ID = 128
_LONGEST_ADDRESS = 254
_LONGEST_NAME = 120
_ALGORITHM = "HS256"
_UNTIMED: Options = {  # times are checked against the injected clock, the audience letter for letter
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
}
_ID = re.compile(rf"[!-~]([ -~]{{0,{_LONGEST_ID - 2}}}[!-~])?")
_ADDRESS = re.compile(r"[^\s@<>\"'(),:;\\\[\]]{1,64}@[^\s@<>\"'(),:;\\\[\]]+\.[^\s@<>\"'(),:;\\\[\]]+")
_PER_SECOND = 0.2
_BURST = 5
"""A site whose pages reload shows a token with each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIdentity:
    identity: Identity
    token: str  # names the token without telling anything of it
    expires_at: int


class IdentityTokens:
    """Verifies the tokens of a site's backend.

    Every refusal is the same, `identity_refused` (403), so that nobody learns how far a forgery came.
    """

    def __init__(self, settings: IdentitySettings, *, tenant: str, channel: str, clock: Clock) -> None:
        self._secrets = tuple(secret.get_secret_value() for secret in settings.secrets)
        self._issuer = settings.issuer
        self._audience = settings.audience or tenant
        self._tenant = tenant
        self._channel = channel
        self._clock = clock

    def verify(self, token: str) -> SignedIdentity:
        payload = self._signed(token)
        self._check_addressee(payload)
        subject, jti = _identifier(payload, "sub"), _identifier(payload, "jti")
        digest = sha256(f"{self._channel}\0{jti}".encode()).hexdigest()
        return SignedIdentity(
            identity=Identity(
                person=user_of(self._tenant, subject), email=_address(payload), name=_line(payload, "name")
            ),
            token=digest[:32],
            expires_at=self._expiry(payload),
        )

    def _signed(self, token: str) -> dict[str, Any]:
        if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
            raise _refused()
        for secret in self._secrets:
            try:
                return jwt.decode(token, secret, algorithms=[_ALGORITHM], options=_UNTIMED)
            except jwt.InvalidSignatureError:
                continue
            except (jwt.PyJWTError, TypeError, ValueError, RecursionError):
                break
        raise _refused()

    def _check_addressee(self, payload: dict[str, Any]) -> None:
        audience = payload.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if self._audience not in named or (self._issuer and payload.get("iss") != self._issuer):
            raise _refused()

    def _expiry(self, payload: dict[str, Any]) -> int:
        issued, expires, now = payload.get("iat"), payload.get("exp"), self._clock.now()
        starts = payload.get("nbf", issued)
        if type(issued) is not int or type(expires) is not int or type(starts) is not int:
            raise _refused()
        if max(issued, starts) > now + CLOCK_LEEWAY or expires <= now:
            raise _refused()
        if expires - issued > LONGEST_LIFE or expires > now + LONGEST_LIFE + CLOCK_LEEWAY:
            raise _refused()
        return expires


class Introductions:
    """Telling the hub who a visitor is. Nothing of a token is kept, logged or answered but what it claims."""

    def __init__(
        self,
        channel: str,
        tokens: IdentityTokens | None,
        identities: Identities | None,
        reception: Reception,
        clock: Clock,
        *,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._channel = channel
        self._tokens = tokens
        self._identities = identities
        self._reception = reception
        self._clock = clock
        self._rates = Rates(per_second=_PER_SECOND, burst=_BURST, ticks=ticks)

    async def introduce(self, token: str, claims: Claims) -> None:
        """The visitor is whoever the token says, from now on.

        Raises `Refused`: `identity_refused` (403), or `identity_changed` (409) when the visitor is somebody else
        already and has to begin anew; also `SlowDown` and `StoreUnavailable`.
        """
        self._rates.take(claims.conversation)
        if self._tokens is None or self._identities is None:
            raise _refused()
        signed = self._tokens.verify(token)
        now = self._clock.now()
        held = await self._identities.claim(
            person_of(claims.visitor),
            signed.identity.person,
            token=signed.token,
            life=signed.expires_at - now + CLOCK_LEEWAY,
        )
        if held is Claim.SOMEBODY_ELSE:
            raise Refused("identity_changed", status=409)
        if held is Claim.REPLAYED:
            raise _refused()
        message = to_identified(signed.identity, signed.token, claims, channel=self._channel, at=now)
        if (await self._reception.accept(message)).status is AcceptStatus.CONFLICT:
            raise _refused()


def _refused() -> Refused:
    return Refused("identity_refused", status=403)


def _identifier(payload: dict[str, Any], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _refused()
    return value


def _line(payload: dict[str, Any], name: str) -> str:
    value = payload.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        raise _refused()
    return clean_line(value, limit=_LONGEST_NAME)


def _address(payload: dict[str, Any]) -> str:
    """The address, unless the backend says itself that nobody has verified it."""
    value = payload.get("email", "")
    if not isinstance(value, str) or len(value) > _LONGEST_ADDRESS:
        raise _refused()
    if value and not (_ADDRESS.fullmatch(value) and clean_line(value, limit=_LONGEST_ADDRESS) == value):
        raise _refused()
    return value if payload.get("email_verified", True) is True else ""
