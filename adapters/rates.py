"""Rate limits: a token bucket a key, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from core.errors import Refused


class SlowDown(Refused):
    """Too much in too short a time; try again after `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("slow_down", status=429)
        self.retry_after = retry_after


class Rates:
    """`burst` at once and `per_second` thereafter, for each key apart.

    Buckets count elapsed time, not the wall clock, so a corrected clock locks nobody out. At most `most_keys` are
    remembered; beyond that the one unused for longest is forgotten.
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: float,
        ticks: Callable[[], float] = monotonic,
        most_keys: int = 20_000,
    ) -> None:
        self._interval = 1.0 / per_second
        self._tolerance = (burst - 1) / per_second
        self._ticks = ticks
        self._most_keys = most_keys
        self._full_at: dict[str, float] = {}  # when the bucket is full again; absent: it is full

    def take(self, key: str) -> None:
        """Take one token. Raises `SlowDown`, which takes none."""
        now = self._ticks()
        full_at = max(self._full_at.pop(key, now), now)
        wait = full_at - now - self._tolerance
        granted = wait <= 0
        self._full_at[key] = full_at + self._interval if granted else full_at
        if len(self._full_at) > self._most_keys:
            del self._full_at[next(iter(self._full_at))]
        if not granted:
            raise SlowDown(wait)


@lru_cache(maxsize=4096)
def client_key(address: str | None) -> str:
    """What counts as one client: an IPv4 address, or the /64 an IPv6 address lies in."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), 64), strict=False))
