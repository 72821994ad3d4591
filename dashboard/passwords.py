"""Passwords, hashed with argon2id in the parameters the library recommends, beside the event loop."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
_AT_ONCE = 2
"""Each hash takes 64 MiB for a moment; whoever comes third waits."""


class Passwords:
    """Hashes and verifies. Whether there is such an account makes no difference in time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = ""
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, kept: str) -> bool:
        """Whether a password is that of a kept hash; without a hash (""), never, after the same work."""
        if not self._nobodys:
            self._nobodys = await self.hash(secrets.token_urlsafe(16))
        async with self._room:
            right = await asyncio.to_thread(self._verify, password[:LONGEST], kept or self._nobodys)
        return right and bool(kept) and len(password) <= LONGEST

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError, UnicodeError):
            return False


def weakness(password: str, name: str) -> str:
    """Why a new password is not taken; "" when it is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if name and name in password.lower():
        return "A password does not contain the account's name."
    if len(set(password)) < SHORTEST // 2:
        return "This password repeats too few characters."
    return ""
