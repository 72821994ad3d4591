"""Is this machine's clock right? Told by the dates that platforms put on their answers."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from statistics import median
from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp

from core.health import Diagnosis, broken, doubtful, fine
from core.ports import Clock

NOTICED_SECONDS = 30.0
"""Answers take a while and their dates are whole seconds; below this nothing can be said."""
REFUSED_SECONDS = 240.0
"""Slack's signatures and Microsoft's tokens are taken for 300 seconds around their time."""
_STEP = (
    "set this machine's clock by a time server (`timedatectl set-ntp true`); signed requests are refused by their time"
)


class ClockWatch:
    """Collects how far this machine's clock is ahead of those of the servers that answer a session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: list[tuple[str, float]] = []  # by host and port

    def trace(self) -> aiohttp.TraceConfig:
        """To be given to the session."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._note)
        return trace

    async def _note(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        headers = ended.response.headers
        if "Age" in headers:
            return  # out of a cache, and so is its date
        try:
            told = parsedate_to_datetime(headers.get("Date", ""))
        except ValueError:
            return
        self._ahead.append((ended.url.authority, self._clock.now() - told.timestamp()))

    def diagnosis(self, *, leaving_out: str) -> Diagnosis:
        """What the servers say together; the one at `leaving_out` may be this very machine."""
        own = urlsplit(leaving_out).netloc
        ahead = [seconds for place, seconds in self._ahead if place != own]
        if not ahead:
            return fine("no platform was asked, so there is nothing to compare this machine's clock with")
        skew = median(ahead)
        shown = (
            f"this machine's clock is {abs(skew):,.0f} seconds {'ahead of' if skew > 0 else 'behind'} the platforms'"
        )
        if abs(skew) >= REFUSED_SECONDS:
            return broken(shown, _STEP)
        if abs(skew) >= NOTICED_SECONDS:
            return doubtful(shown, _STEP)
        return fine(f"within {NOTICED_SECONDS:.0f} seconds of {len(ahead)} answers from platforms")
