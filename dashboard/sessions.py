"""Who is signed in: a random id in a cookie, its hash and the rest in the store."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, ValidationError

from core.ports import Clock
from core.store_ports import Notes
from dashboard.accounts import Account, Accounts
from dashboard.roles import Role

_NOTES = "dashboard/session"  # a slash: no channel can be called so
TOUCH_SECONDS = 60.0
"""A session in use is written back at most this often."""


def new_secret() -> str:
    """256 random bits, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret with 256 random bits: such a one needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Session(BaseModel):
    """Somebody signed in. `account` is the account's name."""

    model_config = ConfigDict(frozen=True)

    account: str
    role: Role
    generation: int  # the account's when it began: a later one ends it
    csrf: str
    begun: float
    seen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session of a request; `secret` is the cookie's value, `renewed` when the browser must be given another."""

    secret: str
    session: Session
    renewed: bool = False


class Sessions:
    """Begins, finds and ends sessions. One ends `longest` seconds after it began, and `idle` after its last use."""

    def __init__(
        self,
        notes: Notes,
        accounts: Accounts,
        *,
        clock: Clock,
        longest: float,
        idle: float,
        new_secret: Callable[[], str] = new_secret,
    ) -> None:
        self._notes = notes
        self._accounts = accounts
        self._clock = clock
        self._longest = longest
        self._idle = idle
        self._new_secret = new_secret

    async def begin(self, account: Account, *, instead_of: str = "") -> Opened:
        """A new session with a new id; the one of the cookie `instead_of`, if any, ends."""
        if instead_of:
            await self.end(instead_of)
        now = self._clock.now()
        session = Session(
            account=account.name,
            role=account.role,
            generation=account.generation,
            csrf=self._new_secret(),
            begun=now,
            seen=now,
        )
        return await self._open(session)

    async def find(self, secret: str, *, used: bool = True) -> Opened | None:
        """The session of a cookie, with the account's role of this moment; a changed role comes with a new id.

        One that is not `used` ends as if it had not been asked for.
        """
        session = await self._read(secret)
        account = await self._accounts.get(session.account) if session else None
        if session is None or account is None or account.generation != session.generation:
            return None
        if account.role is not session.role:
            await self.end(secret)
            return await self._open(session.model_copy(update={"role": account.role}))
        if used and self._clock.now() - session.seen >= TOUCH_SECONDS:
            session = session.model_copy(update={"seen": self._clock.now()})
            await self._write(secret, session)
        return Opened(secret=secret, session=session)

    async def end(self, secret: str) -> None:
        await self._notes.take(_NOTES, hashed(secret))

    async def _open(self, session: Session) -> Opened:
        secret = self._new_secret()
        await self._write(secret, session)
        return Opened(secret=secret, session=session, renewed=True)

    async def _read(self, secret: str) -> Session | None:
        kept = await self._notes.get(_NOTES, hashed(secret)) if secret else None
        try:
            session = Session.model_validate_json(kept) if kept else None
        except ValidationError:
            return None
        return session if session and self._left(session) > 0 else None

    async def _write(self, secret: str, session: Session) -> None:
        life = self._left(session)
        if life > 0:
            await self._notes.put(_NOTES, hashed(secret), session.model_dump_json(), life=life)

    def _left(self, session: Session) -> float:
        return min(session.begun + self._longest, session.seen + self._idle) - self._clock.now()
