"""Addresses that credentials and messages may go to. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

CONNECTOR_HOSTS = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
        "smba.infra.gov.teams.microsoft.us",
    }
)
"""Hosts of the connectors of Teams and its two government clouds."""
CONNECTOR_DOMAIN = ".botframework.com"
LONGEST_ADDRESS = 512
_ENTRY = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def web_address(value: str) -> str:
    """An address a credential may be sent to. Raises `ValueError` unless it is https, or http to this machine."""
    parts = _split(value)
    if parts is None or parts.username is not None or parts.fragment:
        raise ValueError(f"{value!r} is no web address; write it like https://login.example.com/path")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(f"{value!r} is plain http; only this machine may be asked without https")
    return value


def host_entry(value: str) -> str:
    """An entry of the admin's list: a host in lower case, with a port where it has an unusual one."""
    parts = _split(f"https://{value}")
    if parts is None or parts.geturl() != f"https://{value.lower()}" or not _ENTRY.fullmatch(value.lower()):
        raise ValueError(f"{value!r} is no host; write it like connector.example.com, with :PORT where it has one")
    return value.lower()


def is_connector(address: object, extra: Collection[str] = ()) -> bool:
    """Whether messages may be sent to a `serviceUrl`: https and a known host, or one of `extra`.

    Plain http is let through to this machine alone, and only where `extra` names it.
    """
    parts = _split(address) if isinstance(address, str) else None
    if parts is None or "@" in parts.netloc or parts.query or parts.fragment or parts.netloc != parts.netloc.lower():
        return False
    host = parts.hostname or ""
    if parts.netloc in extra:
        return parts.scheme == "https" or is_loopback(host)
    known = host in CONNECTOR_HOSTS or host.endswith(CONNECTOR_DOMAIN)
    return known and parts.scheme == "https" and parts.netloc in {host, f"{host}:443"}


def _split(address: str) -> SplitResult | None:
    if len(address) > LONGEST_ADDRESS or not address.isascii() or any(one <= " " or one in '\\"<>' for one in address):
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"https", "http"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if usable else None
