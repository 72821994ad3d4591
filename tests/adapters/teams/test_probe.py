"""What doctor finds out about a bot in Teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from adapters.teams import CHANNEL
from core.health import Diagnosis
from tests.adapters.probing import levels, probe_ports, told
from tests.adapters.teams.harness import settings
from tests.adapters.web.harness import HandClock, Ticks
from tests.peers.bot_framework import PASSWORD, BotFramework, running_framework

PUBLIC = "https://chat.example"


def microsoft(**more: Any) -> BotFramework:
    ticks = Ticks()
    return BotFramework(clock=HandClock().now, ticks=ticks, **more)


async def found(framework: BotFramework, public_url: str = PUBLIC) -> Sequence[Diagnosis]:
    async with running_framework(framework), probe_ports("bot", public_url=public_url) as ports:
        diagnoses = await CHANNEL.probe(settings(framework), ports)
    assert PASSWORD not in told(diagnoses)
    return diagnoses


async def test_that_a_bot_that_works_is_told_where_messages_go() -> None:
    diagnoses = await found(microsoft())
    assert levels(diagnoses) == ["ok", "ok", "ok"]
    assert f"{PUBLIC}/channels/teams/bot/messages" in diagnoses[2].what


async def test_that_a_refused_password_is_named() -> None:
    diagnoses = await found(microsoft(password="another"))
    assert levels(diagnoses) == ["error", "ok", "ok"]
    assert "app_password" in diagnoses[0].next_step


async def test_that_missing_keys_and_a_missing_address_are_named() -> None:
    assert levels(await found(microsoft(away=True))) == ["ok", "error", "ok"]
    garbage = await found(microsoft(metadata=lambda: web.Response(text="<html>")))
    assert "openid_metadata_url" in garbage[1].next_step
    assert levels(await found(microsoft(), public_url="")) == ["ok", "ok", "error"]
