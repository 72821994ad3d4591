"""Ten failures in a quarter of an hour, of an account or from an address, and the door stays shut."""

from __future__ import annotations

import asyncio

from core.access_ports import Tries

MOST = 10
WINDOW_SECONDS = 15 * 60.0


class Lockout:
    """Counts a try before it is judged, so that many at once are no way around it."""

    def __init__(self, tries: Tries) -> None:
        self._tries = tries

    async def admits(self, account: str, address: str) -> bool:
        """Count a try; whether it may be judged at all. An account counts whether or not there is one."""
        counts = await asyncio.gather(*(self._tries.count(key, life=WINDOW_SECONDS) for key in _keys(account, address)))
        return max(counts) <= MOST

    async def succeeded(self, account: str, address: str) -> None:
        """The try was a good one: it does not count, and the account's earlier ones are forgotten."""
        of_account, of_address = _keys(account, address)
        await asyncio.gather(self._tries.clear(of_account), self._tries.give_back(of_address))


def _keys(account: str, address: str) -> tuple[str, str]:
    return f"account:{account}", f"address:{address}"
