"""What doctor finds out about a Slack app for prospects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web

from adapters.slack import CHANNEL
from adapters.slack.probe import SCOPES
from core.health import Diagnosis
from frontdesk.commands.slack import manifest_for
from frontdesk.demo.slack import SlackStandIn
from frontdesk.demo.slack_faults import refusing, strange_body
from tests.adapters.probing import levels, probe_ports, told
from tests.adapters.slack.workspace import TOKENS, settings
from tests.adapters.web.harness import HandClock

SOCKET = {"mode": "socket", "app_token": "${env:APP}"}
PUBLIC = "https://chat.example"


def slack(token: str = TOKENS["BOT"], scopes: Sequence[str] = SCOPES) -> SlackStandIn:
    stand_in = SlackStandIn(token=token, channels={}, clock=HandClock())
    stand_in.scopes = tuple(scopes)
    return stand_in


async def found(stand_in: SlackStandIn, public_url: str = PUBLIC, **written: Any) -> Sequence[Diagnosis]:
    api = web.Application()
    api.add_subapp("/api", stand_in.application())
    runner = web.AppRunner(api, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        async with probe_ports("shared", public_url=public_url) as ports:
            diagnoses = await CHANNEL.probe(settings(base, **written), ports)
    finally:
        await runner.cleanup()
    assert not [token for token in TOKENS.values() if token in told(diagnoses)]
    return diagnoses


def test_that_doctor_asks_for_the_scopes_of_the_manifest() -> None:
    assert sorted(manifest_for(None, "slack")["oauth_config"]["scopes"]["bot"]) == sorted(SCOPES)


async def test_that_an_app_that_works_is_named_with_where_events_go() -> None:
    diagnoses = await found(slack())
    assert levels(diagnoses) == ["ok", "ok", "ok"]
    assert "frontdesk in Frontdesk demo" in diagnoses[0].what
    assert f"{PUBLIC}/channels/slack/shared/events" in diagnoses[2].what


async def test_that_a_refused_token_and_a_lost_scope_are_named() -> None:
    refused = await found(slack("xoxb-another"))
    assert levels(refused) == ["error"]
    assert "invalid_auth" in refused[0].what
    assert "bot_token" in refused[0].next_step
    lacking = await found(slack(scopes=[scope for scope in SCOPES if scope != "im:history"]))
    assert levels(lacking) == ["ok", "error", "ok"]
    assert "im:history" in lacking[1].what
    assert levels(await found(slack(scopes=())))[1] == "warning"


async def test_that_events_need_an_address_or_a_socket() -> None:
    assert levels(await found(slack(), public_url="")) == ["ok", "ok", "error"]
    stand_in = slack()
    stand_in.order("apps.connections.open", strange_body(b'{"ok": true, "url": "wss://127.0.0.1/link"}'))
    assert levels(await found(stand_in, public_url="", **SOCKET)) == ["ok", "ok", "ok"]


@pytest.mark.parametrize("error", ["invalid_auth", "not_allowed_token_type", "internal_error"])
async def test_that_an_app_level_token_that_opens_no_socket_is_named(error: str) -> None:
    stand_in = slack()
    stand_in.order("apps.connections.open", refusing(error))
    diagnoses = await found(stand_in, **SOCKET)
    assert levels(diagnoses) == ["ok", "ok", "error"]
    assert "connections:write" in diagnoses[2].next_step
