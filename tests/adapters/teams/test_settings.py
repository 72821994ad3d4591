"""The channel's file, and what a channel is built from."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.kind import ChannelPorts
from adapters.teams import CHANNEL
from adapters.teams.addresses import is_connector
from adapters.teams.settings import TeamsSettings
from config.secret import Secret
from core.errors import ConfigError
from tests.adapters.web.harness import HandClock, ScriptedReception
from tests.peers.bot_framework import APP_ID, TENANT


def settings(**more: Any) -> TeamsSettings:
    return TeamsSettings.model_validate({"app_id": APP_ID, "app_password": Secret("x"), "tenants": [TENANT], **more})


def test_that_microsofts_addresses_stand_where_none_are_named() -> None:
    assert settings().token_address == "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token"
    assert settings(app_tenant=TENANT).token_address == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert settings().token_scope == "https://api.botframework.com/.default"
    assert settings(issuer="https://api.botframework.us").token_scope == "https://api.botframework.us/.default"


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_id": ""},
        {"app_id": "a b"},
        {"app_password": "literal"},
        {"tenants": []},
        {"tenants": ["a/b"]},
        {"token_url": "http://login.example.com/token"},
        {"token_url": "https://user:word@login.example.com/token"},
        {"openid_metadata_url": "ftp://login.example.com"},
        {"issuer": "http://evil.example"},
        {"service_hosts": ["https://smba.example/"]},
        {"service_hosts": ["smba.example/teams"]},
        {"service_hosts": ["*"]},
        {"service_hosts": ["a@b"]},
        {"buttons": "links"},
        {"unknown": 1},
        {"app": {"name": "x" * 31}},
    ],
)
def test_that_what_cannot_be_right_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net/teams/",
        "https://smba.trafficmanager.net:443/amer/",
        "https://webchat.botframework.com/",
        "https://smba.infra.gcc.teams.microsoft.com/gcc/",
        "https://smba.infra.gov.teams.microsoft.us/gov/",
        "https://listed.example:8443/x",
        "http://127.0.0.1:21000/_connector",
    ],
)
def test_that_known_and_listed_connectors_are_written_to(address: str) -> None:
    assert is_connector(address, ("listed.example:8443", "127.0.0.1:21000"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        7,
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "ftp://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil.example/smba.trafficmanager.net",
        "https://evil.example#smba.trafficmanager.net",
        "https://evil.example?smba.trafficmanager.net",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net%00.evil.example/",
        "https://SMBA.trafficmanager.net/",
        "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net./",
        "https://smbа.trafficmanager.net/",  # a Cyrillic letter
        "https://xn--smb-5cd.trafficmanager.net/",
        "https://botframework.com/",
        "https://evilbotframework.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "http://127.0.0.1:21001/",
        "http://listed.example:8443/",
        "https://listed.example/",
        "https://smba.trafficmanager.net/\r\nX: y",
        "https://" + "a" * 600 + ".botframework.com/",
    ],
)
def test_that_no_other_address_is_written_to(address: object) -> None:
    assert not is_connector(address, ("listed.example:8443", "127.0.0.1:21000"))


def test_that_a_channel_needs_a_usable_name_a_store_and_a_way_out() -> None:
    ports = ChannelPorts(
        name="bot", tenant="acme", reception=ScriptedReception(), clock=HandClock(), new_id=lambda: "0" * 32
    )
    with pytest.raises(ConfigError, match="store"):
        CHANNEL.build(settings(), ports)
    with pytest.raises(ConfigError, match="lower-case"):
        CHANNEL.build(settings(), replace(ports, name="../bot"))


def test_that_the_sdk_is_imported_by_one_file_and_not_before_a_channel_is_built() -> None:
    rooms = ("package", "outbound", "inbound", "connector", "access", "door", "keys", "cards", "whereabouts")
    code = f"import sys, {', '.join(f'adapters.teams.{room}' for room in rooms)}\n"
    code += "print(any(name.startswith(('botbuilder', 'botframework', 'msrest')) for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
