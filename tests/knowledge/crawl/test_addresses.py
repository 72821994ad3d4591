from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.crawl.addresses import AddressRules, is_closed
from knowledge.crawl.reasons import Reason

CLOSED = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.255",  # noqa: S104  an address that must be refused
    "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1",
    "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:0:53aa:64c::1", "2001:2::1", "2001:10::1",
    "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::1", "fd12::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2a00::5efe:127.0.0.1", "2a00::200:5efe:10.0.0.1", "", "localhost",
    "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1.2.3", "[::1]", "8.8.8.8 ", "①②⑦.0.0.1",
)  # fmt: skip
OPEN = (
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "198.17.255.255", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:4860:4860::8888",
    "2606:4700::1111", "2a00:1450:4001::1", "2a00::5efe:8.8.8.8",
)  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_that_special_ranges_are_closed(address: str) -> None:
    assert is_closed(address)


@pytest.mark.parametrize("address", OPEN)
def test_that_the_public_internet_is_open(address: str) -> None:
    assert not is_closed(address)


@given(st.ip_addresses(v=4))
def test_that_nothing_the_library_calls_special_is_open(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert is_closed(str(address))


@given(st.ip_addresses(v=6))
def test_that_nothing_the_library_calls_special_is_open_in_v6(address: IPv6Address) -> None:
    translated = address.ipv4_mapped or address in IPv6Network("64:ff9b::/96")
    if not translated and (not address.is_global or address.is_multicast or address.is_reserved):
        assert is_closed(str(address))


@given(st.ip_addresses(v=4))
def test_that_an_inner_address_is_judged_like_a_bare_one(inner: IPv4Address) -> None:
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        assert is_closed(str(IPv6Address(int(IPv6Address(prefix)) | int(inner)))) == is_closed(str(inner))


@given(st.ip_addresses(v=4), st.integers(0, 2**80 - 1))
def test_that_no_6to4_or_compatible_address_is_open(inner: IPv4Address, rest: int) -> None:
    assert is_closed(str(IPv6Address(0x2002 << 112 | int(inner) << 80 | rest)))
    assert is_closed(str(IPv6Address(int(inner))))


@given(st.text(max_size=30))
def test_that_any_text_gets_an_answer(text: str) -> None:
    assert is_closed(text) in {True, False}


def test_that_ports_other_than_those_of_the_web_are_refused() -> None:
    rules = AddressRules()
    assert rules.objection("8.8.8.8", 6379) is Reason.PORT
    assert rules.objection("8.8.8.8", 443) is None
    assert rules.port_objection(25) is Reason.PORT


def test_that_private_rules_lift_addresses_and_ports() -> None:
    rules = AddressRules(private=True)
    assert rules.objection("127.0.0.1", 8080) is None
    assert rules.port_objection(8080) is None


def test_that_a_single_socket_can_be_opened() -> None:
    rules = AddressRules(open_to=frozenset({("127.0.0.1", 8080)}))
    assert rules.objection("127.0.0.1", 8080) is None
    assert rules.objection("127.0.0.2", 8080) is Reason.PRIVATE_ADDRESS
