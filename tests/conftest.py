"""What holds for every test: no network beyond this machine; and what the fault tests measured, at the end."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from tests.faults.figures import FIGURES

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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of several hands its figures to the process that prints them."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["figures"] = FIGURES.noted


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    for case, numbers in getattr(node, "workeroutput", {}).get("figures", {}).items():
        FIGURES.note(case, **numbers)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := FIGURES.lines():
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)
