"""Store addresses: what the admin's `store.url` may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.errors import ConfigError

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/]*(?=@)|(?<=[?&]password=)[^&]*")
_EMBEDDED = "redis+embedded://"
_SINGLE = frozenset({"redis", "rediss", "unix"})
_CLUSTER = frozenset({"redis+cluster", "rediss+cluster"})
DEFAULT_PORT = 6379


class Kind(StrEnum):
    EMBEDDED = "embedded"
    SINGLE = "single"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    kind: Kind
    url: str  # with its password: never to be logged
    shown: str  # the same, fit for a message
    directory: Path | None = None  # embedded
    nodes: tuple[tuple[str, int], ...] = ()  # cluster: nodes to ask for the others
    username: str | None = None  # cluster
    password: str | None = None  # cluster
    tls: bool = False  # cluster


def parse(url: str, *, relative_to: Path | None = None) -> Address:
    """Read a store URL; a relative directory of `redis+embedded://` starts at `relative_to`. Raises `ConfigError`."""
    shown = masked(url)
    if url.startswith(_EMBEDDED):
        return _embedded(url, relative_to)
    scheme = url.partition("://")[0]
    if scheme in _SINGLE:
        return Address(kind=Kind.SINGLE, url=url, shown=shown)
    if scheme in _CLUSTER:
        return _cluster(url, shown)
    raise ConfigError(
        f"store url {shown!r}: unknown scheme; use redis+embedded://DIR, redis://HOST:PORT, rediss://HOST:PORT, "
        "unix:///PATH or redis+cluster://HOST:PORT,HOST:PORT",
    )


def masked(url: str) -> str:
    """The URL with *** for a password."""
    return _PASSWORD.sub(lambda found: "***" if found[1] is None else f"{found[1]}:***", url)


def _embedded(url: str, relative_to: Path | None) -> Address:
    written = unquote(url.removeprefix(_EMBEDDED))
    if not written:
        raise ConfigError(f"store url {url!r}: a directory is missing, e.g. redis+embedded://data")
    directory = ((relative_to or Path()) / Path(written).expanduser()).absolute()
    return Address(kind=Kind.EMBEDDED, url=url, shown=f"{_EMBEDDED}{directory}", directory=directory)


def _cluster(url: str, shown: str) -> Address:
    scheme, _, rest = url.partition("://")
    credentials, _, hosts = rest.rpartition("@")
    username, _, password = credentials.partition(":")
    try:
        nodes = tuple(_node(scheme, host) for host in hosts.rstrip("/").split(","))
    except ValueError as error:
        raise ConfigError(f"store url {shown!r}: {error}; write redis+cluster://HOST:PORT,HOST:PORT") from error
    return Address(
        kind=Kind.CLUSTER,
        url=url,
        shown=shown,
        nodes=nodes,
        username=unquote(username) or None,
        password=unquote(password) or None,
        tls=scheme.startswith("rediss"),
    )


def _node(scheme: str, host: str) -> tuple[str, int]:
    parts = urlsplit(f"{scheme}://{host}")
    if not parts.hostname or parts.path:
        raise ValueError(f"{host!r} is not HOST:PORT")
    return parts.hostname, parts.port or DEFAULT_PORT
