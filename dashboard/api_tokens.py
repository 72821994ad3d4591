"""Tokens for programs: kept as a hash, shown once, each good for what its scopes say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.access_ports import Records
from core.ports import Clock
from dashboard.roles import Role
from dashboard.sessions import hashed, new_secret

_KIND = "token"
PREFIX = "fd_"
"""Begins every token, so that scanners for leaked secrets can know one."""


class Scope(StrEnum):
    """What a program may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


SCOPE_ROLES = {Scope.READ: Role.VIEWER, Scope.WRITE: Role.AGENT, Scope.ADMIN: Role.ADMIN}
"""The least role that may make a token with a scope."""


class ApiToken(BaseModel):
    """What is known of a token. `id` begins its hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: float


class ApiTokens:
    """Makes, finds, lists and revokes tokens."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def make(self, *, name: str, scopes: Iterable[Scope], made_by: str) -> tuple[str, ApiToken]:
        """The token itself, which nobody can find out later, and what is kept of it."""
        secret = f"{PREFIX}{new_secret()}"
        token = ApiToken(
            id=_identity(secret),
            name=name,
            scopes=tuple(sorted(set(scopes))),
            made_by=made_by,
            made_at=self._clock.now(),
        )
        await self._records.add(_KIND, token.id, _kept(secret, token))
        return secret, token

    async def find(self, secret: str) -> ApiToken | None:
        if not secret.startswith(PREFIX):
            return None
        kept = await self._records.get(_KIND, _identity(secret))
        digest, token = _read(kept) if kept else ("", None)
        return token if token and digest == hashed(secret) else None

    async def all(self) -> tuple[ApiToken, ...]:
        """Every token, the newest first."""
        found = [_read(kept)[1] for kept in (await self._records.all(_KIND)).values()]
        return tuple(sorted(found, key=lambda token: -token.made_at))

    async def revoke(self, identity: str) -> ApiToken | None:
        """Take a token back; None when there is none of this id."""
        kept = await self._records.get(_KIND, identity)
        if kept is None or not await self._records.replace(_KIND, identity, kept, None):
            return None
        return _read(kept)[1]


def _identity(secret: str) -> str:
    return hashed(secret)[:12]


def _kept(secret: str, token: ApiToken) -> str:
    return json.dumps({"hash": hashed(secret), "token": token.model_dump(mode="json")})


def _read(kept: str) -> tuple[str, ApiToken]:
    found = json.loads(kept)
    return str(found["hash"]), ApiToken.model_validate(found["token"])
