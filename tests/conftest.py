"""What holds for every test: no network beyond this machine."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

_connect = socket.socket.connect


def _refuse(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple):
        host = str(address[0])
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
        if not local:
            raise RuntimeError(f"a test tried to reach {host}: tests stay on this machine")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _refuse)
