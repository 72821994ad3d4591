"""The hub's address outside: its name, its certificate, and whether the hub is what answers there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import SOCK_STREAM
from urllib.parse import SplitResult, urlsplit

import aiohttp

from core.health import Diagnosis, broken, doubtful, fine
from core.ports import Clock

DAYS_BEFORE_THE_END = 14
"""A certificate that is renewed by itself is renewed a month before its end."""
_DAY = 86_400.0
_OK, _REDIRECTS, _CLIENT_ERROR = 200, 300, 400
_ALIVE = b"alive"
_MOST_BYTES = 4_096
_RUNS = "see that `frontdesk serve` runs and that the proxy hands this address on to it"

Address = IPv4Address | IPv6Address


async def probe_address(url: str, http: aiohttp.ClientSession, clock: Clock) -> Sequence[Diagnosis]:
    """`url` is "" where none is set, which suits a desk for this machine alone."""
    if not url:
        return [fine("none is set: the hub is reached from this machine only")]
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        addresses = await _addresses(host)
    except OSError:
        return [broken(f"the name {host} is not known", "set its record at your domain's name server")]
    found = _of_addresses(host, addresses)
    if parts.scheme == "https":
        certificate = await _of_certificate(parts, clock)
        if certificate.next_step:
            return [*found, certificate]
        found = [*found, certificate]
    return [*found, await _of_answer(url, http)]


async def _addresses(host: str) -> list[Address]:
    told = await asyncio.get_running_loop().getaddrinfo(host, None, type=SOCK_STREAM)
    return sorted({ip_address(str(entry[4][0]).partition("%")[0]) for entry in told}, key=str)


def _of_addresses(host: str, addresses: Sequence[Address]) -> list[Diagnosis]:
    inner = [str(address) for address in addresses if not address.is_global]
    if not inner:
        return []
    step = "visitors and platforms elsewhere cannot reach it; give the name a public address, unless that is meant"
    return [doubtful(f"{host} is {', '.join(inner)}, which is reached from within this network only", step)]


async def _of_certificate(parts: SplitResult, clock: Clock) -> Diagnosis:
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.create_default_context()
    try:
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        step = "have a certificate for this name from an authority that everybody trusts, with the whole chain"
        return broken(f"the certificate of {host} is refused ({error.verify_message})", step)
    except (OSError, ssl.SSLError) as error:
        return broken(f"no secure connection to {host}:{port} ({type(error).__name__})", _RUNS)
    try:
        return _until(writer.get_extra_info("peercert") or {}, clock)
    finally:
        writer.close()


def _until(certificate: dict[str, object], clock: Clock) -> Diagnosis:
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - clock.now()) / _DAY
    if days < DAYS_BEFORE_THE_END:
        return doubtful(
            f"the certificate ends in {days:.0f} days", "renew it, and see why that did not happen by itself"
        )
    return fine(f"the certificate is good for {days:.0f} days")


async def _of_answer(url: str, http: aiohttp.ClientSession) -> Diagnosis:
    try:
        async with http.get(f"{url}/livez", allow_redirects=False) as response:
            status, body = response.status, await response.content.read(_MOST_BYTES)
    except (aiohttp.ClientError, OSError) as error:
        return broken(f"nothing answers at {url} ({type(error).__name__})", _RUNS)
    if status == _OK and _ALIVE in body:
        return fine(f"the hub answers at {url}")
    if _REDIRECTS <= status < _CLIENT_ERROR:
        return broken(f"{url} leads elsewhere (status {status})", "set `server.public_url` to where it ends up")
    return broken(f"something else than the hub answers at {url} (status {status})", _RUNS)
