"""Which network addresses the crawl may connect to. Pure; asked about the address a socket is really opened to.

Python's `is_private` and `is_global` let NAT64, 6to4, multicast and v4-compatible addresses through, so the ranges are
spelled out, from the IANA special-purpose registries, and an IPv4 address inside an IPv6 one is judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from knowledge.crawl.reasons import Reason

WEB_PORTS = frozenset({80, 443})

_CLOSED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
"""The only part of the IPv6 space that is handed out to the public."""
_CLOSED_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_MAPPED_V4 = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it: an ordinary IPv4 address behind a translator (RFC 6052)."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The upper half of an interface id that tunnels to the IPv4 address in the lower half (RFC 5214)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRules:
    """What may be connected to. `private` lifts every rule about addresses and ports, for a site on this machine.

    `open_to` names single sockets (address, port) that may be reached in spite of the rules.
    """

    private: bool = False
    ports: frozenset[int] = WEB_PORTS
    open_to: frozenset[tuple[str, int]] = frozenset()

    def objection(self, host: str, port: int) -> Reason | None:
        """Why a socket must not be opened; None when it may. `host` is the numeric address of the socket."""
        if self.private or (host, port) in self.open_to:
            return None
        if is_closed(host):
            return Reason.PRIVATE_ADDRESS
        return None if port in self.ports else Reason.PORT

    def port_objection(self, port: int) -> Reason | None:
        """Why a port in a link is not even looked up; None when it may be."""
        known = self.ports.union(open_port for _, open_port in self.open_to)
        return None if self.private or port in known else Reason.PORT


def is_closed(address: str) -> bool:
    """Whether a numeric address is anything but an ordinary public one. What is no address at all is closed."""
    plain = address.partition("%")[0]
    try:
        return _closed_v6(IPv6Address(plain)) if ":" in plain else _closed_v4(IPv4Address(plain))
    except AddressValueError:
        return True


def _closed_v4(address: IPv4Address) -> bool:
    return _within(address, _CLOSED_V4)


def _closed_v6(address: IPv6Address) -> bool:
    inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _MAPPED_V4 or address in _NAT64:
        return _closed_v4(inner)
    if address not in _GLOBAL_V6 or _within(address, _CLOSED_V6):
        return True
    return (int(address) >> 32) & 0xFFFFFFFF in _ISATAP and _closed_v4(inner)


def _within(address: IPv4Address | IPv6Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
