"""Addresses as a page writes them, made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS = 2_000
"""Characters of an address; longer ones are not followed."""
_ELSEWHERE = ("mailto:", "tel:", "javascript:", "data:", "sms:", "ftp:", "blob:")
_REST = r"(?!.*/\.)(?:[\w~%-][\w~%/.-]*)?(?:\?[\w=&%./+-]*)?"
_PLAIN = re.compile(rf"(/(?!/)|(?:\.\.?/)*)({_REST})", re.ASCII)
_PLAIN_WHOLE = re.compile(rf"https?://[a-z0-9][a-z0-9.-]*(?::\d+)?/{_REST}", re.ASCII)


class Addresses:
    """Resolves what stands on a page of `page`, relative to `base`. An address without a host stays without one."""

    def __init__(self, page: str, base: str = "") -> None:
        self.page = page
        self._base = base or page
        self._leads: dict[str, str] = {}  # what "/", "../" and the like stand for on this page

    def below(self, base: str) -> Addresses:
        """The same with another base, if that is one of the web."""
        joined = self.absolute(base)
        return Addresses(self.page, joined) if joined else self

    def absolute(self, written: str) -> str:
        """The address without its fragment; "" for what is no address of the web."""
        written = written.strip().partition("#")[0]
        if not written or len(written) > MAX_ADDRESS:
            return ""
        if plain := _PLAIN.fullmatch(written):
            lead, rest = plain.groups()
            if (prefix := self._leads.get(lead)) is None:
                prefix = self._leads[lead] = self._joined(lead or "./")
            return prefix and (prefix + rest if rest[:1] != "?" or lead else self._joined(written))
        if written.lower().startswith(_ELSEWHERE):
            return ""
        return written if _PLAIN_WHOLE.fullmatch(written) else self._joined(written)

    def _joined(self, written: str) -> str:
        try:
            url = urljoin(self._base, written.replace("\\", "/"))
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.scheme or parts.netloc:
            return url if parts.scheme in {"http", "https"} and parts.hostname and len(url) <= MAX_ADDRESS else ""
        return url if url.startswith("/") else ""

    def same_site(self, written: str) -> str:
        """The absolute address if it is on the page's own host, with or without "www."; else ""."""
        url = self.absolute(written)
        return url if url and _host(url) == _host(self.page) else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
