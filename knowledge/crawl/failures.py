"""The HTTP client's exceptions in the crawl's own words."""

from __future__ import annotations

import aiohttp

from knowledge.crawl.reasons import Reason, Unfetched


class ClosedSocket(OSError):
    """A socket that must not be opened. Equal texts, so that the reason survives when several addresses fail."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_KINDS: tuple[tuple[type[BaseException], Reason], ...] = (
    (aiohttp.InvalidURL, Reason.ADDRESS),
    (aiohttp.ClientConnectorDNSError, Reason.NO_SUCH_HOST),
    (aiohttp.ClientSSLError, Reason.CERTIFICATE),
    (aiohttp.ServerTimeoutError, Reason.TIMEOUT),
    (aiohttp.ServerDisconnectedError, Reason.BROKEN_OFF),
    (aiohttp.ClientPayloadError, Reason.BROKEN_OFF),
    (aiohttp.ClientConnectorError, Reason.CONNECTION),
    (aiohttp.ClientOSError, Reason.CONNECTION),
    (aiohttp.ClientResponseError, Reason.BROKEN_ANSWER),
    (aiohttp.ClientError, Reason.BROKEN_ANSWER),
    (TimeoutError, Reason.TIMEOUT),
    (OSError, Reason.CONNECTION),
    (RuntimeError, Reason.CONNECTION),  # uvloop raises it for sockets that fail at once
    (ValueError, Reason.ADDRESS),
)
"""First match counts: the special before the general."""
_TOO_LARGE = ("bytes", "too many")


def translated(error: BaseException) -> Unfetched:
    """What a failure of the client means for the crawl."""
    inner = getattr(error, "os_error", None)
    if isinstance(inner, ClosedSocket):
        return Unfetched(inner.reason)
    if isinstance(error, aiohttp.ClientResponseError) and _of_headers(error):
        return Unfetched(Reason.HEADERS)
    return Unfetched(next(reason for kind, reason in _KINDS if isinstance(error, kind)))


def _of_headers(error: aiohttp.ClientResponseError) -> bool:
    message = error.message.lower()
    return any(part in message for part in _TOO_LARGE)
