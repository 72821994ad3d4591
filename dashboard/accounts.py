"""The accounts of the team. Names are compared in lower case; a name is also the account's id."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from core.access_ports import Records
from dashboard.roles import Role

_KIND = "account"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
_MOST_TRIES = 20


class Account(BaseModel):
    """One person of the team. `password` is a hash of argon2id; "" for who signs in elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    password: str = ""
    totp: str = ""  # base32; "" without a second factor
    issuer: str = ""  # of the OpenID provider that vouches for this person, "" for a local account
    subject: str = ""  # the person's id there
    generation: int = 1  # grows when all sessions are to end
    created: float = 0.0


class LastOwner(Exception):
    """The change would leave nobody who may do everything."""


def account_name(text: str) -> str:
    """A name as it is kept, "" for one that cannot be: 2 to 100 of a-z 0-9 . _ @ + -, a letter or digit first."""
    name = text.strip().lower()
    return name if _NAME.fullmatch(name) else ""


class Accounts:
    """Finds, adds and changes accounts."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def get(self, name: str) -> Account | None:
        found = await self._records.get(_KIND, name)
        return Account.model_validate_json(found) if found else None

    async def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        found = await self._records.all(_KIND)
        return tuple(Account.model_validate_json(found[name]) for name in sorted(found))

    async def add(self, account: Account) -> bool:
        """Whether the name was free."""
        return await self._records.add(_KIND, account.name, account.model_dump_json())

    async def change(self, name: str, change: Callable[[Account], Account | None]) -> Account | None:
        """Apply a change to what is kept at that moment; None removes. The account before it, None without any.

        Raises `LastOwner` when no owner would be left.
        """
        for _ in range(_MOST_TRIES):
            kept = await self._records.get(_KIND, name)
            if kept is None:
                return None
            before = Account.model_validate_json(kept)
            after = change(before)
            await self._keep_an_owner(before, after)
            if await self._records.replace(_KIND, name, kept, after.model_dump_json() if after else None):
                return before
        raise RuntimeError("an account is being changed by too many at once")

    async def _keep_an_owner(self, before: Account, after: Account | None) -> None:
        if before.role is not Role.OWNER or (after is not None and after.role is Role.OWNER):
            return
        if not any(one.role is Role.OWNER for one in await self.all() if one.name != before.name):
            raise LastOwner
