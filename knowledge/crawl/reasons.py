"""Why an address was not read: one fixed word for programs, one phrase for people."""

from __future__ import annotations

from enum import StrEnum

from core.errors import FrontdeskError


class Reason(StrEnum):
    """Every way a request, or a page, can end without being kept."""

    ADDRESS = "address"
    SCHEME = "scheme"
    USERINFO = "userinfo"
    PORT = "port"
    PRIVATE_ADDRESS = "private_address"
    OTHER_SITE = "other_site"
    NO_SUCH_HOST = "no_such_host"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    BROKEN_OFF = "broken_off"
    BROKEN_ANSWER = "broken_answer"
    HEADERS = "headers"
    ENCODING = "encoding"
    BOMB = "bomb"
    REDIRECTS = "redirects"
    STATUS = "status"
    SLOW_DOWN = "slow_down"
    NOT_HTML = "not_html"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOINDEX = "noindex"
    DUPLICATE = "duplicate"
    TRANSLATION = "translation"
    TRAP = "trap"
    DEPTH = "depth"
    HOST_DOWN = "host_down"
    BUDGET = "budget"

    @property
    def words(self) -> str:
        """The reason as the middle of a sentence."""
        return _WORDS[self]


_WORDS = {
    Reason.ADDRESS: "is no address that can be fetched",
    Reason.SCHEME: "is neither http nor https",
    Reason.USERINFO: "carries a user name",
    Reason.PORT: "uses a port other than 80 and 443",
    Reason.PRIVATE_ADDRESS: "leads to a private or reserved network address",
    Reason.OTHER_SITE: "leads to another site",
    Reason.NO_SUCH_HOST: "has a host name that does not resolve",
    Reason.CONNECTION: "cannot be connected to",
    Reason.CERTIFICATE: "has no valid TLS certificate",
    Reason.TIMEOUT: "did not answer in time",
    Reason.BROKEN_OFF: "broke off before the end",
    Reason.BROKEN_ANSWER: "did not answer in HTTP",
    Reason.HEADERS: "sent headers that are too large",
    Reason.ENCODING: "was sent in an encoding that was not asked for, or broken",
    Reason.BOMB: "unpacks to far more than it is",
    Reason.REDIRECTS: "redirects too often",
    Reason.STATUS: "answered with an error",
    Reason.SLOW_DOWN: "asks for a pause",
    Reason.NOT_HTML: "is no HTML page",
    Reason.ROBOTS: "is closed by robots.txt",
    Reason.ROBOTS_UNREACHABLE: "has a robots.txt that cannot be read now, so nothing may be",
    Reason.UNREADABLE: "could not be read as a page",
    Reason.EMPTY: "holds no text",
    Reason.NOINDEX: "asks not to be indexed",
    Reason.DUPLICATE: "says the same as another page",
    Reason.TRANSLATION: "is a translation of another page",
    Reason.TRAP: "looks like one of endlessly many",
    Reason.DEPTH: "is too many links away",
    Reason.HOST_DOWN: "lies on a host that failed too often",
    Reason.BUDGET: "did not fit into the budget",
}

_PASSING = frozenset({Reason.CONNECTION, Reason.TIMEOUT, Reason.BROKEN_OFF, Reason.SLOW_DOWN})
_PASSING_STATUS = frozenset({408, 502, 504})


class Unfetched(FrontdeskError):
    """A request that gave nothing. `detail` adds a status or an address.

    `status` is that of HTTP, 0 where there was no answer; `retry_after` is in seconds, 0 if unknown; `final` failures
    are not tried again whatever the reason.
    """

    def __init__(
        self, reason: Reason, detail: str = "", *, status: int = 0, retry_after: float = 0.0, final: bool = False
    ) -> None:
        super().__init__(f"{reason.words} ({detail})" if detail else reason.words)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self._final = final

    @property
    def passing(self) -> bool:
        """Whether it may be over a moment later."""
        return not self._final and (self.reason in _PASSING or self.status in _PASSING_STATUS)
