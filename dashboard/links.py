"""One-time links that let somebody make an account, or set the password of theirs anew."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from core.store_ports import Notes
from dashboard.roles import Role
from dashboard.sessions import hashed, new_secret

LIFE_SECONDS = 15 * 60.0
_NOTES = "dashboard/link"


class Invitation(BaseModel):
    """What a link is good for: an account of a role; `account` is the existing one it is for, "" for a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    account: str = ""


class Links:
    """Makes links and takes them; each is good once, for a quarter of an hour."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def make(self, invitation: Invitation) -> str:
        """The link's path below the dashboard. It is kept as a hash only."""
        secret = new_secret()
        await self._notes.put(_NOTES, hashed(secret), invitation.model_dump_json(), life=LIFE_SECONDS)
        return f"/link?key={secret}"

    async def look(self, secret: str) -> Invitation | None:
        """What a link is good for; it stays good. Looking must not use it up: mail scanners and previews look, too."""
        return _read(await self._notes.get(_NOTES, hashed(secret)))

    async def take(self, secret: str) -> Invitation | None:
        """Use a link up; of several who do, one gets it."""
        return _read(await self._notes.take(_NOTES, hashed(secret)))


def _read(kept: str | None) -> Invitation | None:
    return Invitation.model_validate_json(kept) if kept else None
