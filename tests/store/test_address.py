from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError
from store.address import Kind, masked, parse

BASE = Path("/srv/frontdesk")


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("redis+embedded://data", BASE / "data"),
        ("redis+embedded://./data/x", BASE / "data/x"),
        ("redis+embedded:///var/lib/frontdesk", Path("/var/lib/frontdesk")),
        ("redis+embedded://with%20space", BASE / "with space"),
    ],
)
def test_that_an_embedded_directory_is_found_from_its_base(url: str, directory: Path) -> None:
    address = parse(url, relative_to=BASE)

    assert (address.kind, address.directory) == (Kind.EMBEDDED, directory)


def test_that_a_cluster_address_names_nodes_and_credentials() -> None:
    address = parse("rediss+cluster://bot:p%40ss@a.example:7000,b.example,[::1]:7002")

    assert address.kind is Kind.CLUSTER
    assert address.nodes == (("a.example", 7000), ("b.example", 6379), ("::1", 7002))
    assert (address.username, address.password, address.tls) == ("bot", "p@ss", True)
    assert address.shown == "rediss+cluster://bot:***@a.example:7000,b.example,[::1]:7002"


@pytest.mark.parametrize("url", ["redis://h:1/0", "rediss://h", "unix:///run/valkey.sock"])
def test_that_a_servers_address_is_left_to_the_client(url: str) -> None:
    assert (parse(url).kind, parse(url).url) == (Kind.SINGLE, url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://localhost",
        "redis+embedded://",
        "redis+cluster://",
        "redis+cluster://a:b",
        "redis+cluster://a:70000",
        "redis+cluster://a,,b",
        "redis+cluster://a/1",
    ],
)
def test_that_an_address_that_cannot_be_is_refused_with_advice(url: str) -> None:
    with pytest.raises(ConfigError, match="redis\\+"):
        parse(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@h:1", "redis://:***@h:1"),
        ("redis://u:se:cret@h:1", "redis://u:***@h:1"),
        ("unix:///s?db=0&password=secret&x=1", "unix:///s?db=0&password=***&x=1"),
        ("redis://h:1/0", "redis://h:1/0"),
    ],
)
def test_that_no_password_is_shown(url: str, shown: str) -> None:
    assert masked(url) == shown
